"""Nothing we hand out binds this program to another licence, and whoever comes near that was decided on."""

import re

import pytest
from packaging.markers import Marker

from tests.docs.licences import LOCK, Kind, kind_of, locked
from tests.docs.readmes import ROOT

DECIDED = {"img2pdf", "pikepdf"}
"""LGPL and MPL: installed as they are, beside ours, and free to be exchanged."""


def test_every_locked_package_goes_with_mit() -> None:
    found = [one for one in locked() if one.installed]
    assert len(found) > 40
    assert [one for one in found if one.kind >= Kind.STRONG] == []
    assert {one.name for one in found if one.kind is Kind.FILE_OR_LIBRARY} == DECIDED


def test_every_package_that_is_locked_for_this_machine_was_looked_at() -> None:
    wanted = set()
    for line in LOCK.read_text("utf-8").splitlines():
        found = re.match(r"([A-Za-z0-9._-]+)==[^\s;\\]+\s*(?:;([^\\]+))?", line)
        if found and (found[2] is None or Marker(found[2].strip()).evaluate()):
            wanted.add(found[1])
    assert wanted == {one.name for one in locked() if one.installed}


def test_those_decided_on_are_told() -> None:
    told = (ROOT / "core" / "README.md").read_text("utf-8").partition("## Licences")[2]
    assert set(re.findall(r"`([\w-]+)` \((?:LGPL|MPL)", told)) == DECIDED


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("MIT", Kind.PERMISSIVE),
        ("GNU Lesser General Public License v3 (LGPLv3)", Kind.FILE_OR_LIBRARY),
        ("MPL-2.0", Kind.FILE_OR_LIBRARY),
        ("GPL-3.0-or-later", Kind.STRONG),
        ("GNU Affero General Public License v3", Kind.STRONG),
        ("GPL-2.0 OR MIT", Kind.PERMISSIVE),
        ("MIT AND AGPL-3.0", Kind.STRONG),
        ("MIT License; GNU General Public License (GPL)", Kind.STRONG),
        ("all rights reserved", Kind.UNKNOWN),
        ("", Kind.UNKNOWN),
    ],
)
def test_licences_are_told_apart(said: str, kind: Kind) -> None:
    assert kind_of(said) is kind
