"""Strangers at the port who say little, or are many; and links where a socket should be."""

import asyncio
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.link import crowd, shelf
from core.link.client import RemoteRun
from core.link.endpoint import Listen, of_folder
from core.link.wires import http_session
from core.store.folder import FOLDER
from tests.link.runs import Served, served

HERE = Listen("127.0.0.1", 0)


def port_of(there: Served) -> int:
    at = there.link.port_endpoint
    assert at is not None
    port = urlsplit(at.url).port
    assert port is not None
    return port


async def closed(reader: asyncio.StreamReader) -> bool:
    """True once the other end lets go, whatever it says before."""
    with suppress(ConnectionError):
        async with asyncio.timeout(20):
            await reader.read()
    return True


@pytest.mark.parametrize("said", [b"", b"GET /v1/link HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"\x16\x03\x01"])
async def test_who_brings_no_whole_request_is_let_go_of(
    said: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "PATIENCE", 0.3)
    with served(tmp_path, listen=HERE) as there:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(there))
        writer.write(said)
        assert there.link.port_endpoint is not None
        async with RemoteRun(there.link.port_endpoint).watch() as watch:
            assert await closed(reader)
            assert await asyncio.wait_for(anext(watch.batches), 20)  # who has spoken once may be silent longer
        writer.close()


async def test_a_crowd_is_no_larger_than_it_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "MOST_CONNECTIONS", 20)
    with served(tmp_path, listen=HERE) as there:
        assert there.link.port_endpoint is not None
        async with RemoteRun(there.link.port_endpoint).watch() as watch:
            lines = [await asyncio.open_connection("127.0.0.1", port_of(there)) for _ in range(60)]
            ends = [asyncio.create_task(closed(reader)) for reader, _ in lines]
            done, waiting = set[object](), set(ends)
            while len(done) < 41:
                more, waiting = await asyncio.wait(waiting, timeout=20, return_when=asyncio.FIRST_COMPLETED)
                assert more
                done |= more
            assert await asyncio.wait_for(anext(watch.batches), 20)  # who was here before does not notice
            async with RemoteRun(there.link.endpoint).watch():  # nor who comes by the socket
                assert there.state.phase in ("running", "done")
            for task in waiting:
                task.cancel()
            for _, writer in lines:
                writer.close()


async def test_a_page_of_the_past_is_no_longer_than_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0
    whole = shelf.history

    def counted(folder: Path, after: int) -> object:
        nonlocal read
        for record in whole(folder, after):
            read += 1
            yield record

    monkeypatch.setattr(shelf, "history", counted)
    with served(tmp_path, panels=600, latency=0.0, tabs=8) as there:
        remote = RemoteRun(there.link.endpoint)
        async with remote.watch() as watch, http_session(there.link.endpoint) as http:
            while watch.state.seq < 2100:
                batch = await asyncio.wait_for(anext(watch.batches), 20)
                watch.state.seq = batch[-1].seq  # type: ignore[index]
            from core.link.protocol import Records, from_run

            for wanted, got in (("limit=7", 7), ("limit=0", None), ("limit=999999", 2000), ("limit=-3", 1)):
                read = 0
                async with http.get(f"/v1/history?after=10&{wanted}") as answer:
                    message = from_run(await answer.read())
                assert isinstance(message, Records) and message.records[0].seq == 11
                if got is not None:
                    assert len(message.records) == got and read <= got + 1
            monkeypatch.setattr(shelf, "PAGE_BYTES", 3000)
            async with http.get("/v1/history?after=10") as answer:
                message = from_run(await answer.read())
            assert isinstance(message, Records) and 1 < len(message.records) < 50
            seen = [record.seq async for batch in remote.history() for record in batch]
            assert seen == list(range(1, len(seen) + 1)) and len(seen) > 2000


def test_a_link_in_the_sockets_place_is_not_followed(tmp_path: Path) -> None:
    with served(tmp_path / "one") as there:
        home = tmp_path / "two" / FOLDER
        home.mkdir(parents=True, mode=0o700)
        (home / "link.sock").symlink_to(there.link.endpoint.socket)
        assert of_folder(tmp_path / "two") is None
        with served(tmp_path / "two") as other:  # a run takes the place for its own
            assert not (home / "link.sock").is_symlink()
            assert of_folder(tmp_path / "two") == other.link.endpoint
        assert of_folder(tmp_path / "one") == there.link.endpoint
