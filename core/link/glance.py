"""The state of a run on its Unix socket, with as little as it takes.

The library that speaks HTTP and WebSockets takes longer to load than the run takes to answer. A screen is painted
from this first, and the link proper goes on from there; whoever wants the state and no more needs nothing else.
"""

import socket
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import urlencode

from core.fold import apply
from core.link.endpoint import LinkError
from core.link.protocol import (
    MOST_POLLED,
    VERSION,
    FromRun,
    Malformed,
    Records,
    Refused,
    Snapshot,
    Welcome,
    split,
    state_of,
)
from core.state import RunState

MOST_LINES, MOST_LINE = 100, 8 * 2**10
"""Headers of an answer, and bytes in one of them."""

MOST_ASKED = 100
"""Answers after which a run that is always ahead is not followed any more."""


def glance(path: str, patience: float) -> tuple[str, RunState]:
    """The session of the run behind the Unix socket ``path``, and its state when it was asked.

    Args:
        path: of the socket.
        patience: seconds each answer may take.

    Raises LinkError where there is no run, or one that does not want us.
    """
    state: RunState | None = None
    session, goal = "", 0
    for _ in range(MOST_ASKED):
        for message in _poll(path, patience, session, state):
            if isinstance(message, Refused):
                raise LinkError(message.why)
            if isinstance(message, Welcome) and message.session != session:
                session, goal = message.session, message.seq
            if isinstance(message, Snapshot):
                state = _unpacked(message.data)
            elif isinstance(message, Records) and state is not None:
                for record in message.records:
                    apply(state, record)
        if state is not None and state.seq >= goal:
            break
    if state is None:
        raise LinkError(f"the run at {path} does not say how it stands")
    return session, state


def _poll(path: str, patience: float, session: str, state: RunState | None) -> Iterator[FromRun]:
    wanted = {"version": str(VERSION), "wait": "no", "session": session}
    if state is not None:
        wanted["after"] = str(state.seq)
    try:
        body = _get(path, f"/v1/poll?{urlencode(wanted)}", patience)
        yield from split(body)
    except (OSError, Malformed) as error:
        raise LinkError(f"no run answers at {path}: {error}") from error


def _unpacked(data: bytes) -> RunState:
    try:
        return state_of(data)
    except Malformed as error:
        raise LinkError(f"what the run says cannot be read: {error}") from error


def _get(path: str, target: str, patience: float) -> bytes:
    """The body of an answer, which ends with the connection. Raises OSError, Malformed, LinkError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as there:
        there.settimeout(patience)
        there.connect(path)
        there.sendall(f"GET {target} HTTP/1.0\r\nHost: run\r\n\r\n".encode("ascii"))
        with there.makefile("rb") as answer:
            return _body(answer)


def _body(answer: BinaryIO) -> bytes:
    status = answer.readline(MOST_LINE).split(b" ", 2)
    length = -1
    for _ in range(MOST_LINES):
        name, _, value = answer.readline(MOST_LINE).strip().partition(b":")
        if not name:
            break
        if name.lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
    if len(status) < 2 or not 0 <= length <= MOST_POLLED:
        raise Malformed("it is no answer of a run")
    body = answer.read(length)
    if len(body) != length:
        raise Malformed("the answer is torn")
    if status[1] != b"200":
        raise LinkError(body.decode("utf-8", "replace")[:1000])
    return body
