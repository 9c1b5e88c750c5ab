"""Who is let in, what is refused, and that nothing else happens then."""

import asyncio
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp.test_utils import make_mocked_request

from core import commands as cmd
from core.complaint import Complaint
from core.events import CommandReceived, Noticed, Record
from core.fold import fold
from core.link import endpoint, gate, protocol
from core.link.client import RemoteRun
from core.link.endpoint import Endpoint, LinkError, Listen, listen_at, of_folder, of_url
from core.link.protocol import Ask, Hello, Refused, to_run
from core.link.shelf import history
from core.link.wires import http_session
from core.store.folder import FOLDER
from tests.link.runs import served

HERE = Listen("127.0.0.1", 0)


def told(folder: Path) -> list[str]:
    """What the run's log says of the link."""
    return [
        r.event.text for r in journal(folder) if isinstance(r.event, Noticed) and "the link refused" in r.event.text
    ]


def asked(folder: Path) -> list[cmd.AnyCommand]:
    """What the engine was asked over the link."""
    events = [r.event for r in journal(folder) if isinstance(r.event, CommandReceived)]
    return [event.command for event in events if event.by == "link"]


def journal(folder: Path) -> list[Record]:
    return list(history(folder, 0))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def exchange(at: Endpoint, *sent: bytes | str) -> list[aiohttp.WSMessage]:
    """Say so over a WebSocket; returns everything heard until it is closed, or 0.5 s pass."""
    heard = []
    async with http_session(at) as http, http.ws_connect("/v1/link") as socket:
        for data in sent:
            with suppress(ConnectionError):  # closed before it had heard all
                await (socket.send_str(data) if isinstance(data, str) else socket.send_bytes(data))
        while True:
            try:
                message = await socket.receive(timeout=0.5)
            except TimeoutError:
                break
            heard.append(message)
            if message.type is not aiohttp.WSMsgType.BINARY:
                break
    return heard


def messages(heard: list[aiohttp.WSMessage]) -> list[Any]:
    return [protocol.from_run(m.data) for m in heard if m.type is aiohttp.WSMsgType.BINARY]


# --- files -----------------------------------------------------------------------------------------------


def test_the_socket_is_its_owners_alone_and_goes_with_the_run(tmp_path: Path) -> None:
    home = tmp_path / FOLDER
    with served(tmp_path, listen=HERE) as there:
        assert of_folder(tmp_path) == there.link.endpoint == Endpoint(socket=str(home / "link.sock"))
        assert mode(home / "link.sock") == 0o600 and mode(home / "link.token") == 0o600 and mode(home) == 0o700
        assert (home / "link.token").read_text().strip() == there.link.port_endpoint.token  # type: ignore[union-attr]
    assert of_folder(tmp_path) is None
    assert not [path.name for path in home.iterdir() if path.name.startswith("link")]


def test_a_killed_runs_socket_is_replaced(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(mode=0o700)
    endpoint.Door(tmp_path).socket.close()  # left behind, nobody listens
    with served(tmp_path):
        asyncio.run(_attach(tmp_path))


async def _attach(folder: Path) -> int:
    at = of_folder(folder)
    assert at is not None
    async with RemoteRun(at).watch() as watch:
        return len(watch.state.panels)


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = tmp_path / ("a-very-long-title-" * 6) / "novel"
    folder.mkdir(parents=True)
    with served(folder):
        at = of_folder(folder)
        assert at is not None and len(at.socket) <= 107
        assert mode(Path(at.socket)) == 0o600 and mode(Path(at.socket).parent) == 0o700
        assert mode(folder / FOLDER / "link.json") == 0o600
        asyncio.run(_attach(folder))
        Path(at.socket).parent.chmod(0o755)
        assert of_folder(folder) is None  # somebody else could have put it there
        Path(at.socket).parent.chmod(0o700)
    assert not Path(at.socket).parent.exists() and of_folder(folder) is None


# --- addresses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["0.0.0.0:8790", "[::]:8790", "192.168.1.5:8790", "box.example:8790"])
def test_an_open_port_must_be_meant(words: str) -> None:
    with pytest.raises(LinkError, match="other machines"):
        listen_at(words)
    assert listen_at(words, unencrypted=True).unencrypted
    assert listen_at(words, Path("cert.pem"), Path("key.pem")).cert == Path("cert.pem")


@pytest.mark.parametrize("words", ["127.0.0.1:0", "localhost:8790", "[::1]:8790", "127.8.8.8:1"])
def test_loopback_needs_no_more(words: str) -> None:
    assert listen_at(words).port == int(words.rpartition(":")[2])


@pytest.mark.parametrize("words", ["8790", ":8790", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:70000", ""])
def test_no_place_to_listen(words: str) -> None:
    with pytest.raises(LinkError, match="HOST:PORT"):
        listen_at(words)


@pytest.mark.parametrize("url", ["ftp://x:1", "http://", "http://u:p@x:1", "http://x:1/panels", "http://x:port"])
def test_no_address_of_a_run(url: str, tmp_path: Path) -> None:
    with pytest.raises(LinkError, match="address"):
        of_url(url, tmp_path / "token")


def test_a_taken_port_is_said_before_the_run_begins(tmp_path: Path) -> None:
    with served(tmp_path / "one", listen=HERE) as there:
        taken = Listen("127.0.0.1", int(there.link.port_endpoint.url.rpartition(":")[2]))  # type: ignore[union-attr]
        with pytest.raises(Complaint, match="cannot listen on"), served(tmp_path / "two", listen=taken):
            pytest.fail("it ran")
    assert of_folder(tmp_path / "two") is None


def test_any_bytes_may_come_as_a_token() -> None:
    assert gate.knows_token("Bearer s3cret", "s3cret") and gate.knows_token("bearer  s3cret ", "s3cret")
    for header in ("", "Bearer", "Bearer s3cre", "Basic s3cret", "Bearer \udce9\udcff", "Bearer \0"):
        assert not gate.knows_token(header, "s3cret")
    assert not gate.knows_token("Bearer ", "s3cret")
    assert not gate.knows_token("Bearer ", "") and not gate.knows_token("Bearer", "")  # there is no port, and no token


async def test_who_cannot_be_told_from_a_stranger_is_one(tmp_path: Path) -> None:
    """A connection that is gone before its request is looked at has no address any more."""
    with served(tmp_path) as there:
        for header in ({}, {"Authorization": "Bearer "}):
            request = make_mocked_request("POST", "/v1/command", headers=header)
            assert request.transport is not None
            request.transport.get_extra_info = lambda name, default=None: default  # type: ignore[method-assign]
            answer = await there.link._let_in(request, there.link._command)
            assert answer.status == 401
            request.protocol.transport = None
            answer = await there.link._let_in(request, there.link._command)
            assert answer.status == 401


# --- strangers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "wrong", "é"])
async def test_a_wrong_token_is_refused(token: str, tmp_path: Path) -> None:
    with served(tmp_path, listen=HERE) as there:
        at = there.link.port_endpoint
        assert at is not None
        for path in ("/v1/link", "/v1/poll?version=1", "/v1/snapshot", "/v1/picture", "/v1/history"):
            async with aiohttp.ClientSession(at.url) as http:
                headers = {"Authorization": f"Bearer {token}"} if token else {}
                async with http.get(path, headers=headers) as answer:
                    assert answer.status == 401, path
        with pytest.raises(LinkError, match="token"):
            async with RemoteRun(msgspec.structs.replace(at, token="guess")).watch():
                pytest.fail("let in")
        await asyncio.to_thread(there.end)
    assert told(tmp_path) == ["the link refused a request without the right token"]  # one line, not seven


async def test_a_web_page_is_refused_even_with_the_token(tmp_path: Path) -> None:
    with served(tmp_path, listen=HERE) as there:
        for at in (there.link.endpoint, there.link.port_endpoint):
            assert at is not None
            async with http_session(at) as http:
                with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                    await http.ws_connect("/v1/link", origin="http://evil.example")
                assert refused.value.status == 403
        await asyncio.to_thread(there.end)
    assert told(tmp_path) == ["the link refused a request from a web page"]


MALFORMED: dict[str, bytes | str] = {
    "text": "hello",
    "empty": b"",
    "not MessagePack": b"\x00\xc1",
    "torn": to_run(Hello(1))[:-3],
    "packed": b"\x01" + to_run(Hello(1)),
    "no such message": b"\x00" + msgspec.msgpack.encode({"is": "launch", "what": "missiles"}),
    "wrong types": b"\x00" + msgspec.msgpack.encode({"is": "hello", "version": "one"}),
    "nested for ever": b"\x00" + b"\x91" * 100_000,
    "no such command": b"\x00" + msgspec.msgpack.encode({"is": "ask", "id": "1", "command": {"type": "exec"}}),
    "no hello": to_run(Ask("1", cmd.Stop())),
    "oversized": to_run(Ask("1" * (protocol.MOST_ASKED + 1), cmd.Stop())),
}


@pytest.mark.parametrize("what", MALFORMED)
async def test_a_malformed_message_is_refused(what: str, tmp_path: Path) -> None:
    with served(tmp_path) as there:
        heard = await exchange(there.link.endpoint, MALFORMED[what])
        assert heard[-1].type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING)
        assert all(isinstance(message, Refused) for message in messages(heard))
        async with RemoteRun(there.link.endpoint).watch():  # others do not notice
            assert there.state.phase == "running"
        await asyncio.to_thread(there.end)
    assert len(told(tmp_path)) == 1 and asked(tmp_path) == []


async def test_malformed_after_hello(tmp_path: Path) -> None:
    with served(tmp_path) as there:
        heard = messages(await exchange(there.link.endpoint, to_run(Hello(1)), b"\x00rubbish"))
        assert isinstance(heard[0], protocol.Welcome) and isinstance(heard[-1], Refused)
        await asyncio.to_thread(there.end)
    assert len(told(tmp_path)) == 1


async def test_another_version_is_told_both(tmp_path: Path) -> None:
    with served(tmp_path) as there:
        (refused,) = messages(await exchange(there.link.endpoint, to_run(Hello(99))))
        assert "version 1" in refused.why and "version 99" in refused.why


async def test_oversized_and_malformed_over_http(tmp_path: Path) -> None:
    with served(tmp_path) as there:
        async with http_session(there.link.endpoint) as http:
            for body, status in (
                (b"x" * (protocol.MOST_ASKED + 10), 413),
                (b"\x00rubbish", 400),
                (to_run(Hello(1)), 400),
            ):
                async with http.post("/v1/command", data=body) as answer:
                    assert answer.status == status
            async with http.get("/v1/poll?version=1&after=x") as answer:
                assert answer.status == 400
            async with http.get("/etc/passwd") as answer:
                assert answer.status == 404
        await asyncio.to_thread(there.end)
    assert asked(tmp_path) == []


# --- commands --------------------------------------------------------------------------------------------

PATHS = [
    "../../etc/passwd", "/etc/passwd", "panels/ch01/ch01-p001.png", "..", ".novelgen", "a\\b", "a\0b", "\x1b[2J", "",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_a_path_in_a_command_is_refused(path: str, tmp_path: Path) -> None:
    made: list[cmd.AnyCommand] = [
        cmd.RejectPanels((path,)),
        cmd.MoveFirst(("ch01-p001", path)),
        cmd.ChooseTake(path, 0),
    ]
    with served(tmp_path) as there:
        remote = RemoteRun(there.link.endpoint)
        async with remote.watch():
            for command in made:
                reply = await remote.send(command)
                assert not reply.ok and reply.sentence.startswith("The run refused"), reply
            assert (await remote.send(cmd.SetTabs(3))).ok  # the link is still good
        await asyncio.to_thread(there.end)
    assert asked(tmp_path) == [cmd.SetTabs(3)]
    assert len(told(tmp_path)) == 1


def test_every_text_in_a_command_is_a_name_or_known_to_be_words() -> None:
    """A new command has to decide which of its texts may hold anything."""
    for kind in gate.COMMANDS:
        texts = [field for field in msgspec.structs.fields(kind) if "str" in str(field.type)]
        for field in texts:
            assert field.name in gate.WORDS | {"panel", "panels"}, f"{kind.__name__}.{field.name}"


async def test_what_concerns_only_the_runs_own_screen_is_refused(tmp_path: Path) -> None:
    with served(tmp_path) as there:
        remote = RemoteRun(there.link.endpoint)
        async with remote.watch():
            assert not (await remote.send(cmd.ReportTerminal("hung up"))).ok
            assert there.state.phase == "running"
    assert asked(tmp_path) == []


# --- pictures and the past -------------------------------------------------------------------------------


async def test_pictures_by_panel_never_by_path(tmp_path: Path) -> None:
    with served(tmp_path, panels=4, latency=0.01) as there:
        remote = RemoteRun(there.link.endpoint)
        async with remote.watch() as watch:
            state = watch.state
            async for batch in watch.batches:
                fold(batch, state)  # type: ignore[arg-type]
                if state.phase == "done":
                    break
            panel = state.panels["ch01-p002"]
            assert panel.take is not None
            on_disk = (tmp_path / panel.take.file).read_bytes()
            assert await remote.picture("ch01-p002") == on_disk == await remote.picture("ch01-p002", 0)
            for name, take in (("ch01-p002", 7), ("ch01-p002", -1), ("nobody", None), (panel.take.file, None)):
                assert await remote.picture(name, take) is None
            secret = tmp_path / "secret"
            secret.write_text("not a picture of ours")
            (tmp_path / panel.take.file).unlink()
            (tmp_path / panel.take.file).symlink_to("/etc/passwd")
            assert await remote.picture("ch01-p002") is None


async def test_the_past_comes_in_batches_and_folds_to_the_present(tmp_path: Path) -> None:
    with served(tmp_path, panels=600, latency=0.005, tabs=8) as there:
        remote = RemoteRun(there.link.endpoint)
        async with remote.watch() as watch:
            async for batch in watch.batches:
                fold(batch, watch.state)  # type: ignore[arg-type]
                if watch.state.phase == "done":
                    break
            records: list[Record] = []
            async with asyncio.timeout(30):
                while len(records) < watch.state.seq:  # the last ones may not be on disk yet
                    found = [list(batch) async for batch in remote.history()]
                    records = [record for batch in found for record in batch]
            assert len(found) > 1
            assert [record.seq for record in records] == list(range(1, len(records) + 1))
            assert fold(records).counts() == watch.state.counts()
            assert [r.seq async for batch in remote.history(len(records) - 3) for r in batch][:3] == [
                len(records) - 2, len(records) - 1, len(records),
            ]  # fmt: skip
