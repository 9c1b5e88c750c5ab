"""The nine figures, by their definitions, and that their accumulators stay small."""

import msgspec
import pytest

from core import events as ev
from core.metrics import Figures, Metrics
from core.metrics.accumulators import GAP, LATENCIES, MARKS
from core.metrics.series import MOMENTS
from core.outcomes import Fault, Outcome

START = 1_800_000_000.0


class Book:
    """Writes records at chosen moments and folds them into metrics."""

    def __init__(self, tabs: int = 2) -> None:
        self.metrics, self.seq, self.at = Metrics(), 0, START
        self.tell(0, ev.RunStarted(1, 1, "host", "easel", "easel", tabs))
        for n in range(1, tabs + 1):
            self.tell(0, ev.TabOpened(f"t{n}", "local", 1))

    def tell(self, after: float, event: ev.Event) -> None:
        """``event`` happens ``after`` seconds from the last one."""
        self.seq += 1
        self.at += after
        self.metrics.apply(ev.Record(self.seq, self.at, event))  # type: ignore[arg-type]

    def begin(self, name: str, tab: str = "t1", after: float = 0) -> None:
        self.tell(after, ev.AttemptStarted(name, f"p-{name}", tab, "prompt", "hash"))

    def finish(self, name: str, after: float = 0, seconds: float = 10.0, harvested: bool = False) -> None:
        self.tell(after, ev.PanelFinished(name, f"p-{name}", seconds, harvested))

    def fail(self, name: str, outcome: Outcome, after: float = 0, seconds: float = 5.0) -> None:
        self.tell(after, ev.AttemptFailed(name, f"p-{name}", outcome, "why", "queued", seconds))

    def draw(self, name: str, tab: str = "t1", seconds: float = 10.0) -> None:
        self.begin(name, tab)
        self.finish(name, seconds, seconds)

    @property
    def figures(self) -> Figures:
        return self.metrics.figures(self.at)


def test_before_anything_there_is_nothing_to_say() -> None:
    assert Metrics().figures(START) == Figures(None, None, None, None, None, 0, 0, 0, 0.0)


def test_average_generation_leaves_out_harvested_pictures() -> None:
    book = Book()
    book.draw("a", seconds=10)
    book.draw("b", seconds=30)
    book.begin("c")
    book.finish("c", 5, seconds=4000, harvested=True)
    assert book.figures.average_generation_seconds == 20.0
    assert book.figures.longest_operation_seconds == 30.0


def test_images_per_minute_looks_back_ten_active_minutes() -> None:
    book = Book()
    for n in range(30):
        book.draw(f"a{n}", seconds=20)
    assert book.figures.images_per_minute == pytest.approx(3.0, rel=0.02)
    for n in range(20):
        book.draw(f"b{n}", seconds=60)
    assert book.figures.images_per_minute == pytest.approx(1.0, rel=0.05)


def test_images_per_minute_falls_while_nothing_comes() -> None:
    book = Book()
    for n in range(30):
        book.draw(f"a{n}", seconds=20)
    assert book.metrics.figures(book.at + 240).images_per_minute < 2.5
    for _ in range(12):
        book.tell(60, ev.Noticed("info", "waiting"))
    assert book.figures.images_per_minute == 0.0


def test_pauses_and_the_time_between_runs_are_not_active() -> None:
    book = Book()
    book.draw("a", seconds=60)
    book.tell(0, ev.RunPaused("person", "a person paused"))
    book.tell(7200, ev.RunResumed())
    book.draw("b", seconds=60)
    book.tell(0, ev.RunEnded("stopped"))
    book.tell(90_000, ev.RunStarted(2, 2, "host", "easel", "easel", 2))
    book.draw("c", seconds=60)
    assert book.metrics.active_seconds == 180.0
    assert book.figures.images_per_minute == pytest.approx(1.0)


def test_a_sleeping_machine_adds_little() -> None:
    book = Book()
    book.tell(8 * 3600, ev.Noticed("info", "awake again"))
    assert book.metrics.active_seconds == GAP
    book.tell(-3600, ev.Noticed("info", "the clock was set back"))
    assert book.metrics.active_seconds == GAP


def test_parallel_efficiency_is_the_busy_share_of_the_wanted_tabs() -> None:
    book = Book(tabs=2)
    book.begin("a", "t1")
    book.begin("b", "t2")
    book.finish("a", 10)
    book.finish("b", 10, 20)
    assert book.figures.parallel_efficiency == pytest.approx(30 / 40)
    book.tell(0, ev.PoolResized(2, "memory", 1))
    book.draw("c", seconds=20)
    assert book.figures.parallel_efficiency == pytest.approx(50 / 60)
    assert book.figures.max_concurrent_operations == 2


def test_success_rate_judges_only_drawing() -> None:
    book = Book()
    book.draw("a")
    for n, outcome in enumerate(
        (Outcome.QUOTA, Outcome.RATE, Outcome.THROTTLE, Outcome.LOGIN, Outcome.HUMAN, Outcome.WITHDRAWN)
    ):
        book.begin(f"l{n}")
        book.fail(f"l{n}", outcome)
    assert book.figures.success_rate == 1.0
    for n, outcome in enumerate((Outcome.RETRYABLE, Outcome.REFUSED, Outcome.SOFT_REFUSED)):
        book.begin(f"f{n}")
        book.fail(f"f{n}", outcome)
    assert book.figures.success_rate == 0.25


def test_the_largest_batch_is_broken_by_failures_not_by_limits() -> None:
    book = Book()
    for n in range(3):
        book.draw(f"a{n}")
    book.begin("l")
    book.fail("l", Outcome.QUOTA)
    book.draw("a3")
    book.begin("f")
    book.fail("f", Outcome.RETRYABLE)
    book.draw("a4")
    assert book.figures.largest_successful_batch == 4


def test_a_process_recovers_with_its_first_picture() -> None:
    book = Book()
    book.tell(0, ev.RecoveryReported("fresh", 0, 0, 0.0))
    book.draw("a")
    assert book.figures.recovery_success_rate is None
    book.tell(5, ev.RecoveryReported("checkpoint", 10, 1, 0.1, clean=False))
    assert book.figures.recovery_success_rate is None, "not decided yet"
    book.tell(5, ev.RecoveryReported("journal", 10, 1, 0.1, clean=False))
    assert book.figures.recovery_success_rate == 0.0
    book.draw("b")
    assert book.figures.recovery_success_rate == 0.5
    book.tell(5, ev.RecoveryReported("checkpoint", 10, 1, 0.1, clean=True))
    book.draw("c")
    assert book.figures.recovery_success_rate == 0.5, "an orderly start is no recovery"


def test_tabs_recover_when_repaired() -> None:
    book = Book()
    fault = ev.TabFaulted("t1", Fault.CRASHED, "its renderer died", 0.05)
    book.tell(0, fault)
    book.tell(2, ev.TabRepaired("t1", Fault.CRASHED, 2.0))
    assert book.figures.recovery_success_rate == 1.0
    book.tell(0, fault)
    book.tell(2, ev.TabClosed("t1", "cannot be opened"))
    assert book.figures.recovery_success_rate == 0.5
    book.tell(0, ev.TabClosed("t2", "fewer wanted"))
    assert book.figures.recovery_success_rate == 0.5


def test_attempts_in_doubt_recover_when_harvested() -> None:
    book = Book()
    for name in "ab":
        book.begin(name)
        book.tell(1, ev.AttemptInDoubt(name, f"p-{name}", "the tab died"))
        book.tell(1, ev.HarvestStarted(name, f"p-{name}", "t2"))
    book.finish("a", harvested=True)
    book.fail("b", Outcome.LOST)
    assert book.figures.recovery_success_rate == 0.5


def test_per_tab_figures() -> None:
    book = Book()
    book.draw("a", "t1", 10)
    book.draw("b", "t1", 20)
    book.begin("c", "t2")
    book.fail("c", Outcome.RETRYABLE, 10)
    book.tell(20, ev.TabClosed("t1", "done"))
    tab, other = book.metrics.tabs["t1"], book.metrics.tabs["t2"]
    assert (tab.completed, tab.errors, tab.average_seconds, tab.busy_fraction) == (2, 0, 15.0, 0.5)
    assert (other.completed, other.errors, other.average_seconds) == (0, 1, None)


def test_the_series_counts_by_the_minute() -> None:
    book = Book()
    book.tell(0, ev.MemoryMeasured(500, 1000, 400, 100, 9))
    book.draw("a", seconds=60)
    book.tell(0, ev.PacingWaiting("easel", book.at + 120, "told", "limit"))
    book.tell(120, ev.PacingOpened("easel"))
    book.draw("b", seconds=30)
    series = book.metrics.series.moments
    assert sum(moment.finished for moment in series) == 2
    assert sum(moment.waiting for moment in series) == 120
    assert max(moment.memory for moment in series) == 500 == book.figures.memory_peak_bytes
    assert all(moment.at % 60 == 0 for moment in series)


def test_a_hundred_thousand_panels_stay_small_and_survive_json() -> None:
    book = Book(tabs=8)
    for n in range(25_000):
        for tab in range(4):
            book.begin(f"a{n}-{tab}", f"t{tab + 1}")
        for tab in range(4):
            book.finish(f"a{n}-{tab}", 10, 40)
    encoded = msgspec.json.encode(book.metrics)
    assert len(encoded) < 100_000
    assert len(book.metrics.series.moments) <= MOMENTS
    assert len(book.metrics.latencies) < 2 * LATENCIES
    assert len(book.metrics.marks) < MARKS
    assert len(book.metrics.marks) == book.metrics.settled // book.metrics.stride
    assert sum(moment.finished for moment in book.metrics.series.moments) == 100_000
    assert msgspec.json.decode(encoded, type=Metrics) == book.metrics
