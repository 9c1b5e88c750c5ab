"""The whole book in one widget: it draws the lines that are seen and sends the cells that changed."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable
from typing import ClassVar, Literal

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.line import Line
from tui.terminal.pixels import Placement
from tui.view import View
from tui.widgets.celled import HEAD_MARGIN, NARROW_MARGIN, WIDE_MARGIN, draw_cells, draw_heading
from tui.widgets.shapes import Cells, Rows
from tui.widgets.thumbs import THUMB, WIDE_THUMB, Thumbs, draw_thumbs, place_thumbs
from tui.widgets.worded import draw_words

Zoom = Literal["cells", "rows", "pictures"]

_WIDE = 76


class PanelGrid(ScrollView, can_focus=True):
    """The panels by chapter, with a cursor. ``zoom``: cells, or lines with the panels' words.

    ``moved`` is called when the cursor is on another panel: at once, so that all that follows it is in one frame.
    """

    context = "book"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1, 0)", show=False),
        Binding("right,l", "step(1, 0)", show=False),
        Binding("up,k", "step(0, -1)", show=False),
        Binding("down,j", "step(0, 1)", show=False),
        Binding("pageup,ctrl+b", "page(-1)", show=False),
        Binding("pagedown,ctrl+f", "page(1)", show=False),
        Binding("home,g", "end(-1)", show=False),
        Binding("end,G", "end(1)", show=False),
    ]

    class Opened(Message):
        """A panel was clicked twice."""

    def __init__(self, view: View, moved: Callable[[], None], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view, self._moved = view, moved
        self.zoom: Zoom = "cells"
        self._shape: Cells | Rows | Thumbs = Rows([])
        self._dim = False  #: what is generating beats
        self.follows = True  #: the lines seen go along with what is generating; until somebody moves or scrolls

    # --- what the screen calls ---

    def rebuild(self) -> None:
        """Other panels, another filter, zoom, theme or size: everything anew."""
        width, height = self._room()
        spans = self.view.book.spans()
        beside = WIDE_MARGIN if width >= _WIDE else NARROW_MARGIN
        if self.zoom == "cells":
            self._shape = Cells(spans, width, height, lambda head: HEAD_MARGIN if head else beside)
        elif self.zoom == "pictures":
            self._shape = Thumbs(spans, width, WIDE_THUMB if width >= _WIDE else THUMB)
        else:
            self._shape = Rows(spans)
        self.virtual_size = Size(width, self._shape.height)
        self.refresh()

    def changed(self, panels: Iterable[int]) -> None:
        """These panels look different now."""
        heads = set()
        for panel in panels:
            self._refresh_panel(panel)
            if isinstance(self._shape, Cells) and self._shape.head:
                heads.add(self._shape.top(panel))
        for y in heads:
            self._refresh_count(y)

    def toggle_zoom(self) -> None:
        pictures = self.view.pictures
        zooms: list[Zoom] = ["cells", "rows"]
        if pictures is not None and pictures.here:
            zooms.append("pictures")
        self.zoom = zooms[(zooms.index(self.zoom) + 1) % len(zooms)] if self.zoom in zooms else "cells"
        self.rebuild()
        self.call_after_refresh(self._follow)

    def pictures_made(self) -> None:
        """Thumbnails came in."""
        if self.zoom == "pictures":
            self.refresh()

    @property
    def placed(self) -> Collection[Placement]:
        """Thumbnails in the terminal's own graphics."""
        if not isinstance(self._shape, Thumbs) or not self.display:
            return ()
        return place_thumbs(self._shape, self._seen, self.scrollable_content_region.offset, self.view)

    def beat(self, *, on: bool = False) -> None:
        """What a tab draws now beats once; ``on`` leaves it lit."""
        self._dim = not on and not self._dim
        for panel in self._generating():
            self._refresh_panel(panel)

    def follow(self) -> None:
        """Scroll where the tabs draw now, most of them; so that more of the book is seen behind than before it."""
        busy = self._busy() if self.follows else None
        place = None if busy is None else self._shape.place(busy)
        if place is not None and not self._sees(place[1]):
            self.scroll_to(y=max(0, place[1] - self.size.height // 4), animate=False)

    def _busy(self) -> int | None:
        """The panel in the middle of those that are generating."""
        busy = sorted(self._generating())
        return busy[len(busy) // 2] if busy else None

    def _generating(self) -> list[int]:
        index = self.view.book.index  # on a long way through time the book may not have been read anew yet
        return [index[panel.id] for panel in self.view.state.under_way() if panel.id in index]

    def _sees(self, y: int) -> bool:
        return self.scroll_offset.y <= y <= self.scroll_offset.y + self.size.height - self._shape.tall

    def move_to(self, panel: int) -> None:
        """Put the cursor on a panel and bring it into view."""
        view, self.follows = self.view, False
        if panel == view.cursor or not 0 <= panel < len(view.book.ids):
            return
        before, view.cursor = view.cursor, panel
        self._refresh_panel(before)
        self._refresh_panel(panel)
        self._follow()
        self._moved()

    # --- keys and mouse ---

    def _left_behind(self) -> bool:
        """Where the book has gone along without the cursor, take it along; True where that was so."""
        place = self._shape.place(self.view.cursor)
        if not self.follows or place is None or self._sees(place[1]):
            return False
        lines = (self._shape.row(y).panels for y in range(self.scroll_offset.y, self._shape.height))
        here = next((panels[0] for panels in lines if len(panels)), None)
        busy = self._busy()
        self.move_to(self.view.cursor if here is None else here if busy is None else busy)
        return True

    def action_step(self, columns: int, lines: int) -> None:
        if self._left_behind():
            return
        shown = self.view.book.shown
        at = self._nth()
        if not len(shown):
            return
        if columns:
            self.move_to(shown[max(0, min(len(shown) - 1, at + columns))])
            return
        place = self._shape.place(self.view.cursor)
        if place is None:
            self.move_to(shown[at])
            return
        x, y, _ = place
        y += (self._shape.tall - 1) * (lines > 0)
        while 0 <= (y := y + lines) < self._shape.height:
            panels = self._shape.row(y).panels
            if len(panels):
                hit = self._shape.hit(x, y)
                self.move_to(panels[-1] if hit is None else hit)
                return

    def action_page(self, direction: int) -> None:
        self._left_behind()
        place = self._shape.place(self.view.cursor)
        if place is None:
            return
        x, y, _ = place
        target = max(0, min(self._shape.height - 1, y + direction * max(1, self.size.height - 1)))
        while 0 <= target < self._shape.height and not len(self._shape.row(target).panels):
            target += direction
        panels = self._shape.row(target).panels
        if not len(panels):
            self.action_end(direction)
            return
        hit = self._shape.hit(x, target)
        self.move_to(panels[-1] if hit is None else hit)

    def action_end(self, direction: int) -> None:
        shown = self.view.book.shown
        if len(shown):
            self.move_to(shown[-1 if direction > 0 else 0])

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        hit = self._shape.hit(offset.x, offset.y + self.scroll_offset.y)
        if hit is not None:
            self.move_to(hit)
            if event.chain == 2:
                self.post_message(self.Opened())

    def on_mouse_scroll_down(self) -> None:
        self.follows = False

    def on_mouse_scroll_up(self) -> None:
        self.follows = False

    def on_resize(self) -> None:
        self.rebuild()

    def on_focus(self) -> None:
        self._refresh_panel(self.view.cursor)

    def on_blur(self) -> None:
        self._refresh_panel(self.view.cursor)

    # --- drawing ---

    def render_line(self, y: int) -> Strip:
        palette = self.view.palette
        line = Line(self._room()[0], palette["text"], palette.glyphs["more"])
        row = self._shape.row(y + self.scroll_offset.y)
        if row.span is None:
            if y == 0 and not self._shape.height:
                line.add("  ").add(self._nothing(), palette["muted"])
        elif row.nth == 0 and not len(row.panels):
            draw_heading(line, row.span, view=self.view)
        elif isinstance(self._shape, Cells):
            draw_cells(line, row, self._shape, view=self.view, dim=self._dim)
        elif isinstance(self._shape, Thumbs):
            draw_thumbs(line, row, self._shape, y=y + self.scroll_offset.y, seen=self._seen, view=self.view)
        else:
            draw_words(line, row.panels[0], view=self.view)
        return line.strip()

    def _nothing(self) -> str:
        view = self.view
        if view.stage == "opening":
            return ""
        return (
            f"No panel matches “{view.filter}”. Escape shows all."
            if view.book.filtered
            else "The script has no panels yet."
        )

    # --- helpers ---

    def _room(self) -> tuple[int, int]:
        region = self.scrollable_content_region
        return region.width, region.height

    @property
    def _seen(self) -> Region:
        """What is seen, in cells of the grid."""
        return Region(*self.scroll_offset, *self._room())

    def _nth(self) -> int:
        """The cursor's place among the shown panels, or the nearest one before it."""
        return max(0, bisect_right(self.view.book.shown, self.view.cursor) - 1)

    def _refresh_panel(self, panel: int) -> None:
        place = self._shape.place(panel)
        if place is None:
            return
        x, y, cells = place
        y -= self.scroll_offset.y
        if -self._shape.tall < y < self.size.height:
            self.refresh(Region(x, y, min(cells, self.size.width - x), self._shape.tall))

    def _refresh_count(self, y: int) -> None:
        span = self._shape.row(y).span
        y -= self.scroll_offset.y
        if span is not None and 0 <= y < self.size.height:
            column = draw_heading(Line(self.size.width, self.view.palette["text"]), span, view=self.view)
            self.refresh(Region(column, y, 12, 1))

    def _follow(self) -> None:
        place = self._shape.place(self.view.cursor)
        if place is None:
            return
        y, top, height = place[1], self.scroll_offset.y, self.size.height
        if y < top:
            self.scroll_to(y=max(0, y - 1 if y else 0), animate=False)
        elif y + self._shape.tall > top + height:
            self.scroll_to(y=y - height + self._shape.tall, animate=False)
