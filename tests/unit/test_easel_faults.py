"""Every fault of the table, as a page without a browser meets it."""

import asyncio
import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from PIL import Image, ImageStat

from core.easel import Easel, EaselOptions
from tests.unit.easel_visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def meeting(faults: str, latency: float = 0.0, limit: str | None = None) -> AsyncIterator[tuple[Easel, Visitor]]:
    options = EaselOptions(latency=latency, sigma=0, size=96, faults=faults, limit=limit)
    async with Easel(options) as easel, Visitor(easel.url) as visitor:
        yield easel, visitor


@pytest.mark.parametrize(
    ("faults", "prompt", "words", "outcome", "accepted"),
    [
        ("refuse=@1", "a lamp", "may violate our content policy", "refused", False),
        ("", "the Forbidden, door", "may violate our content policy", "refused", False),
        ("soft=@1", "a lamp", "describe the scene in words", "soft-refused", False),
        ("error=@1", "a lamp", "", "error", True),
        ("full=@1", "a lamp", "maximum length for this conversation", "chat-full", False),
        (
            "quota=@1,quotaseconds=240",
            "a lamp",
            "You've hit your limit. Try again in 4 minutes.",
            "quota",
            False,
        ),
        ("burst=@1", "a lamp", "generating images too quickly", "rate", False),
    ],
)
async def test_words_instead_of_a_picture(faults: str, prompt: str, words: str, outcome: str, accepted: bool) -> None:
    async with meeting(faults) as (easel, visitor):
        turn = await visitor.drawn(prompt)
        assert words in turn["text"]
        assert turn["pictures"] == []
        [entry] = easel.ledger.entries
        assert (entry.outcome, entry.accepted) == (outcome, accepted)


async def test_an_error_comes_in_both_wordings_and_trying_again_may_help() -> None:
    async with meeting("error=0.5") as (_easel, visitor):
        texts = [(await visitor.drawn(f"p{n}"))["text"] for n in range(30)]
        assert any("experienced an error" in t for t in texts)
        assert any("Something went wrong" in t for t in texts)
        failed = next(f"p{n}" for n, text in enumerate(texts) if text)
        again = [(await visitor.drawn(failed))["text"] for _ in range(8)]
        assert "" in again


async def test_a_full_conversation_stays_full_and_another_is_not() -> None:
    async with meeting("fullafter=2") as (easel, visitor):
        conversation = (await visitor.drawn("one"))["conversation"]
        for prompt, outcome in (("two", "ok"), ("three", "chat-full"), ("four", "chat-full")):
            await visitor.drawn(prompt, conversation)
            assert easel.ledger.entries[-1].outcome == outcome
        assert (await visitor.drawn("elsewhere"))["pictures"]


async def test_the_sliding_limit_lets_through_what_it_says() -> None:
    async with meeting("", limit="3/3600") as (easel, visitor):
        turns = [await visitor.drawn(f"p{n}") for n in range(5)]
        assert [bool(t["pictures"]) for t in turns] == [True, True, True, False, False]
        assert turns[3]["text"] == "You've hit your limit. Try again in 1 hour."
        easel.configure(limit="")
        assert (await visitor.drawn("free again"))["pictures"]


async def test_a_limit_by_toast_commits_nothing() -> None:
    async with meeting("toast=1", limit="1/90") as (easel, visitor):
        await visitor.drawn("one")
        status, answer = await visitor.send("two")
        assert (status, answer["status"]) == (429, "toast")
        assert answer["text"] == "You've hit your limit. Try again in 2 minutes."
        assert [e.committed for e in easel.ledger.entries] == [True, False]


async def test_a_throttle_covers_every_page_and_ends_after_quiet() -> None:
    async with meeting("throttle=@1,throttleseconds=0.3") as (easel, visitor), Visitor(easel.url) as other:
        assert (await visitor.send("one"))[1]["status"] == "throttle"
        await other.hear("throttle")
        assert (await other.watch(""))["throttled"]
        asked = time.time()
        assert (await other.send("two"))[1]["status"] == "throttle"
        while (await other.watch(""))["throttled"]:
            assert time.time() < asked + 5
        assert time.time() >= asked + 0.3
        assert (await visitor.drawn("three"))["pictures"]


@pytest.mark.parametrize(
    ("fault", "status", "outcome"),
    [("http500", 500, "http"), ("http503", 503, "http"), ("uncommitted", 200, "uncommitted")],
)
async def test_sends_that_are_not_taken(fault: str, status: int, outcome: str) -> None:
    async with meeting(f"{fault}=@1") as (easel, visitor):
        assert (await visitor.send("one"))[0] == status
        assert (await visitor.drawn("one"))["pictures"]
        assert [(e.outcome, e.committed) for e in easel.ledger.entries] == [(outcome, False), ("ok", True)]


@pytest.mark.parametrize(("fault", "taken"), [("drop", False), ("lostreply", True)])
async def test_broken_connections(fault: str, taken: bool) -> None:
    async with meeting(f"{fault}=@1") as (easel, visitor):
        with pytest.raises(aiohttp.ClientPayloadError):
            await visitor.send("one")
        assert [e.accepted for e in easel.ledger.entries] == [taken]


async def test_a_hang_never_ends_and_late_is_late() -> None:
    async with meeting("hang=@1,late=@2", latency=0.03) as (easel, visitor):
        _, hung = await visitor.send("one")
        await visitor.drawn("two")
        first, second = easel.ledger.entries
        assert (first.outcome, first.due) == ("generating", None)
        assert (second.ready or 0) - second.asked >= 0.3
        [turn] = (await visitor.watch(hung["turn"]["conversation"]))["turns"]
        assert not turn["done"]


async def test_pictures_that_stumble_once() -> None:
    async with meeting("picture500=@1,picturedrop=@2") as (easel, visitor):
        one, two = [(await visitor.drawn(p))["pictures"][0] for p in ("one", "two")]
        assert (await visitor.fetch(one))[0] == 500
        with pytest.raises(aiohttp.ClientPayloadError):
            await visitor.fetch(two)
        assert [e.deliveries for e in easel.ledger.entries] == [0, 0]
        assert [(await visitor.fetch(p))[0] for p in (one, two)] == [200, 200]
        assert [e.deliveries for e in easel.ledger.entries] == [1, 1]


async def test_blank_and_previous_pictures() -> None:
    async with meeting("blank=@1,previous=@3") as (easel, visitor):
        pictures = [(await visitor.fetch((await visitor.drawn(p))["pictures"][0]))[1] for p in ("a", "b", "c", "d")]
        with Image.open(io.BytesIO(pictures[0])) as blank:
            assert ImageStat.Stat(blank.convert("L")).stddev[0] < 1
        assert pictures[2] == pictures[1]
        assert len({pictures[0], pictures[1], pictures[3]}) == 3
        assert easel.ledger.entries[2].same_as == easel.ledger.entries[1].files[0]


async def test_a_choice_of_two() -> None:
    async with meeting("choice=@1") as (easel, visitor):
        turn = await visitor.drawn("one")
        one, other = [(await visitor.fetch(p))[1] for p in turn["pictures"]]
        assert one != other
        async with visitor.http.post("/backend/choice", json={"turn": turn["id"], "choice": 1}) as answer:
            assert answer.status == 200
        assert (await visitor.hear("turn"))["turn"]["chosen"] == 1
        assert easel.ledger.entries[0].chosen == 1


async def test_a_preview_comes_before_the_picture_at_the_same_file() -> None:
    async with meeting("preview=@1", latency=0.3) as (_easel, visitor):
        _, answer = await visitor.send("one")
        await visitor.watch(answer["turn"]["conversation"])
        early = (await visitor.hear("turn"))["turn"]
        assert not early["done"]
        status, small = await visitor.fetch(early["preview"])
        assert status == 200
        assert (await visitor.fetch(early["preview"].removesuffix("&preview=1")))[0] == 404, "not ready yet"
        late = (await visitor.hear("turn"))["turn"]
        assert late["pictures"] == [early["preview"].removesuffix("&preview=1")]
        assert len((await visitor.fetch(late["pictures"][0]))[1]) > len(small)


async def test_signout_strikes_at_its_prompt_and_ends_every_page() -> None:
    async with meeting("signout=@2") as (easel, visitor), Visitor(easel.url) as other:
        await visitor.drawn("one")
        assert (await visitor.send("two"))[0] == 401
        assert (await other.socket.receive(timeout=5)).data == 4401
        assert (await visitor.send("three"))[0] == 401
        assert [e.outcome for e in easel.ledger.entries] == ["ok", "login"]


async def test_a_challenge_stands_until_a_person_clicks() -> None:
    async with meeting("challenge=@1") as (_easel, visitor):
        assert (await visitor.send("one"))[0] == 403
        async with visitor.http.get("/") as page:
            assert page.status == 403
            text = await page.text()
        assert "<title>Just a moment" in text
        assert "prompt-textarea" not in text
        async with visitor.http.post("/auth/human"):
            pass
        assert (await visitor.drawn("two"))["pictures"]


async def test_uploads_meet_their_limit() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    async with meeting("upload=@2") as (easel, visitor):
        told = []
        for _ in range(3):
            async with visitor.http.post("/backend/files", data=picture.getvalue()) as answer:
                told.append((answer.status, (await answer.json()).get("text", "")))
        assert [status for status, _ in told] == [200, 429, 200]
        assert "reached our limit of file uploads" in told[1][1]
        assert easel.ledger.entries == ()


async def test_what_the_page_itself_must_act_is_told_to_it() -> None:
    async with meeting("dialog=@1,hangpage=@2,hangseconds=7,webid=@3,stacked=@4,bloat=8,newline=1") as (
        _easel,
        visitor,
    ):
        answers = [(await visitor.send(p))[1] for p in ("a", "b", "c", "d")]
        assert [a["dialog"] for a in answers] == [True, False, False, False]
        assert [a["hang"] for a in answers] == [0, 7, 0, 0]
        assert [a["transient"] for a in answers] == [False, False, True, False]
        assert [a["turn"]["stacked"] for a in answers] == [1, 1, 1, 3]
        assert (await visitor.watch(""))["habits"] == {"bloat": 8, "newline": 1, "unmount": 0, "redesign": 0}
        for lever, told in (
            ("dialog", "dialog"),
            ("hang", "hang"),
            ("challenge", "reload"),
            ("throttle", "throttle"),
        ):
            assert await visitor.pull(lever, seconds=1) == 200
            await visitor.hear(told)


async def test_the_same_seed_meets_the_same_faults_in_any_order() -> None:
    async def outcomes(order: list[int]) -> dict[str, str]:
        async with meeting("refuse=0.2,error=0.2,soft=0.1") as (easel, visitor):
            await asyncio.gather(*(visitor.send(f"p{n}") for n in order))
            return {e.prompt: e.verdict for e in easel.ledger.entries}

    forwards = await outcomes(list(range(40)))
    assert forwards == await outcomes(list(range(39, -1, -1)))
    assert set(forwards.values()) == {"ok", "refused", "error", "soft-refused"}
