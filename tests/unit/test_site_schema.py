"""The JSON schema we print is one, and says of profiles what our own reader says."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from core.sites import SiteProfileError, parse_profile

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "core" / "sites" / "profiles").glob("*.toml"))


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """As it is printed."""
    command = [sys.executable, "-c", "from tui.cli import main; main()", "sites", "--schema"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_it_is_a_schema(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_profile_fits_it(schema: dict[str, Any], path: Path) -> None:
    jsonschema.Draft202012Validator(schema).validate(tomllib.loads(path.read_text("utf-8")))


@pytest.mark.parametrize(
    "wrong",
    [
        'url = "https://example.org"\nsurprise = 1\n',
        "url = 5\n",
        'url = "https://example.org"\n[prompt]\nbox = 3\n',
        'url = "https://example.org"\n[conversation]\npolicy = "now and then"\n',
    ],
)
def test_what_our_reader_refuses_does_not_fit_it(schema: dict[str, Any], wrong: str) -> None:
    with pytest.raises(SiteProfileError):
        parse_profile(wrong, "wrong.toml")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(tomllib.loads(wrong))


def test_there_are_profiles() -> None:
    assert len(SHIPPED) >= 5
