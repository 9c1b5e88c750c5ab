"""The contact sheet, opened and used in a real Chromium."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from core.books import ExportOptions, collect, export
from core.processors.browser.find import find_browser
from tests.books.drawn import drawn_project

pytestmark = pytest.mark.browser


def test_its_filters_and_its_light_box_work_and_words_stay_words(tmp_path: Path) -> None:
    project, state = drawn_project(tmp_path / "novel")
    out = tmp_path / "sheet.html"
    export(collect(project, state), out, ExportOptions("html"), lambda done, total: None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(""), args=["--no-sandbox"])
        page = browser.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.goto(out.as_uri())
        assert page.locator("figure:visible").count() == 4
        assert page.locator("h2").all_text_contents() == ["Dusk", "Night <b>&"]
        page.fill("#words", "tide")
        assert page.locator("figure:visible").count() == 1
        assert page.locator("#count").text_content() == "1 of 4"
        page.fill("#words", "ladder mira")  # of the picture, in any order
        assert page.locator("figure:visible b").all_text_contents() == ["ch01-p002, page 1"]
        page.fill("#words", "")
        page.select_option("#chapter", "2")
        assert page.locator("figure:visible b").all_text_contents() == ["ch02-p001, page 1"]
        page.select_option("#chapter", "")
        page.locator("figure").first.click()
        assert "The lamps were late" in (page.locator("dialog div").text_content() or "")
        page.keyboard.press("ArrowRight")
        assert "ch01-p002" in (page.locator("dialog div").text_content() or "")
        page.screenshot(path=tmp_path / "sheet.png")
        browser.close()
    assert problems == []
