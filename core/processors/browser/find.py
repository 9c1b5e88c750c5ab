"""Finds a browser: the configured one, Playwright's own, or the system's Chrome, Chromium or Edge."""

import os
import shutil
import sys
from pathlib import Path

from core.complaint import Complaint

SYSTEM_NAMES = (
    "google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge", "microsoft-edge-stable",
)  # fmt: skip

MAC_APPS = ("Google Chrome", "Chromium", "Microsoft Edge")


class BrowserMissing(Complaint):
    """No browser to open tabs in."""

    def __init__(self, configured: str = "") -> None:
        if configured:
            super().__init__(f'novel.toml, browser.path: "{configured}" is no program; correct it or leave it out')
        else:
            super().__init__(
                "no browser was found; install one with: apt-get install chromium (Debian, Ubuntu), "
                "or: playwright install chromium, or name yours in novel.toml under [browser] path"
            )


def find_browser(configured: str = "") -> Path:
    """The browser to launch. Raises BrowserMissing."""
    if configured:
        found = shutil.which(configured)
        if found is None:
            raise BrowserMissing(configured)
        return Path(found)
    for path in (*_playwrights_own(), *_systems()):
        if path.is_file() and os.access(path, os.X_OK):
            return path
    raise BrowserMissing


def _playwrights_own() -> list[Path]:
    """Where Playwright's installer puts its Chromium, the newest first."""
    home = Path.home()
    default = home / "Library/Caches/ms-playwright" if sys.platform == "darwin" else home / ".cache/ms-playwright"
    root = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or default)
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium")
    return sorted((path for pattern in patterns for path in root.glob(pattern)), reverse=True)


def _systems() -> list[Path]:
    named = [Path(found) for name in SYSTEM_NAMES if (found := shutil.which(name))]
    return named + [Path(f"/Applications/{app}.app/Contents/MacOS/{app}") for app in MAC_APPS]


if __name__ == "__main__":
    try:
        print(find_browser())  # noqa: T201  # this is what the set-up script asks
    except BrowserMissing as missing:
        sys.exit(str(missing))
