"""A worker that is a tab: types the prompt, sends it, and is called by the page when the picture is there."""

import asyncio
import base64
import hashlib
import time
from collections.abc import Awaitable
from datetime import datetime
from importlib import resources
from typing import Any, TypeVar
from urllib.parse import urljoin

import anyio
import msgspec
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from core.outcomes import AttemptError, Cause, Fault, Outcome, RunBlocked, TabLost
from core.processors.base import Drawing, Job, Progress, Pulse
from core.processors.browser.window import Window
from core.sites import SiteProfile
from core.sites.waits import seconds_to_wait

T = TypeVar("T")

SCRIPT = (resources.files("core.processors.browser") / "page.js").read_text(encoding="utf-8")

CLOSING = 3.0
"""Seconds a page is given to close."""

ARRIVING = 30.0
"""Seconds a page is given to show its prompt box before its profile is doubted."""


class BrowserTab:
    """``processors.base.Worker`` over one page."""

    endpoint = "local"

    def __init__(self, page: Page, window: Window, site: SiteProfile) -> None:
        self._page, self._window, self._site = page, window, site
        self._profile = _for_the_page(site)
        self._gone: asyncio.Future[Fault] = asyncio.get_running_loop().create_future()
        self._last_picture = ""
        page.on("crash", lambda _page: self._is_gone(Fault.CRASHED))
        page.on("close", lambda _page: self._is_gone(Fault.CLOSED))

    def _is_gone(self, fault: Fault) -> None:
        if not self._gone.done():
            self._gone.set_result(fault)

    # --- Worker ---

    async def open(self) -> None:
        """Show the site and wait until it can be written to."""
        await self._alive(self._page.add_init_script(SCRIPT))
        await self._go("")

    async def draw(self, job: Job, progress: Progress) -> Drawing:
        if job.references and self._site.upload.input:
            await self._open_conversation(job.conversation)
            await self._upload(job)
        else:
            await self._open_conversation(job.conversation)
        answer = await self._ask("send", job.prompt)
        sent = time.monotonic()
        await progress.sent(answer["conversation"])
        return await self._picture(answer["conversation"], sent)

    async def harvest(self, job: Job) -> Drawing:
        await self._go(job.conversation)
        started = time.monotonic()
        answer = await self._ask("find", job.prompt)
        if answer.get("missing"):
            raise AttemptError(Outcome.WITHDRAWN, "its conversation does not have the prompt: it was never sent")
        return await self._picture(job.conversation, started)

    async def pulse(self) -> Pulse:
        started = time.monotonic()
        await self._alive(self._page.evaluate("() => document.readyState"))
        return Pulse(time.monotonic() - started)

    async def close(self) -> None:
        with anyio.CancelScope(shield=True), anyio.move_on_after(CLOSING):
            try:
                await self._page.close()
            except PlaywrightError:
                return  # dead already

    # --- steps ---

    async def _open_conversation(self, conversation: str) -> None:
        """Be in ``conversation``; "" means in a new one."""
        here = self._page.url
        if conversation and here == urljoin(self._site.url, conversation):
            return
        if not conversation and here == self._site.url and not self._site.conversation.pattern:
            return  # a page without conversations is always new
        if not conversation and here == self._site.url:
            return
        await self._go(conversation)

    async def _go(self, conversation: str) -> None:
        address = urljoin(self._site.url, conversation)
        try:
            await self._alive(self._page.goto(address, wait_until="domcontentloaded", timeout=ARRIVING * 1000))
        except _NetworkError as error:
            raise RunBlocked(
                Cause.NETWORK, f"{self._site.url} cannot be reached ({error}); is it running?", retry_after=15.0
            ) from error
        try:
            with anyio.fail_after(ARRIVING):
                await self._ask("ready")
        except TimeoutError:
            raise RunBlocked(
                Cause.SITE,
                f"{address} shows no prompt box ({', '.join(self._site.prompt.box)}); "
                f'correct "prompt.box" in the site profile "{self._site.name}"',
            ) from None

    async def _upload(self, job: Job) -> None:
        files = [str(path) for path in job.references]
        await self._alive(self._page.locator(", ".join(self._site.upload.input)).first.set_input_files(files))

    async def _picture(self, conversation: str, since: float) -> Drawing:
        answer = await self._ask("picture")
        pictures = tuple(base64.b64decode(data) for data in answer["pictures"])
        digest = hashlib.sha256(pictures[0]).hexdigest()
        if digest == self._last_picture and not self._site.result.same_twice:
            raise AttemptError(Outcome.RETRYABLE, "the page showed the previous picture again")
        self._last_picture = digest
        return Drawing(pictures, conversation, time.monotonic() - since)

    async def _ask(self, what: str, *details: str) -> dict[str, Any]:
        """Call the page's script and turn what it met into our outcomes."""
        call = "([what, site, details]) => window.__novelgen[what](site, ...details)"
        answer: dict[str, Any] = await self._alive(self._page.evaluate(call, [what, self._profile, list(details)]))
        if blocked := answer.get("blocked"):
            raise _blocked(blocked, self._site)
        if outcome := answer.get("outcome"):
            said = str(answer.get("said", ""))
            wait = seconds_to_wait(said, datetime.now())
            raise AttemptError(Outcome(outcome), f"the site says: {said}", retry_after=wait, said=said)
        if answer.get("covered"):
            raise TabLost(Fault.COVERED, "a dialog covers the page and will not go away")
        if "unreadable" in answer:
            raise AttemptError(Outcome.RETRYABLE, "the prompt box did not take the prompt as written")
        return answer

    # --- the border to Playwright: every error of its is turned into one of ours here ---

    async def _alive(self, call: Awaitable[T]) -> T:
        """Await a call of Playwright's, but no longer than the page lives."""
        task = asyncio.ensure_future(call)
        waiting: list[asyncio.Future[Any]] = [task, self._gone]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and not self._gone.done():
                return task.result()
        except PlaywrightError as error:
            raise self._mapped(error) from error
        finally:
            if not task.done():
                task.cancel()
            elif not task.cancelled():
                task.exception()  # looked at, so that asyncio does not complain of it
        raise self._lost(self._gone.result())

    def _mapped(self, error: PlaywrightError) -> Exception:
        text = str(error)
        if "Connection closed" in text or "Pipe closed" in text:
            return TabLost(Fault.DRIVER, "the program that drives the browser is gone")
        if "Target crashed" in text or "Page crashed" in text:
            return TabLost(Fault.CRASHED, "its page crashed")
        if "has been closed" in text or "Target closed" in text:
            return self._lost(Fault.CLOSED)
        if "net::ERR" in text or "Timeout" in text:
            return _NetworkError(text.strip().splitlines()[0].removeprefix("Page.goto: "))
        return AttemptError(Outcome.RETRYABLE, f"the page failed: {text.strip().splitlines()[0]}")

    def _lost(self, fault: Fault) -> TabLost:
        if fault is Fault.CLOSED and not self._window.alive:
            return TabLost(Fault.BROWSER, "the whole browser is gone")
        words = {Fault.CRASHED: "its page crashed", Fault.CLOSED: "somebody closed the tab"}
        return TabLost(fault, words.get(fault, fault))


def _for_the_page(site: SiteProfile) -> dict[str, Any]:
    """The profile in the page script's words."""
    return {
        "prompt": site.prompt.box,
        "send": site.send.button,
        "own_turn": site.result.own,
        "answer": site.result.answer,
        "picture": site.result.picture,
        "done": site.result.done,
        "speech": [*site.dialogs, *site.toasts],
        "dismiss": site.dismiss,
        "signed_out": site.signed_out.present,
        "challenge_title": site.challenge.title,
        "conversation": site.conversation.pattern,
        "min_pixels": site.result.min_pixels,
        "choice": site.result.choice,
        "sayings": [msgspec.to_builtins(saying) for saying in site.says],
    }


class _NetworkError(Exception):
    """The page's address did not answer."""


def _blocked(kind: str, site: SiteProfile) -> RunBlocked:
    if kind == "login":
        return RunBlocked(Cause.LOGIN, f"{site.name} is signed out; sign in with: novelgen-tui login, then press space")
    return RunBlocked(Cause.HUMAN, f"{site.name} asks for a person: open it in a browser, answer, then press space")
