"""What happens to a finished picture afterwards: post-processors, ours and other packages'.

A post-processor is a function (entry point ``novelgen.postprocessors``) from a picture's bytes and its panel to a
new file's, or to None where it only had something to do (an upload). Its result lies in ``processed/<name>/``
of the project; the picture as it came is never touched.
"""

import io
from collections.abc import Callable

import msgspec
from PIL import Image

from core.processors.registry import find

POSTPROCESSORS = "novelgen.postprocessors"


class Picture(msgspec.Struct, frozen=True):
    """A finished panel's chosen take."""

    panel: str
    text: str
    caption: str
    data: bytes


class Processed(msgspec.Struct, frozen=True):
    """A new file: ``suffix`` with its dot."""

    suffix: str
    data: bytes


PostProcessor = Callable[[Picture], Processed | None]
"""Called in a thread, or in a process of its own where it has an attribute ``in_process`` that is true. Whatever it
raises is told, and the run goes on."""


def find_postprocessor(name: str) -> PostProcessor:
    """The post-processor ``name``. Raises PluginError."""
    found: PostProcessor = find(POSTPROCESSORS, name, "post-processor")
    return found


def webp(picture: Picture) -> Processed:
    """A WebP copy for the web, a tenth of the size."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture.data)) as image:
        image.convert("RGB").save(out, "WEBP", quality=85, method=4)
    return Processed(".webp", out.getvalue())
