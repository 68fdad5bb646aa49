"""When a page shows its dumps and errors on purpose: the evidence, one sign at a time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.families.quoting import quoted
from pipeline.model import Claim, Page, Record, Span
from pipeline.profiles import load
from pipeline.stages import Cleaner, segments

ERROR = "Warning: Undefined index: lang in /srv/a.php on line 12"
DUMP = "array(1) {\n  [0]=>\n  int(7)\n}"
PROSE = "The last ferry of the day left at nine."
SHARED = Path(__file__).resolve().parents[3] / "shared/cases"


def reasons(page: str) -> list[str]:
    """Return why each dump and error of a page was kept; an empty string for each that was cut."""
    claims = [claim for claim in segments.read(page.encode()).claims if claim.family in ("php_dump", "php_error")]
    return [claim.reason if claim.status == "kept" else "" for claim in claims]


@pytest.mark.parametrize("payload", [ERROR, DUMP])
@pytest.mark.parametrize(
    "page",
    [
        "{}",
        "{}\n\nProse.",
        "Prose.\n\n{}",
        f"{PROSE}\n\n{{}}\n\n{PROSE}",
        f"{PROSE} {{}} {PROSE}",
        f"{PROSE}\n\nShare this:\n\n{{}}\n\n{PROSE}",
        f"{PROSE} Take one, for example:\n\n{{}}\n\n{PROSE}",
        f"{PROSE}\n\nprint_r\n\n{{}}\n\n{PROSE}",
        f"{PROSE}\n\nTags:\n{{}}\n",
        f"{PROSE} <!-- wp:paragraph --> {{}}",
        f"{PROSE}\n\n<!-- /wp:paragraph -->\n{{}}\n\n{PROSE}",
        "“It was late,” he said. {} “Nobody minded.”",
        "Read the notice of warnings and errors, he said.\n\n{}\n\nThe output of the mine fell.",
        "Powered by WordPress\n\n{}\n",
        "var x = 1;\nf();\ngo();\n\n{}\n",
        "* First item\n* {}\n",
        "Mayor ignores the warning\n\n{}\n\nPowered by PHP and MySQL. Can anyone help the harbour?",
        "Open index.php and header.php at /go.php?id=3\n\n{}",
    ],
)
def test_a_leak_is_cut_whatever_else_the_page_says(page: str, payload: str) -> None:
    found = reasons(page.format(payload))
    assert found
    assert not any(found)


@pytest.mark.parametrize("payload", [ERROR, DUMP])
@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (f"Text with {sign} in it.\n\n{{}}", "shows code")
        for sign in (
            "var_dump($x)",
            "var_dump ($x)",
            "print_r(1)",
            "var_export(1)",
            "debug_zval_dump(1)",
            "<?php",
            "&lt;?php",
            "php > echo 1;",
        )
    ]
    + [
        ("In PHP the variable $lang may be unset.\n\n{}", "about code"),
        ("How PHP Prints an Array\n\nThe function var_dump prints it. For example:\n\n{}", "about code"),
        ("What print_r leaves out, it does not count. For example:\n\n{}", "announce it"),
        ("The website keeps what var_export prints. Zum Beispiel:\n\n{}", "announce it"),
        ("See `lang` and `seat` in seat().\n\n{}", "about code"),
        ("- Fixed a\n- Added b\n- Removed c\n\nPHP rules.\n\n{}", "about code"),
        ("Q: Why PHP?\nA: Because.\nQ: Is that all?\n\n{}", "about code"),
        ("How to fix this error in PHP\n\n{}", "about code"),
        ("Edit index.php and header.php as `root`, then `quit`.\n\n{}", "about code"),
        ("Steps to reproduce\n\nOpen seat()\n\nActual result\n\n{}", "about code"),
        ("The plugin broke my database.\n\n{}\n\nAny ideas? I know no php.", "question about code"),
        (
            "Seit dem Update von WordPress läuft das Plugin nicht, php ist neu.\n\n{}\n\nHat jemand Rat?",
            "question about code",
        ),
        ("Whenever I log in I see\n\n{}\n\nand a white page.", "announce it"),
        ("It comes up with the following error\n\n{}", "announce it"),
        ("I get this error:\n\n{}", "announce it"),
        ("The above example will output:\n\n{}", "heading"),
        ("Das Skript liefert:\n{}", "announce it"),
        ("Le script affiche :\n{}", "announce it"),
        ("El resultado que muestra:\n{}", "announce it"),
        ("结果如下,输出:\n{}", "announce it"),
        ("Скрипт выводит:\n{}", "announce it"),
        ("Whoever opened the website was greeted like so:\n\n{}", "announce it"),
        ("The script returns {} each time", "announce it"),
        ("&example.outputs;\n\n{}", "heading"),
        ("Expected output\n\n{}", "heading"),
        ("$lang = {}", "line of code"),
        ("// {}", "line of code"),
        ("* Fixed: {}", "note on a change"),
        ("It read “{}” on Friday.", "inverted commas"),
        ("`{}`", "inverted commas"),
        ('He saw "{}" there', "inverted commas"),
        ("All that stood there was {}, no more.", "inside a sentence"),
    ],
)
def test_what_tells_that_a_page_shows_it(page: str, reason: str, payload: str) -> None:
    (why,) = reasons(page.format(payload))
    assert reason in why


@pytest.mark.parametrize(
    "text",
    ["", "var_dump", "my_var_dump(1)", "vardump(1)", "Var_Dump(1)", "print_r is a function", "php code", "<?xml"],
)
def test_what_is_no_code(text: str) -> None:
    assert reasons(f"{text}\n\n{DUMP}") == [""]


def test_code_inside_a_claim_is_data() -> None:
    raw = b'Rain. string(11) "var_dump(1)" More.'
    dump = Claim(Span(6, 30), "php_dump", "var_dump", "exact")
    assert quoted(Page(raw), [dump]) == [""]
    assert quoted(Page(raw + b" print_r(2)"), [dump]) != [""]
    other = Claim(Span(31, 35), "php_error", "plain", "kept")
    assert quoted(Page(raw), [dump, other]) == ["", ""]


def test_claims_in_a_row_share_a_verdict() -> None:
    assert [bool(why) for why in reasons(f"I get this error:\n\n{ERROR}\n{ERROR}\n\n{PROSE}\n\n{ERROR}")] == [
        True,
        True,
        False,
    ]


def test_one_that_is_shown_makes_another_suspect_on_a_page_about_software() -> None:
    page = f"The plugin gives this error:\n\n{ERROR}\n\n{PROSE}\n\n{ERROR}"
    assert [bool(why) for why in reasons(page)] == [True, True]


def test_several_examples_that_each_follow_a_colon_are_shown() -> None:
    why = "every one of the page's several examples follows a colon"
    assert reasons(f"Bez:\n\n{DUMP}\n\nAvec:\n\n{DUMP}") == [why, why]
    assert reasons(f"Tags:\n\n{DUMP}\n\n{PROSE}\n\n{DUMP}") == ["", ""]


def test_entries_of_a_log_are_a_log_and_one_alone_is_not() -> None:
    entry = "[27-Mar-2016 11:55:38 UTC] PHP Warning:  Undefined index: lang in /srv/a.php on line 12"
    assert reasons(entry) == [""]
    why = "the page is a log file: its entries and nothing else"
    assert reasons(f"{entry}\n{entry}") == [why, why]
    assert reasons(f"{PROSE}\n\n{entry}\n{entry}") == ["", ""]
    server = f'2016/03/27 11:55:38 [error] 7#0: *1 PHP message: {entry[27:]}" while reading, client: 10.0.0.1'
    assert reasons(f"{server}\n{server}\n2016/03/27 11:56:00 [notice] exit") == [why, why]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"there is no folder {SHARED}")
def test_real_pages_about_code_are_left_alone_and_real_leaks_are_cut() -> None:
    altered = [
        page.name
        for page in sorted((SHARED / "hard_negatives").glob("*.txt"))
        if any(claim.is_cut for claim in segments.read(page.read_bytes()).claims)
    ]
    assert altered == []
    missed: list[tuple[int, ...]] = []
    for row in map(json.loads, (SHARED / "leaks/index.jsonl").read_text("utf-8").splitlines()):
        if row["kind"] == "php_error":
            raw = (SHARED / "leaks" / row["file"]).read_bytes()
            text = raw.decode()
            spans = {(len(text[:start].encode()), len(text[:stop].encode())) for start, stop in row["spans"]}
            missed += spans - {tuple(claim.span) for claim in segments.read(raw).claims if claim.is_cut}
    assert missed == []


@pytest.mark.parametrize(
    "page",
    [
        f"I get this error:\n\n{ERROR}\n\n{PROSE}\n\n{DUMP}\n",
        f"{ERROR}\n\nIt read “{ERROR}” on Friday.\n",
        f"{DUMP}\n\nShare this:\n{ERROR}\n{DUMP}\n\n{PROSE} It returns {DUMP} again",
    ],
)
def test_cleaning_again_changes_nothing(page: str) -> None:
    cleaner = Cleaner(load())
    once = cleaner.clean(Record("page.txt", 0, page.encode())).article.body
    assert cleaner.clean(Record("page.txt", 0, once.encode())).article.body == once
