"""The store of one project: journal, checkpoint, pictures and lock behind one door."""

import os
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path, PurePosixPath

import anyio

from core import events as ev
from core.complaint import Complaint
from core.made import FOLDER as MADE
from core.made import Made
from core.offload import Offload, T, in_thread, to_the_end
from core.state import RunState, Take
from core.store import checkpoint, strays, takes
from core.store.disk import Disk, DiskError, disk_errors, is_part
from core.store.folder import FOLDER
from core.store.journal import Journal
from core.store.lines import whole_line
from core.store.lock import ProjectLock
from core.store.recovery import Recovered, recover
from core.store.reserve import Reserve

OURS = ("journal", "checkpoint", "reserve", "lock")
"""How the names of the files begin that a run writes into; browsers and caches may well be links."""

PROBE = 4 * 2**20
"""Bytes that must fit before a disk that was full counts as free again."""


class StoreError(Complaint):
    """What is on disk cannot be used."""


class Store:
    """Open, recovered and locked.

    ``append`` is immediate: it numbers the event and keeps it for the next ``commit``, which many callers share
    (one write and one fsync for all of them). When a commit fails, nothing is forgotten: the next one writes it.
    """

    def __init__(
        self, project: Path, disk: Disk, offload: Offload, wall: Callable[[], float], lock: ProjectLock | None
    ):
        started = time.perf_counter()
        self._project, self._folder = project, project / FOLDER
        self._disk, self._offload, self._wall, self._lock = disk, offload, wall, lock
        self._journal = Journal(disk, self._folder)
        found = recover(disk, self._folder, self._journal)
        repairs = [*found.repairs, *self._journal.repair(found.findings)]
        if lock is not None and lock.gone is not None:
            repairs.append(f"the lock of process {lock.gone.pid} on {lock.gone.host}, which is gone, was taken over")
        repairs += takes.tidy(disk, project, found.state)
        self._reserve = Reserve(disk, self._folder)
        self._reserve.hold(disk.size(self._folder / checkpoint.NAME) or 0)
        self.state: RunState = found.state
        self.recovery = ev.RecoveryReported(
            found.source,
            found.findings.records,
            found.in_doubt,
            time.perf_counter() - started,
            tuple(repairs),
            found.clean,
        )
        self._seq = max(found.state.seq, found.findings.last)
        self._buffer: list[tuple[int, bytes]] = []
        self._tables = checkpoint.TableKeeper()
        self._folders: set[Path] = set()  # of pictures, that are there
        self._committing = anyio.Lock(fast_acquire=True)
        self._checkpointing = anyio.Lock(fast_acquire=True)

    @classmethod
    def open(
        cls,
        project: Path,
        *,
        disk: Disk | None = None,
        offload: Offload = in_thread,
        wall: Callable[[], float] = time.time,
        locked: bool = True,
    ) -> "Store":
        """Take the lock and recover. ``locked=False``: for simulated disks.

        Raises:
            ProjectBusy: another process has the project.
            StoreError: something in its folder would have us write elsewhere.
            DiskError: the folder cannot be read or written, or the disk is too full to begin.
            NewerJournal: a newer version of the program has written it.
        """
        disk = Disk() if disk is None else disk
        disk.make_folder(project / FOLDER)
        if locked:
            _kept_private(project / FOLDER)
        lock = ProjectLock(project / FOLDER) if locked else None
        if lock is not None:
            lock.take(project)
        try:
            return cls(project, disk, offload, wall, lock)
        except BaseException:
            if lock is not None:
                lock.release()
            raise

    # --- events ---

    def append(self, event: ev.AnyEvent) -> ev.Record:
        """Number the event; it is durable after the next ``commit``."""
        self._seq += 1
        record, line = whole_line(ev.Record(self._seq, self._wall(), event))
        self._buffer.append((record.seq, line))
        self._tables.see(event)
        return record

    @property
    def pending(self) -> bool:
        """True while something appended is not durable yet."""
        return bool(self._buffer)

    async def commit(self) -> None:
        """Return once everything appended before the call is durable. Raises DiskError; nothing is lost then."""
        if not self._buffer:
            return
        upto = self._seq
        async with self._committing:
            if not self._buffer or self._buffer[0][0] > upto:
                return  # somebody else's commit took ours along
            batch = list(self._buffer)
            lines = b"".join(line for _, line in batch)
            await self._write(partial(self._journal.append, lines, batch[0][0]))
            del self._buffer[: len(batch)]

    async def _write(self, work: Callable[[], T]) -> T:
        """What is written is not cut off half-way: it would have to be repaired. Never into another's folder."""
        return await to_the_end(self._offload, partial(self._in_place, work))

    def _in_place(self, work: Callable[[], T]) -> T:
        self._check_place()
        return work()

    def _check_place(self) -> None:
        if self._lock is not None:
            self._lock.check()

    async def checkpoint(self, state: RunState) -> int:
        """Write the whole state where one can ask it; returns its size in bytes. Raises DiskError.

        The journal goes first: a checkpoint must never know of records that a crash could still take away.
        """
        async with self._checkpointing:  # the tables are ours to read until the next call for them
            tables = self._tables.tables(state)
            await self.commit()
            size = await self._write(partial(checkpoint.write, self._disk, self._folder, tables))
            await self._write(partial(self._reserve.hold, size))
        return size

    # --- when the disk fails ---

    async def last_words(self, state: RunState) -> None:
        """Use the room kept free to write what is known, on a disk that is full. Raises DiskError."""
        await self._write(self._reserve.spend)
        await self.commit()
        async with self._checkpointing:
            tables = self._tables.tables(state)
            await self._write(partial(checkpoint.write, self._disk, self._folder, tables))

    async def try_again(self, failed: Path | None, room: int) -> None:
        """Find out by writing whether the disk works again, with ``room`` bytes for pictures that wait.

        ``failed``: the path that could not be written. Raises DiskError while it does not.
        """
        await self._write(partial(self._probe, failed, room))
        await self.commit()

    def _probe(self, failed: Path | None, room: int) -> None:
        size = self._disk.size(self._folder / checkpoint.NAME) or 0
        self._reserve.hold(size)
        self._disk.probe(self._folder, PROBE + 2 * room + size)
        if failed is not None and failed.parent not in (self._folder, self._project):
            self._disk.make_folder(failed.parent)
            self._disk.probe(failed.parent, PROBE)

    async def renew_lock(self) -> None:
        """A sign of life for processes on other machines. Raises DiskError."""
        if self._lock is not None:
            await self._offload(self._lock.renew)

    # --- pictures ---

    async def keep_take(self, file: str, data: bytes) -> None:
        """Write a picture (path relative to the project), whole or not at all. Raises DiskError."""
        path = self._inside(file)
        await self._write(partial(self._write_take, path, data))

    def _write_take(self, path: Path, data: bytes) -> None:
        with self._folder_of(path):
            self._disk.replace(path, data)

    @contextmanager
    def _folder_of(self, path: Path) -> Iterator[None]:
        """Inside, the folder of ``path`` is there; where writing fails, the next try makes sure of it again."""
        self._make_folders(path.parent)
        try:
            yield
        except DiskError:
            self._folders.discard(path.parent)
            self._disk.forget_folder(path.parent)
            raise

    def _make_folders(self, path: Path) -> None:
        if path in self._folders:
            return
        for folder in (*reversed(path.parents), path):
            if self._project in folder.parents:
                self._disk.make_folder(folder)
        self._folders.add(path)

    async def move_take(self, file: str, to: str) -> None:
        """Rename a picture; one that somebody has taken away is left to be missed. Raises DiskError."""
        source, target = self._inside(file), self._inside(to)
        await self._write(partial(self._move_take, source, target))

    def _move_take(self, source: Path, target: Path) -> None:
        if self._disk.size(source) is not None or self._disk.size(target) is not None:
            self._disk.rename(source, target)

    def read_take(self, file: str) -> bytes | None:
        """A picture's bytes, None where it is not there. Raises DiskError."""
        return self._disk.read(self._inside(file))

    def has_any(self, folder: str, stem: str) -> bool:
        """Whether ``folder`` of the project holds a file called ``stem`` with some ending. Raises DiskError."""
        return any(name.rpartition(".")[0] == stem for name in self._disk.list(self._inside(folder)))

    def keep_sidecars(self, wanted: Mapping[str, bytes], stale: Iterable[str]) -> None:
        """Files beside pictures that say what made them: ``wanted`` where they differ, ``stale`` ones removed.

        Nothing is synced: what a crash takes away is made again. Raises DiskError.
        """
        self._check_place()
        for file in stale:
            self._disk.remove(self._inside(file))
        for file, data in wanted.items():
            path = self._inside(file)
            if self._disk.read(path) != data:
                with self._folder_of(path):
                    self._disk.put(path, data)

    def stray_sidecars(self, folder: str, known: Container[str]) -> list[str]:
        """Files in ``folder``/made that tell of no picture: none is ``known`` (by name), and none is there."""
        inside = self._inside(folder)
        pictures = self._disk.sizes(inside)
        told = self._disk.sizes(inside / MADE)
        names = (name for name in told if is_part(name) or name.endswith(".json"))
        stray = (name for name in names if (of := name.removesuffix(".json")) not in known and of not in pictures)
        return [f"{folder}/{MADE}/{name}" for name in stray]

    def _inside(self, file: str) -> Path:
        path = PurePosixPath(file)
        if path.is_absolute() or ".." in path.parts:
            raise StoreError(f"{file!r} leaves the project's folder; check the panel's id")
        return self._project / path

    def lost_takes(self, state: RunState) -> list[ev.TakeLost]:
        """Journaled pictures that are missing or damaged, as far as their sizes tell."""
        return takes.lost_takes(self._disk, self._project, state)

    def adoptable(self, state: RunState) -> list[ev.AnyEvent]:
        """Finishes that were not journaled though the picture is whole on disk."""
        return takes.adoptable(self._disk, self._project, state)

    def unknown_takes(self, state: RunState) -> list[ev.TakeAdopted]:
        """Pictures under the names of ``state``'s panels that have none; where the journal knows of no attempt."""
        return strays.unknown_takes(self._disk, self._project, state)

    def left_behind(self, folders: Iterable[str]) -> list[Made]:
        """What made the pictures in ``folders`` of ``panels/``, as their sidecars tell, in book order."""
        return strays.left_behind(self._disk, self._project, folders)

    async def condition(self, take: Take) -> takes.Condition:
        """What has become of a take's file, all of it read. Raises DiskError."""
        return await self._offload(partial(takes.condition, self._disk, self._project, take))

    async def close(self) -> None:
        """Give the lock back."""
        self.let_go()

    def let_go(self) -> None:
        """Like ``close``, where no run came about."""
        if self._lock is not None:
            self._lock.release()


def _kept_private(folder: Path) -> None:
    """A project may have come from anywhere: nobody else looks into its folder, and no link leads out of it."""
    with disk_errors(folder), os.scandir(folder) as entries:
        links = [entry.path for entry in entries if entry.is_symlink() and entry.name.startswith(OURS)]
    if links:
        raise StoreError(f"{links[0]} is a link to elsewhere, and a run writes through none; remove it")
    with suppress(OSError):  # a file system without modes, or somebody else's folder
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)


def read(project: Path) -> RunState:
    """The state as the disk knows it, without lock and without writing anything."""
    return read_all(project).state


def read_all(project: Path) -> Recovered:
    """Like ``read``, with how it was found. Its owner may be writing meanwhile, and begin a new segment."""
    disk = Disk()
    folder = project / FOLDER
    journal = Journal(disk, folder)
    while True:
        before = journal.segments()
        found = recover(disk, folder, journal)
        if journal.segments() == before:
            return found
