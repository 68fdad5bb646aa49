"""What random strings are put together from, chosen to be hard to find the end of."""

from __future__ import annotations

WORDS = (
    "harbour",
    "rain",
    "ferry",
    "market",
    "lantern",
    "bridge",
    "two",
    "the",
    "of",
    "and",
    "7",
    "1989",
    "reopened",
    "slowly",
)
"""Words as any."""

FOREIGN = (
    "größer",
    "niño",
    "façade",
    "Øresund",
    "žluťoučký",
    "ψάρι",
    "паром",
    "паром идёт",
    "باران می‌بارد",
    "خلیج",
    "渡し船",
    "항구",
    "नाव",
    "e\u0301te\u0301",
    "ﬁn",
    "½",
    "№ 5",
    "⛴",
    "🚢 ahoy",
    "👩‍✈️",
    "\u00a0",
    "İstanbul",
    "ſ",
    "…",
    "—",
)
"""What is longer in bytes than in characters, or changes when it is normalised."""

QUOTED = (
    'say "yes"',
    '"',
    '""',
    "it's",
    "'",
    "“no”",
    "‘so’",
    '\\"',
    "\\",
    "\\'",
    '" he said',
    'a";',
    "';",
    '", "',
    "''",
    '"]',
    "«oui»",
    '5" pipe',
    "rock 'n' roll",
    "l'été",
    'the sign read "closed"',
)
"""Quotes and backslashes where a reader may take them for an end."""

DUMP_LIKE = (
    'string(3) "abc"',
    'string(11) "',
    "array(2) {\n  [0]=>\n  int(1)\n}",
    "NULL",
    "int(5)",
    '"]=>\n  int(1)\n  ["b',
    "}",
    "\n}",
    ")",
    "\n)\n",
    "=>",
    "]=>",
    "[0] => x",
    "Array",
    "Array\n(\n    [a] => 1\n)\n",
    "stdClass Object",
    's:3:"abc";',
    "a:1:{i:0;i:1;}",
    "array (\n  0 => 1,\n)",
    "'x' => 'y',",
    "*RECURSION*",
    "bool(true)",
    "object(X)#1 (0) {\n}",
    "N;",
    "{",
    '";}',
    "interned",
    "refcount(2)",
    "var_dump($x)",
    "<?php echo 1;",
)
"""What looks like a piece of a dump."""

HTML = (
    "<b>bold</b>",
    '<a href="/x?a=1&amp;b=2">more</a>',
    "<br />",
    "<p>One.</p>",
    "AT&T",
    "&amp;",
    "&quot;",
    "&lt;b&gt;",
    "a < b",
    "1 > 0",
    "&nbsp;",
    "<img src='a.png' alt=\"\">",
    "R&D",
    "&#8217;",
)
"""Tags and entities, and what is neither."""

WHITE = (
    "one\ntwo",
    "one\n\ntwo",
    "a\r\nb",
    "  led by blanks",
    "ends in blanks  ",
    "\ttab\t",
    "a   b",
    "\n",
    " ",
    "x \n y",
)
"""White space that does not survive every damage."""

RAW = (b"caf\xe9", b"\xff\xfe", b"na\xefve \x93quoted\x94", b"\xe2\x80", b"a\0b", b"\x1b[0m", b"\x07")
"""Bytes that are no UTF-8, and controls."""
