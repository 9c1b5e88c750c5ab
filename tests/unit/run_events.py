"""Short ways to write event sequences in tests."""

from collections.abc import Iterable

from core import events as ev


def planned(*ids: str, chapter: int = 1) -> ev.PanelsPlanned:
    """A plan of panels with the given ids."""
    return ev.PanelsPlanned(
        tuple(
            ev.PanelPlan(id, chapter, 1, number, f"text of {id}", f"hash-{id}", f"ch{chapter:02d}")
            for number, id in enumerate(ids, start=1)
        )
    )


def records(events: Iterable[ev.Event], *, first: int = 1, at: float = 1000.0) -> list[ev.Record]:
    """The events in sequence, one second apart."""
    return [ev.Record(first + i, at + i, event) for i, event in enumerate(events)]  # type: ignore[arg-type]


def drawn(panel: str, tab: str = "t1", attempt: str = "r1-1", sha: str = "aa") -> list[ev.Event]:
    """One attempt that went well."""
    return [
        ev.AttemptStarted(attempt, panel, tab, f"prompt of {panel}", f"hash-{panel}"),
        ev.AttemptSent(attempt, panel, f"/c/{attempt}"),
        ev.PictureReceived(attempt, panel, f"panels/ch01/{panel}.png", 10, sha, 4, 4),
        ev.PanelFinished(attempt, panel, 2.0),
    ]


def begun(*ids: str, tabs: int = 1) -> list[ev.Event]:
    """A run that has planned its panels and opened its tabs."""
    opened = [ev.TabOpened(f"t{n}", "local", 1) for n in range(1, tabs + 1)]
    return [ev.RunStarted(1, 1, "host", "easel", "easel", tabs), planned(*ids), *opened]
