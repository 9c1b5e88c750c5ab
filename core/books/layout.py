"""Where the panels of a page go: rows in reading order that fill it. Pure geometry, in pixels."""

import math
from collections.abc import Sequence
from itertools import combinations, pairwise

import msgspec

MOST_STRETCHED = 1.4
"""A row is made at most so many times as high as its pictures are: more would cut off a third of them. What is left of
the page then stays white above and below."""

MOST = 9
"""Panels on one page; a script page with more is continued on another."""


class Sheet(msgspec.Struct, frozen=True):
    """A page's measures. ``leftward``: read from right to left."""

    width: int = 1600
    height: int = 2400
    margin: int = 64
    gutter: int = 24
    leftward: bool = False


class Box(msgspec.Struct, frozen=True):
    """Where one panel goes."""

    left: int
    top: int
    width: int
    height: int


def split(count: int) -> list[int]:
    """How many panels each sheet of a script page takes, as evenly as can be."""
    sheets = math.ceil(count / MOST)
    return [count // sheets + (1 if n < count % sheets else 0) for n in range(sheets)] if count else []


def arrange(aspects: Sequence[float], sizes: Sequence[str], sheet: Sheet) -> list[Box]:
    """A box for every panel, given its picture's width over height and the script's word for its size."""
    rows = _best_rows(aspects, sizes, sheet)
    inner = sheet.height - 2 * sheet.margin - sheet.gutter * (len(rows) - 1)
    natural = [_row_height(aspects[a:b], sheet) for a, b in rows]
    scale = min(MOST_STRETCHED, inner / sum(natural))
    left_over = max(0, inner - round(sum(natural) * scale))
    bottom = sheet.height - sheet.margin - left_over // 2
    boxes: list[Box] = []
    top = sheet.margin + left_over - left_over // 2
    for number, ((a, b), height) in enumerate(zip(rows, natural, strict=True)):
        last = number == len(rows) - 1
        tall = bottom - top if last else round(height * scale)
        boxes += _row(aspects[a:b], top, tall, sheet)
        top += tall + sheet.gutter
    return boxes


def _row(aspects: Sequence[float], top: int, height: int, sheet: Sheet) -> list[Box]:
    width = sheet.width - 2 * sheet.margin - sheet.gutter * (len(aspects) - 1)
    left, boxes = sheet.margin, []
    for number, aspect in enumerate(aspects):
        last = number == len(aspects) - 1
        wide = sheet.width - sheet.margin - left if last else round(width * aspect / sum(aspects))
        boxes.append(Box(left, top, wide, height))
        left += wide + sheet.gutter
    if sheet.leftward:
        boxes = [Box(sheet.width - box.left - box.width, box.top, box.width, box.height) for box in boxes]
    return boxes


def _row_height(aspects: Sequence[float], sheet: Sheet) -> float:
    width = sheet.width - 2 * sheet.margin - sheet.gutter * (len(aspects) - 1)
    return width / sum(aspects)


def _best_rows(aspects: Sequence[float], sizes: Sequence[str], sheet: Sheet) -> list[tuple[int, int]]:
    """The division into rows under which the pictures have to be cropped least."""
    count = len(aspects)
    best: list[tuple[int, int]] = [(0, count)]
    lowest = math.inf
    for cuts in range(count):
        for places in combinations(range(1, count), cuts):
            rows = list(pairwise((0, *places, count)))
            cost = _cost(rows, aspects, sizes, sheet)
            if cost < lowest:
                best, lowest = rows, cost
    return best


def _cost(rows: list[tuple[int, int]], aspects: Sequence[float], sizes: Sequence[str], sheet: Sheet) -> float:
    heights = [_row_height(aspects[a:b], sheet) for a, b in rows]
    inner = sheet.height - 2 * sheet.margin - sheet.gutter * (len(rows) - 1)
    if inner <= 0:
        return math.inf
    stretched = inner / sum(heights)
    white = max(0.0, math.log(stretched / MOST_STRETCHED))
    cropping = abs(math.log(stretched)) - white / 2
    uneven = math.log(max(heights) / min(heights)) * 0.15
    alone = sum(b - a > 1 for a, b in rows for n in range(a, b) if _alone(sizes[n]))
    crowded = sum(max(0, b - a - 3) for a, b in rows)
    return cropping + uneven + 0.5 * alone + 0.3 * crowded


def _alone(size: str) -> bool:
    """Whether the script's word asks for a row of its own."""
    words = size.casefold()
    return any(word in words for word in ("wide", "splash", "full", "panorama", "establishing"))
