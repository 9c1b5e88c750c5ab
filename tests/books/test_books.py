"""Books: what is in them, that readers can open them, and that nothing half-written is left."""

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
import xmlschema
from darkseid.comic import Comic, MetadataFormat
from PIL import Image, ImageChops
from typer.testing import CliRunner

from core.books import Book, BookError, BookPanel, Cancelled, ExportOptions, collect, export, pdf
from core.books.comicinfo import comic_info
from core.books.content import words_in
from core.books.fonts import Fonts
from core.books.layout import MOST, Sheet, arrange, split
from core.books.lettering import _pieces, fitted, letter
from core.books.pages import Look, drawn, pages_of
from core.books.tagging import tagged
from core.complaint import Complaint
from core.made import AI_SOURCE
from core.project import load
from tests.books.drawn import SCRIPT, drawn_project, paint, words
from tui.cli import app

HERE = Path(__file__).parent

MANY = "# Chapter 1\n\n" + "".join(f"### Panel {n}\nA lamp, number {n}.\n\n" for n in range(1, 12))


def write(tmp_path: Path, options: ExportOptions, **more: object) -> Path:
    project, state = drawn_project(tmp_path / "novel", **more)  # type: ignore[arg-type]
    out = tmp_path / f"book.{options.format}"
    export(collect(project, state), out, options, lambda done, total: None)
    return out


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_a_cbz_holds_the_pages_in_order_and_a_valid_comicinfo(tmp_path: Path, version: str) -> None:
    out = write(tmp_path, ExportOptions("cbz", comicinfo=version, leftward=True))  # type: ignore[arg-type]
    with zipfile.ZipFile(out) as book:
        names = [name for name in book.namelist() if name.endswith(".png")]
        assert names == sorted(names) and [name[5:13] for name in names][:2] == ["ch01-p00", "ch01-p00"]
        info = book.read("ComicInfo.xml")
        pictures = [Image.open(io.BytesIO(book.read(name))).convert("RGB") for name in names]
    schema = xmlschema.XMLSchema(HERE / f"ComicInfo-{version}.xsd")
    schema.validate(io.BytesIO(info))
    text = info.decode()
    assert "<PageCount>4</PageCount>" in text and 'Bookmark="Night &lt;b&gt;&amp;"' in text
    assert "<Writer>Ada Writer</Writer>" in text and "YesAndRightToLeft" in text
    assert ("<Translator>Tom Words" in text) == (version == "2.1")
    for number, picture in enumerate(pictures, start=1):
        original = Image.open(io.BytesIO(paint(number))).convert("RGB")
        assert ImageChops.difference(picture, original).getbbox() is None


def test_a_reader_of_another_hand_opens_the_cbz(tmp_path: Path) -> None:
    front = "series: Lamps\nnumber: 3\npublisher: Tide Press\ngenre: Fantasy\nyear: 2026\nlanguage: en\n"
    out = write(tmp_path, ExportOptions("cbz"), script=SCRIPT.replace("language: en\n", front))
    comic = Comic(out)
    assert comic.is_archive_valid() and comic.seems_to_be_a_comic_archive()
    assert comic.get_number_of_pages() == 4
    names = [comic.get_page_name(index) or "" for index in range(4)]
    assert [name[5:14] for name in names] == ["ch01-p001", "ch01-p002", "ch01-p003", "ch02-p001"]
    for number in range(4):
        page = Image.open(io.BytesIO(comic.get_page(number) or b"")).convert("RGB")
        assert ImageChops.difference(page, Image.open(io.BytesIO(paint(number + 1))).convert("RGB")).getbbox() is None
    told = comic.read_metadata(MetadataFormat.COMIC_INFO)
    assert told.series is not None and told.series.name == "Lamps" and told.series.language == "en"
    assert told.issue == "3" and told.publisher is not None and told.publisher.name == "Tide Press"
    assert [(credit.person, [role.name for role in credit.role]) for credit in told.credits] == [
        ("Ada Writer", ["Writer"])
    ]
    marks = [(page["Image"], page["Bookmark"]) for page in told.pages if "Bookmark" in page]
    assert marks == [(0, "Dusk"), (3, "Night <b>&")]
    assert [page["Type"] for page in told.pages] == ["FrontCover", "Story", "Story", "Story"]


@pytest.mark.parametrize("format", ["cbz", "pdf", "html"])
def test_the_same_takes_give_the_same_bytes(tmp_path: Path, format: str) -> None:
    project, state = drawn_project(tmp_path / "novel")
    made = []
    for name in ("one", "two"):
        out = tmp_path / name
        export(collect(project, state), out, ExportOptions(format, layout="page"), lambda done, total: None)  # type: ignore[arg-type]
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_a_pdf_has_every_page_pixel_by_pixel(tmp_path: Path) -> None:
    out = write(tmp_path, ExportOptions("pdf"))
    with pikepdf.open(out) as book:
        assert len(book.pages) == 4 and str(book.docinfo["/Title"]) == "The Harbour"
        with book.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Dusk", "Night <b>&"]
            assert [book.pages.index(pikepdf.Page(item.destination[0])) for item in outline.root] == [0, 3]
        for number, page in enumerate(book.pages, start=1):
            (raw,) = page.get_images().values()
            picture = pikepdf.PdfImage(raw).as_pil_image().convert("RGB")
            original = Image.open(io.BytesIO(paint(number))).convert("RGB")
            assert ImageChops.difference(picture, original).getbbox() is None


def test_a_pdf_made_of_many_pieces_is_the_same_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However little is held in memory at once; and nothing is left of the pieces, or of those of a killed export."""
    project, state = drawn_project(tmp_path / "novel", script=MANY)
    out = tmp_path / "book.pdf"
    leftover = tmp_path / ".book.pdf.parts"
    leftover.mkdir()
    (leftover / "1.pdf").write_bytes(b"of another time")
    monkeypatch.setattr(pdf, "PIECE", 1)
    export(collect(project, state), out, ExportOptions("pdf"), lambda done, total: None)
    with pikepdf.open(out) as book:
        assert len(book.pages) == 11
        for number, page in enumerate(book.pages, start=1):
            (raw,) = page.get_images().values()
            original = Image.open(io.BytesIO(paint(number))).convert("RGB")
            assert (
                ImageChops.difference(pikepdf.PdfImage(raw).as_pil_image().convert("RGB"), original).getbbox() is None
            )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.pdf", "novel"]


def test_pages_are_laid_out_and_lettered(tmp_path: Path) -> None:
    out = write(tmp_path, ExportOptions("cbz", layout="page"))
    with zipfile.ZipFile(out) as book:
        names = [name for name in book.namelist() if name.endswith(".png")]
        first = Image.open(io.BytesIO(book.read(names[0]))).convert("RGB")
    assert len(names) == 2 and first.size == (1600, 2400)
    assert first.getpixel((5, 5)) == (255, 255, 255)
    assert first.getpixel((800, 1300)) != (255, 255, 255)


def test_a_stopped_export_leaves_the_old_book(tmp_path: Path) -> None:
    project, state = drawn_project(tmp_path / "novel")
    out = tmp_path / "book.cbz"
    out.write_bytes(b"the old one")

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        export(collect(project, state), out, ExportOptions("cbz"), stop)
    assert out.read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["book.cbz"]


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    project, state = drawn_project(tmp_path / "novel")
    (tmp_path / "novel/panels/ch01/ch01-p002.png").write_bytes(b"no picture")
    with pytest.raises(BookError, match=r"ch01-p002.png: the picture cannot be read"):
        export(collect(project, state), tmp_path / "b.pdf", ExportOptions("pdf"), lambda done, total: None)
    (tmp_path / "novel/panels/ch01/ch01-p002.png").unlink()
    with pytest.raises(BookError, match=r"ch01-p002.png"):
        export(collect(project, state), tmp_path / "b.cbz", ExportOptions("cbz"), lambda done, total: None)


def test_without_a_format_the_books_of_the_settings_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    novel = tmp_path / "novel"
    _, state = drawn_project(novel)
    monkeypatch.setattr("tui.books.open_book", lambda folder, language: (load(folder), state))  # no run was there
    neither = CliRunner().invoke(app, ["export", str(novel)])
    assert isinstance(neither.exception, Complaint) and "--format" in str(neither.exception)
    with (novel / "novel.toml").open("a") as settings:
        settings.write('[output]\nformats = ["cbz", "html"]\n')
    assert CliRunner().invoke(app, ["export", str(novel)]).exit_code == 0
    assert {path.suffix for path in novel.glob("novel.*")} == {".cbz", ".html", ".toml"}
    both = CliRunner().invoke(app, ["export", str(novel), "--out", str(tmp_path / "x.cbz")])
    assert isinstance(both.exception, Complaint) and not (tmp_path / "x.cbz").exists()


def test_missing_pictures_and_missing_words_are_listed(tmp_path: Path) -> None:
    project, state = drawn_project(tmp_path / "novel", skip=("ch01-p002",))
    book = collect(project, state, "fr")
    assert book.missing == ("ch01-p002",)
    assert book.unsaid == ("ch01-p001", "ch01-p003")
    state.panels.clear()
    with pytest.raises(BookError, match="no panel has a picture yet"):
        collect(project, state)


def test_words_in_a_language() -> None:
    both = (words("Good evening"), words("Bonsoir", lang="fr"))
    assert [word.text for word in words_in(both, "")[0]] == ["Good evening"]
    assert [word.text for word in words_in(both, "FR")[0]] == ["Bonsoir"]
    assert words_in(both, "de") == (both[:1], False)
    assert words_in((), "de") == ((), True)


def test_what_made_a_picture_is_written_along_and_no_pixel_changes(tmp_path: Path) -> None:
    original = paint(1)
    copy = tagged(original, "a prompt\nin two lines", {"panel": "ch01-p001"})
    image = Image.open(io.BytesIO(copy))
    image.load()
    assert image.text["parameters"] == "a prompt\nin two lines"  # type: ignore[attr-defined]
    assert image.text["novelgen"] == '{"panel":"ch01-p001"}'  # type: ignore[attr-defined]
    assert AI_SOURCE in image.text["XML:com.adobe.xmp"]  # type: ignore[attr-defined]
    assert copy.startswith(original[: original.rfind(b"IEND") - 4])
    out = io.BytesIO()
    Image.open(io.BytesIO(original)).save(out, "JPEG")
    photo = tagged(out.getvalue(), "p", {})
    assert AI_SOURCE.encode() in photo and Image.open(io.BytesIO(photo)).getexif() is not None
    assert tagged(b"RIFF....WEBP", "p", {}) == b"RIFF....WEBP"


@pytest.mark.parametrize("count", range(1, 10))
def test_every_layout_fills_its_page_without_overlap(count: int) -> None:
    sheet = Sheet()
    aspects = [(0.7, 1.0, 1.5, 1.78)[n % 4] for n in range(count)]
    boxes = arrange(aspects, ["wide" if n % 3 == 0 else "" for n in range(count)], sheet)
    assert len(boxes) == count
    canvas = Image.new("1", (sheet.width, sheet.height))
    for box in boxes:
        area = (box.left, box.top, box.left + box.width, box.top + box.height)
        assert canvas.crop(area).getbbox() is None, "two panels overlap"
        canvas.paste(1, area)
    left, top, right, bottom = canvas.getbbox() or (0, 0, 0, 0)
    assert (left, top) == (sheet.margin, sheet.margin)
    assert (right, bottom) == (sheet.width - sheet.margin, sheet.height - sheet.margin)


def test_the_reading_order_can_go_leftward() -> None:
    right = arrange([1.0, 1.0], ["", ""], Sheet(height=900))
    left = arrange([1.0, 1.0], ["", ""], Sheet(height=900, leftward=True))
    assert right[0].left < right[1].left and left[0].left > left[1].left


def test_many_panels_go_on_more_sheets() -> None:
    assert split(0) == [] and split(MOST) == [MOST] and split(MOST + 1) == [5, 5] and sum(split(40)) == 40


@pytest.mark.parametrize("text", ["One", "word " * 200, "Donaudampfschifffahrtsgesellschaft" * 5, ""])
def test_words_fit_their_place(text: str) -> None:
    block = fitted(text, Fonts(), 40, 200, 120)
    assert block.width <= 200 and block.height <= 140


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Four more.", ["Four ", "more."]),
        ("帰ろう、潮が。", ["帰", "ろ", "う、", "潮", "が。"]),
        ("「はい」と", ["「は", "い」", "と"]),
        ("ちょっと", ["ちょっ", "と"]),
        ("네 개 더.", ["네 ", "개 ", "더."]),
        ("OK、go", ["OK、", "go"]),
    ],
)
def test_where_lines_may_end(text: str, pieces: list[str]) -> None:
    """Never before what closes, never behind what opens; Korean between words."""
    assert list(_pieces(text)) == pieces


def _ink(picture: Image.Image) -> tuple[bool, bool]:
    """Whether something was written in the left and in the right third of the top half."""
    width, height = picture.size
    thirds = ((0, width // 3), (2 * width // 3, width))
    left, right = (picture.crop((a, 0, b, height // 2)).convert("L").getextrema()[1] == 255 for a, b in thirds)
    return left, right


@pytest.mark.parametrize(
    ("text", "leftward", "first"),
    [("Halt!", False, "left"), ("Halt!", True, "right"), ("עצור!", False, "right"), ("עצור!", True, "right")],
)
def test_whoever_speaks_first_stands_where_reading_begins(text: str, leftward: bool, first: str) -> None:
    picture = Image.new("RGB", (400, 400), "navy")
    letter(picture, [words(text)], Fonts(), leftward=leftward)
    assert _ink(picture) == (first == "left", first == "right")


def test_lettering_stays_on_the_picture_and_says_which_letter_no_font_has() -> None:
    picture = Image.new("RGB", (200, 100), "navy")
    letter(picture, [words("Halt! " * 60), words("boom", "sfx"), words("Später.", "caption")], Fonts())
    assert picture.size == (200, 100)
    with pytest.raises(BookError, match=r"no font here can write .* \(U\+10D0\)|name one"):
        Fonts().for_text("\U000102a0", 20)
    with pytest.raises(BookError, match="no font file"):
        Fonts([HERE / "test_books.py"])


@pytest.mark.parametrize("aspects", [[1.0], [1.78], [0.5, 1.0], [4.0], [1.0, 1.0]])
def test_few_pictures_leave_the_page_white_rather_than_lose_their_sides(aspects: list[float]) -> None:
    boxes = arrange(aspects, [""] * len(aspects), Sheet())
    for box, aspect in zip(boxes, aspects, strict=True):
        assert 1 / 1.45 < (box.width / box.height) / aspect < 1.45
    above, below = boxes[0].top, Sheet().height - boxes[-1].top - boxes[-1].height
    assert abs(above - below) <= 2


def test_a_spread_is_a_page_twice_as_wide_and_said_to_be_one(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    Image.new("RGB", (300, 200)).save(file)
    spread = BookPanel("a", 1, 1, file, 300, 200, size="double-page spread")
    plain = BookPanel("b", 1, 2, file, 300, 200, size="splash")
    book = Book("B", "en", {1: ""}, (spread, plain))
    pages = pages_of(book, Look("page"))
    sizes = [drawn(page, Look("page"), Fonts()).size for page in pages]
    assert sizes == [(3200, 2400), (1600, 2400)]
    assert comic_info(book, pages).count(b'DoublePage="true"') == 1
