"""First stage: anchors are found once, families prove what stands there, and the profile decides what is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline.model import Span, Tile
from pipeline.stages import segments
from pipeline.stages.segments import Strip

DUMP = b'string(2) "ok"'
LEAK = b"Rain fell.\n\n" + DUMP + b"\n"
SHOWN = b"With var_dump($x) the server prints " + DUMP + b"\n"


def statuses(raw: bytes, strip: Strip = "leaks") -> list[str]:
    """Return the status of each claim, in order."""
    return [claim.status for claim in segments.read(raw, strip).claims]


@pytest.mark.parametrize(
    ("raw", "strip", "status"),
    [
        (LEAK, "leaks", "exact"),
        (LEAK, "all", "exact"),
        (LEAK, "none", "kept"),
        (SHOWN, "leaks", "kept"),
        (SHOWN, "all", "exact"),
        (SHOWN, "none", "kept"),
    ],
)
def test_a_profile_says_what_is_cut(raw: bytes, strip: Strip, status: str) -> None:
    assert statuses(raw, strip) == [status]


def test_each_says_why_it_was_kept() -> None:
    assert "shows code" in segments.read(SHOWN, "leaks").claims[0].reason
    assert "profile" in segments.read(LEAK, "none").claims[0].reason


def test_what_is_kept_still_says_what_was_read() -> None:
    (claim,) = segments.read(LEAK, "none").claims
    assert (claim.value, claim.declared_length, claim.payload) == ('"ok"', 2, Span(23, 25))


def test_tiles_cover_the_document() -> None:
    assert segments.read(LEAK).tiles == (Tile(0, 12), Tile(12, 26, 0), Tile(26, 27))
    assert segments.read(LEAK, "none").tiles == (Tile(0, 27),)
    assert segments.read(b"").tiles == ()
    assert segments.read(DUMP).tiles == (Tile(0, 14, 0),)


@pytest.mark.parametrize(("raw", "within"), [(b"Rain {\n", b"Rain {\nfell."), (b"\n 1040 is it", b"Form\n 1040 is it")])
def test_no_anchor_reaches_into_the_white_space_around_a_page(raw: bytes, within: bytes) -> None:
    assert segments.read(within).anchors
    assert not segments.read(raw).anchors


def test_only_the_families_asked_for_are_looked_for() -> None:
    assert segments.read(LEAK, families=["php_dump"]).claims == segments.read(LEAK).claims
    assert segments.read(LEAK, families=[]).claims == ()
    assert segments.read(LEAK, families=[]).tiles == (Tile(0, 27),)


def test_a_look_alike_does_not_hide_what_follows_it() -> None:
    assert statuses(b'It read string(9) "short" that day.\n\n' + DUMP + b"\n\nProse.") == ["kept", "exact"]
    assert statuses(b"array(2) {\n  [0]=>\n  int(1)\n}\n\n" + DUMP + b"\n\nProse.") == ["kept", "exact"]


def test_a_dump_inside_a_dump_is_no_artifact_of_its_own() -> None:
    inner = b'string(14) "' + DUMP + b'"'
    assert statuses(inner) == ["exact"]
    assert statuses(b"array(1) {\n  [0]=>\n  " + inner + b"\n}") == ["exact"]


def test_members_of_a_refused_value_are_not_cut_out_of_it() -> None:
    broken = b'array(4) {\n  [0]=>\n  string(1) "x"\n  [1]=>\n  string(2) "ok"\n  [2]=>\n  array(0) {\n  }\n}\n\nProse.'
    assert set(statuses(broken)) == {"kept"}


def test_members_of_a_refused_value_are_not_cut_out_of_it_however_deep_they_stand() -> None:
    depth = 20
    opening = b"".join(b"array(2) {\n" + b"  " * level + b"[0]=>\n" + b"  " * level for level in range(1, depth + 1))
    indent = b"  " * depth
    members = b"".join(indent + b"[%d]=>\n" % key + indent + b'string(2) "ok"\n' for key in (1, 2))
    broken = opening + b'string(1) "x"\n' + members + b"}\n\nProse."
    assert set(statuses(broken)) == {"kept"}


def test_claims_are_in_order_and_cuts_do_not_overlap() -> None:
    found = segments.read(b'string(9) "[{" ' + (DUMP + b" ") * 3 + b'string(1) "xy" ' + DUMP, "all").claims
    assert [claim.span.start for claim in found] == sorted(claim.span.start for claim in found)
    cuts = [claim.span for claim in found if claim.is_cut]
    assert all(one.stop <= other.start for one, other in pairwise(cuts))
    assert len(cuts) >= 4
