"""``php_error``: where an error begins and ends, what it says, and what is none.

Whole pages are in ``tests/cases/php_error``; here is one claim at a time, and what the installed PHP prints.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.families.php_error.tokens import SEVERITIES
from pipeline.model import Claim, Document, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner, segments

CLEANER = Cleaner(load())
PROSE = "The last ferry left at nine."


def claims(page: str | bytes) -> tuple[Claim, ...]:
    """Return the claims of a page, whatever the text around them says."""
    return segments.read(page.encode() if isinstance(page, str) else page, "all", ["php_error"]).claims


def cuts(page: str) -> list[str]:
    """Return what is cut from a page."""
    return [claim.span.of(page.encode()).decode() for claim in claims(page) if claim.is_cut]


def value(page: str) -> dict[str, Any]:
    """Return what the only error of a page says."""
    (claim,) = claims(page)
    assert claim.value is not None
    read: dict[str, Any] = json.loads(claim.value)
    return read


# ------------------------------------------------------------------------------------------------- where it ends


@pytest.mark.parametrize("severity", [severity.decode() for severity in SEVERITIES])
@pytest.mark.parametrize("around", ["{}", "Rain. {} Sun.", "Rain.\n\n{}\n\nSun.", "Rain.\n{}\nSun."])
def test_every_severity_is_cut_wherever_it_stands(severity: str, around: str) -> None:
    error = f"{severity}: No seat in row 7 in /srv/a.php on line 12"
    assert cuts(around.format(error)) == [error]


@pytest.mark.parametrize(
    "place",
    [
        "/srv/a.php",
        "/srv/made in town/a b.php",
        "/usr/bin/drush",
        "C:\\Web Sites\\a.php",
        "d:/web/a.php",
        "\\\\nas\\web\\a.php",
        "phar:///opt/x.phar/a.php",
        "/srv/a.php : eval()'d code",
        "/srv/a.php : eval()’d code",
        "/srv/a.php(12) : eval()'d code(3) : eval()'d code",
        "/srv/a.php(7) : runtime-created function",
        "Unknown",
        "Command line code",
        "Command line code(1) : eval()'d code",
        "Standard input code",
        "php shell code",
        "themes/quay/a.php",
        "./inc/a.php",
    ],
)
def test_a_place_may_be(place: str) -> None:
    error = f"Warning: No seat in {place} on line 12"
    assert cuts(f"{PROSE} {error} {PROSE}") == [error]
    assert value(error) == {"severity": "Warning", "message": "No seat", "file": place, "line": 12}


@pytest.mark.parametrize(
    "place", ["London", "town", "the paper", "row.7", "http//x", "a.php and more", "/etc is a folder that lies", ""]
)
def test_what_is_no_place(place: str) -> None:
    assert claims(f"Warning: heavy rain in {place} on line 4 of the tram. {PROSE}") == ()


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("Hall.php", "a name alone"),
        (".../a.php", "shortened"),
        ("/…/a.php", "shortened"),
        ("[root]/a.php", "shortened"),
    ],
)
def test_a_place_as_people_write_it_is_kept(place: str, reason: str) -> None:
    (claim,) = claims(f"Warning: Undefined index: x in {place} on line 4")
    assert claim.status == "kept"
    assert reason in claim.reason


def test_errors_in_a_row_are_claimed_one_by_one() -> None:
    one = "Notice: Undefined index: a in /srv/a.php on line 1"
    two = "Warning: Undefined index: b in /srv/a.php on line 2"
    assert cuts(f"{one}\n{two}\n{one}") == cuts(f"{one} {two} {one}") == [one, two, one]
    assert cuts(one + two) == [one, two]


def test_a_blank_line_ends_a_message_and_a_line_break_does_not() -> None:
    assert cuts("Warning: two\nlines in /srv/a.php on line 1") != []
    assert claims(f"Warning: ice\n\n{PROSE} It lies in /srv/a.php on line 1 of it.") == ()


def test_an_error_of_drupal_goes_back_to_its_own_severity_and_not_to_one_in_the_prose() -> None:
    error = "Notice: Undefined index: a in seat() (line 9 of /srv/seat.module)."
    assert cuts(error) == cuts(f"Warning: ice on the quay. {error} {PROSE}") == [error]
    assert cuts("Warning: ice on the quay.\n\nIt lies in seat() (line 9 of /srv/seat.module).") == []


def test_the_nearest_severity_begins_the_error_unless_a_call_reports_it() -> None:
    error = "Notice: Undefined index: a in /srv/a.php on line 1"
    assert cuts(f"Warning: ice on the quay. {error}") == [error]
    assert cuts(f"Warning: load(): {error}") == [f"Warning: load(): {error}"]


@pytest.mark.parametrize("before", ["Fore", "a-", "_", "Over"])
def test_a_severity_is_a_word_of_its_own(before: str) -> None:
    assert claims(f"{before}Warning: Undefined index: a in /srv/a.php on line 1") == ()


@pytest.mark.parametrize(
    ("before", "taken"),
    [("", True), ("Rain. ", True), ("Rain.\n", True), ("All of it is PHP\n\n", False), ("we run ", False)],
)
def test_the_name_of_php_belongs_to_an_entry_of_its_log_and_not_to_a_sentence(before: str, *, taken: bool) -> None:
    error = "Warning:  No seat in /srv/a.php on line 12"
    entry = error if before.endswith("\n\n") else f"PHP {error}"
    assert cuts(before + entry) == [entry if taken else error]


@pytest.mark.parametrize(
    ("behind", "belongs"),
    [
        ("\nArray", True),
        ("\nArray\n\nSun.", True),
        ("\nArray of lamps", False),
        ("\n\nArray", False),
        (" Array", False),
    ],
)
def test_the_word_for_an_array_belongs_to_the_error_where_it_has_the_next_line_alone(
    behind: str, *, belongs: bool
) -> None:
    error = "Warning: Array to string conversion in /srv/a.php on line 1"
    assert cuts(error + behind) == [f"{error}\nArray" if belongs else error]
    assert cuts(error.replace("Array", "Lamp") + behind) == [error.replace("Array", "Lamp")]


# ---------------------------------------------------------------------------------------------------- what is told


def test_a_trace_is_read_row_by_row() -> None:
    page = (
        "Fatal error: Uncaught Gone: sold out in /srv/a.php:3\nStack trace:\n#0 /srv/b.php(9): seat('a: b', Array)\n"
        "#1 [internal function]: {closure}()\n#2 {main}\n  thrown in /srv/a.php on line 3"
    )
    exception = {
        "class": "Gone",
        "message": "sold out",
        "file": "/srv/a.php",
        "line": 3,
        "frames": [{"file": "/srv/b.php", "line": 9, "call": "seat('a: b', Array)"}, {"call": "{closure}()"}],
    }
    assert value(page) == value(" ".join(page.split())) | {"exceptions": [exception]}
    assert value(page)["message"] == "Uncaught Gone: sold out in /srv/a.php:3"
    assert value(" ".join(page.split()))["exceptions"] == [exception]


def test_a_trace_whose_rows_are_not_in_order_proves_nothing() -> None:
    assert claims("Error: no in /srv/a.php:3\nStack trace:\n#0 /srv/a.php(1): f()\n#2 {main}") == ()


def test_an_exception_named_by_no_word_of_alarm_counts_at_the_start_of_a_line_alone() -> None:
    exception = "Gone: sold out in /srv/a.php:3\nStack trace:\n#0 {main}"
    assert cuts(f"{PROSE}\n{exception}") == [exception]
    assert cuts(f"{PROSE} {exception}") == []
    assert cuts(f"{PROSE} Late{exception.replace('Gone', 'Exception')}") != []


@pytest.mark.parametrize(
    ("text", "status", "before_prose"),
    [
        ("Warning: Undefined variable $la", "truncated", "kept"),
        ("Warning: fopen(a.txt): failed to open str", "truncated", "kept"),
        ("Warning: No seats in /var/www/ht", "truncated", "truncated"),
        ("Warning: No seats in /var/www", "truncated", "kept"),
        ("Warning: no seats left in /var/www/ht", "truncated", "kept"),
        ("Warning: No seats in /var/www/html/a.php on li", "truncated", "truncated"),
        (
            "Fatal error: Uncaught Gone: no in /srv/a.php:3\nStack trace:\n#0 /srv/b.php(9): se",
            "truncated",
            "truncated",
        ),
        ("Gone: no in /srv/a.php:3\nStack trace:\n#0 /srv/b.php(9): se", "truncated", None),
        ("Notice: never trust seat() with $row", "kept", None),
        ("Warning: ice on the quay", None, None),
        ("Warning: Undefined variable $la is what it said.", None, None),
        ("Warning: No seats in /var", None, None),
    ],
)
def test_an_error_cut_short_by_the_end_of_a_page_or_by_a_blank_line(
    text: str, status: str | None, before_prose: str | None
) -> None:
    found = claims(f"{PROSE}\n\n{text}")
    assert [claim.status for claim in found] == ([status] if status else [])
    found = claims(f"{text}\n\n{PROSE}")
    assert [claim.status for claim in found] == ([before_prose] if before_prose else [])
    assert all(claim.span == (0, len(text)) for claim in found)


# ----------------------------------------------------------------------------------------------- the installed PHP

SCRIPT = """<?php
function seat(int $row) { throw new LogicException("no seat\\nin row $row"); }
echo $missing; echo "x" . [1], "\\n"; eval('echo $other;'); trigger_error('<b>bold</b> in & out', E_USER_NOTICE);
try { seat(1); } catch (Exception $e) { echo "\\n", $e, "\\n"; }
try { seat(2); } catch (Exception $e) { throw new RuntimeException("again", 0, $e); }
"""
PRINTED = 6
"""How many errors and exceptions the script prints."""


@pytest.mark.skipif(shutil.which("php") is None, reason="PHP is not installed")
@pytest.mark.parametrize("html", [0, 1])
def test_what_php_prints_is_read_as_it_is_printed(tmp_path: Path, html: int) -> None:
    script = tmp_path / "a b.php"
    script.write_text(SCRIPT, "utf-8")
    options = ("-n", "-d", "display_errors=1", "-d", f"html_errors={html}", "-d", "log_errors=0")
    ran = subprocess.run(["php", *options, str(script)], capture_output=True, check=False)
    found = claims(ran.stdout)
    if len(found) != PRINTED and b"Undefined variable: " in ran.stdout:
        pytest.skip("this PHP is older than 8")
    assert [claim.status for claim in found] == ["exact"] * PRINTED
    left = ran.stdout
    for claim in reversed(found):
        left = left[: claim.span.start] + left[claim.span.stop :]
    assert left.split() == [b"xArray"]
    uncaught = json.loads(found[-1].value or "")
    assert [each["class"] for each in uncaught["exceptions"]] == ["LogicException", "RuntimeException"]
    assert uncaught["exceptions"][0]["message"] == "no seat\nin row 2"


# -------------------------------------------------------------------------------------------------------- any text

WORDS = st.sampled_from(
    [
        "Warning: ", "Notice: ", "<b>Notice</b>:  ", "PHP ", "<br />\n", "Undefined index: a", " in ", "/srv/a.php",
        " on line ", "7", "\n", "\n\n", " ", "Fatal error: Uncaught ", "Gone: no", ":3", "Stack trace:", "#0 ", "#1 ",
        "{main}", "  thrown", "Next ", "Call Stack:", "0.1 22 1. f() /a:3", "Array",
        "(line 7 of /a.module).", "f()", "Sun.",
    ]
)  # fmt: skip


@given(st.lists(WORDS, max_size=40).map("".join))
def test_claims_never_overlap_and_are_the_same_when_cut_out(page: str) -> None:
    raw = page.encode()
    position = 0
    for claim in claims(page):
        if not claim.is_cut:
            continue
        assert claim.span.start >= position
        position = claim.span.stop
        if claim.status != "truncated":
            (again,) = claims(claim.span.of(raw))
            assert (again.rule, again.status, again.value) == (claim.rule, claim.status, claim.value)
            assert again.span == (0, len(claim.span.of(raw)))


SURROUNDINGS = st.sampled_from(
    ["I get:\n", "“", "”", "`", "A sentence. ", "- Fixed: ", "Output\n", ", and on", "$a = "]
)


@given(st.lists(WORDS | SURROUNDINGS, max_size=40).map("".join))
def test_every_law_holds_for_any_text(check_laws: Callable[[Cleaner, Record], Document | None], page: str) -> None:
    check_laws(CLEANER, Record("page.txt", 0, page.encode()))
