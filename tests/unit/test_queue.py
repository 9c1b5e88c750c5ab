"""The queue: what is drawn next."""

from core import events as ev
from core.engine.queue import PanelQueue
from core.fold import fold
from core.state import RunState
from tests.unit.run_events import begun, drawn, records


def state_of(*events: ev.Event) -> RunState:
    return fold(records([*begun("p1", "p2", "p3"), *events]))


def order(queue: PanelQueue, now: float = 0.0) -> list[str]:
    found = []
    while (panel := queue.take(now)) is not None:
        found.append(panel.id)
    return found


def test_the_book_is_drawn_in_its_order() -> None:
    assert order(PanelQueue(state_of())) == ["p1", "p2", "p3"]


def test_attempts_in_doubt_come_before_everything_else() -> None:
    doubt = [*drawn("p3")[:2], ev.AttemptInDoubt("r1-1", "p3", "cut off")]
    assert order(PanelQueue(state_of(*doubt, ev.PanelsMovedFirst(("p2",))))) == ["p3", "p2", "p1"]


def test_panels_moved_first_keep_the_order_they_were_given() -> None:
    assert order(PanelQueue(state_of(ev.PanelsMovedFirst(("p3", "p2"))))) == ["p3", "p2", "p1"]


def test_held_panels_are_passed_over_and_do_not_keep_the_run_going() -> None:
    queue = PanelQueue(state_of(ev.PanelsHeld(("p1", "p2"), True)))
    assert order(queue) == ["p3"]
    assert not PanelQueue(state_of(ev.PanelsHeld(("p1", "p2"), True))).is_empty()
    assert PanelQueue(state_of(ev.PanelsHeld(("p1", "p2", "p3"), True))).is_empty()


def test_a_resting_panel_waits_for_its_moment() -> None:
    state = state_of()
    queue = PanelQueue(state)
    queue.put("p1", not_before=50.0)
    assert order(queue, now=10.0) == ["p2", "p3"]
    assert queue.next_moment() == 50.0
    assert order(queue, now=50.0) == ["p1"]


def test_a_panel_that_was_finished_meanwhile_does_not_come_up() -> None:
    state = state_of()
    queue = PanelQueue(state)
    fold(records(drawn("p2"), first=state.seq + 1), state)
    assert order(queue) == ["p1", "p3"]
