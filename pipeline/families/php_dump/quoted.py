"""Is a dump a leak, or is it what the page is about?

A manual, a tutorial or a question shows the code that printed its dumps; a leak comes without it, for the server ran
the code and sent only its output. So code outside the dumps themselves is the sign.
"""

from __future__ import annotations

from collections.abc import Iterable

import regex

from pipeline.model import Claim

CODE = regex.compile(rb"<\?php|&lt;\?php|\b(?:var_dump|print_r|var_export|debug_zval_dump)\s{0,4}\(|php\s?>\s")


def quoted(raw: bytes, claims: Iterable[Claim]) -> str | None:
    r"""Return why the dumps of a page are its content, or None when they are leaks.

    >>> quoted(b'With var_dump($x) you get string(2) "ok"', [])
    'the page shows code that prints such output: "var_dump("'
    """
    position = 0
    for start, stop in [*sorted(claim.span for claim in claims), (len(raw), len(raw))]:
        if found := CODE.search(raw, position, max(position, start)):
            sign = found[0].decode("utf-8", "replace").strip()
            return f'the page shows code that prints such output: "{sign}"'
        position = max(position, stop)
    return None
