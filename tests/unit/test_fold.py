"""The fold: what each event does to the state."""

import msgspec
import pytest

from core import events as ev
from core.fold import fold
from core.outcomes import Cause, Fault, Outcome
from core.state import PanelStatus, RunState
from tests.unit.run_events import begun, drawn, planned, records
from tui.book import Book


def test_a_picture_finishes_its_panel_and_frees_its_tab() -> None:
    state = fold(records([*begun("p1", "p2"), *drawn("p1")]))
    panel, tab = state.panels["p1"], state.tabs["t1"]
    assert panel.status is PanelStatus.FINISHED
    assert panel.take is not None and panel.take.file == "panels/ch01/p1.png"
    assert (panel.attempt, panel.tab) == ("", "")
    assert (tab.phase, tab.completed, tab.pictures, tab.panel) == ("idle", 1, 1, "")
    assert state.attempts["r1-1"].outcome is Outcome.OK


def test_an_attempt_in_doubt_keeps_its_conversation_and_waits_in_the_queue() -> None:
    events = [*begun("p1"), *drawn("p1")[:2], ev.AttemptInDoubt("r1-1", "p1", "crashed", Fault.CRASHED)]
    panel = fold(records(events)).panels["p1"]
    assert panel.status is PanelStatus.QUEUED
    assert (panel.attempt, panel.conversation, panel.tab_deaths) == ("r1-1", "/c/r1-1", 1)


@pytest.mark.parametrize(
    ("outcome", "counter"),
    [(Outcome.RETRYABLE, "tries"), (Outcome.SOFT_REFUSED, "soft_refusals"), (Outcome.QUOTA, None)],
)
def test_outcomes_never_share_a_counter(outcome: Outcome, counter: str | None) -> None:
    events = [*begun("p1"), drawn("p1")[0], ev.AttemptFailed("r1-1", "p1", outcome, "no", "queued", 1.0)]
    panel = fold(records(events)).panels["p1"]
    counters = {name: getattr(panel, name) for name in ("tries", "soft_refusals", "tab_deaths")}
    assert counters == {name: int(name == counter) for name in counters}


def test_a_changed_prompt_makes_a_finished_panel_outdated_not_queued() -> None:
    changed = ev.PanelPlan("p1", 1, 1, 1, "other words", "other-hash")
    state = fold(records([*begun("p1"), *drawn("p1"), ev.PanelsPlanned((changed,))]))
    assert state.panels["p1"].status is PanelStatus.FINISHED
    assert state.panels["p1"].outdated


def test_a_lost_take_sends_its_panel_back_to_the_queue() -> None:
    lost = ev.TakeLost("p1", "panels/ch01/p1.png", "missing on disk")
    panel = fold(records([*begun("p1"), *drawn("p1"), lost])).panels["p1"]
    assert (panel.status, panel.takes, panel.chosen) == (PanelStatus.QUEUED, [], None)


def test_a_new_run_forgets_the_tabs_of_the_process_before() -> None:
    again = ev.RunStarted(2, 2, "host", "easel", "easel", 3)
    state = fold(records([*begun("p1", tabs=2), again]))
    assert state.tabs == {} and state.run == 2


def test_pausing_says_why_until_the_run_goes_on() -> None:
    paused = [ev.RunPausing(Cause.LOGIN, "sign in again"), ev.RunPaused(Cause.LOGIN, "sign in again")]
    state = fold(records([*begun("p1"), *paused]))
    assert (state.phase, state.cause, state.sentence) == ("paused", Cause.LOGIN, "sign in again")
    state = fold(records([ev.RunResumed()], first=state.seq + 1), state)
    assert (state.phase, state.cause, state.sentence) == ("running", None, "")


def test_a_record_applied_twice_changes_nothing() -> None:
    story = records([*begun("p1"), *drawn("p1")])
    once, twice = fold(story), fold([*story, *story[3:]])
    assert once == twice


def test_the_state_survives_json_unchanged() -> None:
    state = fold(records([*begun("p1", "p2"), *drawn("p1"), planned("p3", chapter=2)]))
    assert msgspec.json.decode(msgspec.json.encode(state), type=RunState) == state


def test_every_event_type_can_be_folded_or_is_meant_only_to_be_told() -> None:
    from core import fold as fold_module
    from core.telling import _TELLER

    handled = {name for name in dir(fold_module._FOLD) if name.startswith("on_")}
    told = {name for name in dir(_TELLER) if name.startswith("on_")}
    known = {event.handler_name for event in ev.EVENT_TYPES}
    assert handled | told <= known, "a handler for an event that does not exist"
    journal_only = {"on_panels_planned", "on_tab_pulse", "on_memory_measured", "on_eta_estimated"}
    assert known - handled - told <= journal_only


def test_chapters_stand_in_the_order_of_the_script_not_of_their_numbers() -> None:
    """A book may begin with its chapter 9; the screen walks it as it is written."""
    plans = tuple(ev.PanelPlan(f"ch{chapter:02d}-p001", chapter, 1, 1, "words", "h") for chapter in (1, 2, 9))
    chapters = {number: ev.ChapterPlan(number, "") for number in (1, 2, 9)}
    written = [ev.BookPlanned("T", tuple(chapters[n] for n in (9, 1, 2))), ev.PanelsPlanned(plans)]
    state = fold(records(written))
    assert list(state.panels) == Book(state).ids == ["ch09-p001", "ch01-p001", "ch02-p001"]
    assert [span.number for span in Book(state).chapters] == [9, 1, 2]
    moved = ev.BookPlanned("T", tuple(chapters[n] for n in (1, 9, 2)))
    assert list(fold(records([*written, moved])).panels) == ["ch01-p001", "ch09-p001", "ch02-p001"]
