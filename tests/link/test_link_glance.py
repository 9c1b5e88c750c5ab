"""The state of a run at a glance, and a screen that begins with it: quick, whole, and followed without a gap."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from core.attach import find_run, live_state
from core.commands import Pause, SetTabs
from core.fold import apply
from core.link.endpoint import LinkError
from core.link.glance import glance
from core.link.protocol import Refused, Welcome, encode
from core.state import RunState
from tests.link.runs import same, served
from tests.link.test_link_watchers import caught_up, flood, folded
from tests.terminal.terminals import ROOT


def test_the_state_is_the_newest_however_much_follows_the_snapshot(tmp_path: Path) -> None:
    """More records than one answer holds lie between the kept snapshot and now."""
    with served(tmp_path, panels=4, latency=0.01) as there:
        path = there.link.endpoint.socket
        assert glance(path, 10.0)[1].title == "The Speckled Band"
        flood(there, 3000)
        asyncio.run(caught_up(there, 3000))
        before = there.state.seq
        state = live_state(tmp_path)
        assert state is not None and state.seq >= before
        there.end()
    assert live_state(tmp_path) is None


async def test_from_a_glance_on_nothing_is_missing(tmp_path: Path) -> None:
    with served(tmp_path, panels=300, latency=0.02) as there:
        run = find_run(tmp_path)
        async with run.watch() as watch:
            assert run.link_state.up
            assert watch.state.title == "The Speckled Band" and len(watch.state.panels) == 300
            seen = watch.state.seq
            follows = asyncio.create_task(followed(watch.state, watch.batches))
            assert (await run.send(SetTabs(3))).ok  # waits for the link, which is being made
            assert await run.picture("nobody") is None
            assert [record.seq async for batch in run.history() for record in batch][:2] == [1, 2]
            assert (await run.send(Pause())).ok
            last = await asyncio.to_thread(there.end)
            state = await asyncio.wait_for(follows, 30)
    assert same(state, last) and last.seq > seen


async def followed(state: RunState, batches: object) -> RunState:
    """The state at the end; a gap, a repeat or a whole new state fails."""
    async for batch in batches:  # type: ignore[attr-defined]
        for record in batch:
            assert record.seq == state.seq + 1
            apply(state, record)
    return state


async def test_a_run_that_ended_after_the_glance_is_told(tmp_path: Path) -> None:
    stack = ExitStack()
    stack.enter_context(served(tmp_path, panels=4, latency=0.01))
    with stack:
        run = find_run(tmp_path)
        with pytest.raises(LinkError, match="is gone"):
            async with run.watch() as watch:
                await asyncio.to_thread(stack.close)
                await asyncio.wait_for(folded(watch.state, watch.batches), 30)


@contextmanager
def says(path: Path, answer: bytes) -> Iterator[str]:
    """A stranger on a socket, who answers everything so."""
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(path))
        there.listen()

        def serve() -> None:
            while True:
                try:
                    peer, _ = there.accept()
                except OSError:
                    return
                with peer:
                    peer.recv(4096)
                    peer.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield str(path)
        there.shutdown(socket.SHUT_RDWR)


def framed(*messages: bytes) -> bytes:
    body = b"".join(len(message).to_bytes(4, "big") + message for message in messages)
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


STRANGE = {
    "nothing": b"",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "no length": b"HTTP/1.1 200 OK\r\n\r\nbody",
    "too long": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
    "torn": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000,
    "a refusal": b"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno",
    "no messages": framed(b"\x00rubbish"),
    "refused": framed(encode(Refused("This run speaks version 9 of the link."))),
    "no state": framed(encode(Welcome(1, "s", 5, 15.0))),
}


@pytest.mark.parametrize("what", STRANGE)
def test_what_is_no_run_is_a_sentence(what: str, tmp_path: Path) -> None:
    with says(tmp_path / "s", STRANGE[what]) as path, pytest.raises(LinkError):
        glance(path, 2.0)


def test_a_run_that_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(tmp_path / "s"))
        there.listen()
        with pytest.raises(LinkError, match="no run answers"):
            glance(str(tmp_path / "s"), 0.2)


def test_a_screen_on_a_run_elsewhere_loads_nothing_of_the_run(tmp_path: Path) -> None:
    """Neither the engine and what it needs, nor the link's own library before the first picture of the run."""
    code = """
import sys, tui.attach, tui.app, tui.config, tui.terminal.stage
heavy = {"aiohttp", "playwright", "tinydb", "openai", "gradio", "PIL"}
heavy |= {"core.engine.engine", "core.link.server", "core.run"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
