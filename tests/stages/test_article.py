"""Third stage: what stands above the prose, what below, and the prose itself."""

from __future__ import annotations

import pytest

from pipeline.frame import Marks
from pipeline.model import Article, Edit
from pipeline.stages import article, segments, text
from pipeline.tiling import gap

STAMP = "Sun Mar 27, 2016 11:55:38"
UPDATE = "Sun Mar 27, 2016 12:10:00"
STAMPS = {STAMP, UPDATE}
CREDITS = {"By Ann Lee | 3 May 2016"}
SIGN_OFFS = {"S/SH 11", "AB", "R/TO"}

LEADS = ("LONDON (AP) —", "PARIS,\nMay 3 -", "ROME, SANA")


def lead(text: str) -> int:
    """Return how many characters the lead-in of a text takes."""
    return next((len(printed) for printed in LEADS if text.startswith(printed)), 0)


MARKS = Marks(STAMPS.__contains__, CREDITS.__contains__, SIGN_OFFS.__contains__, lead, ("VIDEO",))

FIRST = "Rain fell on the pier all day."
SECOND = "The ferry came in an hour late, and left at once."


def read(page: str, marks: Marks = MARKS) -> Article:
    """Return the article of a page."""
    raw = page.encode()
    tiles = segments.read(raw).tiles
    found = article.read(raw, text.read(raw, tiles), tiles, marks)
    assert gap(found.edits, len(raw)) is None
    return found


def roles(page: str) -> list[tuple[str, str]]:
    """Return the lines outside the body, each with its role."""
    raw = page.encode()
    return [
        (edit.role, raw[edit.start : edit.stop].decode())
        for edit in read(page).edits
        if edit.role not in ("blank", "body", "artifact")
    ]


def paragraphs(*parts: str) -> str:
    """Return a page of paragraphs."""
    return "\n\n".join(parts)


PROSE = paragraphs(FIRST, SECOND)

# ----------------------------------------------------------------------------------------------------- the usual page


def test_a_page_of_the_sample() -> None:
    found = read(paragraphs("VIDEO: Ferry Back in Harbour", STAMP, FIRST, SECOND, "S/SH 11"))
    assert (found.title, found.headline, found.title_flags) == (
        "VIDEO: Ferry Back in Harbour",
        "Ferry Back in Harbour",
        ("VIDEO",),
    )
    assert (found.dateline_raw, found.body, found.sign_off) == (STAMP, PROSE, "S/SH 11")
    assert (found.kicker, found.deck) == (None, None)


def test_edits_point_into_the_columns_and_white_space_keeps_its_bytes() -> None:
    found = read(f"Ferry Back\n\n{STAMP}\r\n\r\n Rain fell.\n")
    assert found.edits == (
        Edit(0, 10, "title", None, 0, 10),
        Edit(10, 12, "blank", raw=b"\n\n"),
        Edit(12, 37, "dateline", None, 0, 25),
        Edit(37, 42, "blank", raw=b"\r\n\r\n "),
        Edit(42, 52, "body", None, 0, 10),
        Edit(52, 53, "blank", raw=b"\n"),
    )


def test_white_space_that_the_body_has_as_well_is_part_of_one_edit() -> None:
    found = read(paragraphs(FIRST, SECOND, FIRST))
    assert found.edits == (Edit(0, len(found.body), "body", None, 0, len(found.body)),)


# --------------------------------------------------------------------------------------------------------------- title


def test_a_short_paragraph_before_prose_is_the_title() -> None:
    found = read(paragraphs("Ferry Back in Harbour", FIRST, SECOND))
    assert (found.title, found.body) == ("Ferry Back in Harbour", PROSE)


@pytest.mark.parametrize(
    "first",
    [
        "Ferry Back in Harbour.",
        "Is the ferry back?",
        "“The ferry is back!”",
        "In the harbour:",
        "x" * 201,
        "1802600",
        "***",
        "By Ansel Torrow",
    ],
)
def test_what_ends_like_a_sentence_or_is_long_or_is_no_words_is_no_title(first: str) -> None:
    found = read(paragraphs(first, FIRST, SECOND))
    assert (found.title, found.body) == (None, paragraphs(first, FIRST, SECOND))


def test_above_a_timestamp_line_a_title_may_end_like_a_sentence() -> None:
    found = read(paragraphs("Is the ferry back?", STAMP, FIRST))
    assert (found.title, found.dateline_raw, found.body) == ("Is the ferry back?", STAMP, FIRST)


def test_a_title_printed_twice_is_taken_twice_and_held_once() -> None:
    page = paragraphs("Ferry Back", "Ferry Back", STAMP, FIRST)
    assert (read(page).title, read(page).body) == ("Ferry Back", FIRST)
    assert roles(page) == [("title", "Ferry Back"), ("title", "Ferry Back"), ("dateline", STAMP)]
    below = paragraphs("Ferry Back", STAMP, "Ferry Back", FIRST)
    assert (read(below).title, read(below).body) == ("Ferry Back", FIRST)
    alone = paragraphs("Ferry Back", "Ferry Back", FIRST)
    assert (read(alone).title, read(alone).body) == ("Ferry Back", FIRST)


def test_a_title_may_stand_below_the_timestamp_line() -> None:
    found = read(paragraphs(STAMP, "Ferry Back", FIRST))
    assert (found.title, found.dateline_raw, found.body) == ("Ferry Back", STAMP, FIRST)


def test_a_page_may_have_no_title() -> None:
    found = read(paragraphs(STAMP, FIRST, SECOND))
    assert (found.title, found.headline, found.title_flags) == (None, None, ())
    assert (found.dateline_raw, found.body) == (STAMP, PROSE)


def test_a_title_alone_is_the_body() -> None:
    found = read("Ferry Back in Harbour")
    assert (found.title, found.body) == (None, "Ferry Back in Harbour")


# ------------------------------------------------------------------------------------------------------ kicker and deck


def test_lines_above_the_title_are_the_kicker() -> None:
    found = read(paragraphs("Harbour", "Tram Stops Again", "Ferry Back", STAMP, FIRST))
    assert (found.kicker, found.title, found.body) == ("Harbour\nTram Stops Again", "Ferry Back", FIRST)


def test_a_short_line_between_timestamp_line_and_prose_is_the_deck() -> None:
    found = read(paragraphs("Ferry Back", STAMP, "An hour late", FIRST))
    assert (found.title, found.deck, found.body) == ("Ferry Back", "An hour late", FIRST)


def test_a_run_of_short_lines_is_a_list_and_no_head() -> None:
    page = paragraphs(*[f"Line number {number}" for number in range(9)], STAMP, FIRST)
    assert read(page).body == page


def test_a_by_line_between_title_and_prose_is_the_deck() -> None:
    found = read(paragraphs("Ferry Back", "By Ansel Torrow", FIRST))
    assert (found.title, found.deck, found.body) == ("Ferry Back", "By Ansel Torrow", FIRST)


def test_a_standfirst_between_title_and_timestamp_line_is_the_deck() -> None:
    found = read(paragraphs("Harbour", "Ferry Back", FIRST, STAMP, SECOND))
    assert (found.kicker, found.title, found.deck) == ("Harbour", "Ferry Back", FIRST)
    assert (found.dateline_raw, found.body) == (STAMP, SECOND)


@pytest.mark.parametrize(
    "page",
    [
        paragraphs("Ferry Back", FIRST, STAMP),
        paragraphs("Ferry Back", FIRST, STAMP, UPDATE),
        paragraphs("Ferry Back", FIRST, STAMP, "S/SH 11"),
        paragraphs("Ferry Back", "x" * 401, STAMP, SECOND),
        paragraphs("Ferry Back", f"{FIRST}\n{STAMP}", SECOND),
        paragraphs(FIRST, SECOND, STAMP, FIRST),
    ],
)
def test_a_sentence_before_a_date_is_no_standfirst_without_title_or_prose_around_it(page: str) -> None:
    assert read(page).deck is None
    assert FIRST in read(page).body or "x" * 401 in read(page).body


@pytest.mark.parametrize(
    "page",
    [
        paragraphs("Ferry Back", "Ferry Back", "An hour late, and nobody minded", STAMP, FIRST),
        paragraphs("Ferry Back", "An hour late, and nobody minded", STAMP, "Ferry Back", FIRST),
    ],
)
def test_a_line_that_is_printed_twice_is_the_title_and_not_the_standfirst_below_it(page: str) -> None:
    found = read(page)
    assert (found.title, found.deck, found.kicker) == ("Ferry Back", "An hour late, and nobody minded", None)
    assert (found.dateline_raw, found.body) == (STAMP, FIRST)


# ------------------------------------------------------------------------------------------------------------ lead-ins


def test_a_lead_in_leaves_the_body_and_has_a_column_of_its_own() -> None:
    page = paragraphs("Ferry Back", STAMP, f"LONDON (AP) —  {FIRST}", SECOND)
    found = read(page)
    assert (found.title, found.dateline_raw, found.lead_raw, found.body) == (
        "Ferry Back",
        STAMP,
        "LONDON (AP) —",
        PROSE,
    )
    assert roles(page) == [("title", "Ferry Back"), ("dateline", STAMP), ("lead", "LONDON (AP) —")]


def test_a_lead_in_may_be_a_line_of_its_own() -> None:
    found = read(paragraphs("Ferry Back", STAMP, f"ROME, SANA\n{FIRST}", SECOND))
    assert (found.lead_raw, found.body) == ("ROME, SANA", PROSE)
    found = read(paragraphs("Ferry Back", STAMP, "ROME, SANA", FIRST))
    assert (found.lead_raw, found.deck, found.body) == ("ROME, SANA", None, FIRST)


def test_a_lead_in_may_run_over_a_line_break() -> None:
    page = paragraphs("Ferry Back", f"PARIS,\nMay 3 - {FIRST}", SECOND, "AB")
    found = read(page)
    assert (found.title, found.lead_raw, found.body, found.sign_off) == ("Ferry Back", "PARIS,\nMay 3 -", PROSE, "AB")
    assert roles(page) == [("title", "Ferry Back"), ("lead", "PARIS,"), ("lead", "May 3 -"), ("sign_off", "AB")]


def test_a_lead_in_proves_prose_below_a_title() -> None:
    found = read(paragraphs("Ferry Back", "LONDON (AP) — Rain fell on\nthe pier all day\nand in the night."))
    assert (found.title, found.lead_raw) == ("Ferry Back", "LONDON (AP) —")
    found = read("Ferry Back\nLONDON (AP) — Rain fell on\nthe pier all day\nand in the night.")
    assert (found.title, found.lead_raw) == ("Ferry Back", "LONDON (AP) —")
    found = read(paragraphs("Ferry Back", "By Ansel Torrow", f"LONDON (AP) — {FIRST}"))
    assert (found.title, found.deck, found.lead_raw) == ("Ferry Back", "By Ansel Torrow", "LONDON (AP) —")


def test_above_a_timestamp_line_a_title_may_begin_with_a_lead_in() -> None:
    found = read(paragraphs("LONDON (AP) — Ferry Back", STAMP, FIRST))
    assert (found.title, found.lead_raw, found.body) == ("LONDON (AP) — Ferry Back", None, FIRST)


def test_a_lead_in_in_the_midst_of_the_prose_is_part_of_it() -> None:
    page = paragraphs("Ferry Back", STAMP, FIRST, f"LONDON (AP) — {SECOND}")
    assert (read(page).lead_raw, read(page).body) == (None, paragraphs(FIRST, f"LONDON (AP) — {SECOND}"))


@pytest.mark.parametrize("page", ["LONDON (AP) —", "ROME, SANA", f"LONDON (AP) — {FIRST}\nLONDON (AP) — {SECOND}"])
def test_a_lead_in_without_a_sentence_and_a_list_of_them_stay(page: str) -> None:
    assert read(page).lead_raw is None
    assert read(page).body.split() == page.split()


def test_an_artifact_inside_the_lead_in_leaves_it_whole() -> None:
    page = f'LONDON string(2) "ok" (AP) — {FIRST}'
    assert (read(page).lead_raw, read(page).body) == ("LONDON (AP) —", FIRST)
    page = f'LONDON (AP) — string(2) "ok" {FIRST}'
    assert (read(page).lead_raw, read(page).body) == ("LONDON (AP) —", FIRST)


# ------------------------------------------------------------------------------------------------------ timestamp lines


@pytest.mark.parametrize("place", ["head", "foot"])
def test_a_line_of_publication_and_one_of_update_are_both_held(place: str) -> None:
    stamps = (STAMP, UPDATE)
    found = read(
        paragraphs("Ferry Back", *stamps, FIRST) if place == "head" else paragraphs("Ferry Back", FIRST, *stamps)
    )
    assert (found.title, found.dateline_raw, found.body) == ("Ferry Back", f"{STAMP}\n{UPDATE}", FIRST)


def test_every_timestamp_line_of_the_head_is_held() -> None:
    page = paragraphs("Ferry Back", STAMP, UPDATE, FIRST)
    assert (read(page).dateline_raw, read(page).body) == (f"{STAMP}\n{UPDATE}", FIRST)
    assert roles(page)[1:] == [("dateline", STAMP), ("dateline", UPDATE)]


def test_a_date_in_the_prose_is_no_dateline() -> None:
    page = paragraphs("Ferry Back", FIRST, SECOND, STAMP, SECOND)
    assert (read(page).dateline_raw, read(page).body) == (None, paragraphs(FIRST, SECOND, STAMP, SECOND))


def test_a_timestamp_line_may_stand_below_the_prose() -> None:
    found = read(paragraphs("Ferry Back", FIRST, SECOND, STAMP, "AB"))
    assert (found.title, found.dateline_raw, found.body, found.sign_off) == ("Ferry Back", STAMP, PROSE, "AB")


@pytest.mark.parametrize("foot", [(UPDATE, STAMP), (STAMP, UPDATE), ("AB", STAMP, UPDATE, "R/TO")])
def test_lines_below_the_prose_are_held_in_printed_order(foot: tuple[str, ...]) -> None:
    found = read(paragraphs("Ferry Back", FIRST, SECOND, *foot))
    assert found.body == PROSE
    assert found.dateline_raw == "\n".join(line for line in foot if line in STAMPS)
    assert (found.sign_off or "") == "\n".join(line for line in foot if line in SIGN_OFFS)
    assert all(edit.raw is None for edit in found.edits if edit.role in ("dateline", "sign_off"))


def test_a_list_of_dates_is_left_whole() -> None:
    page = "\n".join(f"{STAMP}\nHarbour Cup" for _ in range(12))
    assert read(page).body == page


# ----------------------------------------------------------------------------------------------------------- sign-offs


def test_editors_marks_end_the_page() -> None:
    assert (read(f"{PROSE}\n\nAB").sign_off, read(f"{PROSE}\n\nAB").body) == ("AB", PROSE)


def test_several_marks_are_taken_up_to_a_bound() -> None:
    found = read(paragraphs(FIRST, SECOND, "AB", "S/SH 11"))
    assert (found.body, found.sign_off) == (PROSE, "AB\nS/SH 11")
    table = paragraphs(FIRST, *["AB"] * 9)
    assert (read(table).body, read(table).sign_off) == (table, None)


def test_a_mark_in_the_prose_stays() -> None:
    assert read(paragraphs(FIRST, "AB", SECOND)).body == paragraphs(FIRST, "AB", SECOND)


@pytest.mark.parametrize("page", ["AB", "AB\n\nS/SH 11", STAMP])
def test_some_prose_remains_above_a_mark(page: str) -> None:
    assert read(page).body or read(page).dateline_raw


# --------------------------------------------------------------------------------------------------------- paragraphs


def test_paragraphs_are_separated_by_one_blank_line() -> None:
    assert read(f"{FIRST}\n\n\n\n{SECOND}\r\n\r\n{FIRST}").body == paragraphs(FIRST, SECOND, FIRST)


def test_lines_of_a_paragraph_stay_lines() -> None:
    page = "The rain fell on the pier\nall day long.\n\nThe ferry came late."
    assert read(page).body == page


def test_without_blank_lines_every_sentence_line_is_a_paragraph() -> None:
    assert read(f"{FIRST}\n{SECOND}\n{FIRST}").body == paragraphs(FIRST, SECOND, FIRST)


def test_without_blank_lines_a_wrapped_text_stays_one_paragraph() -> None:
    page = "The rain fell on\nthe pier all day\nand in the night\nit fell again."
    assert read(page).body == page


def test_a_page_without_blank_lines_has_its_head_and_foot_all_the_same() -> None:
    found = read(f"Ferry Back\n{STAMP}\n{FIRST}\n{SECOND}\nAB")
    assert (found.title, found.dateline_raw, found.body, found.sign_off) == ("Ferry Back", STAMP, PROSE, "AB")


# ------------------------------------------------------------------------------------------------------------ artifacts


def test_an_artifact_is_an_edit_that_names_it() -> None:
    found = read(f'{FIRST} string(2) "ok"\n{SECOND}')
    assert found.body == f"{FIRST} {SECOND}"
    assert found.edits == (
        Edit(0, 30, "body", None, 0, 30),
        Edit(30, 31, "blank", raw=b" "),
        Edit(31, 45, "artifact", artifact=0),
        Edit(45, 46, "blank", raw=b"\n"),
        Edit(46, 46 + len(SECOND), "body", None, 31, 31 + len(SECOND)),
    )


def test_an_artifact_above_the_title_changes_nothing() -> None:
    found = read(paragraphs('string(2) "ok"', "Ferry Back", STAMP, FIRST))
    assert (found.title, found.dateline_raw, found.body) == ("Ferry Back", STAMP, FIRST)


def test_an_artifact_inside_the_title_leaves_the_title_whole() -> None:
    found = read(paragraphs('Ferry string(2) "ok" Back', STAMP, FIRST))
    assert (found.title, found.body) == ("Ferry Back", FIRST)


def test_nothing_but_artifacts_is_an_article_without_text() -> None:
    assert read('string(2) "ok"') == Article(body="", edits=(Edit(0, 14, "artifact", artifact=0),))


def test_offsets_count_bytes() -> None:
    found = read(paragraphs("Größe", STAMP, "Für alle."))
    assert found.edits[0] == Edit(0, 7, "title", None, 0, 7)
    assert found.edits[-1] == Edit(36, 46, "body", None, 0, 10)


# ------------------------------------------------------------------------------------------------ the frame of a page


@pytest.mark.parametrize("line", ["3 min read", "Lesezeit: 4 Minuten", "Print", "Share | Print", "Reuters"])
def test_the_frame_of_a_page_is_no_title(line: str) -> None:
    above = read(paragraphs("Ferry Back", line, STAMP, FIRST, SECOND))
    assert (above.title, above.deck, above.body) == ("Ferry Back", line, PROSE)
    first = read(paragraphs(line, "Ferry Back", STAMP, FIRST, SECOND))
    assert (first.title, first.kicker, first.body) == ("Ferry Back", line, PROSE)
    alone = read(paragraphs(line, STAMP, FIRST, SECOND))
    assert (alone.title, alone.deck, alone.body) == (None, line, PROSE)
    unstamped = read(paragraphs("Ferry Back", line, FIRST, SECOND))
    assert (unstamped.title, unstamped.deck, unstamped.body) == ("Ferry Back", line, PROSE)
    assert read(paragraphs(line, FIRST, SECOND)).title is None


@pytest.mark.parametrize("line", ["Print Is Not Dead", "3 Min Later", "Share of the Harbour", "Reuters Moves House"])
def test_a_title_may_hold_words_of_the_frame(line: str) -> None:
    assert read(paragraphs(line, STAMP, FIRST, SECOND)).title == line


@pytest.mark.parametrize("apart", ["", " "])
def test_two_lead_ins_of_one_line_stand_in_their_column_as_they_stood(apart: str) -> None:
    found = read(paragraphs("Ferry Back", STAMP, f"LONDON (AP) —{apart}LONDON (AP) — {FIRST}", SECOND))
    assert (found.lead_raw, found.body) == (f"LONDON (AP) —{apart}LONDON (AP) —", PROSE)
    assert [edit.text_start for edit in found.edits if edit.role == "lead"] == [
        0,
        len("LONDON (AP) —".encode() + apart.encode()),
    ]


# ---------------------------------------------------------------------------- lines that tell a time and other things


def test_a_line_of_credits_below_the_title_is_a_timestamp_line() -> None:
    page = paragraphs("Ferry Back in Harbour", *CREDITS, FIRST, SECOND)
    assert roles(page) == [("title", "Ferry Back in Harbour"), ("dateline", *CREDITS)]


def test_a_line_of_credits_may_stand_beside_a_timestamp_line() -> None:
    assert [role for role, _ in roles(paragraphs("Ferry Back in Harbour", STAMP, *CREDITS, PROSE))] == [
        "title",
        "dateline",
        "dateline",
    ]


def test_a_line_of_credits_with_nothing_above_it_is_no_timestamp_line() -> None:
    assert "dateline" not in dict(roles(paragraphs(*CREDITS, FIRST, SECOND)))


def test_a_line_of_credits_in_the_prose_stays_there() -> None:
    assert roles(paragraphs("Ferry Back in Harbour", STAMP, FIRST, *CREDITS, SECOND)) == [
        ("title", "Ferry Back in Harbour"),
        ("dateline", STAMP),
    ]


@pytest.mark.parametrize("line", ["来源：新华社", "Editor: Ann Lee", "Quelle: dpa"])
def test_who_made_a_text_is_no_title(line: str) -> None:
    article = read(paragraphs("Ferry Back in Harbour", line, FIRST, SECOND))
    assert (article.title, article.deck) == ("Ferry Back in Harbour", line)
