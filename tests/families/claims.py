"""What the families say of a page, for tests of one grammar."""

from __future__ import annotations

import json

from pipeline.model import Claim
from pipeline.stages import segments


def claims_of(raw: bytes) -> list[Claim]:
    """Return what is claimed for dumps of PHP, whatever the text around them says."""
    return list(segments.read(raw, "all", ["php_dump"]).claims)


def cuts(page: str) -> list[Claim]:
    """Return the cuts of a page."""
    return [claim for claim in segments.read(page.encode()).claims if claim.is_cut]


def value_of(claim: Claim) -> object:
    """Return the value that a claim read."""
    assert claim.value is not None
    value: object = json.loads(claim.value)
    return value


def whole(dump: str, rule: str) -> object:
    """Return the value of a dump that is the whole page, and is cut as a whole."""
    (claim,) = cuts(dump)
    assert claim.rule == rule
    assert claim.span == (0, len(dump.encode()))
    return value_of(claim)


def hold_alone(text: str) -> None:
    """Demand that whatever is cut from a page with this text is cut again when it stands alone."""
    page = f"Rain.\n\n{text}\n\nProse."
    for claim in cuts(page):
        (again, *others) = cuts(page.encode()[claim.span.start : claim.span.stop].decode("utf-8", "replace"))
        assert (again.rule, again.value, others) == (claim.rule, claim.value, [])
