"""What holds at a node, as bits of two numbers: what is ahead of it, and what comes to it.

``ahead`` is found against the links, ``coming`` along them (``spreading.py``).
"""

# Ahead of a node there is, on some way:
LEADS = 1
"""a proper end of the call, though the caller does not hang up;"""
AROUND = 2
"""an end without a recording before it;"""
STOPS = 4
"""a question by which the caller can end a recording;"""
MUTE = 8
"""nothing but a hang-up without a word: there is no other way;"""
ASKED = 16
"""a question, before anything else takes time;"""
STOPPING = 32
"""the end of a recording at the node itself."""
EVERYTHING = LEADS | AROUND | STOPS | MUTE | ASKED

# On some way that comes to a node:
MET = 1
"""there is one;"""
FORCED = 2
"""no question could be answered so that the call is not recorded;"""
FIRST_ITEM = 4
"""the first item of the notice was not told; the others follow;"""
ITEMS = 8
FIRST_VARIABLE = FIRST_ITEM << ITEMS
"""the first variable that is judged was not set; the others follow."""
