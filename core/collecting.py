"""Python's garbage collector, put aside while very many small objects are made.

It looks through everything again and again though nothing can be garbage yet: reading 100,000 panels took it up to
six times as long as the reading itself, and of the time to the first frame it took a sixth.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collecting() -> Iterator[None]:
    """No automatic collection inside the block (in any thread); as it was before afterwards."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def put_aside() -> None:
    """No automatic collection until ``take_up``: a program is being loaded."""
    gc.disable()


def take_up() -> None:
    """Collect from now on. What is there by now is there for good and is not looked through again."""
    gc.freeze()
    gc.enable()
