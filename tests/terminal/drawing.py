"""A terminal that draws: it answers what it is asked, keeps text and pictures cell by cell, and knows nothing else."""

import re
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

from PIL import Image

TOKEN = re.compile(
    rb"\x1b_G(?P<keys>[a-zA-Z0-9=,]*)(?:;(?P<data>[A-Za-z0-9+/=]*))?\x1b\\"
    rb'|\x1bP0;1;0q"1;1;(?P<width>\d+);(?P<height>\d+)(?P<sixels>[#;0-9!$?-~-]*)\x1b\\'
    rb"|\x1b\](?:2|22|9;4);[^\x00-\x1f\x7f]*\x07"
    rb"|\x1b\[(?P<codes>[?>=<\d;$]*)(?P<final>[A-Za-z])|\x1b\[\?\d+\$p|(?P<saved>\x1b[78])"
    rb"|(?P<text>[^\x00-\x1f\x7f]+)|(?P<move>[\r\n\x07])"
)
CELL = (10, 20)


class Drawing:
    """``answer`` sends bytes back to the program. ``kitty`` and ``sixel``: what it can draw."""

    def __init__(self, answer: Callable[[str], None], *, kitty: bool = False, sixel: bool = False) -> None:
        self._answer, self.kitty, self.sixel = answer, kitty, sixel
        self.memory: dict[int, Image.Image] = {}
        self.placed: dict[tuple[int, int], tuple[int, int, int, int]] = {}  # (id, nth) -> x, y, columns, rows
        self.painted: dict[tuple[int, int], tuple[int, int, int]] = {}  # Sixel: cell -> its colour
        self.written: dict[tuple[int, int], str] = {}
        self.asked = 0
        self._rest, self._sending = b"", (0, b"")
        self.x = self.y = 0
        self._kept = (0, 0)

    def feed(self, data: bytes) -> None:
        data, at = self._rest + data, 0
        while at < len(data):
            found = TOKEN.match(data, at)
            if found is None or (found.end() == len(data) and found["text"] and _is_torn(found["text"])):
                break
            self._obey(found)
            at = found.end()
        self._rest = data[at:]
        whole = self._rest and b"\x1b" in self._rest[1:-1] and not self._rest.startswith((b"\x1b_G", b"\x1bP"))
        assert not whole, f"not to be said to a terminal: {self._rest[:80]!r}"

    def _obey(self, found: re.Match[bytes]) -> None:
        if found["keys"] is not None:
            self._graphics(dict(part.split("=") for part in found["keys"].decode().split(",")), found["data"] or b"")
        elif found["sixels"] is not None:
            self._draw(int(found["width"]), int(found["height"]), found["sixels"].decode())
        elif found["final"]:
            self._control(found["codes"].decode(), found["final"].decode())
        elif found["saved"] == b"\x1b7":
            self._kept = (self.x, self.y)
        elif found["saved"]:
            self.x, self.y = self._kept
        elif found["text"]:
            for character in found["text"].decode():
                self.painted.pop((self.x, self.y), None)
                self.written[self.x, self.y] = character
                self.x += 1
        elif found["move"] == b"\r":
            self.x = 0
        elif found["move"] == b"\n":
            self.y += 1

    def _control(self, codes: str, final: str) -> None:
        if final == "H":
            y, _, x = codes.partition(";")
            self.x, self.y = int(x or 1) - 1, int(y or 1) - 1
        elif final == "C":
            self.x += int(codes or 1)
        elif (codes, final) == ("16", "t"):
            self._answer(f"\x1b[6;{CELL[1]};{CELL[0]}t")
        elif (codes, final) == ("", "c"):
            self.asked += 1
            self._answer("\x1b[?62;4;22c" if self.sixel else "\x1b[?62;22c")

    # --- Kitty ---

    def _graphics(self, keys: dict[str, str], data: bytes) -> None:
        if keys.get("a") == "q":
            if self.kitty:
                self._answer(f"\x1b_Gi={keys['i']};OK\x1b\\")
            return
        id, so_far = self._sending
        if id:  # nothing else may come in between
            assert set(keys) <= {"m", "q"}, f"{keys} within a picture"
            self._take(id, so_far + data, keys.get("m") == "1")
        elif keys.get("a") == "t":
            self._take(int(keys["i"]), data, keys.get("m") == "1")
        elif keys.get("a") == "p":
            assert int(keys["i"]) in self.memory
            self.placed[int(keys["i"]), int(keys["p"])] = (self.x, self.y, int(keys["c"]), int(keys["r"]))
        elif keys.get("a") == "d" and keys["d"] == "A":
            self.memory, self.placed = {}, {}
        elif keys.get("a") == "d":
            id = int(keys["i"])
            gone = [at for at in self.placed if at[0] == id and keys.get("p", str(at[1])) == str(at[1])]
            for at in gone:
                del self.placed[at]
            if keys["d"] == "I":
                self.memory.pop(id, None)
        else:
            assert keys == {"m": "0", "q": "2"}, keys

    def _take(self, id: int, data: bytes, more: bool) -> None:
        self._sending = (id, data) if more else (0, b"")
        if not more:
            with suppress(OSError, ValueError):  # broken off: a terminal throws it away
                self.memory[id] = Image.open(BytesIO(b64decode(data, validate=True))).convert("RGB")

    # --- Sixel ---

    def _draw(self, width: int, height: int, said: str) -> None:
        colours: dict[int, tuple[int, int, int]] = {}
        image, x, y, pen = Image.new("RGB", (width, height)), 0, 0, (0, 0, 0)
        for found in re.finditer(r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)(.)|([$-])|([?-~])", said):
            number, red, green, blue, chosen, times, repeated, move, one = found.groups()
            if number:
                colours[int(number)] = tuple(round(int(part) * 2.55) for part in (red, green, blue))  # type: ignore
            elif chosen:
                pen = colours[int(chosen)]
            elif move:
                x, y = 0, y + (6 if move == "-" else 0)
            else:
                bits, run = ord(repeated or one) - 63, int(times or 1)
                for row in range(6):
                    if bits >> row & 1 and y + row < height:
                        image.paste(pen, (x, y + row, x + run, y + row + 1))
                x += run
        for row in range(-(-height // CELL[1])):
            for column in range(-(-width // CELL[0])):
                middle = (min(width - 1, column * CELL[0] + 5), min(height - 1, row * CELL[1] + 10))
                self.painted[self.x + column, self.y + row] = image.getpixel(middle)  # type: ignore[assignment]


def _is_torn(text: bytes) -> bool:
    """Whether it ends within a character."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return True
    return False
