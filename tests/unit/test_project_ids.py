"""Ids stay with their panels: inserted, moved, reworded, removed and returned ones, at any size."""

import random
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.project.difference import Difference, compare
from core.project.ids import Identified, identified
from core.project.panels import PanelSpec
from core.state import PanelState, Take

NOUNS = ("lamp", "rope", "ferry", "gull", "kettle", "ladder", "harbour", "letter", "crate", "boot", "bell", "window")
VERBS = ("falls", "burns", "turns", "waits", "leans", "opens", "breaks", "drips", "swings", "shines")


def text(number: int) -> str:
    """Words that differ from panel to panel as a book's do: much in common, one thing of its own."""
    rng = random.Random(number)
    one, two, three = (rng.choice(NOUNS) for _ in range(3))
    return f"The {one} {rng.choice(VERBS)} by the {two}; a {three}, number {number}."


def script(texts: Sequence[str], *, chapters: int = 1, given: dict[int, str] | None = None) -> list[PanelSpec]:
    """Panels as the reader makes them: ids by position, unless given."""
    size = -(-len(texts) // chapters)
    found = []
    for index, words in enumerate(texts):
        chapter, number = index // size + 1, index % size + 1
        own = (given or {}).get(index, "")
        found.append(
            PanelSpec(
                own or f"ch{chapter:02d}-p{number:03d}",
                chapter,
                1,
                number,
                f"ch{chapter:02d}",
                words,
                "",
                words,
                str(hash(words)),
                given=bool(own),
            )
        )
    return found


def planned(now: Identified, *, drawn: bool = True) -> list[PanelState]:
    """What the state knows once these panels were planned, and drawn."""
    return [
        PanelState(
            p.id, p.chapter, p.page, p.number, p.text, p.prompt_hash,
            takes=[Take(f"panels/{p.id}.png", 1, "", 1, 1, "r1-1", p.prompt_hash, 0.0)] if drawn else [],
            chosen=0 if drawn else None,
        )
        for p in now.panels
    ]  # fmt: skip


def edited(before: Sequence[str], after: Sequence[str], **options: int) -> tuple[Difference, Identified]:
    old = planned(identified(script(before, **options), []))
    now = identified(script(after, **options), old)
    return compare(now, old), now


BOOK = [text(number) for number in range(3000)]


def test_an_insert_at_the_top_of_three_thousand_outdates_nothing() -> None:
    difference, now = edited(BOOK, ["A title picture.", *BOOK])
    assert difference.outdated == () and difference.moved == () and difference.removed == ()
    assert [panel.id for panel in difference.added] == ["ch01-p000a"]
    assert [panel.id for panel in now.panels[1:]] == [panel.id for panel in script(BOOK)]


def test_new_panels_get_ids_that_stand_in_order() -> None:
    before = BOOK[:10]
    difference, now = edited(before, [*before[:3], "New one.", "New two.", *before[3:], "At the end."])
    assert [panel.id for panel in difference.added] == ["ch01-p003a", "ch01-p003b", "ch01-p011"]
    again = identified(script([panel.text for panel in now.panels]), planned(now))
    assert again.panels == now.panels, "the same script read again has the same ids"


def test_a_new_chapter_in_front_gets_a_prefix_of_its_own() -> None:
    before = script(BOOK[:20], chapters=2)
    old = planned(identified(before, []))
    after = script(["Dawn.", "Noon."]) + [
        msgspec.structs.replace(panel, chapter=panel.chapter + 1, id=f"ch{panel.chapter + 1:02d}-p{panel.number:03d}")
        for panel in before
    ]
    now = identified(after, old)
    assert [panel.id for panel in now.panels[:3]] == ["ch01a-p001", "ch01a-p002", "ch01-p001"]
    assert compare(now, old).outdated == ()


def test_a_reworded_panel_keeps_its_id_and_becomes_outdated() -> None:
    after = [*BOOK[:100], BOOK[100].replace("The", "At dusk the"), *BOOK[101:]]
    difference, now = edited(BOOK, after)
    assert [panel.id for panel, _ in difference.reworded] == list(difference.outdated) == ["ch01-p101"]
    assert not difference.added and not difference.removed
    assert now.panels[100].id == "ch01-p101"


def test_a_panel_rewritten_altogether_is_another_panel() -> None:
    difference, _ = edited(BOOK[:9], [*BOOK[:4], "Children dance around an enormous pumpkin", *BOOK[5:9]])
    assert (len(difference.added), len(difference.removed), difference.outdated) == (1, 1, ())


def test_moved_panels_keep_their_ids() -> None:
    after = [*BOOK[:10], *BOOK[50:53], *BOOK[10:50], *BOOK[53:]]
    difference, now = edited(BOOK, after)
    assert [panel.id for panel in difference.moved] == ["ch01-p051", "ch01-p052", "ch01-p053"]
    assert difference.outdated == () and [p.id for p in now.panels[10:13]] == [p.id for p in difference.moved]


def test_moved_and_reworded_at_once() -> None:
    words = BOOK[20].replace("The", "In rain the")
    difference, now = edited(BOOK[:200], [*BOOK[:20], *BOOK[21:150], words, *BOOK[150:200]])
    assert now.panels[149].id == "ch01-p021"
    assert list(difference.outdated) == ["ch01-p021"]


def test_a_name_changed_everywhere_moves_nothing() -> None:
    after = [words.replace("lamp", "lantern") for words in BOOK]
    difference, now = edited(BOOK, after)
    assert not difference.added and not difference.removed and not difference.moved
    assert len(difference.outdated) == sum("lamp" in words for words in BOOK)
    assert [panel.id for panel in now.panels] == [panel.id for panel in script(BOOK)]


def test_repeated_words_belong_to_their_neighbours() -> None:
    before = ["A.", "Black.", "B.", "Black.", "C.", "Black."]
    difference, now = edited(before, ["A.", "Black.", "B.", "C.", "Black."])
    assert [panel.id for panel in difference.removed] == ["ch01-p004"]
    assert [panel.id for panel in now.panels] == ["ch01-p001", "ch01-p002", "ch01-p003", "ch01-p005", "ch01-p006"]


def test_a_panel_that_comes_back_is_the_same_again() -> None:
    old = planned(identified(script(BOOK[:5]), []))
    gone = old.pop(2)
    now = identified(script(BOOK[:5]), old, [gone])
    assert [panel.id for panel in now.panels] == [panel.id for panel in script(BOOK[:5])]
    new = identified(script([*BOOK[:2], "Something else.", *BOOK[3:5]]), old, [gone])
    assert new.panels[2].id == "ch01-p002a", "an id is never given to another panel while its pictures are kept"


def test_the_authors_ids_hold_and_may_be_given_later() -> None:
    old = planned(identified(script(BOOK[:4]), []))
    now = identified(script(BOOK[:4], given={1: "lamp", 2: "ch01-p004"}), old)
    assert [panel.id for panel in now.panels][:3] == ["ch01-p001", "lamp", "ch01-p004"]
    assert now.renamed[0] == ("ch01-p002", "lamp")
    difference = compare(now, old)
    assert "lamp" not in difference.outdated and not any(panel.id == "lamp" for panel in difference.added)


def test_texts_without_spaces_are_compared_too() -> None:
    before = ["少女が港を走る、肩に梯子を担いで", "霧の中の船が並んでいる", "古い灯台の扉を開ける"]
    difference, now = edited(before, [before[0], "霧の中の船が三隻並んでいる", before[2]])
    assert now.panels[1].id == "ch01-p002" and len(difference.reworded) == 1


edits = st.lists(
    st.tuples(
        st.sampled_from(["insert", "remove", "move", "reword", "repeat"]), st.integers(0, 10**6), st.integers(0, 10**6)
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(edits, st.integers(1, 3))
def test_after_any_edits_ids_differ_and_untouched_panels_keep_theirs(
    steps: list[tuple[str, int, int]], chapters: int
) -> None:
    texts = BOOK[:40]
    now = identified(script(texts, chapters=chapters), [])
    first = {panel.text: panel.id for panel in now.panels}
    touched: set[str] = set()
    for kind, a, b in steps:
        at = a % max(1, len(texts))
        if kind == "insert" or not texts:
            texts = [*texts[:at], f"New {a} {b} thing.", *texts[at:]]
        elif kind == "reword":
            touched.add(texts[at])
            texts = [*texts[:at], texts[at] + " In rain.", *texts[at + 1 :]]
        elif kind == "repeat":
            touched.add(texts[at])
            texts = [*texts[:at], texts[at], *texts[at:]]
        else:
            word, rest = texts[at], [*texts[:at], *texts[at + 1 :]]
            touched.add(word) if kind == "remove" else None
            texts = rest if kind == "remove" else [*rest[: b % (len(rest) + 1)], word, *rest[b % (len(rest) + 1) :]]
        old = planned(now)
        now = identified(script(texts, chapters=chapters), old)
        ids = [panel.id for panel in now.panels]
        assert len(set(ids)) == len(ids)
        for panel in now.panels:
            if panel.text in first and panel.text not in touched:
                assert panel.id == first[panel.text]
        assert identified(script(texts, chapters=chapters), planned(now)).panels == now.panels


@pytest.mark.parametrize("count", [26, 800])
def test_many_panels_inserted_at_one_place(count: int) -> None:
    news = [f"Wholly new number {index} xyzzy{index}." for index in range(count)]
    difference, now = edited(BOOK[:10], [*BOOK[:5], *news, *BOOK[5:10]])
    assert len(difference.added) == count and len({panel.id for panel in now.panels}) == count + 10
    assert difference.added[25].id == "ch01-p005z"
