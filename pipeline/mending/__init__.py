"""What stands for damaged text: entities, mojibake, characters without width, letters apart from their accents.

Nothing is edited in place. A line is read once more as its readers were meant to see it, and what it says differently
is a piece of its own, which keeps the bytes it stands for. A line that nothing is wrong with costs a few searches for
single bytes.
"""

from __future__ import annotations

from pipeline.mending.mender import Mender, Part, Rules

__all__ = ["Mender", "Part", "Rules"]
