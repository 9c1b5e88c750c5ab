"""A stand-in for an images API, over real HTTP: it draws, limits, refuses, dawdles and breaks off, and keeps books."""

import asyncio
import base64
import hashlib
import io
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from PIL import Image

KEY = "sk-test-5f1d0c7b2a"

REVISED = "A harbour, revised by the model, in two\nlines"

EXHAUSTED = {
    "x-ratelimit-limit-requests": "6",
    "x-ratelimit-remaining-requests": "0",
    "x-ratelimit-reset-requests": "250ms",
}

FAULTS = {
    4: "breaks off",
    5: "retry-after",  # perhaps the very request that asks for what broke off
    9: "exhausted",
    11: "overloaded",
    13: "breaks off",
    15: "no json",
}
"""What befalls which request, counted from 1."""


class ImagesApi:
    """``drawn`` counts pictures made by prompt; ``asked`` counts requests. Faults strike by the number of a request."""

    def __init__(self, *, faults: bool = False) -> None:
        self.url = ""
        self._faults = FAULTS if faults else {}
        self.drawn: Counter[str] = Counter()
        self.asked = 0
        self.edits = 0
        self.sizes: list[str] = []
        self._kept: dict[str, bytes] = {}  # by idempotency key
        self._files: dict[str, bytes] = {}

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["ImagesApi"]:
        app = web.Application(client_max_size=2**26)
        app.router.add_post("/v1/images/generations", self._generations)
        app.router.add_post("/v1/images/edits", self._edits)
        app.router.add_get("/files/{name}", self._file)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            self.url = f"http://{host}:{port}"
            yield self
        finally:
            await runner.cleanup()

    async def _generations(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        return await self._answer(request, body["prompt"], body.get("size", ""))

    async def _edits(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        self.edits += 1
        assert sum(1 for name in form if name.startswith("image")) >= 1
        return await self._answer(request, str(form["prompt"]), str(form.get("size", "")))

    async def _answer(self, request: web.Request, prompt: str, size: str) -> web.StreamResponse:
        self.asked += 1
        number = self.asked
        self.sizes.append(size)
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _error(401, "invalid_api_key", f"Incorrect API key provided: {KEY[:6]}***")
        if "forbidden" in prompt:
            return _error(400, "moderation_blocked", "Your request was rejected by the safety system.")
        fault = self._faults.get(number, "")
        if fault == "retry-after":
            return _error(429, "rate_limit_exceeded", "Rate limit reached.", {"retry-after-ms": "150"})
        if fault == "exhausted":
            return _error(429, "rate_limit_exceeded", "Too many.", EXHAUSTED)
        if fault == "overloaded":
            return _error(503, "server_error", "The server is overloaded.")
        key = request.headers["Idempotency-Key"]
        picture = self._kept.get(key)
        if picture is None:
            picture = self._kept[key] = _painted(prompt)
            self.drawn[prompt] += 1
        if fault == "breaks off":  # drawn, but nobody hears of it
            return await _broken_off(request)
        if fault == "no json":
            return web.Response(text="<html>bad gateway</html>")
        if number % 6 == 0:
            await asyncio.sleep(0.3)
        if number % 4 == 0:
            self._files[key] = picture
            return web.json_response({"created": 1, "data": [{"url": f"{self.url}/files/{key}"}]})
        return web.json_response(
            {"created": 1, "data": [{"b64_json": base64.b64encode(picture).decode(), "revised_prompt": REVISED}]}
        )

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self._files[request.match_info["name"]], content_type="image/png")


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> web.Response:
    body = {"error": {"message": message, "type": "error", "param": None, "code": code}}
    return web.json_response(body, status=status, headers=headers)


async def _broken_off(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    answer.content_length = 1000
    await answer.prepare(request)
    assert request.transport is not None
    request.transport.close()
    return answer


def _painted(prompt: str) -> bytes:
    """A picture of its own for every prompt; a blank one where nothing is to be seen."""
    digest = hashlib.sha256(prompt.encode()).digest()
    out = io.BytesIO()
    image = Image.frombytes("RGB", (4, 2), digest[:24]).resize((256, 128))
    if "nothing" in prompt:
        image = Image.new("RGB", (256, 128), "ivory")
    image.save(out, "PNG")
    return out.getvalue()
