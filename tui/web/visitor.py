"""One open page and the process that draws its screen."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

MOST_CELLS = (500, 300)
"""Columns and lines; a page that asks for more gets so many."""

MOST_SAID = 2**20
"""Bytes of the largest message a page may send: a long paste."""

BEAT = 15.0
"""Seconds between two signs of life; a page that shows none is dropped, and its process with it."""

GOODBYE = 5.0
"""Seconds the process has to end by itself."""


class Screen(AppService):
    """textual-serve's way to a process with a screen; ours is started without a shell, and never outlives its page."""

    def __init__(self, argv: Sequence[str], page: web.WebSocketResponse) -> None:
        super().__init__(
            argv[0],
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=page.close,
            download_manager=DownloadManager(),
        )
        self._argv = argv

    async def _open_app_process(self, width: int = 80, height: int = 24) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env=self._build_environment(width, height),
            start_new_session=True,  # what is typed in the server's terminal is not meant for it
        )
        self._stdin = self._process.stdin
        return self._process

    async def end(self) -> None:
        """The page is gone: so is the process, soon; by force where it does not listen."""
        process, task = self._process, self._task
        if process is None:
            return
        await self.send_meta({"type": "quit"})
        if process.stdin is not None:
            process.stdin.close()  # a process that is asked nothing more goes as well
        try:
            async with asyncio.timeout(GOODBYE):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        finally:
            if process.returncode is None:  # the server does not wait for us any more
                with suppress(ProcessLookupError):
                    process.kill()
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)


class Visitor:
    """Joins a WebSocket of our page and a process that runs ``argv``, until either is gone."""

    def __init__(self, argv: Sequence[str]) -> None:
        self._page = web.WebSocketResponse(heartbeat=BEAT, max_msg_size=MOST_SAID, compress=False)
        self._screen = Screen(argv, self._page)

    async def attend(self, request: web.Request) -> web.WebSocketResponse:
        """Serve the request's WebSocket to its end."""
        await self._page.prepare(request)
        try:
            await self._screen.start(*_cells(request.query.get("width"), request.query.get("height")))
            async for message in self._page:
                if message.type is not WSMsgType.TEXT or not await self._obey(message.data):
                    await self._page.close(code=WSCloseCode.POLICY_VIOLATION)
                    break
        finally:
            await asyncio.shield(self._screen.end())
        return self._page

    async def leave(self) -> None:
        """The server ends: the page is told, and its process goes."""
        await self._page.close(code=WSCloseCode.GOING_AWAY)

    async def _obey(self, said: str) -> bool:
        """Do what the page says; False for what no page of ours says."""
        try:
            match msgspec.json.decode(said):
                case ["stdin", str(keys)]:
                    await self._screen.send_bytes(keys.encode("utf-8", "replace"))
                case ["resize", {"width": int(width), "height": int(height)}]:
                    await self._screen.set_terminal_size(*_cells(width, height))
                case ["ping", str(moment)]:
                    await self._page.send_json(["pong", moment])
                case ["focus"]:
                    await self._screen.focus()
                case ["blur"]:
                    await self._screen.blur()
                case _:
                    return False
        except (msgspec.DecodeError, UnicodeError):
            return False
        return True


def _cells(width: Any, height: Any) -> tuple[int, int]:
    """A size a screen can have, whatever was asked for."""
    found = []
    for asked, usual, most in zip((width, height), (80, 24), MOST_CELLS, strict=True):
        try:
            found.append(max(1, min(most, int(asked))))
        except (TypeError, ValueError):
            found.append(usual)
    return found[0], found[1]
