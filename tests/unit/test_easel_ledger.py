"""The ledger comes back as it was, whatever a power cut left of its last line."""

from pathlib import Path

import pytest

from core.easel import EaselError, Entry, Ledger


def entry(number: int, prompt: str = "a lamp", **more: object) -> Entry:
    about = {"turn": f"t{number}", "conversation": "c1", "committed": True, "accepted": True, "outcome": "ok"}
    return Entry(number=number, session="s", prompt=prompt, asked=1.0, **{**about, **more})  # type: ignore[arg-type]


def written(path: Path, *entries: Entry) -> Ledger:
    ledger = Ledger()
    ledger.open(path)
    for one in entries:
        ledger.add(one)
    return ledger


def test_entries_changes_and_epoch_come_back(tmp_path: Path) -> None:
    ledger = written(tmp_path / "easel.jsonl", entry(1, files=("file_a",)), entry(2, "«ünï» \n </script>"))
    ledger.change(1, delivered=5.0, deliveries=1)
    ledger.end_sessions()
    ledger.close()
    again = Ledger()
    again.open(tmp_path / "easel.jsonl")
    assert again.entries == ledger.entries
    assert again.epoch == 1
    assert again.by_file("file_a") == again.entries[0]
    assert again.entries[0].deliveries == 1
    assert again.conversation("c1") == again.entries
    assert again.takes("a lamp") == 1


@pytest.mark.parametrize("cut", [1, 7, 40])
def test_a_torn_last_line_is_dropped_and_written_over(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "easel.jsonl"
    written(path, entry(1), entry(2)).close()
    path.write_bytes(path.read_bytes()[:-cut])
    again = Ledger()
    again.open(path)
    assert [e.number for e in again.entries] == [1]
    again.add(entry(2, "again"))
    again.close()
    third = Ledger()
    third.open(path)
    assert [e.prompt for e in third.entries] == ["a lamp", "again"]


@pytest.mark.parametrize(
    "damage", [b"{]\n", b'{"change":{"number":9,"ready":1}}\n', b'{"change":{"number":1,"take":"x"}}\n']
)
def test_damage_before_the_end_is_named(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "easel.jsonl"
    written(path, entry(1)).close()
    path.write_bytes(path.read_bytes() + damage)
    with pytest.raises(EaselError, match=r"easel\.jsonl, line 2, cannot be read"):
        Ledger().open(path)


def test_a_folder_that_cannot_be_had_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(EaselError, match=r"cannot keep its state in .*taken"):
        Ledger().open(tmp_path / "taken" / "easel.jsonl")


def test_a_snapshot_no_longer_changes(tmp_path: Path) -> None:
    ledger = Ledger([entry(1)])
    snapshot = ledger.snapshot()
    ledger.change(1, deliveries=3)
    ledger.add(entry(2))
    assert [e.deliveries for e in snapshot.entries] == [0]


def test_a_line_is_on_disk_when_add_returns(tmp_path: Path) -> None:
    path = tmp_path / "easel.jsonl"
    written(path, entry(1))  # not closed: as after a kill
    again = Ledger()
    again.open(path)
    assert len(again.entries) == 1
