"""What the threat notes promise of files and pictures: nobody else reads them, and any bytes may come as a picture."""

import io
import os
import stat
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from core.pictures import MAX_PIXELS, PictureBroken, inspect
from core.state import PanelStatus, RunState
from tests.link.runs import served
from tests.terminal.terminals import until


@pytest.fixture
def lax_umask() -> Iterator[None]:
    """As on a machine where everybody may read everything by default."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_what_a_run_writes_is_its_owners_alone_whatever_the_umask(lax_umask: None, tmp_path: Path) -> None:
    with served(tmp_path, panels=12, latency=0.0) as there:
        until(lambda: finished(there.state) == 12, "twelve pictures")
        nobody_else_may_open(set(tmp_path.rglob("*")))
        there.end()
    written = set(tmp_path.rglob("*"))
    assert len([path for path in written if path.suffix == ".png"]) == 12
    assert {"journal.jsonl", "checkpoint.json", "lock"} <= {path.name for path in written}
    nobody_else_may_open(written)


def finished(state: RunState) -> int:
    return sum(panel.status is PanelStatus.FINISHED for panel in list(state.panels.values()))


def nobody_else_may_open(paths: set[Path]) -> None:
    """Whatever their group or the world."""
    found = {}
    for path in paths:
        try:
            mode = stat.S_IMODE(path.lstat().st_mode)
        except FileNotFoundError:
            continue  # a part that has got its name meanwhile
        if mode & 0o077:
            found[path.name] = oct(mode)
    assert found == {}


def png(width: int, height: int) -> bytes:
    """A picture that says it is so large, in a few bytes."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 1000)),
        (b"IEND", b""),
    ]
    made = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("width", "height"), [(12_000, 10_001), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_would_fill_the_memory_is_refused_unread(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert width * height > MAX_PIXELS

    def decoded(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decoded)
    with pytest.raises(PictureBroken):
        inspect(png(width, height))


@pytest.mark.parametrize("format", ["BMP", "TIFF", "ICO"])
def test_formats_no_book_can_use_are_refused(format: str) -> None:
    data = io.BytesIO()
    Image.new("RGB", (64, 64)).save(data, format)
    with pytest.raises(PictureBroken):
        inspect(data.getvalue())


@pytest.mark.parametrize(
    "data", [b"", b"<svg onload='x()'/>", b"GIF89a" + b"\0" * 50, b"\x89PNG\r\n\x1a\n" * 9, png(8, 8)[:-12]]
)
def test_what_is_no_whole_picture_is_refused(data: bytes) -> None:
    with pytest.raises(PictureBroken):
        inspect(data)
