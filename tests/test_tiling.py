"""Settling claims, covering a document with tiles, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pipeline.model import Claim, Edit, Line, Piece, Placed, Span, Status, Tile
from pipeline.tiling import cover, gap, rebuild, settle, tile


def claim(start: int, stop: int, status: Status = "exact") -> Claim:
    """Return a claim on a span."""
    return Claim(Span(start, stop), "php_dump", "var_dump", status)


def kept(start: int, stop: int) -> Claim:
    """Return a look-alike."""
    return claim(start, stop, "kept")


# ---------------------------------------------------------------------------------------------------------- settling


def test_claims_come_out_in_order_of_position() -> None:
    assert settle([claim(8, 9), kept(4, 5), claim(0, 2)]) == (claim(0, 2), kept(4, 5), claim(8, 9))


def test_of_two_cuts_that_overlap_the_earlier_stands() -> None:
    assert settle([claim(3, 9), claim(0, 5)]) == (claim(0, 5),)


def test_of_two_cuts_from_one_place_the_longer_stands() -> None:
    assert settle([claim(0, 5), claim(0, 9)]) == (claim(0, 9),)


def test_cuts_that_touch_both_stand() -> None:
    assert settle([claim(0, 5), claim(5, 9)]) == (claim(0, 5), claim(5, 9))


def test_what_a_lost_cut_covered_is_free_again() -> None:
    assert settle([claim(0, 5), claim(3, 9), claim(6, 8)]) == (claim(0, 5), claim(6, 8))


def test_a_look_alike_inside_a_cut_says_nothing_new() -> None:
    assert settle([claim(0, 9), kept(0, 3), kept(3, 5), kept(8, 12)]) == (claim(0, 9),)


def test_a_look_alike_outside_every_cut_stands() -> None:
    assert settle([claim(3, 6), kept(0, 2), kept(6, 9)]) == (kept(0, 2), claim(3, 6), kept(6, 9))


def test_a_look_alike_inside_one_that_is_kept_for_the_same_reason_says_nothing_new() -> None:
    assert settle([kept(3, 9), kept(0, 9), kept(8, 12)]) == (kept(0, 9), kept(8, 12))
    other = replace(kept(3, 9), reason="another")
    assert settle([kept(0, 9), other]) == (kept(0, 9), other)


def test_a_look_alike_never_displaces_a_cut() -> None:
    assert settle([kept(0, 9), claim(3, 6)]) == (kept(0, 9), claim(3, 6))


def mark_up(start: int, stop: int) -> Claim:
    """Return a claim on a tag or the like."""
    return Claim(Span(start, stop), "html", "tag", "exact", breaks=0)


def test_mark_up_gives_way_to_what_was_printed_over_its_edge() -> None:
    assert settle([mark_up(0, 4), claim(2, 9)]) == (claim(2, 9),)
    assert settle([claim(0, 5), mark_up(3, 9)]) == (claim(0, 5),)
    assert settle([mark_up(0, 4), claim(0, 4)]) == (claim(0, 4),)
    assert settle([mark_up(2, 4), mark_up(5, 7), claim(2, 9)]) == (claim(2, 9),)


def test_mark_up_that_holds_all_of_what_was_printed_stands() -> None:
    assert settle([mark_up(0, 9), claim(2, 4), claim(5, 7)]) == (mark_up(0, 9),)


def test_mark_up_beside_what_was_printed_stands() -> None:
    assert settle([mark_up(0, 2), claim(2, 4), mark_up(4, 6)]) == (mark_up(0, 2), claim(2, 4), mark_up(4, 6))


def test_nothing_gives_nothing() -> None:
    assert settle([]) == ()


# -------------------------------------------------------------------------------------------------------------- tiles


def test_text_stands_between_artifacts_and_around_them() -> None:
    claims = [claim(2, 4), kept(5, 6), claim(7, 9)]
    assert tile(claims, 12) == (Tile(0, 2), Tile(2, 4, 0), Tile(4, 7), Tile(7, 9, 2), Tile(9, 12))


def test_artifacts_that_touch_have_no_text_between_them() -> None:
    assert tile([claim(0, 4), claim(4, 9)], 9) == (Tile(0, 4, 0), Tile(4, 9, 1))


def test_a_document_without_artifacts_is_one_tile_and_an_empty_one_is_none() -> None:
    assert tile([], 3) == (Tile(0, 3),)
    assert tile([kept(0, 3)], 3) == (Tile(0, 3),)
    assert tile([], 0) == ()


statuses: st.SearchStrategy[Status] = st.sampled_from(["exact", "repaired", "truncated", "ambiguous", "kept"])


@st.composite
def claims_anywhere(draw: st.DrawFn) -> Claim:
    """Draw a claim on a short span somewhere."""
    start = draw(st.integers(0, 30))
    return claim(start, start + draw(st.integers(1, 12)), draw(statuses))


@given(st.lists(claims_anywhere(), max_size=12))
def test_whatever_is_claimed_tiles_cover_the_document_once(claims: list[Claim]) -> None:
    size = max((made.span.stop for made in claims), default=5)
    settled = settle(claims)
    assert set(settled) <= set(claims)
    assert settle(settled) == settled
    tiles = tile(settled, size)
    assert [part.start for part in tiles] == [0, *(part.stop for part in tiles[:-1])]
    assert tiles[-1].stop == size
    assert [part.artifact for part in tiles if part.artifact is not None] == [
        ordinal for ordinal, standing in enumerate(settled) if standing.is_cut
    ]


# -------------------------------------------------------------------------------------------------------------- edits


def test_what_no_piece_holds_keeps_its_bytes() -> None:
    raw = b" Hi \r\nthere<dump>\n"
    placed = [Placed(1, 3, "title", 0), Placed(6, 11, "body", 0)]
    assert cover(raw, placed, [Tile(0, 11), Tile(11, 17, 0), Tile(17, 18)]) == (
        Edit(0, 1, "blank", raw=b" "),
        Edit(1, 3, "title", text_start=0, text_stop=2),
        Edit(3, 6, "blank", raw=b" \r\n"),
        Edit(6, 11, "body", text_start=0, text_stop=5),
        Edit(11, 17, "artifact", artifact=0),
        Edit(17, 18, "blank", raw=b"\n"),
    )


def test_pieces_of_the_body_grow_together_where_the_white_space_is_the_same() -> None:
    placed = [Placed(0, 2, "body", 0), Placed(4, 6, "body", 4), Placed(7, 9, "body", 8)]
    assert cover(b"ab\n\ncd\nef", placed, [Tile(0, 9)]) == (
        Edit(0, 6, "body", text_start=0, text_stop=6),
        Edit(6, 7, "blank", raw=b"\n"),
        Edit(7, 9, "body", text_start=8, text_stop=10),
    )


# -------------------------------------------------------------------------------------------------------------- lines


def halves(raw: bytes, at: int, *pieces: Piece) -> list[tuple[str, tuple[Piece, ...]] | None]:
    """Return text and pieces of a line before and behind a character."""
    text = "".join(
        (piece.joint if number else b"").decode() + raw[piece.start : piece.stop].decode()
        for number, piece in enumerate(pieces)
    )
    return [half and (half.text, half.pieces) for half in Line(pieces, text).split(raw, at)]


def test_a_line_is_split_at_a_character_and_both_halves_are_trimmed() -> None:
    raw = "KÖLN - Es regnet.".encode()
    assert halves(raw, 6, Piece(0, 18, b"\n\n")) == [
        ("KÖLN -", (Piece(0, 7, b"\n\n"),)),
        ("Es regnet.", (Piece(8, 18, b" "),)),
    ]


def test_a_line_around_an_artifact_is_split_on_either_side_of_it() -> None:
    raw = b"PARIS <dump> (AP) - Rain"
    pieces = (Piece(0, 5, b""), Piece(13, 24, b" "))
    assert halves(raw, 12, *pieces) == [
        ("PARIS (AP) -", (Piece(0, 5, b""), Piece(13, 19, b" "))),
        ("Rain", (Piece(20, 24, b" "),)),
    ]
    assert halves(raw, 5, *pieces) == [("PARIS", pieces[:1]), ("(AP) - Rain", pieces[1:])]


def test_a_half_without_text_is_none() -> None:
    assert halves(b"PARIS", 5, Piece(0, 5, b"")) == [("PARIS", (Piece(0, 5, b""),)), None]
    assert halves(b"PARIS", 0, Piece(0, 5, b"")) == [None, ("PARIS", (Piece(0, 5, b""),))]


# ----------------------------------------------------------------------------------------------------------- rebuilding

ARTIFACTS = [b"<dump>"]


def restored(columns: Mapping[str, bytes], *edits: Edit) -> bytes:
    """Return what the edits lead back to."""
    return rebuild(edits, columns.__getitem__, ARTIFACTS.__getitem__)


def test_each_byte_comes_from_where_its_edit_says() -> None:
    edits = [
        Edit(0, 2, "title", text_start=0, text_stop=2),
        Edit(2, 4, "blank", raw=b"\r\n"),
        Edit(4, 10, "artifact", artifact=0),
        Edit(10, 12, "body", text_start=3, text_stop=5),
    ]
    assert restored({"title": b"Hi", "body": b"abcdef"}, *edits) == b"Hi\r\n<dump>de"


def test_offsets_count_bytes() -> None:
    assert restored({"body": "größe".encode()}, Edit(0, 2, "body", text_start=2, text_stop=4)) == "ö".encode()


def test_no_edits_lead_back_to_an_empty_document() -> None:
    assert restored({}) == b""


# -------------------------------------------------------------------------------------------------------------- the law


def blank(start: int, stop: int) -> Edit:
    """Return white space."""
    return Edit(start, stop, "blank", raw=b" " * max(0, stop - start))


@pytest.mark.parametrize(
    ("edits", "size", "broken"),
    [
        ([], 0, None),
        ([blank(0, 2), blank(2, 5)], 5, None),
        ([], 5, "the bytes from 0 to 5 belong to no tile"),
        ([blank(1, 5)], 5, "the bytes from 0 to 1 belong to no tile"),
        ([blank(0, 2), blank(3, 5)], 5, "the bytes from 2 to 3 belong to no tile"),
        ([blank(0, 3), blank(2, 5)], 5, "the bytes from 2 to 3 belong to two tiles"),
        ([blank(0, 5), blank(0, 5)], 5, "the bytes from 0 to 5 belong to two tiles"),
        ([blank(0, 4)], 5, "the bytes from 4 to 5 belong to no tile"),
        ([blank(0, 5), blank(5, 5)], 5, "the tile at byte 5 is empty"),
        ([blank(0, 5), blank(5, 2)], 5, "the tile at byte 5 is empty"),
    ],
)
def test_what_breaks_the_law_of_tiling_is_named(edits: list[Edit], size: int, broken: str | None) -> None:
    assert gap(edits, size) == broken


def test_a_tile_behind_the_end_of_the_document_breaks_the_law() -> None:
    assert gap([blank(0, 6)], 5) is not None
