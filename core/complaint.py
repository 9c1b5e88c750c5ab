"""The base of every mistake a person can mend."""

from typing import ClassVar


class Complaint(Exception):
    """``str()`` is one sentence: what is wrong, where, and what to do. ``exit_code`` is the process's."""

    exit_code: ClassVar[int] = 2
