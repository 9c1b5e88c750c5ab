"""The words of a search: ``state:failed``, ``chapter:3``, and any others that have to be in the panel."""

from collections.abc import Callable

from core.state import PanelState
from tui.glyphs import PANELS

Wanted = Callable[[PanelState, int], bool]


class FindError(ValueError):
    """The search makes no sense. ``str()`` says why and what would."""


def parse(search: str) -> Wanted | None:
    """The test a panel (with its look) has to pass; None where nothing was asked.

    Raises:
        FindError: an unknown state, a chapter that is no number.
    """
    tests: list[Wanted] = []
    for word in search.split():
        name, colon, value = word.partition(":")
        if colon and name in ("state", "is"):
            tests.append(_state(value))
        elif colon and name in ("chapter", "ch"):
            tests.append(_chapter(value))
        else:
            tests.append(_text(word))
    return (lambda panel, look: all(test(panel, look) for test in tests)) if tests else None


def _state(value: str) -> Wanted:
    wanted = {index for index, name in enumerate(PANELS) if value and name.startswith(value.lower())}
    if value.lower() == "problem":
        wanted = {PANELS.index("failed"), PANELS.index("refused")}
    if value.lower() == "new":
        return lambda panel, look: panel.take is not None and panel.status == "finished" and not panel.kept
    if not wanted:
        raise FindError(f"There is no state {value!r}; there are {', '.join(PANELS)}, problem, new.")
    return lambda panel, look: look in wanted


def _chapter(value: str) -> Wanted:
    first, dash, last = value.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise FindError(f"{value!r} is no chapter; write chapter:3 or chapter:3-5.")
    low, high = int(first), int(last or first)
    return lambda panel, look: low <= panel.chapter <= high


def _text(word: str) -> Wanted:
    sought = word.casefold()
    return lambda panel, look: (
        sought in panel.id.casefold() or sought in panel.text.casefold() or sought in panel.message.casefold()
    )
