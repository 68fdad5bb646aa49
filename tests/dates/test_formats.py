"""Declared formats: what they read, and what they refuse to be."""

from __future__ import annotations

import re

import pytest

from pipeline.dates import compile_format, declared
from pipeline.dates.names import UnknownLanguageError


def reads(source: str, text: str, language: str = "en") -> bool:
    """Whether a format reads the whole of a text."""
    return compile_format(source, language).pattern.fullmatch(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Sun Mar 27, 2016 11:55:38",
        "Sunday March 27, 2016 11:55:38",
        "sun mar 27, 2016 11:55:38",
        "SUN. MAR. 27, 2016 11:55:38",
        "Sun  Mar\t27,\u00a02016 11:55:38",
        "Sun Mar 7, 2016 1:55:38",
    ],
)
def test_names_may_be_wide_or_short_in_either_case_and_blanks_of_any_kind(text: str) -> None:
    assert reads("%a %b %d, %Y %H:%M:%S", text)


@pytest.mark.parametrize(
    "text",
    [
        "Sun Mar 27, 2016 11:55:38 and more",
        "On Sun Mar 27, 2016 11:55:38",
        "SunMar 27, 2016 11:55:38",
        "Sun Mar 127, 2016 11:55:38",
        "Sun Mar 27, 16 11:55:38",
        "Sun Mar 27, 2016 11:5:38",
        "Sun Mär 27, 2016 11:55:38",
        "Sun Mar ٢٧, 2016 11:55:38",
    ],
)
def test_a_format_reads_the_whole_line_or_nothing(text: str) -> None:
    assert not reads("%a %b %d, %Y %H:%M:%S", text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "27. März 2016"),
        ("de", "27. MÄRZ 2016"),
        ("fr", "27. février 2016"),
        ("es", "27. septiembre 2016"),
        ("fa", "27. مارس 2016"),
        ("tr", "27. Kasım 2016"),
        ("el", "27. Μαρτίου 2016"),
        ("el", "27. Μαΐου 2016"),
        ("ru", "27. марта 2016"),
        ("ru", "27. март 2016"),
    ],
)
def test_names_are_those_of_the_language_in_every_form_that_cldr_has(language: str, text: str) -> None:
    assert reads("%d. %B %Y", text, language)


def test_literals_are_literal() -> None:
    assert reads("[%Y.%m]", "[2016.03]")
    assert not reads("[%Y.%m]", "[2016x03]")
    assert reads("%Y%% %m", "2016% 03")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("%Y-%m-%d %q", "%q is not a directive"),
        ("%y-%m-%d", "%y is not a directive"),
        ("%Y-%m-%d %", "% is not a directive"),
        ("%Y-%m-%d %d", "names the day twice"),
        ("%Y %Y %m", "names the year twice"),
        ("%a %A %Y %m", "names the weekday_name twice"),
        ("%Y %m %H:%H", "names the hour twice"),
        ("%m-%d", "no year (%Y) or no month"),
        ("%Y %d", "no year (%Y) or no month"),
        ("%H:%M", "no year (%Y) or no month"),
        ("today", "no year (%Y) or no month"),
        ("%Y-%m-%d %b", "names the month twice"),
        ("%Y-%m-%d %H:%I %p", "names the hour twice"),
        ("%Y-%m-%d %H:%M %p", "has %p without %I"),
        ("%Y-%m-%d %I:%M", "has %I without %p"),
        ("%Y-%m-%d %M", "has %M without an hour"),
        ("%Y-%m-%d %H:%S", "has %S without %M"),
        ("%Y-%m-%d %H:%M.%f", "has %f without %S"),
    ],
)
def test_a_format_that_would_leave_the_date_a_guess_is_refused(source: str, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        compile_format(source)


@pytest.mark.parametrize(
    "source", ["%Y %m %H:%M:%S %S", "%Y %m %I %I %p", "%Y %m %I %p %p", "%Y %m %z %z", "%Y %m %Z %Z", "%Y %m %e %d"]
)
def test_no_directive_may_stand_twice(source: str) -> None:
    with pytest.raises(ValueError, match="twice"):
        compile_format(source)


@pytest.mark.parametrize(
    ("source", "text", "offset", "zone"),
    [
        ("%Y-%m-%d %H:%M GMT", "2016-03-27 11:55 GMT", None, "GMT"),
        ("%Y-%m-%d %H:%M (UTC)", "2016-03-27 11:55 (UTC)", None, "UTC"),
        ("%Y-%m-%dT%H:%M:%SZ", "2016-03-27T11:55:00Z", "Z", None),
        ("%Y-%m-%d %H:%M GMT%z", "2016-03-27 11:55 GMT+0200", "+0200", None),
        ("%Y-%m-%d %H:%M Zeit", "2016-03-27 11:55 Zeit", None, None),
        ("%Y-%m-%d %H:%M GMT+2", "2016-03-27 11:55 GMT+2", None, None),
        ("GMT news of %Y-%m-%d", "GMT news of 2016-03-27", None, None),
    ],
)
def test_a_zone_among_the_literals_is_that_of_the_line(
    source: str, text: str, offset: str | None, zone: str | None
) -> None:
    stamp = declared.read(compile_format(source), text, None)
    assert stamp is not None
    assert (stamp.offset, stamp.zone) == (offset, zone)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UnknownLanguageError, match="'xx'"):
        compile_format("%Y-%m-%d", "xx")
