"""Lines that tell when a text came out among other things."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.dates import StampReader

READER = StampReader()


def at(text: str) -> datetime:
    """Return a wall-clock time."""
    return datetime.fromisoformat(text)


def local(line: str, reader: StampReader = READER) -> list[tuple[str, datetime | None]]:
    """Return the times of a line of credits, each with its kind."""
    return [(stamp.kind, stamp.local) for stamp in reader.credits(line)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Ann Lee | 3 May 2016 | 4 comments", "2016-05-03"),
        ("Posted on May 3, 2016 by admin", "2016-05-03"),
        ("Posted by admin on May 3, 2016", "2016-05-03"),
        ("Posted on May 3, 2016 by admin in News", "2016-05-03"),
        ("Written by Ann Lee and Jo Bell on May 3, 2016", "2016-05-03"),
        ("3 May 2016 • 4 min read", "2016-05-03"),
        ("World News | 3 May 2016", "2016-05-03"),
        ("Harbour Sport 3 May 2016 • 11:55", "2016-05-03 11:55"),
        ("3 May 2016 | 12 |", "2016-05-03"),
        ("May 3, 2016 / 6:05 PM / Harbour Radio", "2016-05-03 18:05"),
        ("Ann Lee, 3 May 2016 11:55", "2016-05-03 11:55"),
        ("Von Ann Lee, 3. Mai 2016", "2016-05-03"),
        ("Publié le 3 mai 2016 à 11h55 par Ann Lee", "2016-05-03 11:55"),
        ("Por Ana Lima, 3 de mayo de 2016", "2016-05-03"),
        ("来源：新华社 2016-05-03 12:00", "2016-05-03 12:00"),
        ("2016年05月03日 08:12 来源：新华社", "2016-05-03 08:12"),
        ("News ID: 1802600 - Tue 3 May 2016 - 11:55", "2016-05-03 11:55"),
        ("کد خبر: ۱۸۰۲۶۰۰ | تاریخ انتشار: ۸ فروردین ۱۳۹۵ - ۱۱:۵۵", "2016-03-27 11:55"),
        ("03.13.2016, 12:00, dpa/AFP", "2016-03-13 12:00"),
        ("May 3, 2016 6:05 PM UTC Updated 2 days ago", "2016-05-03 18:05"),
    ],
)
def test_a_line_of_credits_tells_when_the_text_came_out(line: str, expected: str) -> None:
    assert READER.read_all(line) == ()
    assert local(line) == [("published", at(expected))]
    assert READER.credits(line)[0].warnings == ("dateline_among_words",)


@pytest.mark.parametrize(
    "line",
    ["HULL, May 3 (AP) — The ferry is back.", "By Ann Lee | 3 May", "Posted on May 3 at noon by admin", "News | 2016"],
)
def test_a_line_with_one_number_tells_no_day_of_a_year(line: str) -> None:
    assert local(line) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [("By Ann Lee | 20160503T115538", "2016-05-03"), ("نویسنده: علی | سوم فروردین ۱۳۹۵", "2016-03-22")],
)
def test_one_number_is_enough_where_it_is_a_whole_day_or_the_day_is_written_out(line: str, expected: str) -> None:
    assert local(line) == [("published", at(expected))]


def test_both_times_of_a_line_of_credits_are_told() -> None:
    line = "Par Ann Lee avec AFP Publié le 27 mars 2016 à 11h55 - Mis à jour le 28 mars 2016 à 10h00"
    assert local(line) == [
        ("published", at("2016-03-27 11:55")),
        ("updated", at("2016-03-28 10:00")),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Elections on 3 May 2016",
        "Elections were held on 3 May 2016 at 19:00",
        "World Cup 3 May 2016 19:00",
        "Deadline: 3 May 2016 19:00",
        "By the end of 3 May 2016",
        "By the Thames on 3 May 2016 10:00",
        "In the town hall on 3 May 2016 19:00",
        "Harbour Day, 3 May 2016",
        "Ann Lee 3 May 2016 11:55 said",
        "By Ann Lee | 3 May",
        "Born 3 May 1950 | Died 4 June 2010",
        "Deadline | 3 May 2016",
        "World Cup 3 May 2016 | 19:00",
        "3 May 2016 17:05 – 4 May 2016 18:05",
        "By Ann Lee | Harbour Day 3 May 2016",
        "Harbour FC 2 - 1 Rovers | 3 May 2016",
        "3 May 2016 | Harbour Day",
        "By Ann Lee",
        "| | |",
    ],
)
def test_a_date_that_may_be_of_something_else_is_not_taken(line: str) -> None:
    assert local(line) == []


def test_doubt_stays_doubt() -> None:
    (stamp,) = READER.credits("By Ann Lee | 03/04/2016")
    assert (stamp.status, stamp.local) == ("ambiguous", None)
    assert local("By Ann Lee | 03/04/2016", READER.knowing("DMY")) == [("published", at("2016-04-03"))]
