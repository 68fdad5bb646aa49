"""A dump or an error of PHP may break off anywhere, and prose goes on below: none of it is ever cut with the leak."""

from __future__ import annotations

import pytest

from pipeline.stages import segments

BEFORE = b"The tide was late, and nobody minded.\n\n"
BEHIND = b"\n\nSo the boat waited."
PROSE = (
    b"Crews came back in May, the pilot said.",
    b"note: the quay shuts at noon.",
    b"array of lamps (3) hung over it.",
    b"string(4) of pearls lay there.",
    b'"It will hold," she said, and it did.',
    b"[The ferry] stayed => none sailed (children: 2).",
    b"Warning: fog in the harbour on line 5 of the tram.",
)
BREAKS = (b"\n\n", b"\n", b"...\n\n", "…\n".encode())
"""What stands between a leak that broke off and the prose below it."""

LEAKS = {
    "var_dump": (
        b'array(2) {\n  ["boat"]=>\n  string(13) "The "Heron" I"\n'
        b'  ["seats"]=>\n  array(1) {\n    [0]=>\n    int(80)\n  }\n}'
    ),
    "var_dump of a string": b'string(40) "Rain fell over the quay, a "sign" read so"',
    "debug_zval_dump": b'array(1) refcount(2){\n  ["boat"]=>\n  string(5) "Heron" interned\n}',
    "print_r": b"Array\n(\n    [boat] => Heron\n    [seats] => Array\n        (\n            [0] => 80\n        )\n\n)",
    "print_r on one line": b"Array ( [boat] => Heron [seats] => Array ( [0] => 80 ) )",
    "var_export": b"array (\n  'boat' => 'The \"Heron\"',\n  'seats' => \n  array (\n    0 => 80,\n  ),\n)",
    "serialize": b'a:2:{s:4:"boat";s:13:"The "Heron" I";s:5:"seats";a:1:{i:0;i:80;}}',
    "Xdebug": b"/srv/quay.php:9:\narray(1) {\n  'boat' =>\n  string(5) \"Heron\"\n}",
    "Xdebug in HTML": (
        b"<pre class='xdebug-var-dump' dir='ltr'>\n<b>array</b> <i>(size=1)</i>\n"
        b"  'boat' <font color='#888a85'>=&gt;</font> <small>string</small> <font color='#cc0000'>'Heron'</font>"
        b" <i>(length=5)</i>\n</pre>"
    ),
    "VarDumper": b'array:2 [\n  "boat" => "Heron"\n  "seats" => array:1 [\n    0 => 80\n  ]\n]',
    "an error": b"Warning: Undefined variable $boat in /srv/quay.php on line 9",
    "an error in HTML": b"<br />\n<b>Warning</b>:  No boat in <b>/srv/quay.php</b> on line <b>9</b><br />",
    "an uncaught exception": (
        b"PHP Fatal error:  Uncaught RuntimeException: no boat in /srv/quay.php:9\nStack trace:\n"
        b"#0 /srv/index.php(3): sail('Heron')\n#1 {main}\n  thrown in /srv/quay.php on line 9"
    ),
}
"""One leak of each form."""


def prose_cut(leak: bytes, at: int, between: bytes, prose: bytes) -> bytes:
    """Return what is cut of the prose around a leak that breaks off at a byte."""
    start, stop = len(BEFORE), len(BEFORE) + at + len(between)
    raw = BEFORE + leak[:at] + between + prose + BEHIND
    cut = [claim.span for claim in segments.read(raw).claims if claim.is_cut]
    return b"".join(raw[span.start : start] + raw[max(span.start, stop) : span.stop] for span in cut).strip()


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS.keys())
def test_no_prose_is_cut_with_a_leak_wherever_it_breaks_off(leak: bytes) -> None:
    for at in range(1, len(leak) + 1):
        prose, between = PROSE[at % len(PROSE)], BREAKS[at // len(PROSE) % len(BREAKS)]
        assert prose_cut(leak, at, between, prose) == b"", (at, between, prose)
