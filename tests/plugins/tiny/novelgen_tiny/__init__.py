"""A processor that paints one colour a panel, and post-processors: one that works, one that fails."""

import hashlib
import io

from PIL import Image

from core.processors.base import Drawing, Pulse, Usage
from core.processors.post import Processed


def make(context):
    """Entry point ``tiny``; ``[processor.options] edge`` is the picture's edge in pixels."""
    return Painter(int(context.options.get("edge", 64)))


class Painter:
    def __init__(self, edge):
        self.edge = edge

    async def __aenter__(self):
        return self

    async def __aexit__(self, *reason):
        return None

    async def open_worker(self):
        return Brush(self.edge)

    async def usage(self, workers):
        return Usage(0)


class Brush:
    endpoint = "here"

    def __init__(self, edge):
        self.edge = edge

    async def draw(self, job, progress):
        await progress.sent("")
        out = io.BytesIO()
        colour = tuple(hashlib.sha256(job.prompt.encode()).digest()[:3])
        Image.new("RGB", (self.edge, self.edge), colour).save(out, "PNG")
        return Drawing((out.getvalue(),))

    async def harvest(self, job):
        raise AssertionError("nothing to harvest: nothing outlives a process")

    async def pulse(self):
        return Pulse(0.0)

    async def close(self):
        pass


def size(picture):
    """A text file beside each picture that says how large it is."""
    with Image.open(io.BytesIO(picture.data)) as image:
        return Processed(".txt", f"{picture.panel} {image.width}x{image.height}".encode())


def fails(picture):
    raise RuntimeError("no ink")
