"""The site over real HTTP: drawing, reloading, restarting, signing in, uploads, the ledger."""

import asyncio
import io
import json
import socket
import threading
from pathlib import Path

import anyio
import pytest
from PIL import Image

from core.easel import Easel, EaselError, EaselOptions, EaselThread
from tests.unit.easel_visitor import Visitor

pytestmark = pytest.mark.anyio

QUICK = {"latency": 0.0, "sigma": 0.0, "size": 96}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def quick(**more: object) -> EaselOptions:
    return EaselOptions(**{**QUICK, **more})  # type: ignore[arg-type]


async def test_a_prompt_becomes_a_picture_and_the_ledger_says_so() -> None:
    async with Easel(quick()) as easel, Visitor(easel.url) as visitor:
        turn = await visitor.drawn("Mina at the window")
        status, data = await visitor.fetch(turn["pictures"][0])
        assert status == 200
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.size == (96, 96)
        [entry] = easel.ledger.entries
        assert (entry.prompt, entry.outcome, entry.deliveries) == ("Mina at the window", "ok", 1)
        assert entry.asked <= (entry.ready or 0) <= (entry.delivered or 0)
        async with visitor.http.get("/ledger.json") as answer:
            assert [e["turn"] for e in (await answer.json())["entries"]] == [entry.turn]


async def test_twenty_four_prompts_are_twenty_four_pictures_each_once() -> None:
    async with Easel(quick()) as easel:

        async def draw(n: int) -> bytes:
            async with Visitor(easel.url) as visitor:
                turn = await visitor.drawn(f"panel {n}")
                return (await visitor.fetch(turn["pictures"][0]))[1]

        pictures = await asyncio.gather(*(draw(n) for n in range(24)))
        assert len(set(pictures)) == 24
        assert sorted(e.prompt for e in easel.ledger.accepted) == sorted(f"panel {n}" for n in range(24))


async def test_the_same_words_again_are_another_take() -> None:
    async with Easel(quick()) as easel, Visitor(easel.url) as visitor:
        first, second = [await visitor.drawn("the same words") for _ in range(2)]
        assert [e.take for e in easel.ledger.entries] == [0, 1]
        one, other = [(await visitor.fetch(t["pictures"][0]))[1] for t in (first, second)]
        assert one != other
        assert (await visitor.fetch(first["pictures"][0]))[1] == one, "asked again it is painted again, the same"


async def test_drawing_takes_its_time_and_one_conversation_draws_one_at_a_time() -> None:
    async with Easel(quick(latency=0.3)) as easel, Visitor(easel.url) as visitor:
        _, answer = await visitor.send("slow")
        conversation = answer["turn"]["conversation"]
        assert await visitor.send("too soon", conversation) == (409, {"status": "busy"})
        await visitor.finished(conversation)
        slow, busy = easel.ledger.entries
        assert 0.3 <= (slow.ready or 0) - slow.asked < 2
        assert (busy.outcome, busy.accepted) == ("busy", False)


async def test_stop_really_stops() -> None:
    async with Easel(quick(latency=60)) as easel, Visitor(easel.url) as visitor:
        _, answer = await visitor.send("never mind")
        turn = answer["turn"]
        await visitor.watch(turn["conversation"])
        async with visitor.http.post("/backend/stop", json={"turn": turn["id"]}) as stopped:
            assert stopped.status == 200
        told = (await visitor.hear("turn"))["turn"]
        assert told["done"]
        assert easel.ledger.entries[0].outcome == "stopped"
        status, answer = await visitor.send("another", turn["conversation"])
        assert (status, answer["status"]) == (200, "accepted")


async def test_the_picture_comes_although_the_page_has_gone() -> None:
    async with Easel(quick(latency=0.2)) as easel:
        async with Visitor(easel.url) as visitor:
            _, answer = await visitor.send("left alone")
        async with Visitor(easel.url) as later:
            turn = await later.finished(answer["turn"]["conversation"])
            assert (await later.fetch(turn["pictures"][0]))[0] == 200


async def test_a_restart_keeps_conversations_and_finishes_what_was_under_way(tmp_path: Path) -> None:
    options = quick(latency=0.4, state=tmp_path)
    async with Easel(options) as easel, Visitor(easel.url) as visitor:
        done = await visitor.drawn("before")
        before = (await visitor.fetch(done["pictures"][0]))[1]
        _, under_way = await visitor.send("under way", done["conversation"])
    async with Easel(options) as easel, Visitor(easel.url) as visitor:
        await visitor.finished(done["conversation"])
        told = await visitor.watch(done["conversation"])
        assert [t["prompt"] for t in told["turns"]] == ["before", "under way"]
        assert (await visitor.fetch(told["turns"][0]["pictures"][0]))[1] == before
        assert easel.ledger.by_turn(under_way["turn"]["id"]).outcome == "ok"  # type: ignore[union-attr]
        assert [e.number for e in easel.ledger.entries] == [1, 2]


async def test_a_page_signed_in_before_a_restart_is_signed_in_after_it() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with Easel(quick(port=port)) as easel:
        visitor = await Visitor(easel.url).__aenter__()
    async with Easel(quick(port=port)) as easel:
        status, answer = await visitor.send("still me")
        assert (status, answer["status"]) == (200, "accepted")
        await visitor.__aexit__(None, None, None)


async def test_pictures_need_the_session_and_a_fresh_signature() -> None:
    async with Easel(quick(faults="signseconds=300")) as easel, Visitor(easel.url) as visitor:
        address = (await visitor.drawn("private"))["pictures"][0]
        assert address.startswith("/content?id=file_")
        assert "&sig=" in address
        for wrong in (address[:-1] + ("0" if address[-1] != "0" else "1"), address.split("&")[0]):
            assert (await visitor.fetch(wrong))[0] == 403
        visitor.http.cookie_jar.clear()
        assert (await visitor.fetch(address))[0] == 401


async def test_an_ended_session_goes_to_log_in_and_back() -> None:
    async with Easel(quick()) as easel, Visitor(easel.url) as visitor:
        assert await visitor.pull("signout") == 200
        message = await visitor.socket.receive(timeout=5)
        assert message.data == 4401
        assert (await visitor.send("signed out"))[0] == 401
        async with visitor.http.get("/") as page:
            assert page.url.path == "/auth/login"
            assert "Log in" in await page.text()
        async with visitor.http.post("/auth/login?next=/") as page:
            assert page.url.path == "/"
        assert (await visitor.send("back again"))[0] == 200


@pytest.mark.parametrize("after", ["//evil.example", "/\\evil.example", "https://evil.example"])
async def test_signing_in_leads_nowhere_else(after: str) -> None:
    async with Easel(quick()) as easel, Visitor(easel.url) as visitor:
        login = visitor.http.post("/auth/login", params={"next": after}, allow_redirects=False)
        async with login as answer:
            assert answer.headers["Location"] == "/"


async def test_strangers_pages_and_names_are_turned_away() -> None:
    async with Easel(quick()) as easel, Visitor(easel.url) as visitor:
        for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
            async with visitor.http.post("/_easel/signout", headers=headers) as answer:
                assert answer.status == 403
        assert (await visitor.send("unharmed"))[0] == 200


async def test_references_are_kept_small_and_stay_with_the_turn(tmp_path: Path) -> None:
    sent = io.BytesIO()
    Image.new("RGB", (2000, 1000), "teal").save(sent, "PNG")
    options = quick(state=tmp_path)
    async with Easel(options) as easel, Visitor(easel.url) as visitor:
        async with visitor.http.post("/backend/files", data=sent.getvalue()) as answer:
            upload = await answer.json()
        _, answer = await visitor.send("like this one", references=[upload["file"]])
        await visitor.finished(answer["turn"]["conversation"])
        assert easel.ledger.entries[0].references == (upload["file"],)
        async with visitor.http.post("/backend/files", data=b"no picture") as answer:
            assert answer.status == 415
    async with Easel(options) as easel, Visitor(easel.url) as visitor:
        [turn] = (await visitor.watch(easel.ledger.entries[0].conversation))["turns"]
        status, small = await visitor.fetch(turn["references"][0])
        assert status == 200
        with Image.open(io.BytesIO(small)) as picture:
            assert picture.size == (256, 128)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"prompt":5}', b'{"prompt":"  "}', b'{"prompt":"a","references":"x"}'])
async def test_nonsense_is_answered_400_and_not_entered(body: bytes) -> None:
    async with Easel(quick()) as easel, Visitor(easel.url) as visitor:
        async with visitor.http.post("/backend/conversation", data=body) as answer:
            assert answer.status == 400
            assert "status" in json.loads(await answer.text())
        assert easel.ledger.entries == ()


async def test_levers_say_what_they_do_not_know() -> None:
    async with Easel(quick()) as easel, Visitor(easel.url) as visitor:
        assert await visitor.pull("options", faults="error=1", latency=0.01, limit="5/60") == 200
        for wrong in ({"faults": "fire=1"}, {"latency": -1}, {"nothing": 1}, {"limit": "x"}):
            async with visitor.http.post("/_easel/options", json=wrong) as answer:
                assert answer.status == 400
                assert (await answer.json())["error"]
        assert (await visitor.drawn("now it fails"))["error"]
        async with visitor.http.get("/_easel/stats") as answer:
            stats = await answer.json()
        assert (stats["prompts"], stats["accepted"], stats["drawn"], stats["pages"]) == (1, 1, 0, 1)


async def test_a_taken_port_is_one_sentence() -> None:
    async with Easel(quick()) as easel:
        with pytest.raises(EaselError, match=rf"cannot use 127\.0\.0\.1:{easel.port}: the port is taken; choose"):
            async with Easel(quick(port=easel.port)):
                pass


def test_a_thread_of_its_own_serves_and_lets_go() -> None:
    before = threading.active_count()

    async def draw(url: str) -> None:
        async with Visitor(url) as visitor:
            await visitor.drawn("from another loop")

    with EaselThread(quick()) as easel:
        anyio.run(draw, easel.url)
        assert [e.prompt for e in easel.ledger.drawn] == ["from another loop"]
        with pytest.raises(EaselError, match="the port is taken"), EaselThread(quick(port=easel.port)):
            pass
    assert threading.active_count() == before
    with socket.socket() as freed:
        freed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        freed.bind(("127.0.0.1", easel.port))
    assert len(easel.ledger.entries) == 1, "the ledger outlives the site"


async def test_the_loop_is_not_held_up_by_painting() -> None:
    async with Easel(quick(size=1024)) as easel, Visitor(easel.url) as visitor:
        turns = [await visitor.drawn(f"the city at night {n}") for n in range(3)]
        pictures = [asyncio.create_task(visitor.fetch(turn["pictures"][0])) for turn in turns]
        answered = 0
        while not all(p.done() for p in pictures):
            async with visitor.http.get("/_easel/stats") as answer:
                assert answer.status == 200
            answered += 1
        assert answered > len(pictures), "the site answered while it painted"
