"""Numbers as scripts write them: ``3``, ``003``, ``three``, ``Twenty-One``, ``IV``, ``drei``, ``十二``, ``٣``."""

import re

from core.scripts.vocabulary import NUMBERS

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
_WORDS |= {f"{tens}-{one}": _WORDS[tens] + number for tens in _TENS for number, one in enumerate(_ONES[:10]) if number}
_HAN = re.compile(r"([一二三四五六七八九])?十([一二三四五六七八九])?")
_ROMAN = re.compile(r"(?=[ivxl])(xl|l?x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50}


def number_of(word: str) -> int | None:
    """The whole number ``word`` stands for (at most nine digits), or None."""
    if word.isdecimal():
        return int(word) if len(word) <= 9 else None
    word = word.casefold()
    known = _WORDS.get(word, NUMBERS.get(word))
    if known is not None:
        return known
    if found := _HAN.fullmatch(word):
        return 10 * NUMBERS.get(found[1], 1) + NUMBERS.get(found[2], 0)
    return _roman(word) if _ROMAN.fullmatch(word) else None


def _roman(word: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in word]
    return sum(
        -value if any(later > value for later in values[i + 1 : i + 2]) else value for i, value in enumerate(values)
    )
