"""One tab of the pool: a worker, what it is doing, and how it is asked to leave."""

import anyio

from core.outcomes import TabLost
from core.processors.base import Worker


class Tab:
    """A place in the pool. Its worker (the page) may be replaced many times; the tab keeps its name.

    Exactly one task tends a tab (``Pool._tend``) and at most one attempt uses its worker.
    """

    def __init__(self, id: str) -> None:
        self.id = id
        self.worker: Worker | None = None
        self.generation = 0
        self.dismissed = anyio.Event()
        self.admission = anyio.Event()  #: set once there is room for its page, or need for it no more
        self.lost: TabLost | None = None  #: what befell its present worker
        self.resting = False
        self.recycle_why = ""
        self.afresh = False  #: its next page begins a conversation of its own
        self.room_told = ""  #: why there is no room for its page, as last told
        self.sign_of_life = 0.0  #: event-loop time
        self.deaths_in_a_row = 0
        self.memory = 0  #: bytes, as last measured
        self.first_memory = 0  #: bytes when its worker was first measured; 0 until then
        self.first_pictures = 0  #: and how many pictures it had drawn by then
        self.pictures = 0  #: since its worker's birth
        self.conversation = ""  #: where its last picture was drawn
        self.scene = ""  #: and for which scene
        self.scene_pictures = 0
        self.leave = anyio.Event()
        self._attempt: anyio.CancelScope | None = None
        self._free = anyio.Event()
        self._free.set()

    @property
    def retired(self) -> bool:
        """True once it is to close for good at its next idle moment."""
        return self.dismissed.is_set()

    @property
    def admitted(self) -> bool:
        """True once its page may be opened; every page that replaces it may be, too."""
        return self.admission.is_set()

    @property
    def busy(self) -> bool:
        """True while an attempt is under way in it."""
        return self._attempt is not None

    @property
    def idle(self) -> bool:
        """True where it can take a panel now."""
        return self.worker is not None and not (
            self.busy or self.resting or self.retired or self.recycle_why or self.lost
        )

    def born(self, worker: Worker) -> None:
        """A new worker takes the place."""
        self.worker, self.lost, self.recycle_why = worker, None, ""
        self.generation += 1
        if self.afresh:
            self.afresh, self.scene, self.conversation, self.scene_pictures = False, "", "", 0
        self.pictures = self.memory = self.first_memory = self.first_pictures = 0
        self.leave = anyio.Event()
        if self.retired:  # while its page was being opened
            self.leave.set()
        self.alive()

    def measured(self, memory: int) -> None:
        """Its share of the browser's memory in bytes, 0 where unknown."""
        self.memory = memory
        if memory and not self.first_memory:
            self.first_memory, self.first_pictures = memory, self.pictures

    def alive(self) -> None:
        """It gave a sign of life."""
        self.sign_of_life = anyio.current_time()

    def seconds_silent(self) -> float:
        """Seconds since its page last gave a sign of life."""
        return anyio.current_time() - self.sign_of_life

    def begin(self, scope: anyio.CancelScope) -> None:
        """An attempt starts; ``scope`` is cancelled if the worker is lost under it."""
        self._attempt, self._free = scope, anyio.Event()

    def end(self) -> None:
        """The attempt is over; a tab that was asked to leave leaves now."""
        self._attempt = None
        self._free.set()
        if self.retired or self.recycle_why:
            self.leave.set()

    def interrupt(self) -> None:
        """End the attempt under way, if any."""
        if self._attempt is not None:
            self._attempt.cancel()

    async def wait_free(self) -> None:
        await self._free.wait()

    def retire(self) -> None:
        """Close for good, now or after the attempt under way."""
        self.dismissed.set()
        self.admission.set()
        self.ask_to_leave()

    def ask_to_leave(self) -> None:
        """Leave now if idle, else after the attempt under way."""
        if not self.busy:
            self.leave.set()
