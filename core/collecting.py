"""Python's garbage collector, put aside while very many small objects are made.

It looks through everything again and again though nothing can be garbage yet: reading 100,000 panels took it up to
six times as long as the reading itself.
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
