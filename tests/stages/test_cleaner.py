"""The way of one document through every stage."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.errors import RejectedDocument
from pipeline.model import Article, Dateline, Document, Edit, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner

CLEANER = Cleaner(load(["alalam-en", "default"]))

PAGE = """VIDEO: Ferry Back in Harbour

Mon Mar 21, 2016 11:55:38

Rain fell on the pier all day.

string(60) "[{"id":"7","pic":"/2016/03/21/alalam_6.jpg","title":"Tram"}]"
"""


def clean(page: str | bytes, uri: str = "page.txt") -> Document:
    """Return a page with what every stage found in it."""
    return CLEANER.clean(Record(uri, 0, page.encode() if isinstance(page, str) else page))


def test_every_stage_adds_its_part() -> None:
    document = clean(PAGE)
    assert (document.source, document.encoding, document.warnings) == ("alalam-en", "utf-8", ())
    assert document.article.title_flags == ("VIDEO",)
    assert document.article.body == "Rain fell on the pier all day."
    assert document.dateline.published_at == datetime(2016, 3, 21, 7, 25, 38)  # noqa: DTZ001 - UTC without tzinfo
    assert [claim.status for claim in document.claims] == ["exact"]
    assert [payload.recovery for payload in document.payloads] == ["strict"]
    assert [item.media_url for item in document.related] == [
        "http://media.alalam.ir/news/image/855x495/2016/03/21/alalam_6.jpg"
    ]


def test_the_profile_is_chosen_by_where_a_document_stands_or_what_it_says() -> None:
    assert clean("Rain fell.", "en.alalam.ir/news/1").source == "alalam-en"
    assert clean("Rain fell on /alalam_6.").source == "alalam-en"
    assert clean("Rain fell.").source == "default"


def test_warnings_of_every_stage_come_together() -> None:
    page = PAGE.replace("Mon Mar 21", "Tue Mar 21").replace('"Tram"', '"A "tram""')
    assert clean(page).warnings == ("dateline_weekday_contradicts_date", "related_json_repaired")


def test_a_document_is_the_same_wherever_and_whenever_it_is_cleaned() -> None:
    assert clean(PAGE) == clean(PAGE)
    assert Cleaner(load(["alalam-en"])).clean(Record("page.txt", 0, PAGE.encode())) == clean(PAGE)


@pytest.mark.parametrize(("raw", "code"), [(b"", "empty"), (b" \n", "empty"), (b"\xff", "undecodable")])
def test_what_gives_no_article(raw: bytes, code: str) -> None:
    with pytest.raises(RejectedDocument) as raised:
        clean(raw)
    assert (raised.value.stage, raised.value.code) == ("text", code)


REJOINED = ['string(string(2) "[]"2) "no" more', "array(array(0) {\n}1) {\n  [0]=>\n  int(1)\n}\nmore"]
"""Pages on which what stands on either side of a dump would read as a dump when it is out."""


@pytest.mark.parametrize("page", REJOINED)
def test_a_cut_never_makes_a_dump_that_the_page_did_not_hold(page: str) -> None:
    document = clean(page)
    again = clean(document.article.body)
    assert again.article.body == document.article.body
    assert not any(claim.is_cut for claim in again.claims)


def test_a_page_on_which_a_cut_would_make_a_dump_is_left_as_it_is() -> None:
    document = clean(REJOINED[0])
    assert document.warnings == ("cut_would_make_a_new_artifact",)
    assert document.article == Article(body=REJOINED[0], edits=(Edit(0, 33, "body", None, 0, 33),))
    assert document.dateline == Dateline("none")
    assert {claim.status for claim in document.claims} == {"kept"}
    assert all(claim.reason for claim in document.claims)


def test_a_date_that_may_be_about_something_else_is_not_taken_in_silence() -> None:
    page = (
        "Ferry Back in Harbour\n\nHarbour Day, 3 May 2016\n\nRain fell on the pier all day. The ferry came in late.\n"
    )
    document = CLEANER.clean(Record("a.txt", 0, page.encode()))
    assert document.dateline.status == "none"
    assert document.warnings == ("dateline_not_proven",)


def test_digits_inside_a_number_are_no_date() -> None:
    page = "a20160503f\n\nRain fell on the pier all day. The ferry came in late.\n"
    assert CLEANER.clean(Record("a.txt", 0, page.encode())).warnings == ()


def test_the_prose_may_hold_dates() -> None:
    page = "Ferry Back in Harbour\n\nOn 3 May 2016 rain fell on the pier all day.\n\nThe ferry came in late.\n"
    assert CLEANER.clean(Record("a.txt", 0, page.encode())).warnings == ()


def test_the_label_of_a_time_may_stand_on_a_line_of_its_own() -> None:
    page = "Ferry Back in Harbour\n\nLast updated\n4 May 2016 12:05 GMT\n\nRain fell all day. It was late.\n"
    document = CLEANER.clean(Record("a.txt", 0, page.encode()))
    assert (document.article.title, document.article.dateline_raw) == (
        "Ferry Back in Harbour",
        "Last updated\n4 May 2016 12:05 GMT",
    )
    assert document.dateline.published_local is None
    assert str(document.dateline.updated_at) == "2016-05-04 12:05:00"


def test_an_update_that_cannot_be_is_not_dropped_in_silence() -> None:
    page = "Ferry Back in Harbour\n\nPublished: 3 May 2016 12:05 Updated: 32 May 2016 12:05\n\nRain fell all day.\n"
    assert "dateline_impossible_date" in CLEANER.clean(Record("a.txt", 0, page.encode())).warnings
