"""The border between data and screen: no control byte of a script, a page or a file name gets past it."""

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def plain(text: str) -> str:
    """``text`` on one line, with every control, bidi, zero-width and surrogate character made visible."""
    return _UNSAFE.sub(lambda found: _visible(found[0]), text)


def _visible(character: str) -> str:
    code = ord(character)
    if character in "\n\r\t":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)  # the symbol for it: ␛ for escape
    return "␡" if code == 0x7F else "�"
