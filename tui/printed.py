"""The way onto a terminal without a screen: what is printed is made plain first, like what is drawn."""

import os
import sys
from typing import TextIO

from core.complaint import Complaint
from tui.plain import escaped, plain, plain_lines

READER_LEFT = 141
"""The exit code of whoever writes to somebody who reads no more, such as ``head``: 128 and SIGPIPE, as with others."""


def _print(text: str, stream: TextIO | None) -> None:
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        _give_up(stream)
        raise SystemExit(READER_LEFT) from None
    except OSError as error:
        _give_up(stream)
        if stream is sys.stderr:
            return  # there is nowhere left to say it
        raise Complaint(f"the output cannot be written: {error.strerror}") from error


def _give_up(stream: TextIO | None) -> None:
    """What the stream still holds is not tried again when the process ends."""
    if stream is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def printed(line: str = "", *, errors: bool = False) -> None:
    """Print one line; what somebody else says in it can neither steer the terminal nor begin a line of its own.

    ``errors``: to standard error.
    """
    _print(plain(line), sys.stderr if errors else sys.stdout)


def printed_lines(text: str) -> None:
    """Print a document that has lines. On the way into a file it stays as it is: there it is nobody's terminal."""
    _print(plain_lines(text) if sys.stdout is not None and sys.stdout.isatty() else text, sys.stdout)


def printed_json(data: object) -> None:
    """Print ``data`` as JSON."""
    _print(as_json(data), sys.stdout)


def as_json(data: object) -> str:
    """``data`` as JSON, indented; what could steer a terminal is written by its number, which reads the same."""
    import msgspec  # only here: every command prints, few print JSON

    return escaped(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())
