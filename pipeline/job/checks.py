"""Whether an option of the Python interface holds what it can; the command line is checked as it is parsed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import UnionType

from pipeline.errors import UsageError
from pipeline.store.readers import READERS, Form
from pipeline.store.readers.compression import COMPRESSIONS


def of_type(name: str, value: object, wanted: type | UnionType, told: str) -> None:
    """Refuse a value of another type.

    >>> of_type("prune", 1, bool, "True or False")
    Traceback (most recent call last):
    pipeline.errors.UsageError: prune: must be True or False, not 1
    """
    if not isinstance(value, wanted):
        raise UsageError(f"{name}: must be {told}, not {value!r}")


def whole(name: str, value: object, *, least: int) -> None:
    """Refuse what is no whole number, or too small a one."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST:
        raise UsageError(f"{name}: must be a whole number from {least} to {MOST}, not {value!r}")


MOST = 2**63 - 1
"""The largest number that the manifest and other processes are told."""


def limit(
    name: str, value: object, *, least: float | None = None, above: float | None = None, most: float | None = None
) -> None:
    """Refuse what is no number, an endless one, or one that is out of bounds."""
    bounds = [f"at least {least}"] if least is not None else []
    bounds += [f"above {above}"] if above is not None else []
    bounds += [f"at most {most}"] if most is not None else []
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)
        or not math.isfinite(value)
        or (least is not None and value < least)
        or (above is not None and value <= above)
        or (most is not None and value > most)
    ):
        raise UsageError(f"{name}: must be a number, {' and '.join(bounds)}, not {value!r}")


def text(name: str, value: object) -> None:
    """Refuse what is no text, an empty one, and one that UTF-8 cannot hold, for then no manifest could either."""
    if not isinstance(value, str) or not value:
        raise UsageError(f"{name}: must be a text that is not empty, not {value!r}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{name}: {value!r} is not Unicode; is it bytes of another encoding?") from None


def names(name: str, value: object) -> None:
    """Refuse what is no list of texts; one text alone is none, for it would be taken letter by letter."""
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        raise UsageError(f"{name}: must be a list of names, not {value!r}")
    for each in value:
        if not isinstance(each, str):
            raise UsageError(f"{name}: must hold names, each a str, not {each!r}")
        if each:
            text(name, each)


def form(name: str, value: object) -> None:
    """Refuse what is no form of input."""
    if not isinstance(value, Form) or value.name not in READERS or value.compression not in {"", *COMPRESSIONS}:
        known = ", ".join(READERS)
        raise UsageError(f"{name}: must be a Form of {known}, such as Form('jsonl', 'gz'), not {value!r}")
