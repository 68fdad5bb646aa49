"""Did JSON leak, or is it what the page is about?

Who writes about JSON names it, or shows the request, the program or the mark-up it belongs to. A news page does none of
that: there the JSON was meant for a script.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.families.code_signs import ANNOUNCES
from pipeline.families.quoting_signs import FAMILIES_OF_CODE
from pipeline.model import Claim
from pipeline.patterns import lazy_compile

CODE = lazy_compile(
    rb"<\?php|&lt;\?php|```|<(?:pre|code)\b|&lt;(?:script|pre|code)\b|\bjson_(?:de|en)code\b|\bJSON(?:-LD|P|L)?\b|\bjson\b"
    rb"|\bcurl -|\bcurl http|\bAPIs?\b|\bendpoints?\b|\bHTTP/[0-9]|\b(?:GET|POST|PUT|PATCH) /|\bContent-Type\b"
    rb"|\bfunction ?\(|\bconsole\.log\b|\bimport [a-z]|\b[Ss]tructured [Dd]ata\b|\bschema\.org\b"
)
FAMILY = "embedded_json"
BEFORE_LONGEST = 300
"""How many bytes before a document are read for what announces it."""
COLONS = (b":", "：".encode())


def quoted(raw: bytes, claims: Sequence[Claim]) -> str | None:
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
    for claim in claims:
        if claim.family != FAMILY:
            continue
        before = raw[max(0, claim.span.start - BEFORE_LONGEST) : claim.span.start].rstrip()
        line = before[max(before.rfind(b"\n"), before.rfind(b"\r")) + 1 :]
        if line.endswith(COLONS) and ANNOUNCES.search(line):
            return f'the words before it announce it: "{line[-60:].decode("utf-8", "ignore").strip()}"'
    return None
