"""A real Gradio app that «draws»: ``python -m tests.browser.pages.gradio_app BOOKS EVERY WAIT``.

It writes a line ``{"prompt", "at", "outcome"}`` for every prompt into the file BOOKS. Every EVERY-th prompt meets
the limit: it and whatever comes within WAIT seconds of it is told so in a toast (``gr.Error``) and gets no picture.
"""

import hashlib
import json
import socket
import sys
import threading
import time
from pathlib import Path

import gradio as gr
from PIL import Image, ImageDraw


class Studio:
    """Paints; keeps its books."""

    def __init__(self, books: Path, every: int, wait: float) -> None:
        self._books, self._every, self._wait = books, every, wait
        self._count, self._shut_until = 0, 0.0
        self._lock = threading.Lock()

    def draw(self, prompt: str) -> Image.Image:
        with self._lock:
            self._count += 1
            now = time.time()
            if self._count % self._every == 0:
                self._shut_until = now + self._wait
            shut = now < self._shut_until
            self._note(prompt, now, "limit" if shut else "ok")
        if shut:
            raise gr.Error(f"You have reached the limit. Try again in {self._wait:.0f} seconds.", duration=3)
        time.sleep(0.4)
        digest = hashlib.sha256(prompt.encode()).digest()
        picture = Image.new("RGB", (320, 320), tuple(digest[:3]))
        pen = ImageDraw.Draw(picture)
        for n in range(0, 24, 4):
            x, y, w, h = (digest[n + i] for i in range(4))
            pen.rectangle((x, y, x + w // 2, y + h // 2), fill=tuple(digest[n : n + 3]))
        pen.text((8, 8), prompt[-40:], fill="white")
        return picture

    def _note(self, prompt: str, at: float, outcome: str) -> None:
        with self._books.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"prompt": prompt, "at": at, "outcome": outcome}) + "\n")


def main(books: str, every: str, wait: str) -> None:
    studio = Studio(Path(books), int(every), float(wait))
    with gr.Blocks(title="A small painter") as app:
        gr.Markdown("# A small painter\nDescribe a picture.")
        prompt = gr.Textbox(label="Prompt", lines=3)
        with gr.Accordion("Advanced", open=False):
            gr.Textbox(label="Negative prompt")
            gr.Slider(1, 50, value=20, label="Steps")
        button = gr.Button("Generate", variant="primary")
        result = gr.Image(label="Result", format="png")
        button.click(studio.draw, prompt, result, concurrency_limit=3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    _, url, _ = app.launch(server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, quiet=True, share=False)
    print(url, flush=True)
    sys.stdin.read()  # until the test lets go


if __name__ == "__main__":
    main(*sys.argv[1:])
