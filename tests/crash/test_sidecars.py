"""What made a picture is told beside it, whole and true, whatever has become of the process or its files."""

import hashlib
import json

from core.made import AI_SOURCE, sidecar_of
from core.state import RunState
from tests.crash.machine import Image, Machine
from tests.crash.small_run import SmallRun, Told, go_on
from tests.simulation.night import FOLDER_OF_NIGHT

Sheets = dict[str, dict[str, object]]


def sheets(image: Image) -> Sheets:
    """Every sidecar on disk by its file, parsed."""
    names = ((path, data) for path, data in image.items() if path.parent.name == "made")
    return {str(path.relative_to(FOLDER_OF_NIGHT)): json.loads(data) for path, data in names}


def true(image: Image, state: RunState) -> None:
    """There is a sidecar for every take and for nothing else, and it says what is so."""
    found = sheets(image)
    takes = [(panel, take) for panel in state.panels.values() for take in panel.takes]
    assert sorted(found) == sorted(sidecar_of(take.file) for _, take in takes)
    for panel, take in takes:
        told = found[sidecar_of(take.file)]
        attempt = state.attempts[take.attempt]
        assert told["prompt"] == attempt.prompt and told["panel"] == panel.id and told["attempt"] == attempt.id
        assert (
            told["site"] == "simulated" and told["tab"] == attempt.tab and told["seconds"] == round(attempt.seconds, 3)
        )
        assert told["sha256"] == hashlib.sha256(image[FOLDER_OF_NIGHT / take.file]).hexdigest()
        assert told["take"] == panel.takes.index(take) + 1
        assert told["digitalSourceType"] == AI_SOURCE


def test_every_take_has_its_sidecar_and_takes_it_along() -> None:
    """The small run draws one panel twice and chooses the first take again: its files change names."""
    run = SmallRun()
    state = run.play()
    first = next(iter(state.panels.values()))
    assert len(first.takes) == 2 and first.chosen == 0
    true(run.machine.image(), state)


def test_wherever_the_world_stopped_the_next_run_puts_them_right() -> None:
    run = SmallRun()
    kept: dict[int, tuple[Image, Told]] = {}
    run.on_crash = lambda image, told: kept.setdefault(hash(frozenset(image.items())), (image, told)) and None
    run.play()
    torn = [
        (image, told)
        for image, told in kept.values()
        if any(path.parent.name == "made" and not data for path, data in image.items())
    ]
    assert torn, "a power cut leaves empty sidecars behind"
    some = [*torn[:: max(1, len(torn) // 20)], *list(kept.values())[:: max(1, len(kept) // 60)]]
    for image, told in some:
        go_on(image, told, run, look=lambda machine, state: true(machine.image(), state))


def test_taken_away_spoiled_and_strange_ones() -> None:
    run = SmallRun()
    run.play()
    image = run.machine.image()
    names = sorted(path for path in image if path.parent.name == "made")
    del image[names[0]]
    image[names[1]] = b"{}"
    image[names[2].with_name("ch01-p0099.png.json")] = b"of a picture that is gone"
    image[names[2].with_name(".x.png.json.part")] = b"half"
    image[names[2].with_name("notes.txt")] = b"somebody's own"
    go_on(image, Told(0, ()), run, look=_but_notes)


def _but_notes(machine: Machine, state: RunState) -> None:
    image = machine.image()
    notes = [path for path in image if path.name == "notes.txt"]
    assert [image.pop(path) for path in notes] == [b"somebody's own"]
    true(image, state)
