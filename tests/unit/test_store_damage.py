"""Damage of every kind on disk: told once, kept where it can be, and never in the way of what is whole."""

import hashlib
from pathlib import Path

import pytest

from core import events as ev
from core.engine.takes import plain_name
from core.fold import apply
from core.offload import inline
from core.state import PanelStatus
from core.store import checkpoint, lines
from core.store.disk import DiskError
from core.store.folder import FOLDER
from core.store.history import records, state_at
from core.store.journal import DAMAGED, Journal
from core.store.lines import NewerJournal, to_line
from core.store.store import Store, StoreError, read
from tests.simulation.site import tiny_picture
from tests.unit.run_events import begun, drawn

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


PICTURE = tiny_picture("p1")
SHA = hashlib.sha256(PICTURE).hexdigest()


async def told(project: Path, events: list[ev.Event], *, checkpointed: bool = False) -> Store:
    store = Store.open(project, offload=inline)
    for event in events:
        apply(store.state, store.append(event))  # type: ignore[arg-type]
        if isinstance(event, ev.PictureReceived):
            await store.keep_take(event.file, PICTURE)
    await store.commit()
    if checkpointed:
        await store.checkpoint(store.state)
    await store.close()
    return store


def journal(project: Path) -> Path:
    return project / FOLDER / "journal.jsonl"


def damage(project: Path, word: bytes) -> None:
    """Change one byte of the record that holds ``word``."""
    data = journal(project).read_bytes()
    at = data.index(word)
    journal(project).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


async def opened(project: Path) -> Store:
    store = Store.open(project, offload=inline)
    await store.close()
    return store


async def test_a_line_known_as_damaged_is_not_told_at_every_start(tmp_path: Path) -> None:
    await told(tmp_path, [*begun("p1"), ev.Noticed("info", "one"), ev.Noticed("info", "two")], checkpointed=False)
    damage(tmp_path, b"one")
    first = await opened(tmp_path)
    assert any("is damaged" in repair for repair in first.recovery.repairs)
    assert any("record 4 is missing" in repair for repair in first.recovery.repairs)
    kept = (tmp_path / FOLDER / DAMAGED).read_bytes()
    second = await opened(tmp_path)
    assert not any("is damaged" in repair for repair in second.recovery.repairs)
    assert (tmp_path / FOLDER / DAMAGED).read_bytes() == kept


@pytest.mark.parametrize("word", [b"attempt-started", b"attempt-sent", b"panel-finished", b"picture-received"])
async def test_whatever_record_is_damaged_the_finished_panel_stays_finished(tmp_path: Path, word: bytes) -> None:
    await told(tmp_path, [*begun("p1", "p2"), *drawn("p1", sha=SHA)])
    damage(tmp_path, word)
    again = Store.open(tmp_path, offload=inline)
    for event in again.adoptable(again.state):
        apply(again.state, again.append(event))
    panel = again.state.panels["p1"]
    assert panel.status is PanelStatus.FINISHED and panel.take is not None
    assert panel.take.sha256 == SHA and panel.take.file == plain_name(panel, ".png")
    await again.close()


async def test_a_damaged_plan_does_not_cost_the_panels_their_pictures(tmp_path: Path) -> None:
    await told(tmp_path, [*begun("p1"), *drawn("p1", sha=SHA)])
    damage(tmp_path, b"panels-planned")
    again = await opened(tmp_path)
    assert again.state.panels["p1"].status is PanelStatus.FINISHED


async def test_a_first_segment_that_is_gone_is_told(tmp_path: Path) -> None:
    await told(tmp_path, begun("p1"))
    data = journal(tmp_path).read_bytes().splitlines(keepends=True)
    journal(tmp_path).write_bytes(b"".join(data[2:]))
    again = await opened(tmp_path)
    assert "records 1 to 2 are missing from the journal" in again.recovery.repairs


async def test_a_changed_byte_in_a_checkpoint_is_noticed(tmp_path: Path) -> None:
    store = await told(tmp_path, [*begun("p1"), *drawn("p1", sha=SHA)], checkpointed=True)
    path = tmp_path / FOLDER / checkpoint.NAME
    data = path.read_bytes()
    at = data.index(b"text of p1")
    path.write_bytes(data[:at] + b"T" + data[at + 1 :])
    again = await opened(tmp_path)
    assert again.state == store.state
    assert again.recovery.source == "journal"
    assert "its checksum does not fit" in again.recovery.repairs[0]


async def test_numbers_go_on_behind_a_checkpoint_that_is_ahead_of_the_journal(tmp_path: Path) -> None:
    store = await told(tmp_path, [*begun("p1"), *drawn("p1", sha=SHA)], checkpointed=True)
    data = journal(tmp_path).read_bytes().splitlines(keepends=True)
    journal(tmp_path).write_bytes(b"".join(data[:-3]))
    again = Store.open(tmp_path, offload=inline)
    assert again.state == store.state
    assert again.append(ev.Noticed("info", "next")).seq == store.state.seq + 1
    await again.commit()
    await again.close()
    numbers = [record.seq for record in records(tmp_path)]
    assert len(set(numbers)) == len(numbers)


async def test_a_checkpoint_never_knows_of_what_is_not_in_the_journal(tmp_path: Path) -> None:
    store = Store.open(tmp_path, offload=inline)
    for event in begun("p1"):
        apply(store.state, store.append(event))  # type: ignore[arg-type]
    await store.checkpoint(store.state)  # nobody has committed
    await store.close()
    assert [record.seq for record in records(tmp_path)] == [1, 2, 3]


async def test_the_journal_of_a_newer_version_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await told(tmp_path, begun("p1"))
    monkeypatch.setattr(lines, "VERSION", 2)
    more = to_line(ev.Record(4, 0.0, ev.Noticed("info", "from the future")))
    monkeypatch.undo()
    journal(tmp_path).write_bytes(before := journal(tmp_path).read_bytes() + more)
    with pytest.raises(NewerJournal, match="update novelgen-tui"):
        Store.open(tmp_path)
    assert journal(tmp_path).read_bytes() == before
    with pytest.raises(NewerJournal):
        read(tmp_path)


async def test_the_journal_of_an_older_version_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = await told(tmp_path, [*begun("p1"), ev.Noticed("info", "old words")])
    monkeypatch.setattr(lines, "VERSION", 2)
    monkeypatch.setattr(lines, "_START", b'{"v":2,"seq":')

    def louder(document: dict) -> dict:
        if document["event"]["type"] == "noticed":
            document["event"]["text"] = document["event"]["text"].upper()
        return document

    monkeypatch.setitem(lines.UPGRADES, 1, louder)
    again = await opened(tmp_path)
    assert again.state.panels == store.state.panels
    assert again.state.log[-1].text == "OLD WORDS"


async def test_a_record_of_an_unknown_kind_is_left_where_it_is(tmp_path: Path) -> None:
    import zlib

    await told(tmp_path, begun("p1"))
    body = b'{"v":1,"seq":4,"at":1.0,"event":{"type":"moon-risen"}'
    line = body + b',"crc":"%08x"}\n' % zlib.crc32(body)
    with journal(tmp_path).open("ab") as file:
        file.write(line)
    again = Store.open(tmp_path, offload=inline)
    assert any("of a kind this version does not know" in repair for repair in again.recovery.repairs)
    assert again.append(ev.Noticed("info", "next")).seq == 5
    await again.commit()
    await again.close()
    assert line in journal(tmp_path).read_bytes()
    assert not (tmp_path / FOLDER / DAMAGED).exists()


async def test_half_written_pictures_are_swept_away(tmp_path: Path) -> None:
    await told(tmp_path, [*begun("p1"), *drawn("p1", sha=SHA)])
    part = tmp_path / "panels/ch01/.p1.png.part"
    part.write_bytes(b"half")
    await opened(tmp_path)
    assert not part.exists()


async def test_a_damaged_picture_is_lost_and_one_that_was_worked_on_is_kept(tmp_path: Path) -> None:
    store = await told(tmp_path, [*begun("p1"), *drawn("p1", sha=SHA)])
    take = store.state.panels["p1"].takes[0]
    file = tmp_path / take.file
    assert await store.condition(take) == "whole"
    file.write_bytes(tiny_picture("retouched by hand"))
    assert await store.condition(take) == "changed"
    assert store.lost_takes(store.state) == []
    file.write_bytes(PICTURE[:-20])
    assert await store.condition(take) == "damaged"
    assert [(lost.panel, lost.file) for lost in store.lost_takes(store.state)] == [("p1", take.file)]


async def test_any_moment_is_the_fold_up_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.journal.SEGMENT_BYTES", 400)
    store = Store.open(tmp_path, offload=inline)
    story = [*begun("p1", "p2"), *drawn("p1", sha=SHA), *drawn("p2", attempt="r1-2")]
    for event in story:
        apply(store.state, store.append(event))  # type: ignore[arg-type]
        await store.commit()
    await store.checkpoint(store.state)
    await store.close()
    assert len(Journal(store._disk, tmp_path / FOLDER).segments()) > 2
    everything = list(records(tmp_path))
    assert [record.event for record in everything] == story
    state = type(store.state)()
    for record in everything:
        apply(state, record)
        assert state_at(tmp_path, seq=record.seq) == state
    assert state_at(tmp_path) == state


async def test_half_a_character_from_a_page_stops_nothing(tmp_path: Path) -> None:
    store = Store.open(tmp_path, offload=inline)
    record = store.append(ev.Noticed("info", "half \ud83d of a smile"))
    assert record.event == ev.Noticed("info", "half ? of a smile")
    apply(store.state, record)
    await store.checkpoint(store.state)
    await store.close()
    assert read(tmp_path) == store.state


async def test_a_journal_that_begins_a_new_segment_under_its_reader_is_read_without_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.journal.SEGMENT_BYTES", 400)
    store = Store.open(tmp_path, offload=inline)

    async def write(notes: int) -> None:
        for number in range(notes):
            store.append(ev.Noticed("info", f"note {number}"))
            await store.commit()

    await write(20)
    reading = records(tmp_path)
    found = [next(reading).seq for _ in range(3)]
    await write(20)
    found += [record.seq for record in reading]
    await store.close()
    assert found == list(range(1, 41))


@pytest.mark.parametrize("name", ["journal.jsonl", "checkpoint.json", "reserve", "lock", ".checkpoint.json.part"])
async def test_a_project_whose_files_lead_elsewhere_is_not_written_through(tmp_path: Path, name: str) -> None:
    """It may have come from anybody, in an archive."""
    precious = tmp_path / "precious"
    precious.write_text("mine")
    project = tmp_path / "novel"
    (project / FOLDER).mkdir(parents=True)
    (project / FOLDER / name).symlink_to(precious)
    if name.startswith("."):  # nobody misses it
        store = await told(project, [*begun("p1")], checkpointed=True)
        await store.close()
        assert read(project).panels.keys() == {"p1"}
    else:
        with pytest.raises(StoreError, match="link to elsewhere"):
            Store.open(project, offload=inline)
    assert precious.read_text() == "mine"


async def test_a_link_that_comes_later_is_not_written_through_either(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    store = Store.open(tmp_path, offload=inline)
    (tmp_path / FOLDER / "journal.jsonl").symlink_to(precious)
    store.append(ev.Noticed("info", "a note"))
    with pytest.raises(DiskError, match="not written through"):
        await store.commit()
    (tmp_path / FOLDER / "journal.jsonl").unlink()
    await store.commit()  # nothing was lost
    await store.close()
    assert precious.read_text() == "mine" and len(list(records(tmp_path))) == 1


async def test_a_project_from_elsewhere_is_private_from_now_on(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER).chmod(0o777)
    await Store.open(tmp_path, offload=inline).close()
    assert (tmp_path / FOLDER).stat().st_mode & 0o777 == 0o700
