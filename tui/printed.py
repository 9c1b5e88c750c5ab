"""The way onto a terminal without a screen: what is printed is made plain first, like what is drawn."""

import sys

from tui.plain import escaped, plain, plain_lines


def printed(line: str = "", *, errors: bool = False) -> None:
    """Print one line; what somebody else says in it can neither steer the terminal nor begin a line of its own.

    ``errors``: to standard error.
    """
    print(plain(line), file=sys.stderr if errors else sys.stdout, flush=True)


def printed_lines(text: str) -> None:
    """Print a document that has lines. On the way into a file it stays as it is: there it is nobody's terminal."""
    print(plain_lines(text) if sys.stdout.isatty() else text, flush=True)


def printed_json(data: object) -> None:
    """Print ``data`` as JSON."""
    print(as_json(data), flush=True)


def as_json(data: object) -> str:
    """``data`` as JSON, indented; what could steer a terminal is written by its number, which reads the same."""
    import msgspec  # only here: every command prints, few print JSON

    return escaped(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())
