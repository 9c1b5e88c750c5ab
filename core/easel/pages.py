"""What a browser asks for: the page, its assets, signing in, the challenge, pictures, the page's socket."""

import asyncio
import hashlib
import time
from importlib.resources import files
from urllib.parse import quote

import msgspec
from aiohttp import WSMsgType, web

from core.easel.ledger import Entry
from core.easel.parts import Easelworks
from core.easel.push import Page

SIGNED_OUT = 4401
TYPES = {"css": "text/css", "js": "text/javascript", "html": "text/html", "svg": "image/svg+xml"}


class Pages:
    """Handlers of everything under ``/`` but the API."""

    def __init__(self, works: Easelworks) -> None:
        self._works = works
        folder = files("core.easel") / "page"
        self._assets = {f.name: f.read_bytes() for f in folder.iterdir() if f.name.rpartition(".")[2] in TYPES}
        version = hashlib.sha256(b"".join(self._assets[n] for n in sorted(self._assets))).hexdigest()[:12]
        # The version stands in the path, so that assets may be cached for ever and still change.
        self._assets = {n: a.replace(b"{{version}}", version.encode()) for n, a in self._assets.items()}
        self._version = version

    def routes(self) -> list[web.RouteDef]:
        """For the application's router."""
        return [
            web.get("/", self.page),
            web.get("/c/{conversation}", self.page),
            web.get("/static/{version}/{name}", self.asset),
            web.get("/auth/login", self.login_page),
            web.post("/auth/login", self.login),
            web.post("/auth/human", self.human),
            web.get("/content", self.content),
            web.get("/backend/push", self.push),
            web.get("/favicon.ico", self.favicon),
        ]

    def cookie_name(self, request: web.Request) -> str:
        """Cookies are shared by all ports of a host: every easel needs a name of its own."""
        return f"easel_{request.url.port}"

    def session(self, request: web.Request) -> str | None:
        """The session the request belongs to; None when signed out."""
        return self._works.sessions.session(request.cookies.get(self.cookie_name(request), ""))

    async def page(self, request: web.Request) -> web.Response:
        """The chat page. A first visit is signed in at once; an ended session must sign in again."""
        works = self._works
        works.reception.limits.disturb(time.time())
        if works.challenged:
            return self._html("challenge.html", status=403)
        conversation = request.match_info.get("conversation", "")
        cookie = request.cookies.get(self.cookie_name(request))
        if cookie is not None and self.session(request) is None:
            raise web.HTTPFound(f"/auth/login?next={quote(request.path)}")
        if conversation and not works.ledger.conversation(conversation):
            raise web.HTTPFound("/")
        response = self._html("index.html")
        if cookie is None:
            self._sign_in(request, response)
        return response

    async def asset(self, request: web.Request) -> web.Response:
        """Style and scripts."""
        name = request.match_info["name"]
        if name not in self._assets or request.match_info["version"] != self._version:
            raise web.HTTPNotFound
        kind = TYPES[name.rpartition(".")[2]]
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return web.Response(body=self._assets[name], content_type=kind, charset="utf-8", headers=headers)

    async def favicon(self, request: web.Request) -> web.Response:
        """The mark in the browser's tab."""
        headers = {"Cache-Control": "public, max-age=86400"}
        return web.Response(body=self._assets["mark.svg"], content_type="image/svg+xml", headers=headers)

    async def login_page(self, request: web.Request) -> web.Response:
        """The page with the button «Log in»."""
        return self._html("login.html")

    async def login(self, request: web.Request) -> web.Response:
        """Sign in and go back to where one came from, on this site only."""
        after = request.query.get("next", "/")
        if not after.startswith("/") or after.startswith(("//", "/\\")):
            after = "/"
        response = web.Response(status=303, headers={"Location": after})
        self._sign_in(request, response)
        return response

    async def human(self, request: web.Request) -> web.Response:
        """A person has clicked."""
        self._works.challenged = False
        return web.Response(status=204)

    async def content(self, request: web.Request) -> web.StreamResponse:
        """A picture or an upload, for those who are signed in and hold a fresh address."""
        works, file = self._works, request.query.get("id", "")
        if self.session(request) is None:
            return web.json_response({"status": "login"}, status=401)
        if not works.sessions.address_holds(file, request.query.get("sig", ""), time.time()):
            return web.json_response({"status": "expired"}, status=403)
        headers = {"Cache-Control": "private, max-age=600"}
        upload = works.uploads.copy(file)
        if upload is not None:
            return web.Response(body=upload, content_type="image/jpeg", headers=headers)
        entry = works.ledger.by_file(file)
        if entry is None:
            return web.json_response({"status": "unknown"}, status=404)
        if "preview" in request.query:
            preview = await works.pictures.png(file, preview=True)
            return web.Response(body=preview, content_type="image/png", headers=headers)
        if entry.outcome != "ok":
            return web.json_response({"status": "not ready"}, status=404)
        return await self._picture(request, entry, file, headers)

    async def _picture(
        self, request: web.Request, entry: Entry, file: str, headers: dict[str, str]
    ) -> web.StreamResponse:
        works = self._works
        first_time = file not in works.stumbled
        if first_time and {"picture500", "picturedrop"} & set(entry.faults):
            works.stumbled.add(file)
            if "picture500" in entry.faults:
                return web.Response(status=500, text="Internal Server Error")
        data = await works.pictures.png(file)
        assert data is not None, "the ledger knows this file"
        response = web.StreamResponse(headers={**headers, "Content-Type": "image/png"})
        response.content_length = len(data)
        try:
            await response.prepare(request)
            if first_time and "picturedrop" in entry.faults:
                await response.write(data[: len(data) // 2])
                assert request.transport is not None
                request.transport.close()
                return response
            await response.write(data)
            await response.write_eof()
        except ConnectionResetError:
            return response  # the page is gone; nothing was delivered
        now = works.ledger.by_file(file) or entry
        works.ledger.change(now.number, delivered=now.delivered or time.time(), deliveries=now.deliveries + 1)
        return response

    async def push(self, request: web.Request) -> web.StreamResponse:
        """The page's socket. It says ``{"watch": conversation}``; it hears of every change of that one."""
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=4096)
        try:
            await socket.prepare(request)
        except ConnectionResetError:
            return socket  # the page died as it came
        session = self.session(request)
        if session is None:
            await socket.close(code=SIGNED_OUT, message=b"signed out")
            return socket
        page = Page(socket, session)
        self._works.hub.pages.add(page)
        writer = asyncio.create_task(page.send_all())
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    page.conversation = msgspec.json.decode(message.data, type=dict[str, str]).get("watch", "")
                    page.tell(self._works.conversation(page.conversation))
        except msgspec.MsgspecError:
            await socket.close(code=1003, message=b"not a message of this page")
        finally:
            self._works.hub.pages.discard(page)
            writer.cancel()
        return socket

    def _html(self, name: str, status: int = 200) -> web.Response:
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'self'"}
        return web.Response(
            body=self._assets[name], status=status, content_type="text/html", charset="utf-8", headers=headers
        )

    def _sign_in(self, request: web.Request, response: web.Response) -> None:
        month = 30 * 86400
        response.set_cookie(
            self.cookie_name(request),
            self._works.sessions.new_cookie(),
            max_age=month,
            httponly=True,
            samesite="Lax",
        )
