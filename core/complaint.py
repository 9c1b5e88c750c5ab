"""The base of every mistake a person can mend."""

import shlex
from typing import ClassVar


class Complaint(Exception):
    """``str()`` is one sentence: what is wrong, where, and what to do. ``exit_code`` is the process's."""

    exit_code: ClassVar[int] = 2


def command(verb: str, folder: object) -> str:
    """What to type to have ``verb`` done to the project in ``folder``, whatever its name is made of."""
    return f"novelgen-tui {verb} {shlex.quote(str(folder))}"
