"""The script that runs inside the page, and a profile in the words it reads."""

from importlib import resources
from typing import Any

import msgspec

from core.sites import SiteProfile
from core.sites.profile import javascript_pattern

PARTS = ("look", "find", "talk", "cover", "box", "turns", "pictures", "result", "main", "inspect")
"""Files of ``page/``, in the order they are joined; together they are one function's body."""

CALL = "question => window.__novelgen.ask(question)"
"""Question and answer are JSON texts: taking structures apart value by value would cost more than all else."""


def _joined() -> str:
    folder = resources.files("core.processors.browser") / "page"
    body = "\n".join((folder / f"{part}.js").read_text(encoding="utf-8") for part in PARTS)
    # Frames inside the page are none of our business, and a page that is restored keeps its script.
    return f"(() => {{\nif (window !== top || window.__novelgen) return;\n{body}\n}})();"


SCRIPT = _joined()


def script_for(site: SiteProfile) -> str:
    """The script with the profile in it, which is far too much to send along with every question."""
    profile = msgspec.json.encode(for_the_page(site)).decode()
    return f"{SCRIPT}\nif (window === top) window.__novelgen.site = {profile};"


def for_the_page(site: SiteProfile) -> dict[str, Any]:
    """The profile as the script reads it: the same keys, patterns in JavaScript's spelling."""
    page: dict[str, Any] = msgspec.to_builtins(site)
    page["result"]["working"] = javascript_pattern(site.result.working)
    page["result"]["choice"] = javascript_pattern(site.result.choice)
    page["conversation"]["pattern"] = javascript_pattern(site.conversation.pattern)
    for name in ("signed_out", "challenge"):
        for key in ("url", "title"):
            page[name][key] = javascript_pattern(page[name][key])
    for saying in page["says"]:
        saying["pattern"] = javascript_pattern(saying["pattern"])
    return page


def to_be_read(site: SiteProfile) -> dict[str, Any]:
    """Every selector and pattern with its key, for the browser to say which it cannot read."""
    patterns = [(key, javascript_pattern(pattern)) for key, pattern in site.patterns()]
    return {"selectors": site.selectors(), "patterns": patterns}
