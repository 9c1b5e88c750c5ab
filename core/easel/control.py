"""For tests and the curious: the ledger, figures, and levers to pull while the easel works."""

import time

import msgspec
from aiohttp import web

from core.easel.limits import TOO_MANY
from core.easel.options import EaselError
from core.easel.pages import SIGNED_OUT
from core.easel.parts import Easelworks


class _Settings(msgspec.Struct, forbid_unknown_fields=True):
    faults: str | None = None
    limit: str | None = None
    latency: float | None = None
    sigma: float | None = None


class _Seconds(msgspec.Struct):
    seconds: float = 5.0


class Control:
    """Handlers of ``/ledger.json`` and ``/_easel/…``."""

    def __init__(self, works: Easelworks) -> None:
        self._works = works

    def routes(self) -> list[web.RouteDef]:
        """For the application's router."""
        return [
            web.get("/ledger.json", self.ledger),
            web.get("/_easel/stats", self.stats),
            web.post("/_easel/options", self.options),
            web.post("/_easel/signout", self.signout),
            web.post("/_easel/dialog", self.dialog),
            web.post("/_easel/hang", self.hang),
            web.post("/_easel/challenge", self.challenge),
            web.post("/_easel/throttle", self.throttle),
        ]

    async def ledger(self, request: web.Request) -> web.Response:
        """The whole ledger: ``{"entries": [...]}``."""
        return web.Response(body=self._works.ledger.as_json(), content_type="application/json")

    async def stats(self, request: web.Request) -> web.Response:
        """Counts: prompts, accepted, drawn, delivered, distinct accepted prompts, under way, open pages."""
        entries = self._works.ledger.entries
        accepted = [e for e in entries if e.accepted]
        return web.json_response(
            {
                "prompts": len(entries),
                "accepted": len(accepted),
                "distinct": len({e.prompt for e in accepted}),
                "drawn": sum(e.outcome == "ok" for e in entries),
                "delivered": sum(e.delivered is not None for e in entries),
                "under_way": self._works.studio.under_way,
                "pages": len(self._works.hub.pages),
            }
        )

    async def options(self, request: web.Request) -> web.Response:
        """Change faults, limit, latency or sigma from the next prompt on."""
        try:
            settings = msgspec.json.decode(await request.read() or b"{}", type=_Settings)
            self._works.configure(**msgspec.structs.asdict(settings))
        except (msgspec.MsgspecError, EaselError) as e:
            return web.json_response({"error": str(e)}, status=400)
        return web.json_response({"status": "ok"})

    async def signout(self, request: web.Request) -> web.Response:
        """End every session."""
        self._works.ledger.end_sessions()
        await self._works.hub.close_all(SIGNED_OUT, b"signed out")
        return web.json_response({"status": "ok"})

    async def dialog(self, request: web.Request) -> web.Response:
        """Cover every open page with «What's new»."""
        return web.json_response({"pages": self._works.hub.tell_all({"type": "dialog"})})

    async def hang(self, request: web.Request) -> web.Response:
        """Block every open page's main thread for ``seconds``."""
        return web.json_response(
            {"pages": self._works.hub.tell_all({"type": "hang", "seconds": await _seconds(request)})}
        )

    async def challenge(self, request: web.Request) -> web.Response:
        """Show «Just a moment» from now on, until a person clicks."""
        self._works.challenged = True
        return web.json_response({"pages": self._works.hub.tell_all({"type": "reload"})})

    async def throttle(self, request: web.Request) -> web.Response:
        """Slow the account until ``seconds`` of quiet."""
        self._works.reception.limits.start_throttle(time.time(), await _seconds(request))
        return web.json_response({"pages": self._works.hub.tell_all({"type": "throttle", "text": TOO_MANY})})


async def _seconds(request: web.Request) -> float:
    try:
        return msgspec.json.decode(await request.read() or b"{}", type=_Seconds).seconds
    except msgspec.MsgspecError as e:
        raise web.HTTPBadRequest(text=f'give {{"seconds": N}}: {e}') from e
