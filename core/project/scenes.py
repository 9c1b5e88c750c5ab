"""Which panels may share a conversation: the same style and faces for longer, at the price of a longer page."""

from typing import Literal

from core.scripts.model import ScriptPanel

Policy = Literal["panel", "page", "scene", "chapter"] | int | None

SCENE = 8
"""Most pictures of a scene, page or chapter in one conversation: beyond that pages bloat and answers drift."""


def pictures_together(policy: Policy) -> int | None:
    """At most so many pictures in one conversation; None leaves it to the site."""
    if policy is None or isinstance(policy, int):
        return policy
    return 1 if policy == "panel" else SCENE


class Scenes:
    """Names the scene of each panel, told of them in book order."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._before: tuple[int, str] | None = None
        self._count = 0

    def of(self, panel: ScriptPanel) -> str:
        """A name that is the same for panels that may share a conversation."""
        chapter = f"ch{panel.chapter:02d}"
        if self._policy == "page":
            return f"{chapter}-page{panel.page:03d}"
        if self._policy == "scene":
            here = (panel.chapter, panel.place.casefold())
            if here != self._before:
                same_chapter = self._before is not None and self._before[0] == panel.chapter
                self._count = self._count + 1 if same_chapter else 1
                self._before = here
            return f"{chapter}-scene{self._count:03d}"
        return chapter
