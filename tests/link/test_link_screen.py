"""The cockpit on a run elsewhere: what it shows comes over the link, pictures too."""

import asyncio
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from core.link.client import RemoteRun
from core.link.endpoint import Endpoint, LinkError, Listen
from core.link.port import RunPort
from tests.link.proxy import BadLine
from tests.link.runs import served
from tests.link.test_link_chaos import line_to, through
from tui.app import CockpitApp
from tui.options import ScreenOptions
from tui.widgets.header import LOST

HERE = Listen("127.0.0.1", 0)


def cockpit(run: RunPort) -> CockpitApp:
    async def opened() -> RunPort:
        return run

    return CockpitApp(opened, options=replace(ScreenOptions(), attached=True, folder=None))


async def until(holds: object, patience: float = 20.0) -> None:
    """Wait for the screen, which tells nobody when it is painted."""
    async with asyncio.timeout(patience):
        while not holds():  # type: ignore[operator]  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_pictures_come_over_the_link_where_no_files_are(tmp_path: Path) -> None:
    with served(tmp_path, panels=4, latency=0.01) as there:
        app = cockpit(RemoteRun(there.link.endpoint))
        async with app.run_test(size=(100, 30)):
            await until(lambda: app.view.stage == "live" and app.view.finished == 4)
            take = app.view.state.panels["ch01-p002"].take
            assert take is not None and app.view.pictures is not None and app.view.pictures.here
            await until(lambda: app.view.pictures.get(take.file, 8, 4))  # type: ignore[union-attr]
            made = app.view.pictures.get(take.file, 8, 4)
            assert made is not None and made.rows and not made.sentence
            await until(lambda: app.view.pictures.get("panels/../../etc/passwd", 8, 4))  # type: ignore[union-attr]
            assert app.view.pictures.get("panels/../../etc/passwd", 8, 4).sentence  # type: ignore[union-attr]


async def test_a_lost_link_is_on_the_screen_until_it_is_back(tmp_path: Path) -> None:
    with served(tmp_path, panels=500, listen=HERE, beat=0.3) as there:
        line: BadLine
        async with line_to(there) as line:
            app = cockpit(through(line, there))

            def header() -> str:
                strips = app.main.query_one("#header")._strips  # type: ignore[attr-defined]
                return "".join(segment.text for strip in strips for segment in strip)

            async with app.run_test(size=(100, 30)):
                await until(lambda: "attached" in header())
                line.stalled = True
                await until(lambda: LOST in header())
                line.stalled = False
                line.cut()
                await until(lambda: LOST not in header() and "attached" in header())


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
async def test_a_port_with_tls_is_reached_by_its_certificate_alone(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    await asyncio.to_thread(
        subprocess.run,
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    with served(tmp_path / "novel", listen=Listen("127.0.0.1", 0, cert, key)) as there:
        at = there.link.port_endpoint
        assert at is not None and at.url.startswith("https://")
        async with RemoteRun(msgspec.structs.replace(at, ca=str(cert))).watch() as watch:
            assert watch.state.title == "The Speckled Band"
        with pytest.raises(LinkError):
            async with RemoteRun(at).watch():
                pytest.fail("a certificate nobody vouches for was taken")
        with pytest.raises(LinkError):
            async with RemoteRun(Endpoint(url=at.url.replace("https", "http"), token=at.token)).watch():
                pytest.fail("spoken without TLS")
