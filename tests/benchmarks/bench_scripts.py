"""How long scripts take: 100,000 panels read in every format, made a project, and compared after an edit."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from core.project import create, identified
from core.project.difference import compare
from core.project.panels import PanelSpec
from core.scripts import FORMATS, read_script
from core.scripts.model import Script, ScriptChapter, ScriptPanel, Words
from core.state import PanelState

PANELS = 100_000
CHAPTERS = 100
SHORT = ("-k", "finding and 3000")
ENDINGS = {"Fountain": "fountain", "JSON Lines": "jsonl", "table": "csv", "structured YAML": "yaml"}
NOUNS = ("lamp", "rope", "ferry", "gull", "kettle", "ladder", "harbour", "letter", "crate", "boot", "bell", "window")

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of this process's own time, so that other processes matter less."""
    started = time.process_time()
    found = work()
    return time.process_time() - started, found


def book(panels: int) -> Script:
    rng = random.Random(1)
    size = panels // CHAPTERS
    found = []
    for index in range(panels):
        one, two, three = (rng.choice(NOUNS) for _ in range(3))
        text = f"Mira runs past the {one} with a {two} on her shoulder, the {three} behind her, number {index}."
        words = (Words("caption", "The lamps were late."), Words("dialogue", "Four more.", who="MIRA"))
        chapter, inside = divmod(index, size)
        found.append(ScriptPanel(chapter + 1, inside // 5 + 1, inside % 5 + 1, text, 0, place=one, words=words))
    return Script(tuple(ScriptChapter(number, "") for number in range(1, CHAPTERS + 1)), tuple(found), title="Lamps")


@pytest.mark.benchmark
def test_reading_a_hundred_thousand_panels(tmp_path: Path) -> None:
    script = book(PANELS)
    print(f"\n{PANELS:,} panels; seconds to read the file; to make a project of it (read twice, checked, written)\n")
    print(f"{'format':18} {'MB':>6} {'read':>7} {'project':>8}")
    for known in FORMATS:
        path = tmp_path / f"script.{ENDINGS.get(known.name, 'txt')}"
        path.write_text(known.write(script), encoding="utf-8")
        reading, found = timed(lambda path=path: read_script(path))
        assert len(found.panels) == PANELS
        making, _ = timed(lambda path=path, name=known.name: create(tmp_path / name.replace(" ", "-"), path))
        print(f"{known.name:18} {path.stat().st_size / 1e6:6.0f} {reading:7.2f} {making:8.2f}")


def edits(texts: list[str]) -> dict[str, list[str]]:
    """What people do to scripts."""
    rng = random.Random(2)
    half = len(texts) // 2
    scattered = set(rng.sample(range(len(texts)), len(texts) // 50))
    return {
        "one panel inserted at the top": ["A title picture.", *texts],
        "halves exchanged": texts[half:] + texts[:half],
        "every fiftieth reworded": [f"At dusk, {t}" if i in scattered else t for i, t in enumerate(texts)],
        "every fiftieth removed": [t for i, t in enumerate(texts) if i not in scattered],
        "a name changed everywhere": [t.replace("Mira", "Nora") for t in texts],
        "shuffled and all reworded": rng.sample([f"At dusk, {t}" for t in texts], len(texts)),
        "another book": [f"Entirely different thing {i} qwx{i}" for i in range(len(texts) - 7)],
    }


@pytest.mark.benchmark
@pytest.mark.parametrize("panels", [3_000, 100_000])
def test_finding_panels_again(panels: int) -> None:
    def specs(texts: list[str]) -> list[PanelSpec]:
        return [
            PanelSpec(f"ch01-p{n:03d}", 1, 1, n, "ch01", text, "", text, str(hash(text)))
            for n, text in enumerate(texts, start=1)
        ]

    texts = [panel.text for panel in book(panels).panels]
    old = [PanelState(p.id, 1, 1, p.number, p.text, p.prompt_hash) for p in specs(texts)]
    print(f"\n{panels:,} panels planned, then the script is edited\n")
    print(f"{'edit':32} {'seconds':>8} {'new':>7} {'reworded':>9} {'moved':>7} {'removed':>8}")
    for name, after in edits(texts).items():
        now_specs = specs(after)
        seconds, found = timed(lambda now_specs=now_specs: compare(identified(now_specs, old), old))
        counts = f"{len(found.added):7} {len(found.reworded):9} {len(found.moved):7} {len(found.removed):8}"
        print(f"{name:32} {seconds:8.2f} {counts}")
