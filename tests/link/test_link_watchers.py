"""Several watchers at once, slow ones, silent ones, and a run that ends or is killed."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from core.commands import ChooseTake, Pause, RejectPanels, Resume, SetTabs
from core.events import PacingLearned, Record
from core.fold import apply, fold
from core.link import client, feed, protocol
from core.link.backoff import Backoff
from core.link.client import RemoteRun
from core.link.endpoint import Endpoint, LinkError
from core.link.protocol import Beat, Hello, Records, Snapshot, Welcome, from_run, to_run
from core.link.wires import http_session
from core.state import RunState
from core.store.store import Store
from tests.link.runs import Served, same, served


async def folded(state: RunState, batches: object) -> RunState:
    """The state at the end of the run."""
    async for batch in batches:  # type: ignore[attr-defined]
        if isinstance(batch, RunState):
            state = batch
        else:
            fold(batch, state)
    return state


async def test_five_watchers_see_the_same_and_all_may_steer(tmp_path: Path) -> None:
    with served(tmp_path, panels=300) as there:
        async with AsyncExitStack() as stack:
            remotes = [RemoteRun(there.link.endpoint) for _ in range(5)]
            watches = [await stack.enter_async_context(remote.watch()) for remote in remotes]
            assert there.link.watchers == 5
            follow = [asyncio.create_task(folded(watch.state, watch.batches)) for watch in watches]
            replies = await asyncio.gather(*(remote.send(SetTabs(n + 1)) for n, remote in enumerate(remotes)))
            assert [reply.sentence for reply in replies] == [f"{n} tabs from now on." for n in range(1, 6)]
            last = await asyncio.to_thread(there.end)
            states = await asyncio.wait_for(asyncio.gather(*follow), 30)
    assert all(same(state, last) for state in states)


async def test_the_run_in_this_process_is_watched_beside(tmp_path: Path) -> None:
    with served(tmp_path, panels=100) as there:
        async with there.run.watch() as near, RemoteRun(there.link.endpoint).watch() as far:
            both = [asyncio.create_task(folded(watch.state, watch.batches)) for watch in (near, far)]
            await there.run.send(Pause())
            last = await asyncio.to_thread(there.end)
            states = await asyncio.wait_for(asyncio.gather(*both), 30)
    assert same(states[0], last) and same(states[1], last)


def flood(there: Served, notes: int) -> None:
    """So many records of a kilobyte that does not pack."""
    rng = random.Random(notes)
    for _ in range(notes):
        there.run.note("info", rng.randbytes(512).hex())


async def caught_up(there: Served, notes: int) -> None:
    """Until the link has taken in the last note."""
    feed, loop = there.link.feed, there.link._loop
    assert feed is not None and loop is not None
    assert await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(feed.wait(notes - 1, 60.0), loop))


async def heard_until(
    socket: aiohttp.ClientWebSocketResponse, seq: int, state: RunState | None
) -> tuple[RunState, int, int]:
    """Follow by hand up to record ``seq``; returns state, how many batches and how many snapshots."""
    parts: list[bytes] = []
    batches = snapshots = 0
    while state is None or state.seq < seq:
        message = from_run((await socket.receive(timeout=10)).data)
        if isinstance(message, Snapshot):
            parts.append(message.data)
            if message.part + 1 == message.parts:
                state, parts, snapshots = _state(b"".join(parts)), [], snapshots + 1
        elif isinstance(message, Records):
            batches += 1
            assert state is not None
            for record in message.records:
                assert record.seq == state.seq + 1
                apply(state, record)
    return state, batches, snapshots


def _state(packed: bytes) -> RunState:
    return protocol.state_of(packed)


async def test_a_slow_watcher_is_not_waited_for_and_begins_again_from_a_snapshot(tmp_path: Path) -> None:
    """It takes nothing for a while: the others get everything in time, and it gets a snapshot for thousands."""
    notes = 3 * feed.STALE
    with served(tmp_path, panels=4, latency=0.01) as there:
        async with http_session(there.link.endpoint) as http, http.ws_connect("/v1/link") as slow:
            await slow.send_bytes(to_run(Hello(1)))
            async with RemoteRun(there.link.endpoint).watch() as watch:
                brisk = asyncio.create_task(folded(watch.state, watch.batches))
                await asyncio.to_thread(flood, there, notes)
                await caught_up(there, notes)
                state, batches, snapshots = await heard_until(slow, notes, None)
                last = await asyncio.to_thread(there.end)
                state, _, _ = await heard_until(slow, last.seq, state)
                assert same(await asyncio.wait_for(brisk, 30), last) and same(state, last)
    # the first one, and what took the place of what it missed: once more where it fell behind while it read the first
    assert 2 <= snapshots <= 4
    assert batches < 20


@pytest.mark.parametrize("silent", [True, False])
async def test_a_peer_silent_for_two_beats_is_dropped(silent: bool, tmp_path: Path) -> None:
    beat = 0.2
    with served(tmp_path, panels=4, latency=0.01, beat=beat) as there:
        await there.run.send(Pause())
        async with http_session(there.link.endpoint) as http, http.ws_connect("/v1/link", autoping=False) as peer:
            await peer.send_bytes(to_run(Hello(1)))
            started, heard = time.monotonic(), []
            while time.monotonic() - started < 8 * beat:
                message = await peer.receive(timeout=5)
                if message.type is not aiohttp.WSMsgType.BINARY:
                    break
                heard.append(from_run(message.data))
                if not silent:
                    await peer.send_bytes(to_run(Beat()))
            took = time.monotonic() - started
            if silent:
                assert peer.closed and took >= 2 * beat
            else:
                assert not peer.closed and took >= 8 * beat
            assert isinstance(heard[0], Welcome) and heard[0].beat == beat
            assert any(isinstance(message, Beat) for message in heard)  # the run shows life, too


async def test_the_default_beat_is_what_is_promised() -> None:
    assert protocol.BEAT <= 20.0


async def test_a_quiet_run_keeps_its_watchers(tmp_path: Path) -> None:
    """Nothing but beats passes for many beats, and nobody is dropped."""
    with served(tmp_path, panels=0, beat=0.1) as there:
        remote = RemoteRun(there.link.endpoint)
        async with remote.watch():
            await asyncio.sleep(1.0)  # ten beats: the time itself is what is tested
            assert remote.connections == 1 and remote.link_state.up
            assert (await remote.send(Resume())).sentence


async def test_a_run_that_is_killed_and_begun_again_is_taken_up(tmp_path: Path) -> None:
    """Records that a killed process never wrote get other numbers in the next one: begin again, mix nothing."""
    told: list[str] = []
    with served(tmp_path / "one", panels=50) as first:
        remote = RemoteRun(first.link.endpoint, backoff=Backoff(0.01, 0.05))
        async with remote.watch() as watch:
            batches: list[Sequence[Record] | RunState] = []

            async def follow() -> None:
                async for batch in watch.batches:
                    batches.append(batch)
                    if isinstance(batch, RunState):
                        told.append(batch.title)
                        return

            follows = asyncio.create_task(follow())
            old = first.link
            old._session = "another process"  # what a new process would say of itself
            for watcher in list(old._watchers):
                watcher._session = "another process"
                old._loop.call_soon_threadsafe(watcher.socket._req.transport.abort)  # type: ignore[union-attr]
            await asyncio.wait_for(follows, 10)
    assert told == ["The Speckled Band"]


async def test_a_watch_that_was_not_looked_at_can_be_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "WAITING", 2)
    with served(tmp_path, panels=300) as there:
        remote = RemoteRun(there.link.endpoint)
        async with asyncio.timeout(30):
            async with remote.watch():
                while not remote._inbox.full():  # noqa: ASYNC110  # by another task's work, which says nothing
                    await asyncio.sleep(0.05)
                known = there.link.feed.last  # type: ignore[union-attr]
                while there.link.feed.last < known + 10:  # type: ignore[union-attr]  # noqa: ASYNC110
                    await asyncio.sleep(0.05)  # the next batch waits for room


async def test_what_is_asked_of_a_run_that_has_ended_is_not_promised(tmp_path: Path) -> None:
    with served(tmp_path, panels=4, latency=0.01) as there:
        async with RemoteRun(there.link.endpoint).watch() as watch:
            async for batch in watch.batches:
                fold(batch, watch.state)  # type: ignore[arg-type]
                if watch.state.phase == "done":
                    break
        last = await asyncio.to_thread(there.end)
        for command in (ChooseTake("ch01-p001", 0), RejectPanels(("ch01-p001",)), Pause()):
            reply = await there.engine.send(command)
            assert not reply.ok and reply.sentence == "The run has ended."
        assert there.state.seq == last.seq


async def test_limits_that_another_version_learned_are_learned_anew(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.append(PacingLearned("steady", {"windows": "of another kind"}))
    await store.commit()
    await store.close()
    with served(tmp_path, panels=4, latency=0.01) as there:
        async with RemoteRun(there.link.endpoint).watch() as watch:
            follow = asyncio.create_task(folded(watch.state, watch.batches))
            while there.state.phase != "done":  # noqa: ASYNC110  # the engine's own, on another thread
                await asyncio.sleep(0.02)
            await asyncio.to_thread(there.end)
            assert same(await asyncio.wait_for(follow, 30), there.state)


async def test_no_run_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(LinkError, match="no run answers"):
        async with RemoteRun(Endpoint(socket=str(tmp_path / "link.sock"))).watch():
            pytest.fail("nobody is there")


async def test_a_run_that_is_gone_for_good_ends_the_watch(tmp_path: Path) -> None:
    with served(tmp_path, panels=50) as there:
        remote = RemoteRun(there.link.endpoint, backoff=Backoff(0.01, 0.05), gone=lambda: "the run is gone")
        with pytest.raises(LinkError, match="the run is gone"):
            async with remote.watch() as watch:
                for watcher in list(there.link._watchers):
                    there.link._loop.call_soon_threadsafe(watcher.socket._req.transport.abort)  # type: ignore[union-attr]
                async for _ in watch.batches:
                    pass


def test_the_waits_between_tries() -> None:
    """Exponential, full jitter, a cap, and short again once it worked."""
    waits = [[Backoff(1.0, 8.0, random.Random(seed)) for seed in range(400)]]
    for tries, bound in enumerate((1.0, 2.0, 4.0, 8.0, 8.0, 8.0)):
        found = [backoff.next() for backoff in waits[0]]
        assert max(found) <= bound and max(found) > 0.95 * bound and min(found) < 0.05 * bound, tries
    backoff = waits[0][0]
    backoff.worked()
    assert all(Backoff(1.0, 8.0, random.Random(seed)).next() <= 1.0 for seed in range(50)) and backoff.next() <= 1.0


def test_notes_of_strangers_do_not_fill_the_journal() -> None:
    from core.link.gate import RefusalLog

    now, notes = 0.0, list[str]()
    log = RefusalLog(notes.append, lambda: now)
    for second in range(100):
        now = float(second)
        log.tell("a request without the right token")
    assert len(notes) == 10 and notes[1].endswith("(9 more since the last line)")
