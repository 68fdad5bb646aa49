"""Errors as Drupal words them, such as ``Notice: Undefined index: x in f() (line 12 of /path/x.module).``."""

from __future__ import annotations

import regex

from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import from_bytes
from pipeline.families.php_error import tokens
from pipeline.families.php_error.errors import FAMILY
from pipeline.model import Claim, Span
from pipeline.patterns import lazy_compile

LONGEST_MESSAGE = 4096
_SEVERITY = (
    rb"User (?:error|warning|notice|deprecated function)|Recoverable fatal error|Strict warning|Deprecated function"
    rb"|Fatal error|Parse error|Warning|Notice|Error|(?<!\\)[A-Z][A-Za-z0-9_\\]{0,200}(?:Exception|Error)"
)
_GAP = tokens.GAP
_HEAD = lazy_compile(
    rb"(?P<open><em class=\"placeholder\">)?(?<![A-Za-z0-9_])(?P<severity>" + _SEVERITY + rb")(?:</em>)?:" + _GAP
    + rb"{1,6}"
)  # fmt: skip
_PLACE = lazy_compile(
    rb"\(line" + _GAP + rb"{1,6}(?P<line>[0-9]{1,9})" + _GAP + rb"{1,6}of" + _GAP + rb"{1,6}"
    rb"(?P<file>[^\r\n()<>]{1,1000}(?:\([0-9]{1,9}\) : eval\(\)'d code)?)(?:</em>)?\)\.?"
)  # fmt: skip
_FUNCTION = lazy_compile(
    rb"(?r)" + _GAP + rb"{1,6}in" + _GAP + rb"{1,6}"
    rb"(?P<name>[A-Za-z_\\{](?:[A-Za-z0-9_\\:>{}\-]|&gt;){0,300}\(\))" + _GAP + rb"{1,6}"
)  # fmt: skip
"""The function that an error happened in; matched backward from its place."""
_BLANK_LINES = (b"\n\n", b"\n\r\n", b"\r\r")
"""No message goes on behind one."""
_PATH = lazy_compile(rb"[^\s]*[/\\][^\s]*|[^\r\n]{0,1000}\.(?:module|inc|php|install|theme|profile|engine)")


def drupal_errors(raw: bytes) -> dict[int, Claim]:
    r"""Return the errors of a page that Drupal worded, by the position of ``(line``.

    >>> raw = b"Notice: Undefined index: x in f() (line 12 of /modules/x.module)."
    >>> [claim.rule for claim in drupal_errors(raw).values()]
    ['drupal']
    """
    claims: dict[int, Claim] = {}
    floor = 0
    for place in _PLACE.finditer(raw):
        lowest = max(floor, place.start() - LONGEST_MESSAGE)
        lowest = max(lowest, *(raw.rfind(blank, lowest, place.start()) for blank in _BLANK_LINES))
        function = _FUNCTION.match(raw, lowest, place.start())
        if function is not None and _PATH.fullmatch(place["file"]):
            heads = list(_HEAD.finditer(raw, lowest, function.start() + 1))
            if heads:
                claims[place.start()] = _claim(raw, heads[-1], function, place)
        floor = place.end()
    return claims


def _claim(raw: bytes, head: regex.Match[bytes], function: regex.Match[bytes], place: regex.Match[bytes]) -> Claim:
    start = head.start() if head["open"] else head.start("severity")
    value = {
        "severity": from_bytes(head["severity"]),
        "message": from_bytes(raw[head.end() : function.start()]),
        "function": from_bytes(function["name"]),
        "file": from_bytes(place["file"]),
        "line": int(place["line"]),
    }
    return Claim(Span(start, place.end()), FAMILY, "drupal", "exact", value=as_json(value), resume=place.end())
