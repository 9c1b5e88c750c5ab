"""The practice site: a real local web page that draws, with real latency, limits and faults.

async with Easel(EaselOptions(latency=1.0, faults="refuse=0.02")) as easel:
    ...  # open easel.url in a browser; easel.ledger says what was asked and delivered
"""

from core.easel.faults import AMOUNTS, FAULTS, Faults, faults_help, parse_faults
from core.easel.ledger import Entry, Ledger
from core.easel.options import EaselError, EaselOptions, Limit, parse_limit
from core.easel.site import Easel, EaselThread

__all__ = [
    "AMOUNTS",
    "FAULTS",
    "Easel",
    "EaselError",
    "EaselOptions",
    "EaselThread",
    "Entry",
    "Faults",
    "Ledger",
    "Limit",
    "faults_help",
    "parse_faults",
    "parse_limit",
]
