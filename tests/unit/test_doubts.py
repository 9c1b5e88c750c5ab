"""Doubtful pictures: planted ones are found, good ones are left alone."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from core.doubts import Judge, look_at
from core.easel.painter import encode, paint
from core.sample import create_sample


def book(count: int, folder: Path) -> dict[str, bytes]:
    """So many pictures of the sample novel, by panel."""
    panels = create_sample(folder, count).panels
    return {panel.id: encode(paint(panel.prompt, 0, 0, 144)) for panel in panels}


def plant(pictures: dict[str, bytes], every: int) -> dict[str, str]:
    """Spoil every so-manieth picture; returns what was done to which."""
    ids = list(pictures)
    planted: dict[str, str] = {}
    for n, index in enumerate(range(every, len(ids), every)):
        id = ids[index]
        image = Image.open(io.BytesIO(pictures[id])).convert("RGB")
        kind = ("blank", "duplicate", "colours")[n % 3]
        planted[id] = kind
        if kind == "blank":
            image = Image.new("RGB", image.size, (246, 244, 238))
        elif kind == "duplicate":
            out = io.BytesIO()
            Image.open(io.BytesIO(pictures[ids[index - 1]])).convert("RGB").save(out, "JPEG", quality=70)
            image = Image.open(io.BytesIO(out.getvalue())).convert("RGB")
        else:
            image = ImageOps.invert(image) if n % 2 else Image.merge("RGB", image.split()[::-1])
        pictures[id] = encode(image)
    return planted


def doubted(pictures: dict[str, bytes]) -> dict[str, tuple[str, ...]]:
    judge = Judge()
    for id, data in pictures.items():
        judge.learn(id, look_at(data))
    return {id: doubts for id in pictures if (doubts := judge.judge(id))}


@pytest.mark.parametrize(
    ("count", "every"), [(100, 10), pytest.param(300, 10, marks=pytest.mark.long)], ids=["100", "300"]
)
def test_planted_pictures_are_found_and_good_ones_left_alone(count: int, every: int, tmp_path: Path) -> None:
    pictures = book(count, tmp_path / "novel")
    planted = plant(pictures, every)
    found = doubted(pictures)
    missed = {id: kind for id, kind in planted.items() if id not in found}
    false = {id: doubts for id, doubts in found.items() if id not in planted}
    print(f"{count} pictures: {len(planted) - len(missed)} of {len(planted)} found, {len(false)} false")
    assert len(missed) <= 0.05 * len(planted) + (count < 200), missed
    assert len(false) <= 0.05 * (count - len(planted)), false


def test_another_shape_than_asked_for() -> None:
    judge = Judge()
    out = io.BytesIO()
    Image.effect_noise((100, 100), 60).convert("RGB").save(out, "PNG")
    judge.learn("a", look_at(out.getvalue()))
    assert judge.judge("a", 1.0) == ()
    assert judge.judge("a", 16 / 9) == ("it is 100x100, which is not the shape that was asked for",)
    judge.forget("a")
    with pytest.raises(KeyError):
        judge.judge("a")
