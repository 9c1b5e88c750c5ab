"""A chat page with one odd habit at a time: its address says which (``/echo``, ``/popup``, …)."""

from pathlib import Path

from aiohttp import web

from tests.browser.pages.sheet import paint

PAGE = Path(__file__).with_name("odd.html")


class Odd:
    """The server. ``sent``: the prompts it was asked to draw."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/painting", self.painting),
                web.get("/nothing", self.nothing),
                web.post("/sent", self.asked),
                web.get("/{way}", self.page),
            ]
        )
        return app

    async def page(self, request: web.Request) -> web.Response:
        return web.Response(text=PAGE.read_text(encoding="utf-8"), content_type="text/html")

    async def nothing(self, request: web.Request) -> web.Response:
        return web.Response(text="<title>Buy now</title>", content_type="text/html")

    async def asked(self, request: web.Request) -> web.Response:
        self.sent.append(await request.text())
        return web.Response()

    async def painting(self, request: web.Request) -> web.Response:
        words = request.query["words"] + ("blurred" if "preview" in request.query else "")
        return web.Response(body=paint(words, (64, 64) if words == "avatar" else (320, 300)), content_type="image/png")
