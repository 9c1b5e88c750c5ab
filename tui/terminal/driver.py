"""Textual's driver for our kind of terminal: one that may be slow, stuck, put aside or gone at any moment."""

import asyncio
import os
import selectors
import signal
import termios
import threading
import tty as modes
from codecs import getincrementaldecoder
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from rich.color import ColorSystem
from textual import constants, events
from textual._compositor import CompositorUpdate
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.widgets import Input

from tui.terminal import sequences
from tui.terminal.canvas import Canvas
from tui.terminal.graphics import ASK, Graphics, Listener, may_ask
from tui.terminal.overlay import Overlay
from tui.terminal.pixels import Placement
from tui.terminal.tty import Tty
from tui.terminal.writer import FrameWriter

ESCAPE = 0.1
"""Seconds between two looks whether a lone escape is a key of its own."""

GOODBYE = 0.5
"""Seconds a terminal is given to take the last bytes."""


class TerminalDriver(LinuxDriver):
    """Never blocks the app: frames are dropped while the terminal takes none and drawn whole afterwards.

    The end of the input or an error of the output is a terminal lost: ``lost`` is called once, on the app's loop.
    ``found`` is called there with what the terminal says of its graphics, if it ever does.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        tty: Tty,
        lost: Callable[[], None],
        found: Callable[[Graphics], None] = lambda graphics: None,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        stop = signal.getsignal(signal.SIGTSTP)
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        # The shell's job is the foreground process, not this one; and a continue that follows a hang-up is no
        # invitation to draw.
        signal.signal(signal.SIGTSTP, stop)
        signal.signal(signal.SIGCONT, signal.SIG_DFL)
        self._tty, self.fileno, self.input_tty = tty, tty.keys, True
        self._writer: FrameWriter | None = None
        self._bell, self._ring = -1, -1
        self._canvas = Canvas()
        self._overlay: Overlay | None = None
        self._listener = Listener(lambda graphics: self._soon(lambda: found(graphics)), tty.cell())
        self._on_lost, self._told_lost = lost, threading.Event()

    # --- output ---

    def write(self, data: str) -> None:
        if self._writer is not None:
            self._writer.write(data)

    def paint(self, update: CompositorUpdate, size: Size, colours: ColorSystem | None, ascii: bool = False) -> None:
        """Make the terminal show ``update``; what it shows already is not sent again."""
        self._canvas.ascii = ascii
        if self._writer is None:
            return
        if size != self._painted and self._overlay is not None:
            self._overlay.forget()
        self._painted = size
        frame = self._canvas.frame(update, size, colours)
        app = self._app
        if frame and app._sync_available:
            frame = f"{sequences.SYNC_START}{frame}{sequences.SYNC_END}"
        if isinstance(app.focused, Input):  # an input method draws where the cursor is
            frame += self._canvas.place(*app.cursor_position)
        if frame:
            self._writer.write(frame)

    def show_pictures(self, wanted: Collection[Placement]) -> None:
        """Have exactly these pictures on the screen, over what was painted last."""
        if self._overlay is not None:
            self._overlay.show(wanted)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.drain(GOODBYE)
            self._writer.stop()
            self._writer = None

    # --- the screen ---

    def start_application_mode(self) -> None:
        loop = asyncio.get_running_loop()
        self._canvas.forget()
        self._writer = FrameWriter(self._tty.screen, lambda: self._soon(self._repaint), self._lost)
        self._writer.start()
        self._overlay, self._painted = Overlay(self._writer, self._canvas.again), Size(0, 0)
        loop.add_signal_handler(signal.SIGWINCH, self._resized)
        self._raw()
        keys = "" if constants.DISABLE_KITTY_KEY else sequences.KEYS
        self.write(sequences.ENTER + (sequences.MOUSE if self._mouse else "") + keys)
        self._bell, self._ring = os.pipe()
        self.exit_event.clear()
        self._key_thread = threading.Thread(target=self._run_input_thread, name="terminal-input", daemon=True)
        self._key_thread.start()
        sync = "" if os.environ.get("TERM_PROGRAM") == "Apple_Terminal" else sequences.SYNC_QUERY
        ask = ASK if may_ask() else ""
        if ask:
            self._listener.expect()
        self.write(sync + sequences.AFTER_ENTER + ask)
        self._resized()

    def stop_application_mode(self) -> None:
        self.disable_input()
        if self._writer is not None:
            pictures = "" if self._overlay is None else self._overlay.farewell()
            self._overlay = None
            self._writer.last(pictures + sequences.LEAVE)
            self._writer.drain(GOODBYE)
        self._tty.restore_modes()

    def disable_input(self) -> None:
        thread, self._key_thread = self._key_thread, None
        if thread is None:
            return
        with suppress(RuntimeError):  # the loop is at its end
            asyncio.get_running_loop().remove_signal_handler(signal.SIGWINCH)
        self.exit_event.set()
        os.write(self._ring, b".")
        thread.join()
        for end in (self._bell, self._ring):
            os.close(end)
        with suppress(termios.error):
            termios.tcflush(self.fileno, termios.TCIFLUSH)

    def _raw(self) -> None:
        with suppress(termios.error):
            attributes = termios.tcgetattr(self.fileno)
            attributes[modes.LFLAG] = self._patch_lflag(attributes[modes.LFLAG])
            attributes[modes.IFLAG] = self._patch_iflag(attributes[modes.IFLAG])
            attributes[modes.CC][termios.VMIN] = 1
            termios.tcsetattr(self.fileno, termios.TCSANOW, attributes)

    def _get_terminal_size(self) -> tuple[int, int]:
        return self._tty.size()

    def _resized(self) -> None:
        size = Size(*self._tty.size())
        self._app.post_message(events.Resize(size, size))
        if size == self._app.size:
            self._repaint()  # to another size and back: the terminal kept nothing

    def _repaint(self) -> None:
        """Everything anew."""
        self._canvas.forget()
        if self._overlay is not None:
            self._overlay.forget()
        self._app.refresh(layout=True)

    # --- input ---

    def run_input_thread(self) -> None:
        """Read keys until told to stop; sleeps while there are none."""
        parser, decode = XTermParser(self._debug), getincrementaldecoder("utf-8")("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._bell, selectors.EVENT_READ)
            while True:
                # a sequence may be half here
                waits = parser._timeout_time is not None or self._listener.holds
                ready = selector.select(ESCAPE if waits else None)
                if self.exit_event.is_set():
                    break
                data = self._read() if ready else b""
                if ready and not data:
                    self._lost()
                    break
                data = self._listener.feed(data) if ready else self._listener.release()
                if data:
                    for event in parser.feed(decode(data)):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        with suppress(EOFError, ParseError):
            for _ in parser.feed(""):
                pass

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    # --- lost ---

    def _lost(self) -> None:
        """On any thread: the terminal is gone; tell the app once."""
        if not self._told_lost.is_set():
            self._told_lost.set()
            self._soon(self._on_lost)

    def _soon(self, call: Any) -> None:
        with suppress(RuntimeError):  # the loop is at its end, and the app with it
            self._loop.call_soon_threadsafe(call)
