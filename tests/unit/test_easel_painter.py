"""Pictures are real, reproducible, all different, and show what the prompt says."""

import io
import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from core.easel.painter import encode, paint
from core.easel.painter.looks import looks_of
from core.easel.painter.reading import Person, read
from core.easel.painter.vocabulary import COLOURS

SMALL = 160
WORDS = ["", "noir", "ink close-up", "aspect 21:9", "crowd in the rain", "aspect 0:0"]


def brightness(picture: Image.Image) -> float:
    return ImageStat.Stat(picture.convert("L")).mean[0]


def test_png_is_whole_and_holds_every_pixel() -> None:
    picture = paint("Mina at the window, night", 0, 0, SMALL)
    data = encode(picture)
    with Image.open(io.BytesIO(data)) as read_back:
        read_back.load()
        assert read_back.format == "PNG"
        assert ImageChops.difference(read_back.convert("RGB"), picture).getbbox() is None


def test_the_same_words_seed_and_take_are_the_same_bytes() -> None:
    assert encode(paint("a tree in the fog", 3, 0, SMALL)) == encode(paint("a tree in the fog", 3, 0, SMALL))


def test_other_words_seed_or_take_are_another_picture() -> None:
    told = [("a tree", 0, 0), ("a tree.", 0, 0), ("a tree", 1, 0), ("a tree", 0, 1)]
    told += [(f"panel {n}: the same street at night", 0, 0) for n in range(20)]
    assert len({encode(paint(p, s, t, SMALL)) for p, s, t in told}) == len(told)


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("", (160, 160)),
        ("aspect 16:9", (160, 90)),
        ("aspect ratio: 2:3", (107, 160)),
        ("at 12:45", (160, 160)),
    ],
)
def test_aspect_is_honoured(words: str, size: tuple[int, int]) -> None:
    assert paint(f"the sea {words}", 0, 0, SMALL).size == size


def test_night_is_darker_than_day() -> None:
    for place in ("the sea", "a room", "a forest", "the street"):
        assert brightness(paint(f"{place}, night", 0, 0, SMALL)) < brightness(paint(f"{place}, noon", 0, 0, SMALL)) - 30


def test_noir_has_no_colour_and_watercolour_has() -> None:
    def colour(look: str) -> float:
        hsv = paint(f"{look}. the sea at sunset, a boat", 0, 0, SMALL).convert("HSV")
        return ImageStat.Stat(hsv.getchannel("S")).mean[0]

    assert colour("Noir") < 25 < 60 < colour("Watercolour")


def test_no_picture_is_near_blank() -> None:
    for place in ("sea", "room", "forest", "city street", "mountain pass", "field", "river", "fog at night"):
        picture = paint(f"Wide shot of the {place}", 0, 0, SMALL).convert("L")
        assert ImageStat.Stat(picture).stddev[0] > 10, place


def test_people_of_the_prompt_are_seen() -> None:
    with_her = paint("Wide. The moor at noon. Mina walks.", 0, 0, SMALL)
    nobody = paint("Wide. The moor at noon. Grass waves.", 0, 0, SMALL)
    assert read("Wide. The moor at noon. Mina walks.").people[0].name == "Mina"
    assert read("Wide. The moor at noon. Grass waves.").people == ()
    assert ImageChops.difference(with_her, nobody).getbbox() is not None


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("Mina and Jonathan Harker stand on the deck.", ["Mina", "Jonathan"]),
        ("Style: watercolour. Cast: Ogilvy: an astronomer in a grey coat. Ogilvy looks up.", ["Ogilvy"]),
        ("Close-up of Captain Nemo at the window", ["Nemo"]),
        ("A ship sails from Whitby to London.", []),
        ("Wide shot. Night. Rain over the city.", []),
        ("The harbour; a sailor waits", ["sailor"]),
    ],
)
def test_names_are_read(prompt: str, names: list[str]) -> None:
    assert [p.name for p in read(prompt).people] == names


def test_somebody_looks_the_same_in_every_panel() -> None:
    first = read("Mina stands in the forest at dawn.").people[0]
    later = read("In the rain, Mina runs along the pier.").people[0]
    assert looks_of(first) == looks_of(later)
    assert len({looks_of(Person(name)) for name in ("Mina", "Ogilvy", "Nemo", "Anna", "Holt")}) == 5


def test_looks_in_the_prompt_are_obeyed() -> None:
    mina = read("Mina: a woman with red hair in a green coat. Mina waits.").people[0]
    assert mina.clothes == COLOURS["green"]
    assert mina.hair == COLOURS["red"]
    assert looks_of(mina).skirt


def test_looks_go_to_the_one_they_are_said_of() -> None:
    mina, holt = read("Mina (a woman, auburn hair, green coat) and Captain Holt, a bearded man in a navy coat.").people
    assert (mina.clothes, mina.hair, mina.beard) == (COLOURS["green"], COLOURS["auburn"], False)
    assert (holt.clothes, holt.hair, holt.beard) == (COLOURS["navy"], None, True)


@pytest.mark.parametrize(
    ("prompt", "caption"),
    [
        ('Mina waits.\nCaption: "Three nights, and no ship."', "Three nights, and no ship."),
        ("Watercolour style, muted palette. Mina waits on the pier.", "Mina waits on the pier."),
        ("Style: ink\nPanel: The lamp goes out", "The lamp goes out"),
    ],
)
def test_caption_is_the_panels_own_words(prompt: str, caption: str) -> None:
    assert read(prompt).caption == caption


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=120),
    st.sampled_from(["", "noir", "ink close-up", "aspect 21:9", "crowd in the rain", "aspect 0:0"]),
)
def test_any_text_is_painted(text: str, words: str) -> None:
    picture = paint(f"{text} {words}", 0, 0, 64)
    assert max(picture.size) == 64
    assert all(math.isfinite(v) for v in ImageStat.Stat(picture).mean)


@pytest.mark.benchmark
def test_time_to_paint() -> None:
    prompts = [f"{look} {shot} of Mina and Holt in the {place}, night" for look in ("noir", "ink", "watercolour")
               for shot in ("wide", "close-up") for place in ("city", "forest", "room")]  # fmt: skip
    paint(prompts[0], 0, 0, 1024)
    start = time.perf_counter()
    sizes = [len(encode(paint(p, 0, 0, 1024))) for p in prompts]
    each = (time.perf_counter() - start) / len(prompts)
    print(f"{each * 1000:.0f} ms and {sum(sizes) / len(sizes) / 1000:.0f} KB a picture")
    assert each < 0.5
