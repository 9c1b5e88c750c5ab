"""A mistake in novel.toml is told with its line, its key, what was expected, and how to write it."""

from pathlib import Path

import pytest

from core.check import checking
from core.project import ProjectError
from core.project.config import parse_settings

BASE = 'title = "Mill"\nscript = "script.md"\n'

TOLD = {
    "a word where a table is": (
        'style = "ink-wash"',
        'line 3, style: expected a table, got "ink-wash"; write [style] on',
    ),
    "one bracket for two": (
        '[cast]\nname = "Mira"',
        "line 3, cast: expected a list of tables, got a table; write [[cast]]",
    ),
    "no text among texts": (
        "[templates]\nduel = 3",
        "line 4, templates.duel: expected a text that is not empty, got 3",
    ),
    "an empty one": ('[templates]\nduel = ""', 'line 4, templates.duel: expected a text that is not empty, got ""'),
    "no look": ('[[cast]]\nname = "M"\nlooks = {default = 3}', "line 5, cast[0].looks.default: expected a text, got 3"),
    "no look at all": ('[[cast]]\nname = "M"\nlooks = 3', "cast[0].looks: expected a text or a table of texts, got 3"),
    "no address": ('site_url = "not a url"', 'line 3, site_url: expected a text such as "http://127.0.0.1:8765"'),
    "a file's address": ('site_url = "file:///etc/passwd"', "line 3, site_url: expected a text such as"),
    "no scheme": (
        '[[browser.endpoints]]\ncdp = "localhost:9222"',
        'cdp: expected a text such as "http://127.0.0.1:9222"',
    ),
    "the wrong scheme": (
        '[[browser.endpoints]]\nws = "http://x"',
        'ws: expected a text such as "ws://127.0.0.1:3000/"',
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_the_shape_of_a_value(name: str) -> None:
    text, told = TOLD[name]
    with pytest.raises(ProjectError) as wrong:
        parse_settings(BASE + text + "\n", Path("novel.toml"))
    assert told in str(wrong.value)


NOT_THERE = {
    "a site": ('site = "easle"', 'line 3, site: site = "easle" is not known'),
    "a processor": (
        '[processor]\nname = "nope"',
        'line 4, processor.name: there is no processor "nope"; there are browser',
    ),
    "an option": (
        '[processor]\nname = "images-api"\n[processor.options]\nmodle = "x"',
        'line 5, processor.options: modle: there is no such key; did you mean "model"?',
    ),
    "a post-processor": (
        '[output]\npost = ["webm"]',
        'line 4, output.post: there is no post-processor "webm"; there are',
    ),
}


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("name", NOT_THERE)
async def test_what_a_value_names_is_missed_before_the_night(tmp_path: Path, name: str) -> None:
    text, told = NOT_THERE[name]
    (tmp_path / "script.md").write_text("# Chapter 1\n\n### Panel 1\nA mill.\n")
    (tmp_path / "novel.toml").write_text(BASE + text + "\n")
    with pytest.raises(ProjectError) as wrong:
        async for _ in checking(tmp_path):
            pass
    assert f"{tmp_path / 'novel.toml'}, {told}" in str(wrong.value)
