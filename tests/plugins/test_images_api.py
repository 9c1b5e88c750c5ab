"""A whole run through an images API, over real HTTP and the official client library."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import anyio.from_thread
import pytest
from PIL import Image

from core.commands import KeepPanels
from core.complaint import Complaint
from core.fold import apply
from core.made import sidecar_of
from core.processors.images.options import parse_options
from core.run import RunOptions, open_run
from core.state import PanelStatus
from core.status import stored_state
from tests.plugins.images_api import KEY, REVISED, ImagesApi

PANELS = 16


@contextmanager
def serving(api: ImagesApi) -> Iterator[ImagesApi]:
    with anyio.from_thread.start_blocking_portal() as portal, portal.wrap_async_context_manager(api.serving()):
        yield api


def project(folder: Path, api: ImagesApi, more: str = "") -> Path:
    words = [f"### Panel {n}\nThe harbour at hour {n}, boats and gulls.\n" for n in range(1, PANELS + 1)]
    words[6] = "### Panel 7\nSomething forbidden happens.\n"
    folder.mkdir()
    (folder / "script.md").write_text("# Chapter 1: Harbour\n\n## Page 1\n\n" + "\n".join(words))
    (folder / "novel.toml").write_text(
        'title = "Harbour"\nscript = "script.md"\naspect = "16:9"\n'
        '[processor]\nname = "images-api"\n'
        f'[processor.options]\nmodel = "painter-1"\nbase_url = "{api.url}/v1"\n{more}'
    )
    return folder


def draw(folder: Path) -> None:
    with open_run(folder, RunOptions(tabs=4)) as run:
        run.wait()


def test_a_whole_run_with_limits_refusals_and_broken_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving(ImagesApi(faults=True)) as api:
        folder = project(tmp_path / "novel", api)
        draw(folder)
    state = stored_state(folder)
    refused = [panel.id for panel in state.panels.values() if panel.status is PanelStatus.REFUSED]
    finished = [panel for panel in state.panels.values() if panel.status is PanelStatus.FINISHED]
    assert len(refused) == 1 and len(finished) == PANELS - 1
    assert set(api.drawn.values()) == {1}, "no picture was made twice"
    assert len(api.drawn) == PANELS - 1
    revised: set[str | None] = set()
    for panel in finished:
        assert panel.take is not None
        made = json.loads((folder / sidecar_of(panel.take.file)).read_bytes())
        assert made["told"]["model"] == "painter-1" and made["prompt"] == state.attempts[panel.take.attempt].prompt
        revised.add(made["told"].get("revised_prompt"))
        with Image.open(folder / panel.take.file) as picture:
            assert picture.size == (256, 128)
    assert revised == {REVISED, None}, "what the API told of a picture is kept"
    assert set(api.sizes) == {"1536x1024"}, "the size nearest to the aspect was asked for"
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert KEY.encode() not in written


def test_references_are_sent_as_an_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving(ImagesApi()) as api:
        folder = project(tmp_path / "novel", api)
        Image.new("RGB", (64, 64), "red").save(folder / "hero.png")
        with (folder / "novel.toml").open("a") as settings:
            settings.write('[style]\nreferences = ["hero.png"]\n')
        draw(folder)
    assert api.edits == api.asked == PANELS


def test_a_blank_picture_is_doubted_until_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving(ImagesApi()) as api:
        folder = project(tmp_path / "novel", api)
        script = (folder / "script.md").read_text().replace("Something forbidden happens.", "There is nothing to see.")
        (folder / "script.md").write_text(script)
        draw(folder)
        doubted = [panel for panel in stored_state(folder).panels.values() if panel.doubtful]
        assert [panel.id for panel in doubted] == ["ch01-p007"]
        assert doubted[0].doubts == ("it is blank, or nearly",)
        again = RunOptions(tabs=1, linger=True)
        with open_run(folder, again) as run, anyio.from_thread.start_blocking_portal() as portal:
            reply = portal.call(run.send, KeepPanels(("ch01-p007",)))
            while not reply.ok and "opening" in reply.sentence:
                reply = portal.call(run.send, KeepPanels(("ch01-p007",)))
        assert reply.ok, reply.sentence
    assert not any(panel.doubtful for panel in stored_state(folder).panels.values())


def test_a_wrong_key_pauses_the_run_and_keeps_every_panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-key")
    with serving(ImagesApi()) as api:
        folder = project(tmp_path / "novel", api)
        with open_run(folder, RunOptions(tabs=2)) as run, anyio.from_thread.start_blocking_portal() as portal:

            async def until_paused() -> str:
                async with run.watch() as watch:
                    state = watch.state
                    if state.phase == "paused":
                        return state.sentence
                    async for batch in watch.batches:
                        for record in batch:
                            apply(state, record)
                        if state.phase == "paused":
                            return state.sentence
                return ""

            sentence = portal.call(until_paused)
    assert "does not accept the key from OPENAI_API_KEY" in sentence
    assert "sk-" not in sentence
    state = stored_state(folder)
    assert {panel.status for panel in state.panels.values()} == {PanelStatus.QUEUED}
    assert not api.drawn


def test_a_key_in_the_project_is_refused() -> None:
    with pytest.raises(Complaint, match="does not belong in a project"):
        parse_options({"model": "m", "api_key": "sk-secret"})


@pytest.mark.parametrize(
    ("aspect", "size"), [("", "1024x1024"), ("16:9", "1536x1024"), ("2:3", "1024x1536"), ("1:1", "1024x1024")]
)
def test_sizes(aspect: str, size: str) -> None:
    assert parse_options({"model": "m"}).size_for(aspect) == size
