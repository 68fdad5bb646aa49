"""Did JSON leak, or is it what the page is about?

Who writes about JSON names it, or shows the request, the program or the mark-up it belongs to. A news page does none of
that: there the JSON was meant for a script.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.families.quoting_signs import FAMILIES_OF_CODE
from pipeline.model import Claim
from pipeline.patterns import lazy_compile

CODE = lazy_compile(
    rb"<\?php|&lt;\?php|```|<(?:pre|code)\b|&lt;(?:script|pre|code)\b|\bjson_(?:de|en)code\b|\bJSON(?:-LD|P|L)?\b|\bjson\b"
    rb"|\bcurl -|\bcurl http|\bAPIs?\b|\bendpoints?\b|\bHTTP/[0-9]|\b(?:GET|POST|PUT|PATCH) /|\bContent-Type\b"
    rb"|\bfunction ?\(|\bconsole\.log\b|\bimport [a-z]|\bstructured data\b|\bschema\.org\b"
)


def quoted(raw: bytes, claims: Iterable[Claim]) -> str | None:
    """Return why the JSON of a page is its content, or None when it leaked.

    >>> quoted(b'The API answers {"id": 7}', [])
    'the page is about such data: "API"'
    """
    covering = [claim.span for claim in claims if claim.is_cut and claim.family not in FAMILIES_OF_CODE]
    position = 0
    for start, stop in [*sorted(covering), (len(raw), len(raw))]:
        if found := CODE.search(raw, position, max(position, start)):
            return f'the page is about such data: "{found[0].decode("utf-8", "replace").strip()}"'
        position = max(position, stop)
    return None
