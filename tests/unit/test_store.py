"""The store: what was committed comes back, whatever happened to the files since."""

from pathlib import Path

import pytest

from core import events as ev
from core.fold import apply
from core.offload import inline
from core.state import PanelStatus
from core.store import checkpoint
from core.store.disk import Disk, DiskError
from core.store.folder import FOLDER
from core.store.history import state_at
from core.store.journal import DAMAGED, Journal
from core.store.lines import from_line, to_line
from core.store.owner import ProjectBusy
from core.store.store import Store, read
from tests.unit.run_events import begun, drawn

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def told(project: Path, events: list[ev.Event], *, picture: bytes = b"0123456789") -> Store:
    """A store that has seen ``events``, committed, with the picture of every received take on disk."""
    store = Store.open(project)
    for event in events:
        apply(store.state, store.append(event))  # type: ignore[arg-type]
        if isinstance(event, ev.PictureReceived):
            await store.keep_take(event.file, picture)
    await store.commit()
    return store


async def test_committed_events_come_back(tmp_path: Path) -> None:
    store = await told(tmp_path, [*begun("p1", "p2"), *drawn("p1")])
    await store.close()
    again = Store.open(tmp_path)
    assert again.state == store.state
    assert (again.recovery.source, again.recovery.repairs) == ("journal", ())
    await again.close()


async def test_a_checkpoint_shortens_the_way_and_the_journals_rest_follows(tmp_path: Path) -> None:
    store = await told(tmp_path, begun("p1", "p2"))
    await store.checkpoint(store.state)
    for event in drawn("p1"):
        apply(store.state, store.append(event))  # type: ignore[arg-type]
    await store.commit()
    await store.close()
    again = Store.open(tmp_path)
    assert again.state == store.state
    assert (again.recovery.source, again.recovery.records) == ("checkpoint", 4)
    await again.close()


async def test_a_broken_checkpoint_gives_way_to_the_one_before(tmp_path: Path) -> None:
    store = await told(tmp_path, begun("p1"))
    await store.checkpoint(store.state)
    await store.checkpoint(store.state)
    await store.close()
    (tmp_path / FOLDER / checkpoint.NAME).write_text("{")
    again = Store.open(tmp_path)
    assert again.state == store.state
    assert again.recovery.source == "previous checkpoint"
    assert "cannot be used" in again.recovery.repairs[0]
    await again.close()


@pytest.mark.parametrize("cut", [1, 10, 60])
async def test_a_torn_tail_is_cut_and_told(tmp_path: Path, cut: int) -> None:
    store = await told(tmp_path, [*begun("p1"), *drawn("p1")])
    await store.close()
    path = tmp_path / FOLDER / "journal.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    again = Store.open(tmp_path)
    assert again.state.seq == store.state.seq - 1
    assert "torn off" in again.recovery.repairs[0]
    apply(again.state, again.append(drawn("p1")[3]))  # type: ignore[arg-type]
    await again.commit()
    await again.close()
    assert read(tmp_path).panels["p1"].status is PanelStatus.FINISHED


async def test_a_damaged_middle_is_set_aside_and_told(tmp_path: Path) -> None:
    store = await told(tmp_path, [*begun("p1"), ev.Noticed("info", "one"), ev.Noticed("info", "two")])
    await store.close()
    path = tmp_path / FOLDER / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[-2] = lines[-2].replace(b"one", b"0ne")
    path.write_bytes(b"".join(lines))
    again = Store.open(tmp_path)
    assert any("is damaged" in repair for repair in again.recovery.repairs)
    assert b"0ne" in (tmp_path / FOLDER / DAMAGED).read_bytes()
    assert again.state.seq == store.state.seq
    await again.close()


async def test_a_second_process_is_told_who_has_the_project(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with pytest.raises(ProjectBusy, match="process") as caught:
        Store.open(tmp_path)
    assert caught.value.exit_code == 5
    await store.close()


async def test_a_missing_picture_is_lost_and_a_whole_one_is_not(tmp_path: Path) -> None:
    store = await told(tmp_path, [*begun("p1", "p2"), *drawn("p1"), *drawn("p2", attempt="r1-2")])
    (tmp_path / "panels/ch01/p1.png").unlink()
    lost = store.lost_takes(store.state)
    assert [take.panel for take in lost] == ["p1"] and "is missing" in lost[0].sentence
    await store.close()


async def test_a_picture_written_before_the_crash_is_adopted_only_when_whole(tmp_path: Path) -> None:
    import hashlib

    picture = b"0123456789"
    story = [*begun("p1"), *drawn("p1", sha=hashlib.sha256(picture).hexdigest())[:3]]
    store = await told(tmp_path, story, picture=picture)
    assert [event.panel for event in store.adoptable(store.state)] == ["p1"]
    (tmp_path / "panels/ch01/p1.png").write_bytes(b"01234")
    assert store.adoptable(store.state) == []
    await store.close()


async def test_a_rename_cut_off_by_a_crash_is_finished_at_the_next_start(tmp_path: Path) -> None:
    import hashlib

    picture = b"0123456789"
    moved = ev.TakeMoved("p1", "panels/ch01/p1.png", "panels/ch01/p1.take1.png")
    story = [*begun("p1"), *drawn("p1", sha=hashlib.sha256(picture).hexdigest()), moved]
    await (await told(tmp_path, story, picture=picture)).close()
    again = Store.open(tmp_path)
    assert (tmp_path / "panels/ch01/p1.take1.png").read_bytes() == picture
    assert again.lost_takes(again.state) == []
    await again.close()


async def test_paths_never_leave_the_project(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "project")
    for file in ("../out.png", "/out.png", "panels/../../out.png"):
        with pytest.raises(Exception, match="leaves the project"):
            await store.keep_take(file, b"x")
    await store.close()


class FullDisk(Disk):
    """A disk that is full while ``full`` is set."""

    full = False

    def append(self, path: Path, data: bytes, at: int) -> None:
        if self.full:
            super().append(path, data[: len(data) // 2], at)  # half of it still fitted
            raise DiskError("full", "full")
        super().append(path, data, at)


async def test_a_full_disk_loses_nothing_once_there_is_room(tmp_path: Path) -> None:
    disk = FullDisk()
    store = Store.open(tmp_path, disk=disk, offload=inline)
    disk.full = True
    for event in begun("p1"):
        apply(store.state, store.append(event))  # type: ignore[arg-type]
    with pytest.raises(DiskError):
        await store.commit()
    disk.full = False
    await store.commit()
    await store.close()
    assert read(tmp_path) == store.state


async def test_the_checkpoint_is_a_tinydb_one_can_ask(tmp_path: Path) -> None:
    from tinydb import TinyDB, where

    store = await told(tmp_path, [*begun("p1", "p2"), *drawn("p1")])
    await store.checkpoint(store.state)
    await store.close()
    with TinyDB(tmp_path / FOLDER / checkpoint.NAME, access_mode="r") as database:
        assert [row["id"] for row in database.table("panels").search(where("status") == "finished")] == ["p1"]
        assert database.table("meta").all()[0]["seq"] == store.state.seq


async def test_time_travel_shows_any_past_moment(tmp_path: Path) -> None:
    store = await told(tmp_path, [*begun("p1"), *drawn("p1")])
    assert state_at(tmp_path, seq=4).panels["p1"].status is PanelStatus.GENERATING
    assert state_at(tmp_path, seq=store.state.seq) == store.state
    await store.close()


def test_lines_are_plain_json_and_guard_their_bytes() -> None:
    import json

    record = ev.Record(7, 1.5, ev.Noticed("info", 'quote " and newline \n'))
    line = to_line(record)
    assert json.loads(line)["seq"] == 7
    assert from_line(line[:-1]) == record


async def test_segments_are_rotated_and_read_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.journal.SEGMENT_BYTES", 200)
    store = Store.open(tmp_path)
    for number in range(12):
        apply(store.state, store.append(ev.Noticed("info", f"line {number}")))
        await store.commit()
    await store.close()
    assert len(Journal(Disk(), tmp_path / FOLDER).segments()) > 3
    assert read(tmp_path) == store.state
