"""What watching costs, and how soon a second terminal shows a run.

    python -m tests.benchmarks.bench_link [--seconds S] [--rounds N] [--panels N ...] [--only PART]

Prints:
- the engine's pictures a second with 0 and with 20 watchers, in turns within one run, and their ratio: on a site that
  draws ten pictures a second, and on one that draws at once, so that the engine is the limit (the watchers are another
  process);
- a state's snapshot at so many panels, all drawn: seconds the engine spends on it, bytes as they are sent, seconds
  until a watcher has it;
- seconds from the shell to the first whole screen of ``attach``, and of ``status``, at 3,000 panels;
- seconds from ``d`` to the shell's prompt, at 3,000 panels.
"""

import argparse
import asyncio
import hashlib
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import anyio
import msgspec

from core import events as ev
from core.fold import fold
from core.link.client import RemoteRun
from core.link.endpoint import Endpoint
from core.link.protocol import Beat, Hello, state_of, to_run
from core.link.wires import http_session
from core.project import plans
from core.sample import create_sample
from core.state import RunState
from core.store.store import Store
from tests.link.runs import Served, project, served
from tests.simulation.site import tiny_picture
from tests.terminal.terminals import (
    ended,
    environment,
    finished,
    nothing_left,
    on_pty,
    owner,
    program,
    simulated,
    until,
)

WATCHERS, TABS = 20, 8
SHORT = ("--seconds", "2", "--rounds", "1", "--panels", "3000")
PICTURE = tiny_picture("bench")
SHA = hashlib.sha256(PICTURE).hexdigest()


def drawn_events(folder: Path, panels: int) -> list[ev.AnyEvent]:
    """A whole book, drawn in one run."""
    given = project(folder, panels)
    book, planned = plans(given)
    found: list[ev.AnyEvent] = [ev.RunStarted(1, 1, "bench", "steady", "steady", 4), book, *planned]
    for number, panel in enumerate(given.panels, start=1):
        attempt, file = f"r1-{number}", f"panels/{panel.folder}/{panel.id}.png"
        found += [
            ev.AttemptStarted(attempt, panel.id, "t1", panel.prompt, panel.prompt_hash),
            ev.AttemptSent(attempt, panel.id, f"https://site.example/c/{number:032x}"),
            ev.PictureReceived(attempt, panel.id, file, len(PICTURE), SHA, 4, 4),
            ev.PanelFinished(attempt, panel.id, 12.5),
        ]
    return found


def snapshots(books: list[int]) -> None:
    for panels in books:
        snapshot(panels)


def snapshot(panels: int) -> None:
    records = [ev.Record(seq, 1.8e9 + seq, event) for seq, event in enumerate(drawn_events(Path("/"), panels), start=1)]
    state = fold(records)
    encoding = [timed(lambda: msgspec.msgpack.encode(state))[0] for _ in range(3)]
    plain = msgspec.msgpack.encode(state)
    packing, packed = timed(lambda: zlib.compress(plain, 1))
    unpacking, _ = timed(lambda: state_of(packed))
    print(
        f"snapshot of {panels:,} panels: {min(encoding) * 1000:.0f} ms of the engine, {packing * 1000:.0f} ms to pack, "
        f"{len(packed) / 1e6:.2f} MB sent ({len(plain) / 1e6:.1f} MB plain), {unpacking * 1000:.0f} ms to unpack"
    )


def timed(work: "object") -> "tuple[float, object]":
    started = time.perf_counter()
    found = work()  # type: ignore[operator]
    return time.perf_counter() - started, found


def prefill(folder: Path, panels: int) -> None:
    """A project on disk with every panel drawn."""
    store = Store.open(folder)
    for event in drawn_events(folder, panels):
        record = store.append(event)
        if isinstance(event, ev.PictureReceived):
            file = folder / event.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(PICTURE)
        fold([record], store.state)
    anyio.run(store.commit)
    anyio.run(store.checkpoint, store.state)
    anyio.run(store.close)


def attach_and_status(panels: int, times: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        folder = home / "novel"
        create_sample(folder, 3)  # a script that can be read; the run below has a longer one
        prefill(folder, panels)
        with served(folder, panels=panels):
            attaching, asking, having, working = [], [], [], []
            for _ in range(times):
                started, used = time.perf_counter(), children_cpu()
                with on_pty(program("attach", folder), environment(home), (120, 36)) as terminal:
                    terminal.until("every panel is finished")  # the newest line of the lowest pane
                    attaching.append(time.perf_counter() - started)
                    terminal.press("q")
                    terminal.wait()
                working.append(children_cpu() - used)
                asking.append(timed(lambda: status(folder, home))[0])
                having.append(timed(lambda: asyncio.run(watched(folder)))[0])
        print(
            f"attach at {panels:,} panels: {statistics.median(attaching):.2f} s from the shell to the whole screen "
            f"(the slowest {max(attaching):.2f} s of {times}), {statistics.median(working):.2f} s of CPU; "
            f"status {statistics.median(asking):.2f} s; connect to state {statistics.median(having):.3f} s"
        )


def detach(panels: int, times: int) -> None:
    """The front process returns when the shell may have its prompt; the run stays, and is ended by hand."""
    taking = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as scratch:
            home = Path(scratch)
            folder = home / "novel"
            command = simulated(folder, "--panels", str(panels), "--latency", "0.5")
            with nothing_left(folder), on_pty(command, environment(home), (120, 36)) as terminal:
                until(lambda at=folder: finished(at) >= 5, "panels are drawn")
                started = time.perf_counter()
                terminal.press("d")
                terminal.wait()
                taking.append(time.perf_counter() - started)
                terminal.until("goes on in the background")
                os.kill(owner(folder), signal.SIGTERM)
                until(lambda at=folder: ended(at), "the run was left")
    print(
        f"detach at {panels:,} panels: {statistics.median(taking):.2f} s from the key to the prompt "
        f"(the slowest {max(taking):.2f} s of {times})"
    )


def children_cpu() -> float:
    """Seconds that ended child processes have worked: a figure the machine's other work does not touch much."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def status(folder: Path, home: Path) -> object:
    return subprocess.run(program("status", folder), env=environment(home), capture_output=True, check=True)


async def watched(folder: Path) -> RunState:
    from core.link.endpoint import of_folder

    at = of_folder(folder)
    assert at is not None
    async with RemoteRun(at).watch() as watch:
        return watch.state


# --- twenty watchers -------------------------------------------------------------------------------------


def throughput(name: str, latency: float, seconds: float, rounds: int) -> None:
    alone, watched_by_20 = [], []
    with (
        tempfile.TemporaryDirectory() as scratch,
        served(Path(scratch), panels=100_000, latency=latency, tabs=TABS) as there,
    ):
        pace(there, 3.0)  # opening, planning
        for _ in range(rounds):
            alone.append(pace(there, seconds))
            with subprocess.Popen(
                [sys.executable, "-m", "tests.benchmarks.bench_link", "--watch", there.link.endpoint.socket],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            ) as watchers:  # fmt: skip
                assert watchers.stdin is not None and watchers.stdout is not None
                watchers.stdout.readline()
                watched_by_20.append(pace(there, seconds))
                watchers.stdin.close()
            alone.append(pace(there, seconds))
    (without, cost), (with_them, cost_with) = (
        [statistics.median(figures) for figures in zip(*turns, strict=True)] for turns in (alone, watched_by_20)
    )
    print(
        f"{name}: {without:.1f} pictures/s alone, {with_them:.1f} with {WATCHERS} watchers: ratio "
        f"{with_them / without:.3f}; the run's CPU {cost * 1000:.2f} and {cost_with * 1000:.2f} ms a picture: "
        f"ratio {cost_with / cost:.3f} ({rounds} rounds of {seconds:.0f} s)"
    )


def pace(there: Served, seconds: float) -> tuple[float, float]:
    """Over so many seconds: pictures a second, and this process's CPU seconds a picture."""
    before, started, used = there.site.drawn, time.perf_counter(), time.process_time()
    time.sleep(seconds)
    drawn = there.site.drawn - before
    return drawn / (time.perf_counter() - started), (time.process_time() - used) / drawn


async def watch_all(path: str) -> None:
    """Twenty watchers that take everything in; ends with its standard input."""
    async with anyio.create_task_group() as group:
        connected = [anyio.Event() for _ in range(WATCHERS)]
        for event in connected:
            group.start_soon(take_in, path, event)
        for event in connected:
            await event.wait()
        print("watching", flush=True)
        await anyio.to_thread.run_sync(sys.stdin.read)
        group.cancel_scope.cancel()


async def take_in(path: str, connected: anyio.Event) -> None:
    async with http_session(Endpoint(socket=path)) as http, http.ws_connect("/v1/link", max_msg_size=0) as socket:
        await socket.send_bytes(to_run(Hello(1)))
        last = anyio.current_time()
        async for _ in socket:
            connected.set()
            if anyio.current_time() - last > 10.0:
                last = anyio.current_time()
                await socket.send_bytes(to_run(Beat()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--panels", type=int, nargs="*", default=[3_000, 100_000])
    parser.add_argument("--only", choices=("snapshots", "attach", "detach", "paced", "flood"), help="one of the parts")
    parser.add_argument("--watch", metavar="SOCKET", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.watch:
        anyio.run(watch_all, given.watch)
        return
    parts: dict[str, Callable[[], None]] = {
        "snapshots": lambda: snapshots(given.panels),
        "attach": lambda: attach_and_status(3_000, 5),
        "detach": lambda: detach(3_000, 5),
        "paced": lambda: throughput("ten pictures a second", TABS / 10.0, given.seconds, given.rounds),
        "flood": lambda: throughput("as fast as it goes", 0.0, given.seconds, given.rounds),
    }
    for name, part in parts.items():
        if given.only in (None, name):
            part()


if __name__ == "__main__":
    main()
