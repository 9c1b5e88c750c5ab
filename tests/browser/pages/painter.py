"""A small page nobody has a profile for: a field, a button, and a picture that is replaced in place.

It can change under our hands: speak German, put up a cookie wall, or ask for a sign-in; open pages follow at once.
"""

import asyncio
import hashlib
import io

from aiohttp import web
from PIL import Image, ImageDraw

WORDS = {
    "en": {"label": "Your idea", "button": "Paint it", "stop": "Stop", "field": "idea"},
    "de": {"label": "Deine Idee", "button": "Bild erzeugen", "stop": "Abbrechen", "field": "einfall"},
}

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>Painter</title></head><body>
<h1>Painter</h1>
<label>{label} <textarea name="{field}" rows="4" cols="60"></textarea></label>
<button type="button" class="go-x91ab3">{button}</button>
<p id="state"></p>
<div class="easel"></div>
{wall}
<script>
const [field, button] = [document.querySelector("textarea"), document.querySelector("button.go-x91ab3")];
const sheet = document.querySelector(".easel");
button.addEventListener("click", async () => {{
  button.disabled = true;
  document.getElementById("state").innerHTML = "<button type=button>{stop}</button>";
  const answer = await fetch("/paint", {{ method: "POST", body: field.value }});
  const picture = document.createElement("img");
  picture.src = URL.createObjectURL(await answer.blob());
  sheet.replaceChildren(picture);
  document.getElementById("state").textContent = "";
  button.disabled = false;
}});
new EventSource("/changes").onmessage = () => location.reload();
</script></body></html>"""

WALL = """<div style="position: fixed; inset: 0; background: white"><h2>We value your privacy</h2>
<button type="button" onclick="this.parentElement.remove()">Accept all</button></div>"""

SIGN_IN = '<!doctype html><title>Sign in</title><form><input type="password"><button>Sign in</button></form>'


class Painter:
    """The server. ``asked``: the prompts it painted."""

    def __init__(self) -> None:
        self.language = "en"
        self.wall = False
        self.signed_in = True
        self.asked: list[str] = []
        self._pages: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self.page),
                web.get("/account/sign-in", self.sign_in),
                web.post("/paint", self.paint),
                web.get("/changes", self.changes),
            ]
        )
        return app

    def change(self, what: str) -> None:
        """From another thread: ``language``, ``wall``, ``sign-in`` or ``nothing``; open pages are loaded again."""
        self.language = "de" if what == "language" else "en"
        self.wall = what == "wall"
        self.signed_in = what != "sign-in"
        assert self._loop is not None
        for page in list(self._pages):
            self._loop.call_soon_threadsafe(page.set)

    async def page(self, request: web.Request) -> web.Response:
        self._loop = asyncio.get_running_loop()
        if not self.signed_in:
            raise web.HTTPFound("/account/sign-in")
        html = PAGE.format(**WORDS[self.language], wall=WALL if self.wall else "")
        return web.Response(text=html, content_type="text/html")

    async def sign_in(self, request: web.Request) -> web.Response:
        return web.Response(text=SIGN_IN, content_type="text/html")

    async def changes(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        page = asyncio.Event()
        self._pages.add(page)
        try:
            await page.wait()
            await response.write(b"data: changed\n\n")
        finally:
            self._pages.discard(page)
        return response

    async def paint(self, request: web.Request) -> web.Response:
        prompt = await request.text()
        self.asked.append(prompt)
        await asyncio.sleep(0.5)
        digest = hashlib.sha256(prompt.encode()).digest()
        picture = Image.new("RGB", (256, 256), tuple(digest[:3]))
        ImageDraw.Draw(picture).ellipse([40 + digest[3] // 4, 40, 200, 120 + digest[4] // 4], fill=tuple(digest[5:8]))
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
        return web.Response(body=buffer.getvalue(), content_type="image/png")
