"""Leaks of JSON as this benchmark writes them: descriptions of a page, the state of a script, lists for a script."""

from __future__ import annotations

import random

from bench.quality.json_damage import items, plain
from bench.quality.leak_pages import CLOSE, OPEN, Form, Forms, Shown, leak

_TITLES = ("Ferry back at the quay", "The old lock opens", "Boats in fog", "Die Fähre am Morgen", "La lonja vieja")
_KINDS = ("NewsArticle", "Organization", "WebPage", "BreadcrumbList", "Person")
_NAMES = ("related", "window.__INITIAL_STATE__", "pageData", "window.articles", "config.items")


def _article(rng: random.Random) -> str:
    node = {
        "@context": "https://schema.org",
        "@type": rng.choice(_KINDS),
        "name": rng.choice(_TITLES),
        "url": f"https://news.example/{rng.randint(1, 9999)}",
        "author": {"@type": "Person", "name": "Ana Petrov"},
        "keywords": ["harbour", 'the "old" quay'],
    }
    return plain(rng.choice((node, [node, {**node, "name": "Other"}])))


def _list(rng: random.Random) -> str:
    return plain(items(rng))


def _json_ld(rng: random.Random) -> str:
    return leak(_article(rng))


def _json_ld_element(rng: random.Random) -> str:
    return leak(f'<script type="application/ld+json">{_article(rng)}</script>')


def _state(rng: random.Random) -> str:
    state = plain({"props": {"pageProps": {"stories": items(rng)}}, "page": "/news", "query": {}, "buildId": "x7"})
    return leak(f'<script id="__NEXT_DATA__" type="application/json">{state}</script>')


def _assigned(rng: random.Random) -> str:
    statement = f"{rng.choice(('var ', ''))}{rng.choice(_NAMES)} = {_list(rng)};"
    return leak(rng.choice((statement, f"<script>{statement}</script>")))


def _call(rng: random.Random) -> str:
    return leak(f"{rng.choice(('callback', 'jQuery1124_7', 'app.load'))}({_list(rng)});")


def _bare(rng: random.Random) -> str:
    return leak(rng.choice((_list(rng), plain({"items": items(rng), "total": rng.randint(1, 99)}))))


FORMS: Forms = {
    "embedded_json": {
        "JSON-LD": _json_ld,
        "JSON-LD, elements": _json_ld_element,
        "state": _state,
        "assignments": _assigned,
        "calls": _call,
        "bare": _bare,
    },
}
"""How leaks of JSON look."""

_SHOWN = (
    "Structured data for beginners\n\nPut this snippet into the head of your page:\n\n{code}\n\nThen test it.",
    "Our API\n\nGET /items returns JSON. The response:\n\n{code}\n\nThe field `id` is a string.\n",
    "How do I parse this in JavaScript?\n\nThe server sends me\n\n{code}\n\nand JSON.parse fails. Any ideas?",
    "# Configuration\n\n```\n{code}\n```\n\nEvery key has a default.\n",
    "Release notes\n\n2.1.0\n\n* Added JSON-LD to each template: {code}\n* Fixed a bug in `render()`\n",
)
"""Pages that show JSON, each in another way; of this benchmark's own invention."""


def _shown(shape: str) -> Form:
    def write(rng: random.Random) -> str:
        code = rng.choice(list(FORMS["embedded_json"].values()))(rng).replace(OPEN, "").replace(CLOSE, "")
        return shape.format(code=code)

    return write


SHOWN: Shown = {"embedded_json": [_shown(shape) for shape in _SHOWN]}
"""Pages that show JSON on purpose."""
