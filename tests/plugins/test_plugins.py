"""A plugin that is installed for real: its processor draws, its post-processors run, its broken ones are named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TINY = Path(__file__).parent / "tiny"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plugin in it, to be put on the path."""
    source = shutil.copytree(TINY, tmp_path_factory.mktemp("source") / "tiny")
    target = tmp_path_factory.mktemp("site")
    quietly = ["-q", "--disable-pip-version-check", "--no-deps", "--no-index", "--no-build-isolation"]
    pip = [sys.executable, "-m", "pip", "install", *quietly, "--target", str(target), str(source)]
    subprocess.run(pip, check=True, capture_output=True)
    return target


def novelgen(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(installed), str(Path(__file__).parents[2])])
    return subprocess.run(
        [sys.executable, "-c", "from tui.cli import main; main()", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
    )


def project(folder: Path, settings: str) -> Path:
    folder.mkdir()
    (folder / "script.md").write_text("# Chapter 1\n\n### Panel 1\nA mill.\n\n### Panel 2\nA river.\n")
    (folder / "novel.toml").write_text(f'title = "Mill"\nscript = "script.md"\n{settings}')
    return folder


def test_its_processor_draws_and_its_postprocessors_run(installed: Path, tmp_path: Path) -> None:
    folder = project(
        tmp_path / "novel",
        '[output]\npost = ["tiny-size", "tiny-fails", "webp"]\n'
        '[processor]\nname = "tiny"\n[processor.options]\nedge = 48\n',
    )
    done = novelgen(installed, "run", str(folder), "--headless")
    assert done.returncode == 0, done.stderr
    assert (folder / "panels/ch01/ch01-p001.png").exists()
    assert (folder / "processed/tiny-size/ch01/ch01-p002.txt").read_text() == "ch01-p002 48x48"
    assert (folder / "processed/webp/ch01/ch01-p001.webp").exists()
    assert "tiny-fails failed on ch01-p001: RuntimeError: no ink" in done.stdout


def test_a_broken_plugin_is_named_and_left_out(installed: Path, tmp_path: Path) -> None:
    folder = project(tmp_path / "novel", '[processor]\nname = "broken"\n')
    done = novelgen(installed, "run", str(folder), "--headless")
    assert done.returncode == 2
    assert 'the processor "broken" of novelgen-tiny cannot be loaded' in done.stderr
    assert "uninstall novelgen-tiny" in done.stderr
    assert not (folder / ".novelgen").exists(), "a failed start touches nothing"


def test_an_unknown_processor_says_which_there_are(installed: Path, tmp_path: Path) -> None:
    folder = project(tmp_path / "novel", '[processor]\nname = "tinny"\n')
    done = novelgen(installed, "run", str(folder), "--headless")
    assert done.returncode == 2
    assert 'there is no processor "tinny"; there are browser, broken, images-api, tiny' in done.stderr


def test_its_sites_are_known_and_a_broken_one_is_named(installed: Path) -> None:
    done = novelgen(installed, "sites")
    assert done.returncode == 0, done.stderr
    assert "tiny-page" in done.stdout
    assert 'the sites "broken" of novelgen-tiny cannot be loaded' in done.stderr
