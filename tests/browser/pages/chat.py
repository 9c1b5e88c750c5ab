"""A page built as ChatGPT's is, as far as public code describes it: its elements, its ways, its traps.

The prompt decides what becomes of it: ``REFUSE``, ``LIMIT``, ``ERROR``, ``CHOICE``, ``WORDS`` or ``TOAST`` in it.
"""

import asyncio
import hashlib
import io
import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from PIL import Image, ImageDraw, ImageFilter

PAGE = Path(__file__).with_name("chat.html")

WORDS = {
    "REFUSE": "I can't make this image: the request may violate our content policies.",
    "WORDS": "What a lovely idea! Would you like the lamp on the left or on the right?",
    "ERROR": "Hmm...something seems to have gone wrong. I experienced an error while generating this picture.",
    "LIMIT": "You've hit your image generation limit. Your limit resets in 1 minute.",
}


@dataclass
class Turn:
    """A prompt and what came of it."""

    id: str
    prompt: str
    references: list[str]
    stage: str = "Getting started"
    pictures: list[str] = field(default_factory=list)
    preview: str = ""
    text: str = ""
    done: bool = False
    asking: bool = False  #: which of two pictures is liked more


class Chat:
    """The server. ``asked`` are the prompts taken, in order; ``latency`` seconds a picture takes."""

    def __init__(self, latency: float = 0.5) -> None:
        self.latency = latency
        self.asked: list[str] = []
        self.conversations: dict[str, list[Turn]] = {}
        self.signed_in = True
        self.whats_new = True  #: a dialog lies over every page that is loaded
        self.banner = ""
        self.spoiling = ""  #: "missing" or "half": how pictures come until their conversation is loaded again
        self._changed = asyncio.Condition()
        self._files: dict[str, bytes] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def application(self) -> web.Application:
        app = web.Application(client_max_size=2**24)
        app.add_routes(
            [
                web.get("/", self.page),
                web.get("/c/{id}", self.page),
                web.get("/auth/login", self.login),
                web.post("/backend-api/conversation", self.send),
                web.get("/backend-api/conversation/{id}", self.stream),
                web.post("/backend-api/choice/{turn}", self.choose),
                web.post("/backend-api/files", self.upload),
                web.get("/backend-api/estuary/content", self.content),
            ]
        )
        return app

    async def page(self, request: web.Request) -> web.Response:
        if not self.signed_in:
            raise web.HTTPFound("/auth/login")
        if (id := request.match_info.get("id", "")) and id not in self.conversations:
            raise web.HTTPFound("/")
        if id:
            self.spoiling = ""
        known = {"whatsNew": self.whats_new, "banner": self.banner}
        html = PAGE.read_text(encoding="utf-8").replace("{{known}}", json.dumps(known))
        answer = web.Response(text=html, content_type="text/html")
        answer.set_cookie("chat_session", "me")
        return answer

    async def login(self, request: web.Request) -> web.Response:
        html = '<title>Log in</title><button data-testid="login-button">Log in</button>'
        return web.Response(text=html, content_type="text/html")

    async def send(self, request: web.Request) -> web.Response:
        sent = await request.json()
        if "TOAST" in sent["prompt"]:
            return web.json_response({"toast": "You're generating images too quickly. Please wait for 2 minutes."})
        id = sent["conversation"] or str(uuid.uuid4())
        turn = Turn(uuid.uuid4().hex, sent["prompt"], sent["references"])
        self.asked.append(turn.prompt)
        self.conversations.setdefault(id, []).append(turn)
        task = asyncio.get_running_loop().create_task(self._answer(turn))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return web.json_response({"conversation": id})

    async def _answer(self, turn: Turn) -> None:
        said = next((words for sign, words in WORDS.items() if sign in turn.prompt), "")
        step = self.latency / 4
        for word in said.split():
            await asyncio.sleep(0.01)
            turn.text, turn.stage = f"{turn.text} {word}".strip(), ""
            await self._tell()
        if not said:
            await asyncio.sleep(step)
            turn.stage = "Creating image"
            await self._tell()
            await asyncio.sleep(step)
            names = [self._painted(f"{turn.prompt} {n}") for n in range(2 if "CHOICE" in turn.prompt else 1)]
            turn.preview, turn.stage = names[0], "Adding details"
            await self._tell()
            await asyncio.sleep(2 * step)
            turn.pictures, turn.stage = names, ""
            turn.asking = len(names) > 1
        turn.done = not turn.asking
        if "LIMIT" in turn.prompt:
            self.banner = said
        await self._tell()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """The conversation's turns, as a line of JSON, again after every change."""
        response = web.StreamResponse()
        await response.prepare(request)
        turns = self.conversations.get(request.match_info["id"], [])
        last = ""
        while True:
            now = json.dumps({"turns": [vars(turn) for turn in turns], "banner": self.banner})
            if now != last:
                await response.write(now.encode() + b"\n")
                last = now
            async with self._changed:
                await self._changed.wait()

    async def choose(self, request: web.Request) -> web.Response:
        for turns in self.conversations.values():
            for turn in turns:
                if turn.id == request.match_info["turn"]:
                    turn.asking, turn.done, turn.pictures = False, True, turn.pictures[:1]
        await self._tell()
        return web.json_response({})

    async def upload(self, request: web.Request) -> web.Response:
        return web.json_response({"id": self._kept(await request.read())})

    async def content(self, request: web.Request) -> web.Response:
        if request.cookies.get("chat_session") != "me":
            return web.Response(status=403, text="forbidden")
        data = self._files.get(request.query.get("id", ""))
        if data is None:
            return web.Response(status=404)
        if self.spoiling == "missing":
            return web.Response(status=503)
        if self.spoiling == "half":
            return web.Response(body=data[: len(data) // 2], content_type="image/png")
        if "preview" in request.query:
            with Image.open(io.BytesIO(data)) as picture:
                data = _png(picture.resize((288, 288)).filter(ImageFilter.GaussianBlur(6)))
        return web.Response(body=data, content_type="image/png")

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _painted(self, words: str) -> str:
        digest = hashlib.sha256(words.encode()).digest()
        picture = Image.new("RGB", (512, 512), tuple(digest[:3]))
        pen = ImageDraw.Draw(picture)
        for n in range(0, 28, 4):
            x, y, w, h = (2 * digest[n + i] for i in range(4))
            pen.ellipse((x, y, x + w // 2, y + h // 2), fill=tuple(digest[n : n + 3]))
        return self._kept(_png(picture))

    def _kept(self, data: bytes) -> str:
        id = "file_" + hashlib.sha256(data).hexdigest()[:24]
        self._files[id] = data
        return id


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
