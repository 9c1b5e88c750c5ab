"""Tabs for tests: the real worker over a real Chromium, on whatever page a test serves."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from PIL import Image

from core.easel import EaselOptions, EaselThread
from core.processors.base import Job
from core.processors.browser.endpoint import BrowserOptions
from core.processors.browser.find import find_browser
from core.processors.browser.processor import BrowserProcessor
from core.processors.browser.tab import BrowserTab
from core.sites import SiteProfile, find_site


class Told:
    """Progress that remembers: the conversations the tab told of, in order."""

    def __init__(self) -> None:
        self.conversations: list[str] = []

    async def sent(self, conversation: str) -> None:
        self.conversations.append(conversation)


def job(prompt: str, conversation: str = "", references: tuple[Path, ...] = ()) -> Job:
    return Job("ch01-p001", "r1-1", prompt, conversation, references)


def at(url: str, name: str = "easel", **changes: object) -> SiteProfile:
    """The shipped profile ``name`` for the page at ``url``, with some of its tables changed."""
    return msgspec.structs.replace(find_site(name), url=url, **changes)


def changed(table: msgspec.Struct, **changes: object) -> object:
    return msgspec.structs.replace(table, **changes)


@asynccontextmanager
async def tabs(site: SiteProfile, folder: Path, count: int = 1) -> AsyncIterator[list[BrowserTab]]:
    """``count`` open tabs of one browser whose profile is in ``folder``."""
    async with BrowserProcessor(site, BrowserOptions(find_browser(), folder / "profile")) as processor:
        opened = [await processor.open_worker() for _ in range(count)]
        assert all(isinstance(tab, BrowserTab) for tab in opened)
        yield opened  # type: ignore[misc]


@asynccontextmanager
async def easel_tab(
    folder: Path, faults: str = "", latency: float = 0.0, limit: str | None = None, **changes: object
) -> AsyncIterator[tuple[EaselThread, BrowserTab]]:
    """A tab on an easel of its own; ``changes`` are tables of its profile."""
    options = EaselOptions(latency=latency, sigma=0, size=128, faults=faults, limit=limit)
    with EaselThread(options) as easel:
        async with tabs(at(easel.url + "/", **changes), folder) as [tab]:
            yield easel, tab


def size_of(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture)) as image:
        image.load()
        return image.size
