"""The ways to a browser: launched here, one's own by its DevTools, or a Playwright server's.

Only a browser that was launched here is closed by us; in the others only the tabs (or the context) we made.
"""

import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from playwright.async_api import Browser, BrowserContext, Playwright

from core.processors.browser.profile import STATE, private_folder

PLAYWRIGHTS_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying",
    "AimEnabled", "PreconnectToSearch", "msForceBrowserSignIn", "msEdgeUpdateLaunchServicesPreferredVersion",
)  # fmt: skip
"""What Playwright turns off in a browser. Only the last list counts, so ours has to repeat it (a test compares)."""

OFF = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""Pages that draw suggestions under an address bar nobody types in: 50 MiB, and half a second of CPU at the start."""

ARGUMENTS = (
    f"--disable-features={','.join((*PLAYWRIGHTS_OFF, *OFF))}",
    "--disable-background-timer-throttling",  # a tab in the background works as hard as the one in front
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
)

CONNECTING = 10.0
"""Seconds a browser elsewhere is given to answer."""

VIEWPORT = {"width": 1024, "height": 900}


class Endpoint(msgspec.Struct, frozen=True):
    """``url``: of the DevTools or of the Playwright server; ``tabs``: the most it may hold, None for no bound."""

    kind: Literal["launch", "cdp", "ws"] = "launch"
    url: str = ""
    tabs: int | None = None

    @property
    def name(self) -> str:
        """For the screen: without path, user or password, which may be secret."""
        if self.kind == "launch":
            return "local"
        parts = urlsplit(self.url)
        return f"{self.kind} {parts.hostname}:{parts.port}" if parts.port else f"{self.kind} {parts.hostname}"

    @property
    def here(self) -> bool:
        """Whether its browser runs on this machine, as far as its address tells."""
        return self.kind == "launch" or urlsplit(self.url).hostname in ("127.0.0.1", "localhost", "::1")


class BrowserOptions(msgspec.Struct, frozen=True):
    """``profile``: the folder that keeps the sign-in, shared by all local tabs. ``executable``: None launches none."""

    executable: Path | None
    profile: Path
    headless: bool = True
    endpoints: tuple[Endpoint, ...] = (Endpoint(),)


class Opened(msgspec.Struct):
    """A browser reached. ``browser`` is the connection where there is one of its own."""

    context: BrowserContext
    browser: Browser | None


async def reach(endpoint: Endpoint, options: BrowserOptions, playwright: Playwright) -> Opened:
    """Launch it or connect to it. Raises Playwright's errors."""
    if endpoint.kind == "launch":
        return await _launched(options, playwright)
    if endpoint.kind == "cdp":
        browser = await playwright.chromium.connect_over_cdp(endpoint.url, timeout=CONNECTING * 1000)
        context = browser.contexts[0] if browser.contexts else await browser.new_context()
        return Opened(context, browser)
    browser = await playwright.chromium.connect(endpoint.url, timeout=CONNECTING * 1000)
    state = options.profile / STATE
    context = await browser.new_context(
        viewport=VIEWPORT,  # type: ignore[arg-type]
        storage_state=state if state.is_file() else None,
        accept_downloads=False,
    )
    return Opened(context, browser)


async def _launched(options: BrowserOptions, playwright: Playwright) -> Opened:
    assert options.executable is not None
    private_folder(options.profile)
    context = await playwright.chromium.launch_persistent_context(
        options.profile,
        executable_path=options.executable,
        headless=options.headless,
        args=[*ARGUMENTS, *(["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else [])],
        viewport=VIEWPORT,  # type: ignore[arg-type]
        accept_downloads=False,  # a page that downloads every picture by itself would fill the disk
        handle_sigint=False,
        handle_sigterm=False,
        handle_sighup=False,
    )
    await _session_cookies(context, options.profile / STATE)
    return Opened(context, context.browser)


async def _session_cookies(context: BrowserContext, state: Path) -> None:
    """Give the browser the cookies of the sign-in that it did not keep itself: those that end with the browser."""
    has = {(cookie.get("name"), cookie.get("domain")) for cookie in await context.cookies()}
    missing = [cookie for cookie in _kept_cookies(state) if (cookie["name"], cookie["domain"]) not in has]
    if missing:
        await context.add_cookies(missing)  # type: ignore[arg-type]


def _kept_cookies(state: Path) -> list[dict[str, Any]]:
    """Cookies without an end. A damaged file holds none: the site will say that it is signed out."""
    try:
        kept = msgspec.json.decode(state.read_bytes())["cookies"]
        return [cookie for cookie in kept if cookie["expires"] == -1 and cookie["name"] and cookie["domain"]]
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        return []


async def let_go(endpoint: Endpoint, opened: Opened) -> None:
    """Close what is ours of it. Raises Playwright's errors."""
    if endpoint.kind != "cdp":
        await opened.context.close()
    if endpoint.kind != "launch" and opened.browser is not None:
        await opened.browser.close()  # a browser that was connected to is only disconnected by this
