"""What JSON-LD says of the page it stands on, held against what was read from the page itself.

A page's own description of its article is a second witness. Where it disagrees that is said; it is never preferred, for
it often describes what the page was before it was edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pipeline.model import Article, Dateline, Payload
from pipeline.patterns import lazy_compile
from pipeline.recovery.strict import decode

ARTICLE = lazy_compile(r'"[A-Za-z]{0,20}(?:Article|BlogPosting)"')
NOT_A_MARK = lazy_compile(r"[\W_]++")
TOLERANCE = timedelta(minutes=1)


def read(payloads: Iterable[Payload], article: Article, dateline: Dateline) -> tuple[str, ...]:
    """Return in what the JSON-LD article of a page differs from the page: stable codes, each once.

    >>> page = Payload('{"@context":"https://schema.org","@type":"NewsArticle","headline":"Tram Back"}', "strict")
    >>> read([page], Article("Rain fell.", title="Ferry Back", headline="Ferry Back"), Dateline("none"))
    ('json_ld_title_differs',)
    """
    warnings: list[str] = []
    for payload in payloads:
        if payload.json is None or "@context" not in payload.json or not ARTICLE.search(payload.json):
            continue
        described = list(_articles(decode(payload.json.encode())))
        if len(described) == 1:
            warnings += _differences(described[0], article, dateline)
    return tuple(dict.fromkeys(warnings))


def _articles(data: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON there is
    """Yield the articles that a document is about: at its root, in a list there, or in its graph."""
    roots: Sequence[Any] = data if isinstance(data, list) else [data]
    for root in roots:
        if not isinstance(root, dict):
            continue
        graph = root.get("@graph")
        for node in [root, *(graph if isinstance(graph, list) else [])]:
            kinds = node.get("@type") if isinstance(node, dict) else None
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and name.endswith(("Article", "BlogPosting")) for name in names):
                yield node


def _differences(described: dict[str, Any], article: Article, dateline: Dateline) -> Iterator[str]:
    title = described.get("headline") or described.get("name")
    printed = [text for text in (article.title, article.headline) if text]
    if isinstance(title, str) and printed and all(_letters(title) != _letters(text) for text in printed):
        yield "json_ld_title_differs"
    published = described.get("datePublished")
    if isinstance(published, str) and _date_differs(published, dateline):
        yield "json_ld_date_differs"


def _letters(text: str) -> str:
    return NOT_A_MARK.sub("", text).casefold()


def _date_differs(text: str, dateline: Dateline) -> bool:
    """Whether a date of JSON-LD contradicts the timestamp line, as far as both are known."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return False
    local, at = dateline.published_local, dateline.published_at
    if local is None:
        return False
    if dateline.precision in ("minute", "second") and len(text) > len("2016-03-27"):
        if at is not None and told.tzinfo is not None:
            return abs(told.replace(tzinfo=None) - (told.utcoffset() or timedelta()) - at) >= TOLERANCE
        return abs(told.replace(tzinfo=None) - local) >= TOLERANCE
    return dateline.precision not in ("year", "month") and told.date() != local.date()
