"""Site profiles of other packages, by the entry point ``novelgen.sites``: a package that holds ``*.toml`` files."""

from importlib import resources
from importlib.metadata import entry_points
from importlib.resources.abc import Traversable

SITES = "novelgen.sites"


def plugin_folders() -> tuple[list[Traversable], list[str]]:
    """Folders of profiles, and a sentence for every plugin that is broken (it is left out)."""
    folders: list[Traversable] = []
    complaints: list[str] = []
    for entry in entry_points(group=SITES):
        try:
            folders.append(resources.files(entry.load()))
        except Exception as error:  # noqa: BLE001  # somebody else's code: whatever it raises, it is named
            package = entry.dist.name if entry.dist else "a package"
            complaints.append(
                f'the sites "{entry.name}" of {package} cannot be loaded ({type(error).__name__}: {error}); '
                f"update or uninstall {package}"
            )
    return folders, complaints
