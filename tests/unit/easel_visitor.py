"""A visitor of the easel without a browser: signs in, sends prompts, hears the page's socket."""

from types import TracebackType
from typing import Any

import aiohttp


class Visitor:
    """One page: its cookies, its socket, what it was told."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> "Visitor":
        async with self.http.get("/") as page:
            assert page.status == 200
        self.socket = await self.http.ws_connect("/backend/push")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()
        await self.http.close()

    async def send(self, prompt: str, conversation: str = "", **more: Any) -> tuple[int, dict[str, Any]]:
        """(status, answer) of one prompt; the answer is {} where it is not JSON."""
        body = {"prompt": prompt, "conversation": conversation, **more}
        async with self.http.post("/backend/conversation", json=body) as answer:
            await answer.read()
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else {}

    async def watch(self, conversation: str) -> dict[str, Any]:
        """The conversation as the page's socket tells it."""
        await self.socket.send_json({"watch": conversation})
        return await self.hear("conversation")

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next message of a kind."""
        while True:
            message = await self.socket.receive_json(timeout=10)
            if message["type"] == kind:
                return dict(message)

    async def finished(self, conversation: str) -> dict[str, Any]:
        """The last turn of the conversation, once it is done; waits for the page to be told."""
        turn: dict[str, Any] = (await self.watch(conversation))["turns"][-1]
        while not turn["done"]:
            turn = (await self.hear("turn"))["turn"]
        return turn

    async def drawn(self, prompt: str, conversation: str = "") -> dict[str, Any]:
        """Send a prompt and wait for its end."""
        status, answer = await self.send(prompt, conversation)
        assert (status, answer["status"]) == (200, "accepted"), answer
        return await self.finished(answer["turn"]["conversation"])

    async def fetch(self, address: str) -> tuple[int, bytes]:
        """(status, body) of a picture's address."""
        async with self.http.get(address) as answer:
            return answer.status, await answer.read()

    async def pull(self, lever: str, **settings: Any) -> int:
        """The status of a POST to /_easel/…"""
        async with self.http.post(f"/_easel/{lever}", json=settings) as answer:
            return answer.status
