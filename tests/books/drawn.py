"""A project whose panels are drawn, without a run: script, pictures on disk, and the state that knows them."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from core.project import Project, load
from core.scripts.model import Words
from core.state import AttemptState, PanelState, PanelStatus, RunState, Take

SCRIPT = """\
---
title: The Harbour
author: Ada Writer
translator: Tom Words
language: en
---

# Chapter 1: Dusk

## Page 1

### Panel 1 (wide)
The harbour at dusk.
CAPTION: The lamps were late that night.

### Panel 2
Mira with a ladder.
MIRA: Four more. And then home, before the tide comes in and takes the stairs.

### Panel 3
Her hand at the lamp.
SFX: tick

# Chapter 2: Night <b>&

## Page 1

### Panel 1
The sea </script> at night.
"""


def paint(number: int, size: tuple[int, int] = (96, 64)) -> bytes:
    """A picture that is different for every number."""
    colour = tuple(hashlib.sha256(str(number).encode()).digest()[:3])
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).rectangle((8, 8, 8 + number % 50, 30), fill=(255, 255, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def drawn_project(
    folder: Path, script: str = SCRIPT, picture: Callable[[int], bytes] = paint, skip: tuple[str, ...] = ()
) -> tuple[Project, RunState]:
    """A project in ``folder`` with a picture for every panel but those in ``skip``."""
    folder.mkdir()
    (folder / "script.md").write_text(script)
    (folder / "novel.toml").write_text('title = "The Harbour"\nscript = "script.md"\n')
    project = load(folder)
    state = RunState(title=project.config.title, site="easel", run=1)
    for number, spec in enumerate(project.panels, start=1):
        panel = PanelState(spec.id, spec.chapter, spec.page, spec.number, spec.text, spec.prompt_hash, spec.folder)
        state.panels[spec.id] = panel
        if spec.id in skip:
            continue
        data = picture(number)
        file = f"panels/{spec.folder}/{spec.id}.png"
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(data)
        width, height = Image.open(io.BytesIO(data)).size
        digest = hashlib.sha256(data).hexdigest()
        panel.takes = [Take(file, len(data), digest, width, height, f"r1-{number}", spec.prompt_hash, 0.0)]
        panel.chosen, panel.status = 0, PanelStatus.FINISHED
        state.attempts[f"r1-{number}"] = AttemptState(
            f"r1-{number}", spec.id, "t1", 0.0, spec.prompt_hash, prompt=spec.prompt
        )
    return project, state


def words(text: str, kind: str = "dialogue", lang: str = "") -> Words:
    return Words(kind, text, who="Mira", lang=lang)  # type: ignore[arg-type]
