"""Who has the project: the kernel's lock here, the note's age for machines elsewhere."""

import os
import shutil
import socket
import subprocess
import time
from functools import partial
from pathlib import Path

import msgspec
import pytest

from core import events as ev
from core.link.endpoint import Door
from core.running import answers, running
from core.store.disk import DiskError
from core.store.folder import FOLDER
from core.store.lock import FRESH, ProjectLock
from core.store.owner import Owner, ProjectBusy
from core.store.store import Store
from tests.simulation.site import tiny_picture


def note(folder: Path, owner: Owner, age: float = 0.0) -> None:
    path = folder / "lock.owner"
    path.write_bytes(msgspec.json.encode(owner))
    os.utime(path, (time.time() - age,) * 2)


def test_a_process_on_another_machine_that_lives_keeps_the_project(tmp_path: Path) -> None:
    note(tmp_path, Owner(77, "elsewhere"), age=2.0)
    with pytest.raises(ProjectBusy, match=r"process 77 on elsewhere.*sign of life") as caught:
        ProjectLock(tmp_path).take(tmp_path)
    assert caught.value.owner == Owner(77, "elsewhere")


def test_one_that_is_long_gone_does_not(tmp_path: Path) -> None:
    note(tmp_path, Owner(77, "elsewhere"), age=FRESH + 1)
    lock = ProjectLock(tmp_path)
    lock.take(tmp_path)
    assert lock.gone == Owner(77, "elsewhere")
    lock.release()
    assert not (tmp_path / "lock.owner").exists()


def test_a_process_of_this_machine_that_was_killed_leaves_nothing_to_wait_for(tmp_path: Path) -> None:
    note(tmp_path, Owner(77, socket.gethostname()))
    lock = ProjectLock(tmp_path)
    lock.take(tmp_path)
    assert lock.gone == Owner(77, socket.gethostname())
    with pytest.raises(ProjectBusy, match=f"process {os.getpid()} on"):
        ProjectLock(tmp_path).take(tmp_path)
    lock.release()


def test_a_sign_of_life_makes_the_note_young_again(tmp_path: Path) -> None:
    lock = ProjectLock(tmp_path)
    lock.take(tmp_path)
    os.utime(tmp_path / "lock.owner", (0, 0))
    lock.renew()
    assert time.time() - (tmp_path / "lock.owner").stat().st_mtime < FRESH
    lock.release()


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="lock"):
        (tmp_path / "file").write_text("no folder")
        ProjectLock(tmp_path / "file").take(tmp_path)


def test_it_is_given_back_once(tmp_path: Path) -> None:
    first, second = ProjectLock(tmp_path), ProjectLock(tmp_path)
    first.take(tmp_path)
    first.release()
    second.take(tmp_path)
    first.release()  # as whoever opened the store does behind a run
    assert (tmp_path / "lock.owner").exists(), "somebody else's note"
    second.release()


def test_a_run_whose_number_says_nothing_here_is_known_by_its_socket(tmp_path: Path) -> None:
    """As in a container that has this machine's name and numbers of its own."""
    home = tmp_path / FOLDER
    home.mkdir(mode=0o700)
    gone = subprocess.Popen(["true"])
    gone.wait()
    note(home, Owner(gone.pid, socket.gethostname()))
    assert running(tmp_path) is None
    door = Door(tmp_path)
    assert running(tmp_path) is None, "nobody listens yet"
    door.socket.listen()
    assert running(tmp_path) == Owner(gone.pid, socket.gethostname()) and answers(tmp_path)
    door.socket.close()
    assert running(tmp_path) is None and not answers(tmp_path)
    door.close()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_project_that_is_moved_away_is_not_begun_anew_in_its_old_place(tmp_path: Path) -> None:
    """Its browser makes the folder again; journal and pictures wait until the project is back, and nothing is lost."""
    novel, elsewhere = tmp_path / "novel", tmp_path / "elsewhere"
    store = Store.open(novel)
    store.append(ev.Noticed("info", "before"))
    await store.commit()
    novel.rename(elsewhere)
    (novel / FOLDER / "browser").mkdir(parents=True)
    store.append(ev.Noticed("info", "meanwhile"))
    picture = tiny_picture("p")
    for write in (
        store.commit,
        partial(store.keep_take, "panels/ch01/p.png", picture),
        partial(store.checkpoint, store.state),
        partial(store.try_again, novel / "panels/ch01/p.png", 1),
    ):
        with pytest.raises(DiskError, match="its folder is gone; put it back") as gone:
            await write()
        assert str(novel) in str(gone.value)
    with pytest.raises(DiskError):
        store.keep_sidecars({"panels/ch01/made/p.png.json": b"{}"}, ())
    assert [path.name for path in novel.rglob("*")] == [FOLDER, "browser"]
    shutil.rmtree(novel)
    elsewhere.rename(novel)
    await store.try_again(novel / "panels/ch01/p.png", 1)
    await store.keep_take("panels/ch01/p.png", picture)
    await store.close()
    lines = (novel / FOLDER / "journal.jsonl").read_text().splitlines()
    assert ["before" in lines[0], "meanwhile" in lines[1], len(lines)] == [True, True, 2]
