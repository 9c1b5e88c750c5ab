"""Finding panels: what is shown is what was asked for, however it came about."""

import random

import pytest

from core import events as ev
from core.fold import apply
from core.outcomes import Outcome
from core.state import RunState
from tests.unit.tui_run import midway
from tui.book import Book, touched
from tui.find import FindError, parse

SEARCHES = ("lamp", "state:finished", "state:problem", "chapter:2", "chapter:1-2 state:queued", "VIOLENT", "state:new",
            "ch03-p0 watson", "chapter:9", "nobody says this")  # fmt: skip


def plainly(state: RunState, search: str) -> list[str]:
    """The panels a search finds, panel by panel and without an index, for searches of words and chapters."""
    found = []
    for panel in state.panels.values():
        said = f"{panel.id} {panel.text} {panel.message}".casefold()
        for word in search.split():
            name, _, value = word.partition(":")
            if name == "chapter":
                low, _, high = value.partition("-")
                if not int(low) <= panel.chapter <= int(high or low):
                    break
            elif word.casefold() not in said:
                break
        else:
            found.append(panel.id)
    return found


@pytest.mark.parametrize("search", ["lamp", "chapter:2", "chapter:2-3 Lamp", "ch03-p0 watson", "VIOLENT", "ß"])
def test_words_and_chapters_are_found_as_if_each_panel_was_read(search: str) -> None:
    state = midway().state
    book = Book(state)
    book.show(parse(search))
    assert [book.ids[index] for index in book.shown] == plainly(state, search)


@pytest.mark.parametrize("search", SEARCHES)
def test_a_filter_that_goes_along_shows_what_one_made_anew_would(search: str) -> None:
    story = midway()
    state = story.state
    book = Book(state)
    book.show(parse(search))
    known = len(story.records)
    story.finish(28).start(34, "t1").fail(34, Outcome.REFUSED, "Too violent, it says.", "refused")
    story.tell(ev.PanelsQueued((story.plans[26].id, story.plans[25].id), "again", False))
    story.tell(ev.PanelsSkipped((story.plans[40].id,))).start(35, "t2").finish(35)
    story.tell(ev.PanelEdited(story.plans[50].id, "A lamp in the rain.", "other"))
    for record in story.records[known:]:
        apply(state, record)
        before = list(book.shown)
        changed = book.touch(touched(record.event))
        assert book.look_again(changed) == (list(book.shown) != before)
    anew = Book(state)
    anew.show(parse(search))
    told = {"lamp", "VIOLENT"}  # a word that came or went changes no look: it is found when one asks again
    if search not in told:
        assert list(book.shown) == list(anew.shown)
    book.show(parse(search))
    assert list(book.shown) == list(anew.shown)


def test_a_place_among_the_shown_is_known() -> None:
    book = Book(midway().state)
    assert all(book.is_shown(index) for index in range(60)) and not book.is_shown(60)
    book.show(parse("chapter:2"))
    picked = random.Random(1).sample(range(60), 30)
    assert [book.is_shown(index) for index in picked] == [index in list(book.shown) for index in picked]


def test_words_are_read_in_pieces() -> None:
    book, pieces = Book(midway().state), 1
    while book.read(7):
        pieces += 1
    assert pieces == 9 and len(book.words) == 60


def test_a_search_that_makes_no_sense_is_told() -> None:
    for search in ("state:purple", "chapter:one", "chapter:1-x"):
        with pytest.raises(FindError):
            parse(search)


@pytest.mark.parametrize("search", SEARCHES)
def test_what_is_found_ahead_is_what_there_is_when_it_is_asked_for(search: str) -> None:
    story = midway()
    state = story.state
    book, wanted = Book(state), parse(search)
    assert wanted is not None and book.find(wanted, 45)
    known = len(story.records)
    story.finish(28).start(34, "t1").fail(34, Outcome.REFUSED, "Too violent, it says.", "refused")
    story.tell(ev.PanelsSkipped((story.plans[50].id,)), ev.PanelEdited(story.plans[20].id, "A lamp.", "other"))
    for record in story.records[known:]:
        apply(state, record)
        book.touch(touched(record.event))
    book.show(wanted)
    anew = Book(state)
    anew.show(parse(search))
    assert list(book.shown) == list(anew.shown)
