"""When will it be done? ``pace``: what panels take; ``estimating``: what is left, played forward; ``words``: told."""

from core.eta.estimating import EtaEstimator, estimate, panels_left
from core.eta.words import end_in_words, eta_in_words

__all__ = ["EtaEstimator", "end_in_words", "estimate", "eta_in_words", "panels_left"]
