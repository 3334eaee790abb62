"""Overriding what Qt calls: a method's failure comes to Python whole.

On Python 3.11 an exception that C code raised (a ``TypeError``, an ``IndexError``, a Qt object that
is gone) is made into an object only when somebody catches it. PySide 6.11 takes it for one as it
leaves a method that Qt has called, and the process ends by SIGSEGV: a bug would close the program
without a word instead of being told. From Python 3.12 on there is nothing to do.
"""

import sys
from functools import wraps
from typing import TYPE_CHECKING

if TYPE_CHECKING or sys.version_info >= (3, 12):
    from typing_extensions import override
else:

    def override(method):  # noqa: ANN001, ANN201  (typed as the one above)
        """Mark a method that overrides another, and let what it raises be caught once."""

        @wraps(method)
        def caught(*args, **kwargs):  # noqa: ANN002, ANN003, ANN202
            try:
                return method(*args, **kwargs)
            except BaseException:  # noqa: TRY203  (catching makes the exception an object)
                raise

        return caught


__all__ = ["override"]
