"""Who may see the page: whoever has its secret address, in a browser that came for this page and no other.

Every page a browser on this machine has open can send requests to loopback, and a name it controls can be made to
mean 127.0.0.1. So the address has 256 random bits in its path, the host must be a loopback one by name, and a
WebSocket must come from our own page.
"""

import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from multidict import CIMultiDictProxy

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer: nothing of it is kept, framed, shared or told elsewhere."""


def refusal(headers: CIMultiDictProxy[str], *, websocket: bool) -> str | None:
    """Why a request is not answered, in words; None for one that is.

    ``websocket``: it asks for one; a browser always says from which page, and it has to be ours.
    """
    host = headers.get("Host", "")
    if not _here(host):
        return "a request under a name that is not this machine's"
    origin = headers.get("Origin")
    if origin is None and not websocket:
        return None
    if origin is None or origin != f"http://{host}":
        return "a request from another web page"
    return None


def policy(host: str) -> str:
    """What the page itself may load: its own files, and its own WebSocket."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        f"img-src 'self' data:; connect-src ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def knows(path: str, secret: str) -> bool:
    """Whether a request's path begins with the secret; compared in constant time."""
    given = path.removeprefix("/").partition("/")[0]
    return hmac.compare_digest(given.encode(errors="surrogateescape"), secret.encode())


def _here(host: str) -> bool:
    """Whether a ``Host`` header names this machine's loopback; any port, it may have been forwarded."""
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname or "", parts.port
        if parts.netloc != host or parts.username is not None:
            return False
    except ValueError:
        return False
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
