"""The tab against every trap the practice site can set, through a real Chromium."""

import asyncio
from pathlib import Path

import pytest
from PIL import Image

from core.outcomes import AttemptError, Cause, Fault, Outcome, RunBlocked, TabLost
from core.processors.browser.tab import BrowserTab
from core.sites import find_site
from tests.browser.tabs import Told, at, changed, easel_tab, job, size_of, tabs

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


WALL = """() => {
  const wall = document.createElement("div");
  wall.style = "position: fixed; inset: 0; background: white";
  wall.innerHTML = "<p>We value your privacy</p><button>Accept all</button>";
  document.body.append(wall);
}"""


async def pull(tab: BrowserTab, lever: str, **settings: object) -> None:
    page = tab._live.page
    root = "/".join(page.url.split("/")[:3])
    assert (await page.request.post(f"{root}/_easel/{lever}", data=settings)).ok


async def test_a_prompt_arrives_as_written_and_its_own_picture_comes_back(tmp_path: Path) -> None:
    script = 'Mina says: "you hit your limit, try again in 4 minutes".\n<b>content policy</b> & [/b] Too many requests'
    async with easel_tab(tmp_path, latency=0.3) as (easel, tab):
        told = Told()
        drawing = await tab.draw(job(script), told)
        second = await tab.draw(job("another"), told)
        [one, two] = easel.ledger.entries
        assert one.prompt == script, "words of the script are no words of the page"
        assert told.conversations == [f"/c/{one.conversation}", f"/c/{two.conversation}"]
        assert one.conversation != two.conversation, "every panel begins a conversation of its own"
        assert size_of(drawing.pictures[0]) == (128, 128)
        assert drawing.pictures != second.pictures
        assert drawing.seconds >= 0.3


async def test_a_conversation_goes_on_where_asked(tmp_path: Path) -> None:
    async with easel_tab(tmp_path) as (easel, tab):
        told = Told()
        first = await tab.draw(job("one"), told)
        second = await tab.draw(job("two", first.conversation), told)
        third = await tab.draw(job("three"), told)
        again = await tab.draw(job("four", first.conversation), told)
        rooms = [entry.conversation for entry in easel.ledger.entries]
        assert rooms[0] == rooms[1] == rooms[3] != rooms[2]
        assert len({d.pictures[0] for d in (first, second, third, again)}) == 4


@pytest.mark.parametrize(
    ("faults", "outcome", "wait"),
    [
        ("refuse=@1", Outcome.REFUSED, None),
        ("soft=@1", Outcome.SOFT_REFUSED, None),
        ("error=@1", Outcome.RETRYABLE, None),
        ("http500=@1", Outcome.RETRYABLE, None),
        ("full=@1", Outcome.CHAT_FULL, None),
        ("quota=@1,quotaseconds=240", Outcome.QUOTA, 240),
        ("quota=@1,quotaseconds=7200,toast=1", Outcome.QUOTA, 7200),
        ("burst=@1,burstseconds=120", Outcome.RATE, 120),
        ("throttle=@1", Outcome.THROTTLE, None),
        ("lostreply=@1", Outcome.LOST, None),
        ("drop=@1", Outcome.LOST, None),
    ],
)
async def test_every_outcome_is_told_apart_and_the_next_panel_is_drawn(
    tmp_path: Path, faults: str, outcome: Outcome, wait: float | None
) -> None:
    async with easel_tab(tmp_path, faults) as (easel, tab):
        with pytest.raises(AttemptError) as met:
            await tab.draw(job("first"), Told())
        assert met.value.outcome is outcome, met.value.said
        assert met.value.said or outcome is Outcome.SOFT_REFUSED
        if wait is not None:
            assert met.value.retry_after == pytest.approx(wait, abs=60)
        await pull(tab, "options", faults="")
        if outcome is Outcome.THROTTLE:
            await pull(tab, "throttle", seconds=0)
        if outcome not in (Outcome.QUOTA, Outcome.RATE):  # those last on
            drawing = await tab.draw(job("second"), Told())
            assert size_of(drawing.pictures[0]) == (128, 128), "what was said to the first is not held against it"
            assert easel.ledger.entries[-1].prompt == "second"


async def test_a_send_that_was_not_committed_is_no_send(tmp_path: Path) -> None:
    send = changed(find_site("easel").send, within=2.0)
    async with easel_tab(tmp_path, "uncommitted=@1", send=send) as (easel, tab):
        told = Told()
        with pytest.raises(AttemptError) as met:
            await tab.draw(job("into the void"), told)
        assert met.value.outcome is Outcome.RETRYABLE
        assert told.conversations == []
        assert not easel.ledger.accepted
        await tab.draw(job("into the void"), told)
        assert [entry.prompt for entry in easel.ledger.accepted] == ["into the void"]


async def test_a_newline_that_submits_stops_the_run_and_a_word_in_the_profile_mends_it(tmp_path: Path) -> None:
    async with easel_tab(tmp_path, "newline=1") as (_, tab):
        with pytest.raises(RunBlocked) as met:
            await tab.draw(job("first line\nsecond line"), Told())
        assert met.value.cause is Cause.SITE
        assert 'newlines = "space"' in met.value.sentence
    prompt = changed(find_site("easel").prompt, newlines="space")
    async with easel_tab(tmp_path, "newline=1", prompt=prompt) as (easel, tab):
        await tab.draw(job("first line\nsecond line"), Told())
        assert [entry.prompt for entry in easel.ledger.entries] == ["first line second line"]


@pytest.mark.parametrize("how", ["insert", "fill", "type"])
async def test_every_way_to_write(tmp_path: Path, how: str) -> None:
    prompt = changed(find_site("easel").prompt, how=how)
    async with easel_tab(tmp_path, prompt=prompt) as (easel, tab):
        await tab.draw(job("Ünïcode, «quotes» — 猫\nand a second line"), Told())
        assert [entry.prompt for entry in easel.ledger.entries] == ["Ünïcode, «quotes» — 猫\nand a second line"]


async def test_sending_by_key(tmp_path: Path) -> None:
    send = changed(find_site("easel").send, button=(), key="Enter")
    async with easel_tab(tmp_path, send=send) as (easel, tab):
        drawing = await tab.draw(job("by key"), Told())
        assert size_of(drawing.pictures[0]) == (128, 128)
        assert len(easel.ledger.accepted) == 1


@pytest.mark.parametrize("fault", ["stacked", "preview", "picture500", "picturedrop", "webid", "dialog"])
async def test_pictures_that_come_in_odd_ways_come(tmp_path: Path, fault: str) -> None:
    async with easel_tab(tmp_path, f"{fault}=@1", latency=0.4) as (easel, tab):
        told = Told()
        drawing = await tab.draw(job("odd"), told)
        assert len(drawing.pictures) == 1
        assert size_of(drawing.pictures[0]) == (128, 128), "the picture itself, not its preview"
        assert told.conversations == [f"/c/{easel.ledger.entries[0].conversation}"], "never a transient address"


async def test_of_a_choice_both_are_kept_and_the_conversation_goes_on(tmp_path: Path) -> None:
    async with easel_tab(tmp_path, "choice=@1") as (easel, tab):
        drawing = await tab.draw(job("which"), Told())
        assert len(set(drawing.pictures)) == 2
        following = await tab.draw(job("then", drawing.conversation), Told())
        assert len(following.pictures) == 1
        assert easel.ledger.entries[0].chosen == 0


async def test_the_previous_picture_again_is_an_error(tmp_path: Path) -> None:
    async with easel_tab(tmp_path, "previous=@2") as (_, tab):
        await tab.draw(job("one"), Told())
        with pytest.raises(AttemptError) as met:
            await tab.draw(job("two"), Told())
        assert met.value.outcome is Outcome.RETRYABLE
        await tab.draw(job("two"), Told())


async def test_a_dialog_over_the_page_is_dismissed(tmp_path: Path) -> None:
    async with easel_tab(tmp_path) as (_, tab):
        await pull(tab, "dialog")
        await tab._live.page.wait_for_selector("[data-testid=modal-whats-new]")
        await tab.draw(job("under it"), Told())


async def test_a_dialog_nothing_dismisses_costs_the_tab_and_then_pauses_with_the_button_to_name(tmp_path: Path) -> None:
    async with easel_tab(tmp_path) as (_, tab):
        await tab._live.page.evaluate(WALL)
        await tab._live.page.wait_for_selector("text=We value your privacy")
        with pytest.raises(TabLost) as lost:
            await tab.draw(job("behind a wall"), Told())
        assert lost.value.fault is Fault.COVERED
        await tab._live.page.add_init_script(f"document.addEventListener('DOMContentLoaded', {WALL})")
        with pytest.raises(RunBlocked) as met:
            await tab._conversations.load("")
        assert met.value.cause is Cause.SITE
        assert "We value your privacy" in met.value.sentence
        assert 'role=button[name="Accept all"]' in met.value.sentence


@pytest.mark.parametrize(("fault", "cause"), [("signout", Cause.LOGIN), ("challenge", Cause.HUMAN)])
async def test_a_page_that_wants_a_person_blocks_the_run(tmp_path: Path, fault: str, cause: Cause) -> None:
    async with easel_tab(tmp_path, f"{fault}=@1") as (easel, tab):
        with pytest.raises(RunBlocked) as met:
            await tab.draw(job("who is there"), Told())
        assert met.value.cause is cause
        assert not easel.ledger.accepted


async def test_signed_out_while_the_picture_is_under_way(tmp_path: Path) -> None:
    async with easel_tab(tmp_path, latency=30) as (_, tab):
        drawing = asyncio.create_task(tab.draw(job("slow"), Told()))
        await tab._live.page.wait_for_selector("[data-testid=stop-button]")
        await pull(tab, "signout")
        with pytest.raises(RunBlocked) as met:
            await drawing
        assert met.value.cause is Cause.LOGIN


async def test_a_page_that_is_loaded_again_meanwhile_still_gives_its_picture(tmp_path: Path) -> None:
    async with easel_tab(tmp_path, latency=1.5) as (easel, tab):
        drawing = asyncio.create_task(tab.draw(job("keeps coming"), Told()))
        await tab._live.page.wait_for_url("**/c/*")
        await tab._live.page.wait_for_selector("[data-testid=stop-button]")
        await tab._live.page.reload()
        assert size_of((await drawing).pictures[0]) == (128, 128)
        assert len(easel.ledger.accepted) == 1


async def test_a_page_that_never_stays_fails_the_attempt_and_not_the_run(tmp_path: Path) -> None:
    async with easel_tab(tmp_path) as (easel, tab):
        await tab._live.page.add_init_script("setTimeout(() => location.reload(), 5)")  # nobody sends that quickly
        await tab._live.page.reload(wait_until="commit")
        with pytest.raises((AttemptError, RunBlocked)):
            await tab.draw(job("hold still"), Told())
        assert not easel.ledger.accepted


async def test_harvest_finds_one_panel_among_many_even_where_pictures_off_screen_are_gone(tmp_path: Path) -> None:
    async with easel_tab(tmp_path, "unmount=1") as (easel, tab):
        told = Told()
        first = await tab.draw(job("the style. Picture: panel 0"), told)
        drawn = [first]
        for number in range(1, 9):
            drawn.append(await tab.draw(job(f"the style. Picture: panel {number}", first.conversation), told))
        fetched = await tab.harvest(job("the style. Picture: panel 0", first.conversation))
        assert fetched.pictures == first.pictures
        middle = await tab.harvest(job("the style. Picture: panel 4", first.conversation))
        assert middle.pictures == drawn[4].pictures
        assert len(easel.ledger.accepted) == 9, "a harvest asks for nothing"
        with pytest.raises(AttemptError) as met:
            await tab.harvest(job("never asked", first.conversation))
        assert met.value.outcome is Outcome.WITHDRAWN
        with pytest.raises(AttemptError) as gone:
            await tab.harvest(job("the style. Picture: panel 0", "/c/no-such-conversation"))
        assert gone.value.outcome is Outcome.LOST


async def test_a_harvest_waits_for_what_is_still_under_way(tmp_path: Path) -> None:
    async with easel_tab(tmp_path, latency=1.5) as (easel, tab):
        told = Told()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.7):
                await tab.draw(job("cut off"), told)
        [conversation] = told.conversations
        drawing = await tab.harvest(job("cut off", conversation))
        assert size_of(drawing.pictures[0]) == (128, 128)
        assert len(easel.ledger.accepted) == 1


async def test_references_go_up_once_in_a_conversation(tmp_path: Path) -> None:
    files = []
    for name in ("mina", "lamp"):
        files.append(tmp_path / f"{name}.png")
        Image.new("RGB", (64, 64), "red").save(files[-1])
    async with easel_tab(tmp_path) as (easel, tab):
        told = Told()
        first = await tab.draw(job("both", references=tuple(files)), told)
        await tab.draw(job("again", first.conversation, tuple(files)), told)
        await tab.draw(job("anew", "", (files[0],)), told)
        assert [len(entry.references) for entry in easel.ledger.entries] == [2, 0, 1]


async def test_an_upload_that_is_turned_away_is_a_limit_and_leaves_nothing_behind(tmp_path: Path) -> None:
    files = (tmp_path / "mina.png", tmp_path / "lamp.png")
    for file in files:
        Image.new("RGB", (64, 64), "red").save(file)
    async with easel_tab(tmp_path, "upload=@2") as (easel, tab):
        with pytest.raises(AttemptError) as met:
            await tab.draw(job("both", references=files), Told())
        assert met.value.outcome is Outcome.QUOTA
        assert met.value.retry_after == pytest.approx(3600, abs=60)
        await tab.draw(job("one", references=files[:1]), Told())
        assert [len(entry.references) for entry in easel.ledger.entries] == [1], "not the one left from before as well"


async def test_a_redesigned_page_pauses_the_run_and_names_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.processors.browser.conversations.ARRIVING", 3.0)
    async with easel_tab(tmp_path) as (easel, tab):
        easel._easel.configure(faults="redesign=1")
        await tab._live.page.reload()
        with pytest.raises(RunBlocked) as met:
            await tab._conversations.load("")
        assert met.value.cause is Cause.SITE
        assert '"prompt.box"' in met.value.sentence
        assert met.value.retry_after, "it may only have been slow: the run looks again by itself"


async def test_selectors_the_browser_cannot_read_are_told_by_key(tmp_path: Path) -> None:
    prompt = changed(find_site("easel").prompt, box=("div[[",))
    with pytest.raises(RunBlocked) as met:
        async with easel_tab(tmp_path, prompt=prompt):
            pass
    assert met.value.cause is Cause.SITE
    assert '"prompt.box"' in met.value.sentence
    assert "div[[" in met.value.sentence


async def test_nobody_there_is_a_network_trouble(tmp_path: Path) -> None:
    with pytest.raises(RunBlocked) as met:
        async with tabs(at("http://127.0.0.1:9/"), tmp_path):
            pass
    assert met.value.cause is Cause.NETWORK


async def test_a_tab_that_dies_under_its_panel_says_so_at_once(tmp_path: Path) -> None:
    async with easel_tab(tmp_path, latency=30) as (_, tab):
        drawing = asyncio.create_task(tab.draw(job("doomed"), Told()))
        await tab._live.page.wait_for_selector("[data-testid=stop-button]")
        await tab._live.page.close()
        with pytest.raises(TabLost) as met:
            async with asyncio.timeout(5):
                await drawing
        assert met.value.fault is Fault.CLOSED


async def test_two_tabs_never_mix_their_pictures(tmp_path: Path) -> None:
    from core.easel import EaselOptions, EaselThread

    with EaselThread(EaselOptions(latency=0.3, sigma=0, size=128)) as easel:
        async with tabs(at(easel.url + "/"), tmp_path, count=3) as open_tabs:

            async def several(number: int, tab: BrowserTab) -> list[bytes]:
                return [(await tab.draw(job(f"tab {number}, panel {n}"), Told())).pictures[0] for n in range(3)]

            drawn = await asyncio.gather(*(several(n, tab) for n, tab in enumerate(open_tabs)))
            assert len({picture for pictures in drawn for picture in pictures}) == 9
            assert len({entry.prompt for entry in easel.ledger.accepted}) == 9
