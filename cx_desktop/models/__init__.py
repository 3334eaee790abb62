"""Qt's model half: what views show, and the verbs they call."""
