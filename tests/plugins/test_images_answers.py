"""What servers that call themselves images APIs really answer, over real HTTP: a picture, or one knows why not."""

import base64
import io
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from PIL import Image

from core.outcomes import AttemptError, Cause, Outcome, RunBlocked
from core.processors.base import Drawing, Job
from core.processors.images.options import parse_options
from core.processors.images.processor import ImagesProcessor
from tests.browser.tabs import Told

KEY = "sk-test-77ab"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def picture() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "PNG")
    return out.getvalue()


@asynccontextmanager
async def server(handler: Handler) -> AsyncIterator[str]:
    """The address of a server that answers everything by ``handler``."""
    app = web.Application()
    app.router.add_route("*", "/{way:.*}", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def drawn(address: str, folder: Path, times: int = 1) -> Drawing:
    """The picture of the last of so many attempts, each by a worker of its own; only the last may fail."""
    options = parse_options({"model": "m", "base_url": f"{address}/v1"})
    async with ImagesProcessor(options, KEY, folder) as processor:
        for attempt in range(1, times):
            with pytest.raises(AttemptError):
                await (await processor.open_worker()).draw(Job("p1", f"r1-{attempt}", "a lamp"), Told())
        return await (await processor.open_worker()).draw(Job("p1", f"r1-{times}", "a lamp"), Told())


async def answered(body: Any, folder: Path, status: int = 200) -> tuple[Drawing | AttemptError | RunBlocked, int]:
    """What becomes of the answer ``body``, and how many times was asked for it."""
    asked = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        return web.json_response(body, status=status)

    async with server(handler) as address:
        try:
            return await drawn(address, folder), asked
        except (AttemptError, RunBlocked) as error:
            return error, asked


PNG = base64.b64encode(picture()).decode()


@pytest.mark.anyio
@pytest.mark.parametrize(
    "item",
    [
        {"b64_json": PNG},
        {"b64_json": "\n".join(textwrap.wrap(PNG, 76)) + "\n"},
        {"b64_json": f"data:image/png;base64,{PNG}"},
        {"b64_json": base64.urlsafe_b64encode(picture()).decode().rstrip("=")},
        {"url": f"data:image/png;base64,{PNG}"},
    ],
)
async def test_base64_in_every_hand(item: dict[str, str], tmp_path: Path) -> None:
    drawing, asked = await answered({"data": [{"index": 0}, item]}, tmp_path)
    assert isinstance(drawing, Drawing), drawing
    assert drawing.pictures == (picture(),)
    assert asked == 1


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "error", "outcome"),
    [
        (200, {"code": "moderation_blocked", "message": "No."}, Outcome.REFUSED),
        (200, {"message": "Rejected as a result of our safety system."}, Outcome.REFUSED),
        (200, {"code": "rate_limit_exceeded", "message": "Try again in 12s"}, Outcome.RATE),
        (200, {"message": "CUDA out of memory"}, Outcome.RETRYABLE),
        (200, {"code": "insufficient_quota", "message": "Pay."}, Cause.HUMAN),
        (400, {"code": "contentFilter", "message": "The response was filtered."}, Outcome.REFUSED),
        (400, {"message": "This violates our content policy."}, Outcome.REFUSED),
        (400, {"message": "Unknown size"}, Cause.SITE),
        (402, {"message": "Payment required"}, Cause.HUMAN),
    ],
)
async def test_errors_by_any_status(
    status: int, error: dict[str, str], outcome: Outcome | Cause, tmp_path: Path
) -> None:
    met, asked = await answered({"error": error}, tmp_path, status)
    assert isinstance(met, AttemptError | RunBlocked), met
    assert (met.outcome if isinstance(met, AttemptError) else met.cause) is outcome
    assert asked == 1, "a whole answer is not asked for again"
    if outcome is Outcome.RATE:
        assert isinstance(met, AttemptError) and met.retry_after == 12.0


@pytest.mark.anyio
@pytest.mark.parametrize("body", [{"data": []}, {"data": None}, {"data": [{"revised_prompt": "x"}]}, [], "ok", None])
async def test_an_answer_without_a_picture_fails_the_attempt_and_is_asked_for_once(body: Any, tmp_path: Path) -> None:
    met, asked = await answered(body, tmp_path)
    assert isinstance(met, AttemptError) and met.outcome is Outcome.RETRYABLE
    assert asked == 1


@pytest.mark.anyio
async def test_the_key_does_not_follow_to_another_host_and_a_picture_does(tmp_path: Path) -> None:
    keys: list[str | None] = []

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        keys.append(request.headers.get("Authorization"))
        if request.path == "/files/1":
            return web.Response(body=picture(), content_type="text/plain")  # the bytes tell what it is
        return web.json_response({"data": [{"url": "/files/1"}]})

    async with server(elsewhere) as other:

        async def sends_on(request: web.Request) -> web.StreamResponse:
            raise web.HTTPTemporaryRedirect(f"{other.replace('127.0.0.1', 'localhost')}{request.path}")

        async with server(sends_on) as address:
            assert (await drawn(address, tmp_path)).pictures == (picture(),)
    assert keys and set(keys) == {None}


@pytest.mark.anyio
async def test_a_picture_that_could_not_be_fetched_is_fetched_later_and_not_made_again(tmp_path: Path) -> None:
    made = fetched = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal made, fetched
        if request.path.startswith("/files"):
            fetched += 1
            if fetched <= 2:
                raise web.HTTPBadGateway
            return web.Response(body=picture(), content_type="image/png")
        made += 1
        return web.json_response({"data": [{"url": f"/files/{made}"}]})

    async with server(handler) as address:
        assert (await drawn(address, tmp_path, times=2)).pictures == (picture(),)
    assert made == 1


@pytest.mark.anyio
async def test_pictures_take_the_environments_proxy_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    through: list[str] = []

    async def proxy(request: web.Request) -> web.StreamResponse:
        through.append(f"{request.method} {request.url.host}")
        if request.method == "GET":
            return web.Response(body=picture(), content_type="image/png")
        return web.json_response({"data": [{"url": "http://pictures.invalid/1.png"}]})

    async with server(proxy) as address:
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, address)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        assert (await drawn("http://api.invalid", tmp_path)).pictures == (picture(),)
    assert through == ["POST api.invalid", "GET pictures.invalid"]
