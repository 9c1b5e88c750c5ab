"""Questions to the store, put to TinyDB over the checkpoint and the journal's rest."""

from pathlib import Path

import pytest
from tinydb import where

from core import events as ev
from core.fold import apply
from core.offload import inline
from core.outcomes import Outcome
from core.store.questions import database, find_panels
from core.store.store import Store
from tests.unit.run_events import begun, drawn

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def refused_after_the_checkpoint(project: Path) -> None:
    store = Store.open(project, offload=inline)
    story = [*begun("p1", "p2", "p3"), *drawn("p1")]
    for event in story:
        apply(store.state, store.append(event))  # type: ignore[arg-type]
    await store.checkpoint(store.state)
    said = "Our rules forbid [b]swords[/b]"
    for event in (
        ev.AttemptStarted("r1-9", "p2", "t1", "a sword", "hash-p2"),
        ev.AttemptFailed("r1-9", "p2", Outcome.REFUSED, "refused", "refused", 1.0, said),
    ):
        apply(store.state, store.append(event))
    await store.commit()
    await store.close()


async def test_failed_and_refused_panels_are_found_with_what_was_said(tmp_path: Path) -> None:
    await refused_after_the_checkpoint(tmp_path)
    found = find_panels(tmp_path, ("failed", "refused"))
    assert [(panel.panel, panel.sentence) for panel in found] == [("p2", "Our rules forbid [b]swords[/b]")]


async def test_words_are_looked_for_everywhere_and_all_have_to_be_there(tmp_path: Path) -> None:
    await refused_after_the_checkpoint(tmp_path)
    assert [panel.panel for panel in find_panels(tmp_path, words="SWORDS rules")] == ["p2"]
    assert [panel.panel for panel in find_panels(tmp_path, words="text of p3")] == ["p3"]
    assert find_panels(tmp_path, words="swords nowhere") == []
    assert len(find_panels(tmp_path)) == 3
    assert find_panels(tmp_path, ("finished",))[0].file == "panels/ch01/p1.png"


async def test_any_question_can_be_put_to_the_tables_and_none_can_be_changed(tmp_path: Path) -> None:
    await refused_after_the_checkpoint(tmp_path)
    with database(tmp_path) as tables:
        assert tables.table("attempts").count(where("outcome") == "refused") == 1
        assert tables.table("meta").all()[0]["seq"] == 9
        with pytest.raises(TypeError, match="only for questions"):
            tables.table("panels").insert({})


async def test_status_lists_failed_panels_and_finds_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from core.sample import create_sample
    from tui.status import print_panels

    create_sample(tmp_path, 3)
    await refused_after_the_checkpoint(tmp_path)
    print_panels(tmp_path, failed=True, words="", as_json=False)
    assert capsys.readouterr().out == "p2  refused     Our rules forbid [b]swords[/b]\n"
    print_panels(tmp_path, failed=False, words="p3", as_json=True)
    assert '"panel": "p3"' in capsys.readouterr().out
    print_panels(tmp_path, failed=True, words="nothing of the kind", as_json=False)
    assert capsys.readouterr().out == "No such panel.\n"
