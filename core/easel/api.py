"""What the page's script asks for: sending a prompt, stopping, choosing, uploading."""

import asyncio
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from core.easel.faults import Faults
from core.easel.ledger import Entry
from core.easel.limits import Told, wait_in_words
from core.easel.pages import SIGNED_OUT, Pages
from core.easel.parts import Easelworks
from core.easel.pictures import small_copy
from core.easel.reception import Asking

#: A chat box takes this much and no more.
LONGEST_PROMPT = 32_000
#: What a file upload is told to wait when the fault ``upload`` strikes.
UPLOAD_WAIT = 3600.0

T = TypeVar("T")


class _Send(msgspec.Struct):
    prompt: str
    conversation: str = ""
    references: tuple[str, ...] = ()


class _Of(msgspec.Struct):
    turn: str
    choice: int = 0


class Api:
    """Handlers of ``/backend/…``. Signed out is 401, a challenge is 403, each with a ``status`` in JSON."""

    def __init__(self, works: Easelworks, pages: Pages) -> None:
        self._works = works
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """For the application's router."""
        return [
            web.post("/backend/conversation", self.send),
            web.post("/backend/stop", self.stop),
            web.post("/backend/choice", self.choose),
            web.post("/backend/files", self.upload),
        ]

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Take a prompt in; the answer's ``status`` says what became of it."""
        session = self._welcome(request)
        sent = await _read(request, _Send)
        if not sent.prompt.strip():
            return _status("empty", 400)
        if len(sent.prompt) > LONGEST_PROMPT:
            return _status("toast", 413, text="The message you submitted was too long, please edit it.")
        if sent.conversation and not self._works.ledger.conversation(sent.conversation):
            return _status("toast", 404, text="Unable to load this conversation.")
        asking = Asking(sent.prompt, sent.conversation, session, sent.references)
        entry, told = self._works.reception.ask(asking)
        if entry.committed:
            return await self._committed(request, entry)
        return await self._turned_away(request, entry, told)

    async def stop(self, request: web.Request) -> web.Response:
        """Stop a turn that is under way."""
        self._welcome(request)
        self._works.studio.stop((await _read(request, _Of)).turn)
        return _status("ok")

    async def choose(self, request: web.Request) -> web.Response:
        """Answer «which image do you like more»."""
        self._welcome(request)
        of = await _read(request, _Of)
        entry = self._works.ledger.by_turn(of.turn)
        if entry is None or not 0 <= of.choice < len(entry.files):
            return _status("unknown", 404)
        self._works.publish(self._works.ledger.change(entry.number, chosen=of.choice))
        return _status("ok")

    async def upload(self, request: web.Request) -> web.Response:
        """Keep a small copy of a reference picture: ``{"file": id, "address": url}``."""
        self._welcome(request)
        works = self._works
        works.uploads.count += 1
        only_uploads = Faults({n: t for n, t in works.faults.triggers.items() if n == "upload"})
        data = await request.read()
        if only_uploads.strike(works.uploads.count, str(len(data)), works.uploads.count, works.options.seed):
            words = f"You've reached our limit of file uploads. Please try again in {wait_in_words(UPLOAD_WAIT)}."
            return _status("toast", 429, text=words)
        try:
            copy = await asyncio.to_thread(small_copy, data)
        except ValueError:
            return _status("toast", 415, text="Only pictures can be added here.")
        file = works.uploads.keep(copy)
        return web.json_response({"status": "ok", "file": file, "address": works.address(file)})

    def _welcome(self, request: web.Request) -> str:
        if self._works.challenged:
            raise _Answer(_status("human", 403))
        session = self._pages.session(request)
        if session is None:
            raise _Answer(_status("login", 401))
        return session

    async def _committed(self, request: web.Request, entry: Entry) -> web.StreamResponse:
        if "lostreply" in entry.faults:
            return await _break_off(request)
        return web.json_response(
            {
                "status": "accepted",
                "turn": self._works.view(entry),
                "transient": "webid" in entry.faults,
                "dialog": "dialog" in entry.faults,
                "hang": self._works.faults.amounts["hangseconds"] if "hangpage" in entry.faults else 0,
            }
        )

    async def _turned_away(self, request: web.Request, entry: Entry, told: Told | None) -> web.StreamResponse:
        match entry.outcome:
            case "login":
                self._works.ledger.end_sessions()
                await self._works.hub.close_all(SIGNED_OUT, b"signed out")
                return _status("login", 401)
            case "human":
                self._works.challenged = True
                return _status("human", 403)
            case "http":
                code = 500 if "http500" in entry.faults else 503
                return web.Response(status=code, text="upstream error")
            case "dropped":
                return await _break_off(request)
            case "throttle":
                self._works.hub.tell_all({"type": "throttle"})
                return _limited("throttle", told)
            case "quota" | "rate":
                return _limited("toast", told)
            case "busy":
                return _status("busy", 409)
            case outcome:
                return _status(outcome)


class _Answer(web.HTTPException):
    """A JSON answer raised from where it is known."""

    status_code = 400

    def __init__(self, answer: web.Response) -> None:
        super().__init__(text=answer.text, content_type="application/json")
        self.set_status(answer.status)


async def _read(request: web.Request, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.MsgspecError as e:
        raise _Answer(_status("unreadable", 400, text=str(e))) from e


def _limited(status: str, told: Told | None) -> web.StreamResponse:
    assert told is not None, "only a limit turns a prompt away like this"
    answer = _status(status, 429, text=told.text)
    answer.headers["Retry-After"] = str(max(1, round(told.wait + 0.5)))
    return answer


def _status(status: str, code: int = 200, **more: Any) -> web.Response:
    return web.json_response({"status": status, **more}, status=code)


async def _break_off(request: web.Request) -> web.StreamResponse:
    # Headers first: a browser silently sends a request again, even a POST, when a kept-alive connection
    # closes before any answer, and one prompt would become two.
    answer = web.StreamResponse()
    answer.content_length = 64
    await answer.prepare(request)
    assert request.transport is not None
    request.transport.close()
    return answer
