"""The border between data and screen: nothing a script, a page or a file name says can steer the terminal.

Every widget draws through ``tui.line`` and every command prints through ``tui.printed``, which call ``plain``; a
test reads all code of this room and finds what goes round them.
"""

import re

LONGEST_PASTE = 20_000
"""Letters; more is no prompt, and would freeze the keys."""

_UNSAFE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"  # zero width, line ends, bidi
    "\ufe00-\ufe0f\ufff0-\ufffb\ufffe\uffff"  # variation selectors, interlinear marks, non-characters
    "\ud800-\udfff"  # lone surrogates cannot be encoded
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private use: drawn as whatever the font likes
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # musical controls, tags
    "]"
)
_STEERING = re.compile(f"(?![\u00ad\u200c\u200d\ufe00-\ufe0f]){_UNSAFE.pattern}")
_STACKED = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{2})"
                      "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip


def plain(text: str) -> str:
    """``text`` on one line, every character that is not a plain printable one replaced by a visible symbol.

    Line ends and tabs become blanks; accents stacked on one letter are cut to two. Never raises, and the
    result can be encoded.
    """
    return _STACKED.sub(r"\1", _UNSAFE.sub(_visible, text))


def plain_lines(text: str) -> str:
    """``text`` with its line ends, each line made ``plain``."""
    return "\n".join(plain(line) for line in text.splitlines())


def typed(text: str) -> str:
    """``text`` as a person may mean it, on one line: joiners of letters and signs stay, what steers becomes visible."""
    return _STEERING.sub(_visible, text)


def typed_lines(text: str) -> str:
    """``text`` with its line ends, each line made ``typed``."""
    return "\n".join(typed(line) for line in text.splitlines())


def pasted(text: str, *, keep: bool) -> str:
    """What comes of a paste, cut to ``LONGEST_PASTE``. ``keep``: as its writer means it, where it is drawn plain."""
    lines = (text[:LONGEST_PASTE].expandtabs(4)).splitlines()
    return "\n".join(typed(line) if keep else plain(line) for line in lines)


def drawn(text: str) -> str:
    """``text`` as it is drawn where a cursor moves in it: plain, and one character for each."""
    return _UNSAFE.sub(lambda found: _visible(found) or "�", text)


def escaped(json: str) -> str:
    """``json`` with the same meaning, every character that is not plain written as \\uXXXX; its line ends stay."""
    return _UNSAFE.sub(lambda found: found[0] if found[0] == "\n" else _units(found[0]), json)


def _units(character: str) -> str:
    code = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{code[n : n + 4]}" for n in range(0, len(code), 4))


def _visible(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    if character in "\n\r\t\u2028\u2029":
        return " "
    if 0xFE00 <= code <= 0xFE0F or code == 0xAD:
        return ""  # these only choose how a neighbour is drawn or broken
    if code < 0x20:
        return chr(0x2400 + code)  # the symbol for it: ␛ for escape
    return "␡" if code == 0x7F else "�"
