"""Site profiles: every shipped one holds, mistakes name file, line and key, the schema is what the reader takes."""

import re
import tomllib
from datetime import datetime
from importlib import resources
from pathlib import Path

import msgspec
import pytest

from core.processors.browser.script import PARTS, SCRIPT, for_the_page
from core.sites import SiteProfileError, find_site, known_sites, parse_profile
from core.sites.profile import SiteProfile, javascript_pattern
from core.sites.schema import profile_schema
from core.sites.waits import seconds_in_groups, seconds_to_wait

LEAST = 'name = "x"\nurl = "http://x/"\n[prompt]\nbox = ["textarea"]\n[result]\npicture = ["img"]\n'
NOW = datetime(2026, 3, 1, 12, 0)


def mistake(text: str) -> SiteProfileError:
    with pytest.raises(SiteProfileError) as met:
        parse_profile(text, "x.toml")
    return met.value


@pytest.mark.parametrize("name", ["a1111", "chatgpt", "comfyui", "easel", "gradio"])
def test_every_shipped_profile_holds_and_says_whether_it_was_tested(name: str) -> None:
    site = find_site(name)
    assert site.name == name and site.title and site.url.startswith("http")
    assert bool(site.tested) == (name in ("chatgpt", "easel", "gradio"))
    assert bool(site.terms) == (name == "chatgpt")
    assert site.send.button


def test_the_least_a_profile_needs() -> None:
    site = parse_profile(LEAST, "x.toml")
    assert site.send.key == "Enter"
    assert site.conversation.policy == "panel"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LEAST.replace("box =", "bocks ="), "x.toml, line 4, prompt.bocks"),
        (LEAST.replace('["img"]', '"img"'), "x.toml, line 6, result.picture"),
        (LEAST + 'choice = "(which"\n', "line 7, result.choice"),
        (LEAST.replace("name = ", "name "), "x.toml, line 1"),
        (LEAST.replace('["textarea"]', "[]"), "line 4, prompt.box"),
        (LEAST + '[send]\nkey = ""\n', "send"),
        (LEAST + '[[says]]\npattern = "x"\noutcome = "tired"\n', "says"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key(text: str, told: str) -> None:
    assert told in str(mistake(text))


def test_a_profile_laid_over_another_changes_only_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    file = tmp_path / "sites" / "mine.toml"
    file.write_text('extends = "gradio"\nname = "mine"\n[prompt]\nbox = ["label=Beschreibung"]\n', encoding="utf-8")
    site = find_site("mine", tmp_path)
    assert site.prompt.box == ("label=Beschreibung",)
    assert site.prompt.how == find_site("gradio").prompt.how == "fill"
    assert site.says == find_site("gradio").says
    assert "mine" in known_sites(tmp_path) and "mine" not in known_sites()
    file.write_text('extends = "mine"\n', encoding="utf-8")
    with pytest.raises(SiteProfileError, match="extends itself|not known"):
        find_site("mine", tmp_path)


def test_the_worked_example_of_the_docs_is_a_profile() -> None:
    text = (resources.files("core.sites") / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert example is not None
    site = parse_profile(example[1], "README.md")
    for part in ("before", "dismiss", "upload", "says", "signed_out", "challenge", "conversation"):
        assert getattr(site, part), part
    least = "\n".join(line[7:] for line in text.splitlines() if line.startswith("       ") and line[7:8] in 'nu[bp"')
    assert parse_profile(least, "README.md").name == "painter", "the recipe's beginning can be copied as it stands"


def test_the_docs_name_every_word_of_the_vocabulary() -> None:
    text = (resources.files("core.sites") / "README.md").read_text(encoding="utf-8")

    def words(kind: type[msgspec.Struct]) -> set[str]:
        return {field.name for field in msgspec.structs.fields(kind)}

    for name in words(SiteProfile):
        assert name in text, name
    for table in ("prompt", "send", "upload", "result", "conversation", "signed_out"):
        for name in words(type(getattr(find_site("easel"), table))):
            assert name in text, f"{table}.{name}"


def test_the_schema_knows_every_key_and_no_other() -> None:
    tables = profile_schema()["$defs"]
    for name in known_sites():
        file = resources.files("core.sites") / "profiles" / f"{name}.toml"
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        assert set(table) <= set(tables["SiteProfile"]["properties"]), name
    assert tables["SiteProfile"]["additionalProperties"] is False
    assert {"required": ["extends"]} in tables["SiteProfile"]["anyOf"]


def test_the_pages_script_is_whole_and_gets_patterns_it_can_read() -> None:
    folder = resources.files("core.processors.browser") / "page"
    assert {f"{part}.js" for part in PARTS} == {file.name for file in folder.iterdir() if file.name.endswith(".js")}
    assert "window.__novelgen" in SCRIPT
    says = '[[says]]\npattern = "in (?P<minutes>[0-9]+) min"\noutcome = "quota"\n'
    page = for_the_page(parse_profile(LEAST + says, "x.toml"))
    assert page["says"][0]["pattern"] == "in (?<minutes>[0-9]+) min" == javascript_pattern("in (?P<minutes>[0-9]+) min")


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Your limit resets in 12 hours and 43 minutes.", 12 * 3600 + 43 * 60),
        ("Please wait for an hour before trying again", 3600),
        ("try again in 12s", 12),
        ("Try again at 4:15 PM.", 4 * 3600 + 15 * 60),
        ("after 11:30", 23.5 * 3600),
        ("Something went wrong", None),
        ("I drew 3 minutes of fame", 180),
    ],
)
def test_waits_as_pages_word_them(words: str, seconds: float | None) -> None:
    assert seconds_to_wait(words, NOW) == seconds


def test_waits_in_named_groups() -> None:
    assert seconds_in_groups({"hours": "1", "minutes": "30", "clock": None}, NOW) == 5400
    assert seconds_in_groups({"clock": "16:15"}, NOW) == 4.25 * 3600
    assert seconds_in_groups({"minutes": None}, NOW) is None
