"""Pictures as files: painted when asked for, kept only for a moment, painted again when asked again."""

import asyncio
import io
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from PIL import Image, ImageFilter

from core.easel.ledger import Entry, Ledger
from core.easel.painter import encode, paint

#: Bytes of finished pictures kept: a page asks twice within moments (the <img> and the app), seldom later.
KEPT_BYTES = 24_000_000
#: A second painter would only fight the server's loop for the interpreter.
PAINTERS = 1
#: Apart from every take a person could ask for: the second picture of a choice.
SECOND_PICTURE = 1_000
PREVIEW_EDGE = 160


class Pictures:
    """Paints the ledger's pictures in a thread of its own."""

    def __init__(self, ledger: Ledger, seed: int, size: int) -> None:
        self._ledger, self._seed, self._size = ledger, seed, size
        self._painter = ThreadPoolExecutor(PAINTERS, "easel-painter")
        self._kept: OrderedDict[tuple[str, bool], bytes] = OrderedDict()
        self._wanted: dict[tuple[str, bool], asyncio.Future[bytes]] = {}

    async def png(self, file: str, *, preview: bool = False) -> bytes | None:
        """The PNG of a picture (or its small blurred preview); None for an id nobody drew."""
        entry = self._source(file)
        if entry is None:
            return None
        key = (entry.same_as or file, preview)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._wanted:
            self._wanted[key] = asyncio.ensure_future(self._paint(key))
        # Shielded: the others who wait for the same picture must not lose it when one of them goes away.
        return await asyncio.shield(self._wanted[key])

    def close(self) -> None:
        """Stop painting; what is being painted is finished first."""
        self._painter.shutdown(wait=True, cancel_futures=True)

    async def _paint(self, key: tuple[str, bool]) -> bytes:
        try:
            file, preview = key
            entry = self._source(file)
            assert entry is not None, "same_as names a picture of this ledger"
            take = entry.take + SECOND_PICTURE * entry.files.index(file)
            work = partial(_work, entry.prompt, self._seed, take, self._size, "blank" in entry.faults, preview)
            data = await asyncio.get_running_loop().run_in_executor(self._painter, work)
            self._kept[key] = data
            while sum(map(len, self._kept.values())) > KEPT_BYTES:
                self._kept.popitem(last=False)
            return data
        finally:
            del self._wanted[key]

    def _source(self, file: str) -> Entry | None:
        return self._ledger.by_file(file)


def _work(prompt: str, seed: int, take: int, size: int, blank: bool, preview: bool) -> bytes:
    if blank:
        return encode(Image.new("RGB", (size, size), (246, 244, 238)))
    picture = paint(prompt, seed, take, size)
    if preview:
        picture.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
        picture = picture.filter(ImageFilter.GaussianBlur(4))
    return encode(picture)


def small_copy(upload: bytes) -> bytes:
    """A reference as it is kept: a JPEG of at most 256 pixels an edge. ValueError where it is no picture."""
    try:
        with Image.open(io.BytesIO(upload)) as picture:
            picture.thumbnail((256, 256))
            out = io.BytesIO()
            picture.convert("RGB").save(out, "JPEG", quality=80)
            return out.getvalue()
    except (OSError, SyntaxError, Image.DecompressionBombError) as e:
        raise ValueError("this file is not a picture") from e
