"""A page that shows its picture in every way there is: the address says which (``/canvas``, ``/data``, …)."""

import hashlib
import io
from pathlib import Path

from aiohttp import web
from PIL import Image, ImageDraw

PAGE = Path(__file__).with_name("sheet.html")


class Sheet:
    """The server. ``elsewhere``: the address of a second one, whose pictures the first shows but may not read."""

    def __init__(self, elsewhere: str = "") -> None:
        self._elsewhere = elsewhere

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.get("/painting", self.painting), web.get("/{way}", self.page)])
        return app

    async def page(self, request: web.Request) -> web.Response:
        html = PAGE.read_text(encoding="utf-8").replace("{{elsewhere}}", self._elsewhere)
        return web.Response(text=html, content_type="text/html")

    async def painting(self, request: web.Request) -> web.Response:
        return web.Response(body=paint(request.query["words"]), content_type="image/png")


def paint(words: str, size: tuple[int, int] = (200, 160)) -> bytes:
    """The picture for a prompt, as PNG; the same every time."""
    digest = hashlib.sha256(words.encode()).digest()
    picture = Image.new("RGB", size, tuple(digest[:3]))
    ImageDraw.Draw(picture).rectangle([10, 10, 40 + digest[3] // 2, 40 + digest[4] // 3], fill=tuple(digest[5:8]))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
