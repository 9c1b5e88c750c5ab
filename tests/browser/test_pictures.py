"""Every way a page can show its picture, each through the real tab: the right one, with its own bytes."""

import io
from pathlib import Path

import pytest
from PIL import Image

from core.outcomes import AttemptError, Outcome
from core.sites import parse_profile
from tests.browser.pages.serving import serving
from tests.browser.pages.sheet import Sheet, paint
from tests.browser.tabs import Told, job, tabs

pytestmark = pytest.mark.browser

PROFILE = """
name = "sheet"
url = "{url}"
[[before]]
click = ["role=button[name=Mode]"]
unless = ["#chosen"]
[[before]]
click = ["text=Picture"]
[[before]]
click = ["text=Never there"]
optional = true
within = 0.2
[prompt]
box = ["label=Prompt"]
how = "fill"
[send]
button = ["#go"]
[result]
mode = "replaced"
picture = ["#sheet img, #sheet canvas, #sheet a, #below img"]
busy = ["#busy"]
settle = 0.3
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def pixels(picture: bytes) -> bytes:
    with Image.open(io.BytesIO(picture)) as image:
        return image.convert("RGB").tobytes()


@pytest.mark.anyio
@pytest.mark.parametrize(
    "way", ["canvas", "data", "revoked", "link", "elsewhere", "newest_first", "newest_last", "lazy"]
)
async def test_the_picture_that_was_asked_for_comes_however_it_is_shown(way: str, tmp_path: Path) -> None:
    with serving(Sheet().application()) as other, serving(Sheet(other).application()) as address:
        site = parse_profile(PROFILE.format(url=address + way), "sheet.toml")
        async with tabs(site, tmp_path) as [tab]:
            for words in ("a lamp", "another lamp", "a third"):
                drawing = await tab.draw(job(words), Told())
                [picture] = drawing.pictures
                if way in ("canvas", "revoked"):
                    assert pixels(picture) == pixels(paint(words)), "what is on the screen, pixel by pixel"
                else:
                    assert picture == paint(words), "the bytes as the site gave them"


@pytest.mark.anyio
async def test_the_same_picture_twice_is_an_error_unless_the_profile_believes_it(tmp_path: Path) -> None:
    with serving(Sheet().application()) as address:
        profile = PROFILE.format(url=address + "data")
        async with tabs(parse_profile(profile, "sheet.toml"), tmp_path / "one") as [tab]:
            await tab.draw(job("a lamp"), Told())
            with pytest.raises(AttemptError) as met:
                await tab.draw(job("a lamp"), Told())
            assert met.value.outcome is Outcome.RETRYABLE
        async with tabs(parse_profile(profile + "same_twice = true\n", "sheet.toml"), tmp_path / "two") as [tab]:
            first = await tab.draw(job("a lamp"), Told())
            assert (await tab.draw(job("a lamp"), Told())).pictures == first.pictures
