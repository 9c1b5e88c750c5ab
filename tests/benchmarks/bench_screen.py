"""How fast the cockpit paints and answers, by the size of the book: the whole program in a pseudo-terminal.

Keys: a paused run on a real engine, store and pseudo-terminal, its site simulated; wall clock from writing the key to
the last byte of what is drawn thereupon, the median of each kind and the longest of all. ``alone`` is that without the
time the program's main thread stood in line for a processor, which on a busy machine is others' doing. The words to
find are typed before; the filter is what Enter does. First frame: from building the app, its imports done and the
run opened, until the book is painted, the best of three (``bench_startup`` has the time from the shell).

Analytics and time travel: processor time, of a run with a night behind it. A look at the whole run is taken when it
has changed, and at most so often that it is the share of a processor given beside it. A step is one record; its cost
includes what the grid looks at again.

    python -m pytest tests/benchmarks/bench_screen.py -m benchmark -s
"""

import time
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from core import events as ev
from core.outcomes import Outcome
from core.recording import History
from tests.benchmarks.answers import Answer, answer, percentile
from tests.terminal.terminals import Pty, environment, events, finished, nothing_left, on_pty, owner, simulated, until
from tests.unit.tui_run import FakePort, Story, clock, midway
from tui.app import CockpitApp
from tui.options import ScreenOptions
from tui.screens import reading
from tui.screens.analytics import AnalyticsScreen
from tui.themes import DEFAULT, Palette, load_themes
from tui.travel import Travel
from tui.view import View

pytestmark = [pytest.mark.benchmark, pytest.mark.terminal]

SHORT = ("-k", "3000 or costs")

SIZE = (120, 36)
BOOKS = {60: (3, 20), 3000: (30, 100), 100_000: (500, 200)}
"""Chapters, and panels in each."""

PAGE_DOWN, PAGE_UP = "\x1b[6~", "\x1b[5~"
KEYS = {
    "cursor": "jjllhhkk",
    "scroll": (PAGE_DOWN, PAGE_UP, "G", PAGE_UP, PAGE_DOWN, "g", "G", "g"),
    "zoom": "zzzzzz",
}
"""Each moves something in a book of any size: a key that does not is never answered by a paint."""
WORDS = ("lamp", "state:finished", "chapter:3", "no such words")
TIMES = 300


async def first_frame(story: Story) -> tuple[float, float]:
    """Seconds of wall clock, and of processor."""
    began, spent = time.perf_counter(), time.process_time()
    app = CockpitApp(FakePort(story), options=ScreenOptions(ssh=False, motion=False, clock=clock(story)))
    async with app.run_test(size=SIZE) as pilot:
        while app.view.stage != "live":
            await pilot.pause()
        await pilot.pause()
        return time.perf_counter() - began, time.process_time() - spent


def filtered(terminal: Pty, process: int, words: str) -> Answer:
    """What Enter does after ``words`` were typed; "" shows all again."""
    terminal.answer("/")
    time.sleep(1.0)
    terminal.answer("\x15" + words)
    return answer(terminal, process, "\r")


@pytest.mark.parametrize("panels", BOOKS)
def test_keys(tmp_path: Path, panels: int) -> None:
    first, spent = min(anyio.run(first_frame, midway(*BOOKS[panels])) for _ in range(3))
    project = tmp_path / "novel"
    command = simulated(project, "--panels", str(panels), "--latency", "1")
    with nothing_left(project), on_pty(command, environment(tmp_path), SIZE) as terminal:
        until(lambda: finished(project) >= 2, "panels are drawn", 300.0)
        process = owner(project)
        terminal.press(" ")
        until(lambda: events(project, "run-paused"), "the run pauses")
        time.sleep(8)  # the answer in the footer goes away
        found = {name: [answer(terminal, process, key) for key in keys] for name, keys in KEYS.items()}
        found["filter"] = [filtered(terminal, process, words) for words in WORDS for words in (words, "")]
        terminal.press("\x03")
        terminal.wait()
    print(f"\n{panels:,} panels: first frame {1000 * first:.0f} ms (aim 1,000), {1000 * spent:.0f} ms of processor")
    for name, answers in found.items():
        times, alone = [one.seconds for one in answers], [one.alone for one in answers]
        print(
            f"{name:>8}: p50 {percentile(times, 50):3.0f} ms, most {percentile(times, 100):3.0f} ms (aim 50); "
            f"alone p50 {percentile(alone, 50):3.0f} ms, most {percentile(alone, 100):3.0f} ms"
        )


def view_of(story: Story) -> View:
    view = View(ScreenOptions(ssh=False, clock=clock(story)), Palette(load_themes()[0][DEFAULT]))
    view.opened(story.state)
    return view


def test_analytics_costs() -> None:
    story = Story().begin(30, 100)
    for nth in range(7_000):  # those of a hard night, before all is drawn
        plan, attempt = story.plans[nth % 3000], f"r2-{nth}"
        story.tell(ev.AttemptStarted(attempt, plan.id, "t1", plan.text, plan.prompt_hash), after=2.0)
        story.tell(ev.AttemptFailed(attempt, plan.id, Outcome.RETRYABLE, "Something went wrong.", "queued", 9.0))
    story.draw(0, 3000)
    view = view_of(story)
    screen = AnalyticsScreen(view)
    began = time.process_time()
    for _ in range(20):
        screen.write(SIZE[0])
    took = (time.process_time() - began) / 20
    every = max(reading.LEAST, 100 * took)
    print(
        f"\nanalytics, {len(view.state.panels):,} panels and {len(view.state.attempts):,} attempts: a look costs "
        f"{1000 * took:.1f} ms, at most every {every:.0f} s: {100 * took / every:.2f} % of a processor (aim 1)"
    )


@pytest.mark.parametrize("panels", BOOKS)
def test_time_travel_costs(panels: int) -> None:
    story = Story().begin(*BOOKS[panels])
    story.draw(0, min(panels, 8000))
    began = time.process_time()
    travel = Travel(History(story.records))
    read = time.process_time() - began
    view = view_of(story)
    view.show(travel)

    def costs(move: Callable[[], object]) -> list[float]:
        found = []
        for _ in range(TIMES):
            before = time.process_time()
            move()
            view.show(travel)
            found.append(time.process_time() - before)
        return found

    back = costs(lambda: travel.step(-1))
    minute = costs(lambda: travel.wind(-60.0))
    travel.to(story.at / 2 + story.records[0].at / 2)
    view.show(travel)
    travel.speed = 3600
    frames = costs(lambda: travel.play(view.frame))
    print(
        f"\ntime travel, {panels:,} panels and {len(story.records):,} records, read in {read:.2f} s: a step back p50 "
        f"{percentile(back, 50):.1f} ms, p99 {percentile(back, 99):.1f} ms (aim 100); a minute back p99 "
        f"{percentile(minute, 99):.1f} ms; a frame at 3,600x p99 {percentile(frames, 99):.1f} ms "
        f"(aim {1000 * view.frame:.0f})"
    )
