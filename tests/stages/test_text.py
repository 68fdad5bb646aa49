"""Second stage: lines of kept text, trimmed, and what joins them where an artifact stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import white
from pipeline.errors import RejectedDocument
from pipeline.lines import Lines
from pipeline.mending import Mender, Rules
from pipeline.stages import segments, text

DUMP = b'string(2) "ok"'


def lines(raw: bytes) -> Lines:
    """Return the lines that are left of a document when its leaks are out."""
    return text.read(raw, segments.read(raw).tiles)


def joined(raw: bytes) -> str:
    """Return the text that is left, lines joined as they are to be."""
    first, *rest = lines(raw)
    return first.text + "".join(line.joint.decode() + line.text for line in rest)


def rejected(raw: bytes) -> RejectedDocument:
    """Return why a document gives no text."""
    with pytest.raises(RejectedDocument) as raised:
        lines(raw)
    assert raised.value.stage == "text"
    return raised.value


# --------------------------------------------------------------------------------------------------------------- lines


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_break_is_one(newline: str) -> None:
    page = newline.join(["One", "two", "", "Three", "", "", "", "Four"])
    assert joined(page.encode()) == "One\ntwo\n\nThree\n\nFour"


def test_kinds_of_line_breaks_may_be_mixed() -> None:
    assert joined(b"One\r\ntwo\n\r\nThree\r\rFour\n\rFive") == "One\ntwo\n\nThree\n\nFour\n\nFive"


@pytest.mark.parametrize(
    "white", [" ", "\t", "\u00a0", "\u3000", "\u2003", "\u202f", "\ufeff", "\u2028", "\x0b", "\x0c", "\x85"]
)
def test_lines_are_trimmed_of_white_space_of_every_width(white: str) -> None:
    assert joined(f"{white}One{white}{white}\n{white}two\n{white}\nThree{white}".encode()) == "One\ntwo\n\nThree"


@pytest.mark.parametrize("inside", ["\u200b", "\u200d", "\u2060", "\0", "\x07", "\xad"])
def test_what_has_no_width_but_is_no_white_space_stays(inside: str) -> None:
    assert joined(f"{inside}One{inside}".encode()) == f"{inside}One{inside}"


def test_white_space_inside_a_line_stays_as_it_is() -> None:
    assert joined("One  two\u00a0\tthree".encode()) == "One  two\u00a0\tthree"


def test_pieces_point_to_the_bytes() -> None:
    (line,) = lines("\ufeff größe \n".encode())
    (piece,) = line.pieces
    assert (piece.start, piece.stop) == (4, 11)


# ------------------------------------------------------------------------------------------------------ where a cut was


@pytest.mark.parametrize(
    ("before", "after", "joint"),
    [
        ("One ", " two", " "),  # one blank, not two
        ("One ", "\ntwo", " "),  # PHP ends a dump with a line break of its own
        ("One.", "\ntwo", " "),  # and no word runs into the next
        ("One\n", "\ntwo", "\n"),
        ("One\n", " two", "\n"),
        ("One\r\n", "\r\ntwo", "\n"),
        ("One\n\n", "\n\ntwo", "\n\n"),
        ("One\n\n", "\ntwo", "\n\n"),
        ("One\n", "\n\ntwo", "\n\n"),
        ("One ", "\n\ntwo", "\n\n"),
        ("One\n\n", " two", "\n\n"),
        ("One\n\n\n", "\n\n\n\ntwo", "\n\n"),
        ("One\n \n", "\n\t\ntwo", "\n\n"),
    ],
)
def test_what_joins_the_text_on_either_side_of_an_artifact(before: str, after: str, joint: str) -> None:
    assert joined(before.encode() + DUMP + after.encode()) == before.strip() + joint + "two"


def test_several_artifacts_in_a_row_are_one_gap() -> None:
    assert joined(b"One " + DUMP + b"\n" + DUMP + b"\ntwo") == "One two"
    assert joined(b"One\n\n" + DUMP + b"\n" + DUMP + b"\n\ntwo") == "One\n\ntwo"


@pytest.mark.parametrize(
    ("page", "text_left"),
    [
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ("One<br>two", "One\ntwo"),
        ("One<br /><br />two", "One\n\ntwo"),
        ("One<br>\ntwo", "One\ntwo"),
        ("<ul><li>One</li><li>two</li></ul>", "One\ntwo"),
        ("O<b>n</b>e <i>two</i>", "One two"),
        ("<b>One</b> <i>two</i>", "One two"),
        ("<b>One</b>\n<i>two</i>", "One\ntwo"),
        ("<b>One</b>\n\n<i>two</i>", "One\n\ntwo"),
        ("One\n<!-- x -->\ntwo", "One\ntwo"),
        ("One <pre>" + DUMP.decode() + "</pre> two", "One\n\ntwo"),
    ],
)
def test_tags_join_the_text_around_them_as_a_browser_does(page: str, text_left: str) -> None:
    found = lines(page.encode())
    shown = "".join(
        (piece.joint.decode() if number or place else "") + page.encode()[piece.start : piece.stop].decode()
        for place, line in enumerate(found)
        for number, piece in enumerate(line.pieces)
    )
    assert shown == text_left


def test_a_line_with_artifacts_in_it_is_one_line_of_several_pieces() -> None:
    (line,) = lines(b"One " + DUMP + b" two " + DUMP + b"\nthree")
    assert line.text == "One two three"
    assert [(piece.start, piece.stop) for piece in line.pieces] == [(0, 3), (19, 22), (38, 43)]


def test_artifacts_at_either_end_leave_no_line() -> None:
    assert joined(DUMP + b"\n\nOne\n\n" + DUMP + b"\n") == "One"


def test_a_document_of_artifacts_alone_has_no_lines_and_is_not_empty() -> None:
    assert not lines(DUMP + b"\n" + DUMP)


# ------------------------------------------------------------------------------------------------------------- rejects


@pytest.mark.parametrize("raw", [b"", b" ", b"\n\r\n\t", "\ufeff\u00a0\u3000".encode()])
def test_a_document_without_text_is_empty(raw: bytes) -> None:
    assert rejected(raw).code == "empty"


@pytest.mark.parametrize(
    "raw", [b"\xff", b"caf\xe9 au lait", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80"]
)
def test_text_that_is_not_utf8_is_undecodable(raw: bytes) -> None:
    assert rejected(raw).code == "undecodable"


def test_the_message_says_which_byte_and_where() -> None:
    message = rejected(b"Rain\ncaf\xe9").message
    assert "(0xe9 stands at byte 8)" in message


def test_bytes_inside_an_artifact_need_not_be_utf8() -> None:
    assert joined(b'One\n\nstring(2) "\xff\xfe"\n\ntwo') == "One\n\ntwo"


def test_a_character_is_never_made_of_bytes_from_either_side_of_an_artifact() -> None:
    raw = b'\xc3string(2) "[]"\xa9'
    assert rejected(raw).code == "undecodable"


# ------------------------------------------------------------------------------------------------- as a whole, by line

PARTS = ("One", "two words", " ", "\u00a0", "é", "\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n", "\r", DUMP.decode())


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
def test_a_plain_part_is_read_as_a_whole_as_it_is_line_by_line(page: str) -> None:
    raw = page.encode()
    tiles = segments.read(raw).tiles
    never = Mender(Rules(mojibake=False, entities=False, zero_width=False, soft_hyphen=False, nfc=False))
    try:
        by_line = text.read(raw, tiles, never)
    except RejectedDocument:
        assert not page.strip(white.CHARACTERS + "\r\n")
        return
    assert text.read(raw, tiles) == by_line
