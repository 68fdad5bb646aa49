"""One document explained line by line, for people."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from pipeline.decoding import UTF_8
from pipeline.inspect.data import given, shown, spans, tiles
from pipeline.inspect.fragments import Fragment, Line, Style, visible, wrapped
from pipeline.inspect.tree import tree
from pipeline.log import printable
from pipeline.model import Claim, Document, Edit, Lead, RelatedItem, Role, Span
from pipeline.schema import ROLE_COLUMNS

EXCERPT = 72
"""Letters of a text that are shown where lines are not broken, as in a pipe."""
TILE_LINES = 3
"""Lines of a tile that are shown on a terminal."""
TREE_LINES = 24
"""Lines of the data of an artifact."""
NARROW = 64
"""Columns below which the text of a tile gets lines of its own."""
SPANS = 3
"""Runs of bytes that are told of a field."""

STYLES: Mapping[Role, Style] = {
    "title": "title",
    "kicker": "title",
    "deck": "title",
    "dateline": "stamp",
    "lead": "stamp",
    "body": "body",
    "sign_off": "sign_off",
    "artifact": "artifact",
    "boilerplate": "blank",
    "blank": "blank",
}
"""How the tiles of each role look."""


@dataclass(frozen=True, slots=True)
class View:
    """How a document is shown.

    Attributes:
        width: Columns of the terminal; None where lines are not to be broken.
        full: Whether everything is shown, however long.
        committed: Whether the document is one of a run, which heard what the other pages of its source say.
    """

    width: int | None = None
    full: bool = False
    committed: bool = False

    @property
    def narrow(self) -> bool:
        """Whether a text has too little room beside what is said of it."""
        return self.width is not None and self.width < NARROW

    def excerpt(self, text: str, longest: int = EXCERPT) -> str:
        """Return the beginning of a text with controls made visible."""
        if self.full or len(text) <= longest:
            return printable(text)
        return f"{printable(text[:longest])}…"


def as_lines(document: Document, timings: Mapping[str, float], view: View) -> Iterator[Line]:
    """Yield the explanation of a document; ``timings`` are the seconds of each stage."""
    record = document.record
    taken = f", {len(document.page)} of text taken out of them" if document.taken is not None else ""
    head = [
        Fragment(printable(record.where), "heading"),
        Fragment(f"  {len(record.raw)} bytes{taken}, profile {document.source}"),
    ]
    artifacts = (line for ordinal in range(len(document.claims)) for line in _artifact_lines(document, ordinal, view))
    kept = [claim.span for claim in document.claims if not claim.is_cut]
    cover = (line for edit in tiles(document) for line in _tile_lines(document, edit, kept, view))
    sections = {
        "Fields": _broken(_field_lines(document, view), view, 15),
        "Tiles, every byte in one": cover,
        "Artifacts": artifacts,
        "Related items": _broken((_item_line(item, view) for item in document.related), view, 14),
        "Warnings": _broken(([Fragment(f"  {warning}", "warning")] for warning in document.warnings), view, 2),
        "Milliseconds by stage": _broken([_timing_line(timings)], view, 2),
    }
    yield from wrapped(head, view.width, 2)
    for title, lines in sections.items():
        yield from _section(title, lines)


def _broken(lines: Iterable[Line], view: View, indent: int) -> Iterator[Line]:
    return chain.from_iterable(wrapped(line, view.width, indent) for line in lines)


def _section(title: str, lines: Iterable[Line]) -> Iterator[Line]:
    """Yield a heading and what stands under it; nothing when there is nothing."""
    for number, line in enumerate(lines):
        if not number:
            yield []
            yield [Fragment(title, "heading")]
        yield line


# ------------------------------------------------------------------------------------------------- fields


def _field_lines(document: Document, view: View) -> Iterator[Line]:
    article = document.article
    for role, column in ROLE_COLUMNS.items():
        if (value := getattr(article, column)) is not None:
            yield [
                *_name(column),
                Fragment(f"{view.excerpt(value)}  "),
                Fragment(_bytes(article.edits, role, view), "blank"),
            ]
    if article.title_flags:
        yield [*_name("title_flags"), Fragment(", ".join(article.title_flags))]
    yield from _lead_lines(document.lead, view)
    yield [*_name("published"), Fragment(_published(document))]
    if (updated := document.dateline.updated_at) is not None:
        yield [*_name("updated"), Fragment(f"{updated} UTC")]
    alone = "; one page alone gives no evidence, a run may decide by the others of its source"
    if view.committed:
        alone = "; the other pages of its source do not decide"
    undecided = any(warning.startswith("dateline_order_unknown") for warning in document.warnings)
    yield [*_name("dateline"), Fragment(document.dateline.status + (alone if undecided else ""))]
    if document.language is not None:
        yield [*_name("language"), Fragment(document.language)]
    if document.encoding != UTF_8:
        yield [*_name("encoding"), Fragment(_encoding(document))]
    for name, said in given(document.record.origin).items():
        if said is not None:
            yield [*_name(name), Fragment(view.excerpt(said))]


def _encoding(document: Document) -> str:
    if document.encoding_confidence is None:
        return document.encoding
    return f"{document.encoding}, guessed with a confidence of {document.encoding_confidence}"


def _name(column: str) -> Line:
    return [Fragment(f"  {column:<12} ", "field")]


def _bytes(edits: tuple[Edit, ...], role: str, view: View) -> str:
    """Return which bytes of the document a field holds."""
    found = spans(edits, role)
    told = found if view.full else found[:SPANS]
    more = f" and {len(found) - len(told)} more" if len(told) < len(found) else ""
    return ", ".join(f"{start}-{stop}" for start, stop in told) + more


def _lead_lines(lead: Lead, view: View) -> Iterator[Line]:
    said = {"place": lead.place, "region": lead.region, "agency": lead.agency, "lead_date": lead.day}
    for name, value in said.items():
        if value is not None:
            yield [*_name(name), Fragment(view.excerpt(str(value)))]


def _published(document: Document) -> str:
    dateline = document.dateline
    if dateline.published_local is None:
        return "not known"
    local = f"{dateline.published_local} local, to the {dateline.precision}"
    if dateline.published_at is None:
        return f"{local}; no instant"
    return f"{local}; {dateline.published_at} UTC ({dateline.timezone}, by the {dateline.timezone_source})"


# -------------------------------------------------------------------------------------------------- tiles


def _tile_lines(document: Document, edit: Edit, kept: Sequence[Span], view: View) -> Iterator[Line]:
    """Yield a tile: its bytes, where the ledger has them go, and how it reads with nothing in it unseen."""
    style = STYLES[edit.role]
    head = [
        Fragment(f"  {edit.start:>8}-{edit.stop:<8} ", "blank"),
        Fragment(f"{_place(edit):<20} ", style),
    ]
    stop = edit.stop
    if not view.full:
        # A letter has four bytes at most, so what is cut off here was not to be shown anyway.
        stop = min(stop, edit.start + 4 * (1 + (EXCERPT if view.width is None else TILE_LINES * view.width)))
    if view.width is None:
        text = shown(document, edit.start, stop)
        begun = text if view.full else text[:EXCERPT]
        more = [Fragment("…", "mark")] if len(begun) < len(text) else []
        yield [*head, *visible(begun, style, blanks=edit.role == "blank"), *more]
        return
    if view.narrow:
        yield from wrapped(
            [Fragment(f"  {edit.start}-{edit.stop}  ", "blank"), Fragment(_place(edit), style)], view.width, 4
        )
        head = [Fragment("    ")]
    indent = sum(len(fragment.text) for fragment in head)
    lines = wrapped([*head, *_tile_text(document, edit, stop, kept)], view.width, indent)
    yield from lines if view.full else islice(lines, TILE_LINES)
    if not view.full and next(lines, None) is not None:
        yield [Fragment(" " * indent), Fragment("…", "mark")]


def _tile_text(document: Document, edit: Edit, stop: int, kept: Sequence[Span]) -> Iterator[Fragment]:
    """Yield how a tile reads up to a byte; look-alikes that were kept in it stand out."""
    style, blank = STYLES[edit.role], edit.role == "blank"
    at = edit.start
    for span in islice(kept, bisect_right(kept, at, key=lambda span: span.stop), None):
        if span.start >= stop:
            break
        begin, end = max(span.start, at), min(span.stop, stop)
        yield from visible(shown(document, at, begin), style, blanks=blank)
        yield from visible(shown(document, begin, end), "kept", blanks=blank)
        at = end
    yield from visible(shown(document, at, stop), style, blanks=blank)


def _place(edit: Edit) -> str:
    """Return where the ledger has the bytes of a tile go: a column's bytes, an artifact, or nowhere but the ledger."""
    if edit.artifact is not None:
        return f"artifact {edit.artifact}"
    if edit.text_start is None:
        return edit.role
    return f"{edit.role} {edit.text_start}-{edit.text_stop}"


# ---------------------------------------------------------------------------------------------- artifacts


def _artifact_lines(document: Document, ordinal: int, view: View) -> Iterator[Line]:
    yield from _broken(_claim_lines(document, ordinal), view, 5)
    json, value = document.payloads[ordinal].json, document.claims[ordinal].value
    if json is None:
        yield from _data_lines(value, view)
        return
    if view.full and value is not None and value.startswith(("[", "{")):
        yield from _data_lines(value, view)
        yield [Fragment("     JSON in a string of it:")]
    yield from _data_lines(json, view)


def _data_lines(data: str | None, view: View) -> Iterator[Line]:
    if data is None:
        return
    for branch, *value in tree(data, None if view.full else TREE_LINES):
        # What goes on in the next line stands below the value, not below its branch.
        indent = 5 + len(branch.text) if value else 5
        yield from wrapped([Fragment("     "), branch, *value], view.width, indent)


def _claim_lines(document: Document, ordinal: int) -> Iterator[Line]:
    claim, payload = document.claims[ordinal], document.payloads[ordinal]
    style: Style = "artifact" if claim.is_cut else "kept"
    yield [
        Fragment(f"  {ordinal}  {claim.family}/{claim.rule}  bytes {claim.span.start}-{claim.span.stop}  "),
        Fragment("kept in the text" if not claim.is_cut else f"cut, {claim.status}", style),
    ]
    if claim.reason:
        yield [Fragment(f"     because {claim.reason}")]
    if claim.declared_length is not None and claim.payload is not None:
        actual = claim.payload.stop - claim.payload.start
        yield [Fragment(f"     {claim.declared_length} bytes declared, {actual} there", _length(claim, actual))]
    if payload.recovery is not None:
        doubt = ", suspect" if payload.suspect else ""
        why = f" ({payload.reason})" if payload.reason else ""
        yield [Fragment(f"     JSON: {payload.recovery}{doubt}{why}")]


def _length(claim: Claim, actual: int) -> Style:
    return "plain" if claim.declared_length == actual else "warning"


def _item_line(item: RelatedItem, view: View) -> Line:
    title = view.excerpt(item.title or item.media_path or "")
    return [Fragment(f"  {view.excerpt(item.item_id or '?', 16):>10}  ", "field"), Fragment(title)]


def _timing_line(timings: Mapping[str, float]) -> Line:
    return [Fragment("  " + ", ".join(f"{stage} {1000 * seconds:.2f}" for stage, seconds in timings.items()))]
