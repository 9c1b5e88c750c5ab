"""A link that is cut, delayed, stalled and stripped, again and again: nothing missing, nothing twice."""

import asyncio
import random
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.commands import Pause, Reply, Resume, SetTabs
from core.events import CommandReceived, PanelFinished, Record
from core.fold import apply
from core.link.backoff import Backoff
from core.link.client import RemoteRun
from core.link.endpoint import Endpoint, Listen
from core.link.port import LinkState, Watch
from core.state import RunState
from tests.link.proxy import BadLine
from tests.link.runs import Served, same, served

HERE = Listen("127.0.0.1", 0)


def through(line: BadLine, there: Served, seed: int = 1) -> RemoteRun:
    """A watcher behind the bad line."""
    at = there.link.port_endpoint
    assert at is not None
    return RemoteRun(Endpoint(url=line.url, token=at.token), backoff=Backoff(0.01, 0.05, random.Random(seed)))


def line_to(there: Served, seed: int = 1) -> BadLine:
    at = there.link.port_endpoint
    assert at is not None
    port = urlsplit(at.url).port
    assert port is not None
    return BadLine(port, seed)


class Watcher:
    """Folds what it hears, and is hard to please."""

    def __init__(self, watch: Watch) -> None:
        self.state, self._batches = watch.state, watch.batches
        self.records, self.states, self.finished = 0, 0, set[str]()
        self.heard = asyncio.Event()

    async def follow(self) -> None:
        """Until the run is over. A gap, or a record that comes twice, fails."""
        async for batch in self._batches:
            self.heard.set()
            if isinstance(batch, RunState):
                assert batch.seq >= self.state.seq, "the run went backward"
                self.state, self.states = batch, self.states + 1
                continue
            for record in batch:
                self._see(record)

    def _see(self, record: Record) -> None:
        assert record.seq == self.state.seq + 1, f"record {record.seq} follows {self.state.seq}"
        if isinstance(record.event, PanelFinished):
            assert record.event.panel not in self.finished, f"{record.event.panel} finished twice"
            self.finished.add(record.event.panel)
        apply(self.state, record)
        self.records += 1

    async def until_heard(self) -> None:
        self.heard.clear()
        async with asyncio.timeout(30):
            await self.heard.wait()


async def cut_again_and_again(folder: Path, cuts: int, panels: int) -> tuple[Watcher, RemoteRun, RunState]:
    """A run watched over a line that is cut ``cuts`` times."""
    rng = random.Random(cuts)
    with served(folder, panels=panels, latency=0.05, listen=HERE, beat=0.5) as there:
        async with line_to(there) as line:
            remote, done = through(line, there), 0
            async with remote.watch() as watch:
                watcher = Watcher(watch)
                follows = asyncio.create_task(watcher.follow())
                while done < cuts and not follows.done():
                    await asyncio.sleep(rng.uniform(0.0, 0.06))
                    line.delay = rng.choice((0.0, 0.0, 0.002, 0.01))
                    done += bool(line.cut())
                    if done % 100 == 50:
                        line.stalled = True  # longer than two beats: the watcher gives it up by itself
                        await asyncio.sleep(1.7)
                        line.stalled = False
                line.delay = 0.0
                await watcher.until_heard()
                last = await asyncio.to_thread(there.end)
                await asyncio.wait_for(follows, 30)
    return watcher, remote, last


async def check_cuts(folder: Path, cuts: int, panels: int) -> None:
    watcher, remote, last = await cut_again_and_again(folder, cuts, panels)
    print(f"{cuts} cuts, {remote.connections} connections, {watcher.records} records, {watcher.states} new snapshots")
    assert remote.connections > cuts / 4  # a cut may come before the connection does
    assert watcher.records > 100
    assert watcher.state.phase == "ended"
    assert same(watcher.state, last)


async def test_fifty_cuts(tmp_path: Path) -> None:
    await check_cuts(tmp_path, 50, 3000)


@pytest.mark.long
async def test_a_thousand_cuts(tmp_path: Path) -> None:
    await check_cuts(tmp_path, 1000, 20_000)


async def test_a_proxy_that_strips_upgrade_is_got_round_by_polling(tmp_path: Path) -> None:
    with served(tmp_path, panels=400, listen=HERE, beat=0.5) as there:
        async with line_to(there) as line:
            line.no_upgrade = True
            remote = through(line, there)
            async with remote.watch() as watch:
                assert remote.link_state == LinkState(True, "polling")
                watcher = Watcher(watch)
                follows = asyncio.create_task(watcher.follow())
                await watcher.until_heard()
                assert (await remote.send(SetTabs(3))) == Reply(True, "3 tabs from now on.")
                for _ in range(10):
                    line.cut()
                    await watcher.until_heard()
                assert (await remote.send(Pause())).ok
                last = await asyncio.to_thread(there.end)
                await asyncio.wait_for(follows, 30)
    assert same(watcher.state, last)
    assert watcher.records > 0


async def test_a_command_is_obeyed_once_however_often_the_line_breaks(tmp_path: Path) -> None:
    with served(tmp_path, panels=2000, listen=HERE, beat=0.5) as there:
        async with line_to(there) as line:
            remote = through(line, there)
            async with remote.watch() as watch:
                watcher, replies = Watcher(watch), 0
                follows = asyncio.create_task(watcher.follow())
                for turn in range(20):
                    line.delay = 0.005
                    asked = asyncio.create_task(remote.send(SetTabs(4 + turn % 3)))
                    await asyncio.sleep(0.004)
                    line.cut()
                    reply = await asked
                    replies += reply.ok or reply.sentence != "The link to the run is down; try again when it is back."
                    await watcher.until_heard()
                last = await asyncio.to_thread(there.end)
                await asyncio.wait_for(follows, 30)
    assert same(watcher.state, last)
    obeyed = [r.event for r in journal(tmp_path) if isinstance(r.event, CommandReceived) and r.event.by == "link"]
    assert len(obeyed) == replies >= 1


async def test_a_lost_link_is_told_and_the_run_goes_on(tmp_path: Path) -> None:
    with served(tmp_path, panels=500, listen=HERE, beat=1.0) as there:
        async with line_to(there) as line:
            remote = through(line, there)
            told: asyncio.Queue[LinkState] = asyncio.Queue()
            remote.on_link(told.put_nowait)
            async with remote.watch() as watch:
                watcher = Watcher(watch)
                follows = asyncio.create_task(watcher.follow())
                await watcher.until_heard()
                drawn = there.site.drawn
                assert (await told.get()).up
                line.stalled = True
                lost = await asyncio.wait_for(told.get(), 10)
                assert not lost.up  # whichever end is the first to miss the other
                assert "nothing was heard" in lost.sentence or "was closed" in lost.sentence
                reply = await remote.send(Resume())
                assert not reply.ok and "down" in reply.sentence
                line.stalled = False
                line.cut()
                while not (await asyncio.wait_for(told.get(), 10)).up:
                    pass
                assert there.site.drawn > drawn
                last = await asyncio.to_thread(there.end)
                await asyncio.wait_for(follows, 30)
    assert same(watcher.state, last)


def journal(folder: Path) -> list[Record]:
    from core.link.shelf import history

    return list(history(folder, 0))
