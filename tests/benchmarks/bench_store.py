"""The store's speed: appends that are durable, recovery of small and large books, and a look into the past.

pytest -m benchmark tests/benchmarks/bench_store.py -s
"""

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import events as ev
from core.fold import apply
from core.offload import inline
from core.state import RunState
from core.store import checkpoint
from core.store.disk import Disk
from core.store.folder import FOLDER
from core.store.history import state_at
from core.store.journal import Journal
from core.store.lines import to_line
from core.store.store import Store

pytestmark = pytest.mark.benchmark
SHORT = ("-k", "not epic")

WORDS = ("rain", "roof", "lighthouse", "keeper", "counts", "gulls", "boy", "draws", "maps", "spilled", "salt")


def novel(panels: int, per_panel: int = 10) -> Iterator[ev.Record]:
    """A long run as records: four events an attempt, the rest heartbeats, memory and estimates."""
    rng = random.Random(7)
    seq, at = 0, 1_800_000_000.0

    def record(event: ev.AnyEvent) -> ev.Record:
        nonlocal seq
        seq += 1
        return ev.Record(seq, at, event)

    yield record(ev.RunStarted(1, 1, "host", "easel", "easel", 5))
    ids = [f"ch{1 + n // 300:03d}-p{1 + n % 300:04d}" for n in range(panels)]
    plans = []
    for number, id in enumerate(ids):
        text = " ".join(rng.choices(WORDS, k=30))
        plans.append(ev.PanelPlan(id, 1 + number // 300, 1 + number // 6, number, text, f"{number:016x}", id[:5]))
    for start in range(0, panels, 1000):
        yield record(ev.PanelsPlanned(tuple(plans[start : start + 1000])))
    for tab in range(1, 6):
        yield record(ev.TabOpened(f"t{tab}", "local", 1))
    for number, plan in enumerate(plans):
        tab, attempt = f"t{1 + number % 5}", f"r1-{number + 1}"
        at += 8.0
        prompt = f"{plan.text}. Ink and watercolour, muted palette, the same cast as before, no lettering."
        yield record(ev.AttemptStarted(attempt, plan.id, tab, prompt, plan.prompt_hash))
        yield record(ev.AttemptSent(attempt, plan.id, f"https://example.org/c/{number:032x}"))
        for small in range(per_panel - 4):
            if small % 3 == 0:
                yield record(ev.TabPulse(tab, 0.01, 100, 80_000_000))
            elif small % 3 == 1:
                yield record(ev.EtaEstimated(8.0 * (panels - number), 7.0 * panels, 9.0 * panels))
            else:
                yield record(ev.MemoryMeasured(10**9 + number, 16 * 10**9, 9 * 10**8, 10**8, 8 * 10**9))
        file, sha = f"panels/{plan.folder}/{plan.id}.png", f"{number:064x}"
        yield record(ev.PictureReceived(attempt, plan.id, file, 1_500_000, sha, 1024, 1024))
        yield record(ev.PanelFinished(attempt, plan.id, 30.0 + number % 17))


def write_project(project: Path, panels: int, *, checkpoints: bool) -> int:
    """A project on disk after such a run; returns how many records it has."""
    disk = Disk()
    folder = project / FOLDER
    disk.make_folder(folder)
    journal, state, keeper = Journal(disk, folder), RunState(), checkpoint.TableKeeper()
    batch: list[bytes] = []
    first = 1
    tail = 40  # records after the last checkpoint: what ten seconds may bring
    total = 0
    for record in novel(panels):
        total += 1
        batch.append(to_line(record))
        if checkpoints:
            apply(state, record)
            keeper.see(record.event)
        if len(batch) == 5000:
            journal.append(b"".join(batch), first)
            batch, first = [], record.seq + 1
    if checkpoints:
        kept = keeper.tables(state)  # the tail below is beyond it
        checkpoint.write(disk, folder, kept)
        for _ in range(tail):
            total += 1
            batch.append(to_line(ev.Record(total, state.at, ev.TabPulse("t1", 0.01, 100, 0))))
    journal.append(b"".join(batch), first)
    return total


RECOVER = """
import json, sys, time
from pathlib import Path
import psutil
from core.store.store import read_all
started = time.perf_counter()
found = read_all(Path(sys.argv[1]))
seconds = time.perf_counter() - started
status = Path("/proc/self/status")
peaks = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
peak = int(peaks[0]) * 1024 if peaks else psutil.Process().memory_info().rss
print(json.dumps([seconds, found.findings.records, found.source, len(found.state.panels), peak]))
"""


def recovered(project: Path) -> tuple[float, int, str, int, int]:
    """Recovery in a process of its own: seconds, records read, source, panels, bytes of memory at its peak."""
    done = subprocess.run(
        [sys.executable, "-c", RECOVER, str(project)], capture_output=True, text=True, check=True, timeout=600
    )
    seconds, records, source, panels, peak = json.loads(done.stdout)
    return seconds, records, source, panels, peak


def tell(what: str, project: Path) -> None:
    seconds, records, source, panels, peak = recovered(project)
    print(
        f"\nrecovery, {what}: {seconds:.3f} s from {source} and {records:,} records; "
        f"{panels:,} panels; {peak / 1e6:.0f} MB at the peak"
    )


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_append_with_fsync(tmp_path: Path) -> None:
    store = Store.open(tmp_path, offload=inline, locked=False)
    times = []
    for number in range(2000):
        store.append(ev.AttemptSent(f"r1-{number}", "ch01-p0001", f"https://example.org/c/{number:032x}"))
        started = time.perf_counter()
        await store.commit()
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    p50, p99 = statistics.median(times), times[int(0.99 * len(times))]
    print(f"\njournal append with fsync: p50 {p50:.3f} ms, p99 {p99:.3f} ms")
    await store.close()


def test_recovery_of_a_novel(tmp_path: Path) -> None:
    records = write_project(tmp_path / "a", 3_000, checkpoints=True)
    tell(f"3,000 panels, {records:,} events, checkpoint", tmp_path / "a")
    records = write_project(tmp_path / "b", 3_000, checkpoints=False)
    tell(f"3,000 panels, {records:,} events, journal alone", tmp_path / "b")
    for share in (0.25, 0.5, 1.0):
        started = time.perf_counter()
        state_at(tmp_path / "b", seq=int(records * share))
        print(f"the state after record {int(records * share):,}: {time.perf_counter() - started:.3f} s")


def test_recovery_of_an_epic(tmp_path: Path) -> None:
    records = write_project(tmp_path / "a", 100_000, checkpoints=True)
    tell(f"100,000 panels, {records:,} events, checkpoint", tmp_path / "a")
    for path in (tmp_path / "a" / FOLDER).glob("checkpoint*"):
        print(f"{path.name}: {path.stat().st_size / 1e6:.0f} MB")
        path.unlink()
    tell(f"100,000 panels, {records:,} events, journal alone", tmp_path / "a")
