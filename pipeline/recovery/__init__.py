"""Embedded JSON, recovered as far as it can be proven: what is doubtful is flagged, and nothing is made up.

:func:`recover` climbs a ladder and stops at the first rung that holds: a strict decode, the envelope around the
document, a decoding that can be undone, a reader that forgives, complete items of a document that was cut. A rung that
gives anything but JSON that a strict decoder accepts is no rung.
"""

from __future__ import annotations

from pipeline.recovery.ladder import looks_like_json, recover
from pipeline.recovery.recovered import Recovered

__all__ = ["Recovered", "looks_like_json", "recover"]
