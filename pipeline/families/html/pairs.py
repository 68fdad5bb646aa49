"""The two tags of an element share their fate: where one is shown on purpose, the other is."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Claim, Page
from pipeline.patterns import lazy_compile

_NAME = lazy_compile(rb"(?:<|&[a-z#0-9;&]{1,20};)(?P<closing>/?)(?P<name>[A-Za-z][A-Za-z0-9:\-]*+)")


def with_pairs(page: Page, claims: Sequence[Claim], reasons: Sequence[str]) -> list[str]:
    """Return the reasons to keep tags, with that of an opening tag for the next closing tag of its name as well.

    >>> from pipeline.model import Span
    >>> tags = [Claim(Span(0, 3), "html", "tag", "exact"), Claim(Span(4, 8), "html", "tag", "exact")]
    >>> with_pairs(Page(b"<b>x</b>"), tags, ["it is shown", ""])
    ['it is shown', 'it is shown']
    """
    paired = list(reasons)
    opened: dict[bytes, list[str]] = {}
    for place in sorted(range(len(claims)), key=lambda place: claims[place].span):
        tag = _NAME.match(page.raw, *claims[place].span) if claims[place].rule in ("tag", "encoded_tag") else None
        if tag is None:
            continue
        name = tag["name"].lower()
        if not tag["closing"]:
            opened.setdefault(name, []).append(paired[place])
        elif opened.get(name):
            reason = opened[name].pop()
            paired[place] = paired[place] or reason
    return paired
