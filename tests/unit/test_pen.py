"""Colours as a terminal of sixteen, or of none, is told them."""

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from tui.terminal.pen import pen_of, sixteen
from tui.themes import Palette, load_themes

THEMES, _ = load_themes()


@pytest.mark.parametrize(
    ("colour", "number"),
    [("#79c99e", 10), ("#7cb7ff", 12), ("#e3b563", 11), ("#f2716f", 9), ("#c795f0", 13), ("#14161b", 0),
     ("#f2f4f7", 15), ("#858c99", 7), ("#3b414c", 8)],
)  # fmt: skip
def test_a_pale_colour_keeps_its_hue(colour: str, number: int) -> None:
    assert sixteen(Color.parse(colour)).number == number


@pytest.mark.parametrize("colours", [ColorSystem.STANDARD, None], ids=["16", "none"])
@pytest.mark.parametrize("theme", THEMES)
def test_no_style_of_any_theme_is_unreadable(theme: str, colours: ColorSystem | None) -> None:
    """Words never have the colour of what is behind them."""
    palette = Palette(THEMES[theme])
    words = {name: style for name, style in palette._styles.items() if name not in ("background", "surface", "marked")}
    for name, style in words.items():
        pen = pen_of(style, colours)
        before, behind = pen.foreground, pen.background
        seen = {"97": "107", "37": "47", "90": "100", "30": "40"}.get(before, before)
        assert (before or behind) == "" or seen != behind, name
        assert not {before, behind} <= {"97", "107", "37", "47"}, f"{name}: white on white"


def test_without_colours_what_is_lighter_behind_is_reversed() -> None:
    assert pen_of(Style.parse("bold #000000 on #ffffff"), None) == ("1;7", "", "", True)
    assert pen_of(Style.parse("#ffffff on #000000"), None) == ("", "", "", False)
    assert pen_of(Style.parse("#444444 on #000000"), None) == ("2", "", "", False)
