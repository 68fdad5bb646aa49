"""Heads of pages as sites print them: the title, and the time that the page itself tells."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.model import Document, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner

CLEANER = Cleaner(load())
PROSE = "The ferry crossed the sound on Tuesday for the first time in nine days. Its crew had waited in the harbour."


def page(*paragraphs: str) -> Document:
    """Return a page of these paragraphs, cleaned by nobody's profile."""
    return CLEANER.clean(Record("page.txt", 0, "\n\n".join(paragraphs).encode()))


def at(text: str) -> datetime:
    """Return a wall-clock time."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("lines", "local", "precision"),
    [
        ("May 3, 2016\n10:05 AM", "2016-05-03 10:05", "minute"),
        ("May 3, 2016\n/ 10:05 AM\n/ Updated 2 years ago", "2016-05-03 10:05", "minute"),
        ("3 May 2016\n14:05 GMT", "2016-05-03 14:05", "minute"),
        ("3. Mai 2016\num 14:05 Uhr", "2016-05-03 14:05", "minute"),
        ("Article published: 3 May 2016", "2016-05-03", "day"),
        ("Tuesday, 3 May, 2016, 16:05 GMT 17:05 UK", "2016-05-03 16:05", "minute"),
        ("الثلاثاء 26 رجب 1437هـ - 3 مايو 2016م", "2016-05-03", "day"),
    ],
)
def test_the_title_stands_above_what_tells_the_time(lines: str, local: str, precision: str) -> None:
    document = page("Ferry Back in Harbour", lines, PROSE, PROSE)
    assert document.article.title == "Ferry Back in Harbour"
    assert document.article.dateline_raw == lines
    assert (document.dateline.published_local, document.dateline.precision) == (at(local), precision)


def test_digits_below_the_date_may_be_how_long_a_film_is() -> None:
    document = page("Ferry Back in Harbour", "May 3, 2016\n2:35", PROSE, PROSE)
    assert document.article.title == "Ferry Back in Harbour"
    assert (document.dateline.published_local, document.dateline.precision) == (at("2016-05-03"), "day")
    assert "dateline_time_not_proven" in document.warnings


@pytest.mark.parametrize("title", ["1984", "9/11"])
def test_a_title_may_be_digits(title: str) -> None:
    document = page(title, "May 3, 2016 10:05", PROSE, PROSE)
    assert (document.article.title, document.dateline.published_local) == (title, at("2016-05-03 10:05"))
    assert page(title, PROSE, PROSE).article.title is None


@pytest.mark.parametrize(
    "above",
    [
        ("Ferry Back in Harbour", "Service resumes after nine days", "By Ann Lee"),
        ("World News", "Ferry Back in Harbour", "Service resumes after nine days", "By Ann Lee"),
        ("World News", "Ferry Back in Harbour", "By Ann Lee"),
    ],
)
def test_a_by_line_ends_a_head_whose_first_line_is_the_title(above: tuple[str, ...]) -> None:
    document = page("\n".join((*above, "3 May 2016")), PROSE, PROSE)
    assert document.article.title == "Ferry Back in Harbour"


def test_digits_above_a_by_line_are_the_title() -> None:
    assert page("9/11", "By Ann Lee", "May 3, 2016", PROSE, PROSE).article.title == "9/11"


def test_a_clock_above_its_date_is_no_title() -> None:
    document = page("Ferry Back in Harbour", "10:05 AM\n3 May 2016", PROSE, PROSE)
    assert (document.article.title, document.dateline.precision) == ("Ferry Back in Harbour", "day")


def test_days_that_head_paragraphs_are_no_dateline() -> None:
    document = page("How the War Ended", "3 May 1945", PROSE, "8 May 1945", PROSE, "2 September 1945", PROSE)
    assert (document.dateline.status, document.dateline.published_local) == ("ambiguous", None)
    assert "dateline_among_headings" in document.warnings


def test_the_same_day_again_is_no_heading() -> None:
    document = page("Ferry Back in Harbour", "3 May 2016", PROSE, "3 May 2016", PROSE)
    assert document.dateline.published_local == at("2016-05-03")


def test_a_short_month_that_the_language_of_the_prose_does_not_have_is_in_doubt() -> None:
    prose = "Trageti kaloi kanalin të martën për herë të parë në nëntë ditë, ndërsa ekuipazhi kishte pritur në port."
    document = page("Trageti kthehet në port", "3 kor 2016", prose, prose)
    assert document.language == "sq"
    assert (document.dateline.status, document.dateline.published_local) == ("ambiguous", None)
    assert page("Trageti kthehet në port", "3 qer 2016", prose, prose).dateline.published_local == at("2016-06-03")


@pytest.mark.parametrize(
    ("prose", "local"),
    [
        ("Brod je u utorak prvi put nakon devet dana prešao tjesnac, a posada je čekala u luci na povoljan vjetar.", 8),
        (PROSE, None),
    ],
)
def test_the_language_of_the_prose_decides_what_a_month_means(prose: str, local: int | None) -> None:
    document = page("Trajekt opet u luci", "13 kol 2016", prose, prose)
    found = document.dateline.published_local
    assert (found.month if found else None) == local


@pytest.mark.parametrize("mark", [":", " -", " –"])
def test_days_that_paragraphs_begin_with_are_headings_as_well(mark: str) -> None:
    later = f"4 June 1917{mark} They are driven back over it by nightfall."
    document = page("A Month on the River", "3 June 1917", PROSE, later, PROSE)
    assert (document.dateline.status, document.dateline.published_local) == ("ambiguous", None)
    assert "dateline_among_headings" in document.warnings


def test_a_lead_in_of_another_day_is_no_heading() -> None:
    document = page("Ferry Back in Harbour", "3 May 2016", f"2 May 2016 – {PROSE}", PROSE)
    assert document.dateline.published_local == at("2016-05-03")


@pytest.mark.parametrize(
    ("heading", "day"),
    [(("Read more", "Ferry late again"), "3 May 2012 17:05 GMT"), (("Next meeting",), "3 June 2016 19:00")],
)
def test_a_time_below_a_heading_at_the_foot_is_not_that_of_the_page(heading: tuple[str, ...], day: str) -> None:
    document = page("Ferry Back in Harbour", PROSE, PROSE, *heading, day)
    assert document.dateline.status == "none"
    assert document.warnings == ("dateline_not_proven",)
    assert document.article.body.endswith(day)
    stamped = page("Ferry Back in Harbour", "2 May 2012", PROSE, PROSE, *heading, day)
    assert (stamped.dateline.published_local, stamped.article.dateline_raw) == (at("2012-05-02"), "2 May 2012")


@pytest.mark.parametrize("above", ["Published", "By Ann Lee"])
def test_a_time_below_a_label_or_a_by_line_at_the_foot_is_that_of_the_page(above: str) -> None:
    document = page("Ferry Back in Harbour", PROSE, PROSE, above, "3 June 2016 19:00")
    assert document.dateline.published_local == at("2016-06-03 19:00")


def test_a_name_of_the_site_parted_from_title_and_stamp_is_no_title() -> None:
    article = page("Harbour and Coast", "Ferry Back in Harbour\n3 May 2016", PROSE, PROSE).article
    assert (article.title, article.kicker) == ("Ferry Back in Harbour", "Harbour and Coast")


def test_a_section_above_a_title_that_goes_with_the_stamp_is_no_title() -> None:
    document = page("World News", "Ferry Back in Harbour\n3 May 2012", PROSE, PROSE)
    assert (document.article.kicker, document.article.title) == ("World News", "Ferry Back in Harbour")


def test_a_date_of_the_masthead_hides_no_title() -> None:
    document = page("Tuesday, 3 May 2016", "Ferry Back in Harbour", "2 May 2012 17:05", PROSE, PROSE)
    assert document.article.title == "Ferry Back in Harbour"
    assert document.dateline.published_local == at("2012-05-02 17:05")
    assert "dateline_more_than_one" in document.warnings


@pytest.mark.parametrize(
    "lines",
    [
        ("Datum: 14. Mai 2016, 20 Uhr", "Ort: Alter Kai"),
        ("Date: Saturday 14 May 2016", "Time: 10:00", "Venue: Old Quay"),
        ("Date: 12 March 1953", "Location: Old Quay", "Casualties: 12"),
        ("时间：2016年5月14日 10:00", "地点：人民广场"),
        ("Release date: 31 December 2016", "Director: Ann Lee"),
        ("Saturday 14 May 2016", "Place: Old Quay"),
    ],
)
def test_a_day_with_a_place_below_it_may_be_that_of_an_event(lines: tuple[str, ...]) -> None:
    document = page("Ferry Party", "\n".join(lines), PROSE, PROSE)
    assert (document.dateline.status, document.dateline.published_local) == ("ambiguous", None)
    assert "dateline_beside_a_place" in document.warnings


@pytest.mark.parametrize("stamp", ["Published: 14 May 2016, 10:00", "Erschienen am 14. Mai 2016, 10:00 Uhr"])
def test_a_label_of_its_own_proves_a_time_above_a_place(stamp: str) -> None:
    document = page("Ferry Back in Harbour", f"{stamp}\nLocation: Old Quay", PROSE, PROSE)
    assert document.dateline.published_local == at("2016-05-14T10:00")
