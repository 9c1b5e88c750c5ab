"""The link is asyncio's: aiohttp knows no other loop."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
