"""Every setting, key and exit code the program has is told of, with its default; and none that it has not."""

import json
import re
from collections.abc import Iterator

import msgspec
import pytest
from msgspec import inspect as shape

from core.processors.images.options import ImagesOptions
from core.project.config import Config
from core.sites.profile import SiteProfile
from tests.docs.readmes import ROOT
from tui.action import shown_key
from tui.actions import ACTIONS
from tui.cli import Exit
from tui.settings import ConfigFile


def rows(readme: str) -> list[list[str]]:
    """The cells of every row of every table."""
    lines = (ROOT / readme).read_text("utf-8").splitlines()
    tables = [line for line in lines if line.startswith("| ") or re.match(r"\|`", line)]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in tables]


def settings(of: type, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(dotted key, default as TOML; "" where there is none), down to the last table."""
    kind = shape.type_info(of)
    assert isinstance(kind, shape.StructType)
    for field in kind.fields:
        inner = field.type.item_type if isinstance(field.type, shape.VarTupleType) else field.type
        if isinstance(field.type, shape.VarTupleType) and isinstance(inner, shape.StructType):
            if field.encode_name == "endpoints":
                yield f"{prefix}{field.encode_name}", "[]"
            yield from settings(inner.cls, f"{prefix}{field.encode_name}.")
        elif isinstance(inner, shape.StructType):
            yield from settings(inner.cls, f"{prefix}{field.encode_name}.")
        else:
            yield f"{prefix}{field.encode_name}", default_of(field)


def default_of(field: shape.Field) -> str:
    value = field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
    return "" if value is msgspec.NODEFAULT or value is None else json.dumps(msgspec.to_builtins(value))


def told(readme: str) -> dict[str, str]:
    """Keys and defaults of a README's tables of settings."""
    found = {}
    for first, second, *_ in (row for row in rows(readme) if len(row) == 3):
        for name in re.findall(r"`([a-z_.]+)`", first):
            found[name] = second.strip("`")
    return found


def test_every_setting_of_a_project_is_told_with_its_default() -> None:
    assert told("core/project/README.md") == dict(settings(Config))


def test_every_setting_of_a_person_is_told_with_its_default() -> None:
    before_the_actions = {name: default for name, default in told("tui/README.md").items() if name not in ids()}
    assert before_the_actions == dict(settings(ConfigFile))


def ids() -> set[str]:
    return {action.id for action in ACTIONS}


def test_every_action_is_told_by_its_name_with_its_keys() -> None:
    table = {row[0].strip("`"): row for row in rows("tui/README.md") if row[0].strip("`") in ids()}
    missing = [f"| `{a.id}` | `{shown_key(a.keys)}` | {a.help} |" for a in ACTIONS if a.id not in table]
    assert missing == [], "rows for tui/README.md"
    for action in ACTIONS:
        assert len(re.findall(r"`\S+`", table[action.id][1])) == len(list(filter(None, action.keys.split(","))))
        assert table[action.id][2] == action.help
    strange = [row[0] for row in rows("tui/README.md") if re.match(r"`[a-z]+\.[a-z-]+`$", row[0])]
    assert {name.strip("`") for name in strange} - ids() - {"notify.bell", "notify.command"} == set()


AS_WRITTEN = {"pagedown": "pgdn", "pageup": "pgup"}


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.keys], ids=lambda action: action.id)
def test_the_guide_tells_of_every_key(action) -> None:  # type: ignore[no-untyped-def]
    guide = (ROOT / "README.md").read_text("utf-8").partition("## Keys")[2].partition("\n## ")[0]
    key = shown_key(action.keys)
    assert f"`{AS_WRITTEN.get(key, key)}`" in guide


def test_every_exit_code_is_told() -> None:
    codes = {row[0] for row in rows("README.md") if row[0].isdigit()}
    assert codes == {str(int(code)) for code in Exit} | {"129", "137", "141"}


@pytest.mark.parametrize(
    ("readme", "of"), [("core/sites/README.md", SiteProfile), ("core/processors/README.md", ImagesOptions)]
)
def test_every_word_of_the_vocabulary_is_in_its_page(readme: str, of: type) -> None:
    text = (ROOT / readme).read_text("utf-8")
    missing = [key for key, _ in settings(of) if not re.search(rf"\b{key.rpartition('.')[2]}\b", text)]
    assert missing == []


SOURCES = ("core", "tui")


def test_every_setting_is_read_somewhere() -> None:
    """By its name as an attribute, outside of where it is declared."""
    sources = "\n".join(
        path.read_text("utf-8")
        for folder in SOURCES
        for path in (ROOT / folder).rglob("*.py")
        if path.name not in ("config.py", "settings.py") or path.parent.name == "engine"
    )
    names = {key.rpartition(".")[2] for of in (Config, ConfigFile) for key, _ in settings(of)}
    own = (ROOT / "tui" / "config.py").read_text("utf-8") + (ROOT / "core/project/config.py").read_text("utf-8")
    unread = [name for name in names if not re.search(rf"\.{name}\b", sources) and not re.search(rf"\.{name}\b", own)]
    assert unread == []
