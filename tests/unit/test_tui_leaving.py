"""Ctrl+C: on the book it leaves the run; over it it closes what is open, and never takes with it what was typed."""

import pytest
from textual.command import CommandPalette
from textual.screen import ModalScreen
from textual.widgets import Input, TextArea

from core.commands import EditPanel, Stop
from tests.unit.test_tui_keys import Cockpit, cockpit
from tests.unit.tui_run import WORDS
from tui.screens.ask import Ask
from tui.screens.edit import EditScreen
from tui.screens.help import HelpScreen
from tui.screens.note import NoteScreen

pytestmark = pytest.mark.anyio

CLOSING = ("ctrl+c", "ctrl+q")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def back_on_the_book(one: Cockpit) -> None:
    assert one.app.screen is one.app.main and one.app.context == "book"
    assert not one.port.commands and one.app.is_running


@pytest.mark.parametrize("key", CLOSING)
@pytest.mark.parametrize(
    ("keys", "screen"), [("q", Ask), ("X", NoteScreen), ("e", EditScreen), ("ctrl+p", CommandPalette)]
)
async def test_it_closes_what_is_open_over_the_book(keys: str, screen: type[ModalScreen[object]], key: str) -> None:
    async with cockpit() as one:
        await one.press(keys)
        assert isinstance(one.app.screen, screen)
        await one.press(key)
        back_on_the_book(one)


@pytest.mark.parametrize("key", [*CLOSING, "escape"])
@pytest.mark.parametrize(("opens", "screen"), [("X", NoteScreen), ("e", EditScreen)])
async def test_what_was_typed_goes_at_the_second_press_only(
    opens: str, screen: type[ModalScreen[object]], key: str
) -> None:
    async with cockpit() as one:
        await one.press(opens, *" Rain", key)
        assert isinstance(one.app.screen, screen) and "Rain" in one.screen() and "once more" in one.screen()
        await one.press("!", key)  # somebody went on typing: it is asked anew
        assert isinstance(one.app.screen, screen) and "Rain!" in one.screen()
        await one.press(key)
        back_on_the_book(one)


async def test_a_warned_of_edit_can_still_be_saved() -> None:
    async with cockpit() as one:
        await one.press("e", *" Rain", "ctrl+c", "ctrl+s")
        await one.until(lambda: one.port.commands == [EditPanel("ch01-p001", f"{WORDS[1]} Rain")])


async def test_with_words_selected_it_copies_them_and_stays() -> None:
    async with cockpit() as one:
        await one.press("e", "shift+home", "ctrl+c")
        assert isinstance(one.app.screen, EditScreen)
        assert one.app.clipboard and WORDS[1].endswith(one.app.clipboard)
        await one.press("end", "ctrl+c")
        back_on_the_book(one)


@pytest.mark.parametrize("key", CLOSING)
async def test_it_closes_the_finder(key: str) -> None:
    async with cockpit() as one:
        await one.press("slash", *"moon", key)
        assert not one.app.view.filter
        back_on_the_book(one)


@pytest.mark.parametrize("key", CLOSING)
@pytest.mark.parametrize("keys", [(), ("question_mark",), ("enter",), ("t",), ("q", "escape")])
async def test_on_the_book_and_on_a_screen_one_reads_it_leaves_the_run(keys: tuple[str, ...], key: str) -> None:
    async with cockpit() as one:
        await one.press(*keys)
        assert isinstance(one.app.screen, HelpScreen) == (keys == ("question_mark",))
        await one.press(key)
        await one.until(lambda: one.port.commands == [Stop()])


async def test_a_letter_stays_one_that_can_be_typed_whatever_leaving_is_remapped_to() -> None:
    async with cockpit(keymap={"run.leave-now": "Q"}) as one:
        await one.press("X", *"Quick")
        assert one.app.screen.query_one(Input).value == "Quick"


async def test_nothing_one_types_in_blinks() -> None:
    async with cockpit() as one:
        for keys in ("slash", "X", "e", "ctrl+p"):
            await one.press(keys)
            typed = [*one.app.screen.query(Input), *one.app.screen.query(TextArea)]
            assert typed and not any(box.cursor_blink for box in typed), keys
            await one.press("escape")
