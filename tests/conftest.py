"""What every test may ask for: the laws that hold for any document, pages and an output, a bucket of S3."""

from __future__ import annotations

import html
import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ftfy import fix_encoding
from hypothesis import HealthCheck, settings
from msgspec import structs

from pipeline.decoding import Decoded, codec_of
from pipeline.errors import RejectedDocument
from pipeline.families.php_dump.bare import TOGETHER
from pipeline.families.php_dump.claim import BESIDE, WITHIN
from pipeline.families.php_dump.print_r_inline import DOUBT
from pipeline.families.shortcode.reading import PAIRED
from pipeline.model import Article, Claim, Document, Edit, Origin, Record, Span
from pipeline.stages import Cleaner
from pipeline.store.inputs import Input, holds, read_input
from pipeline.tiling import gap, rebuild
from tests.corpus import clean, small_shards, write
from tests.store.s3_server import Faults, s3_bucket, s3_server

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts this in the background has interrupts ignored, and every process of a test would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # likewise under `nohup`

BY_NEIGHBOURS = (BESIDE, TOGETHER)
"""How reasons end of values that others prove."""
REJECT_CODES = {"empty", "mislabelled", "undecodable"}
"""Every reason for which a document that could be read gives no article."""

ELLIPSIS = re.compile(rb"(?:\xe2\x80\xa6|\.\.\.|&hellip;|&#8230;)\]?\Z")
"""What an excerpt puts where it was cut off; more text may follow on its line."""

COLUMNS = {
    "title": "title",
    "kicker": "kicker",
    "deck": "deck",
    "dateline": "dateline_raw",
    "lead": "lead_raw",
    "body": "body",
    "sign_off": "sign_off",
}

# Where compiled modules are not to be kept, each of the hundreds of commands that tests start would compile the package
# again, which takes a fifth of its time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session", autouse=True)
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep what is kept between runs out of the home of whoever runs the tests."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


# The tests look at the same examples each time, so that they fail for what was changed and nothing else;
# HYPOTHESIS_PROFILE=deep looks for hours' worth of new trouble.
settings.register_profile("default", max_examples=300, deadline=None, derandomize=True)
settings.register_profile(
    "deep", max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def s3_port() -> Iterator[int]:
    """Run a server of S3, and return its port."""
    with s3_server() as port:
        yield port


@pytest.fixture
def bucket(s3_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    """Hold an empty ``s3://bucket``, and return what the proxy before it may be told."""
    with s3_bucket(s3_port, monkeypatch) as told:
        yield told


@pytest.fixture(scope="session")
def check_laws() -> Callable[[Cleaner, Record], Document | None]:
    """Return a function that cleans a document and holds every law against it; it gives None for a reject."""
    return hold_laws


def hold_laws(cleaner: Cleaner, record: Record) -> Document | None:
    """Clean a document and hold every law against it; give None for a reject."""
    document = _clean(cleaner, record)
    if isinstance(document, RejectedDocument):
        assert document.code in REJECT_CODES
        assert document.message
        return None
    alone = _only_profile_of(cleaner, record)
    assert alone.clean(record) == document, "the same document gives the same rows"
    _tiling(document)
    _restore(document)
    _no_proof_no_cut(document, alone)
    _idempotent(document, alone)
    return document


def _clean(cleaner: Cleaner, record: Record) -> Document | RejectedDocument:
    try:
        return cleaner.clean(record)
    except RejectedDocument as rejected:
        return rejected


def _only_profile_of(cleaner: Cleaner, record: Record) -> Cleaner:
    """Return a cleaner that holds to the profile of this document, whatever parts of it are cleaned."""
    profile = cleaner.profile(record)
    return Cleaner(replace(cleaner.profiles, given=(profile,)))


def _column(article: Article, role: str) -> bytes:
    text: str | None = getattr(article, COLUMNS[role])
    return (text or "").encode()


def _is_white(raw: bytes) -> bool:
    return not raw.decode("utf-8", "replace").replace("\ufeff", "").strip()


def _is_unseen(raw: bytes, encoding: str) -> bool:
    """Whether bytes are white space, once what stands for it is read as such."""
    read = html.unescape(raw.decode(codec_of(encoding) or "", "replace"))
    return any(not re.sub("[\u200b\u2060\ufeff\xad]", "", text).strip() for text in (read, fix_encoding(read)))


def _tiling(document: Document) -> None:
    """Law 1: each byte belongs to one tile, what the tile says of it is true, and columns hold nothing besides."""
    raw, article = document.page, document.article
    tiles = [edit for edit in article.edits if edit.role != "page"]
    assert gap(tiles, len(raw)) is None
    covered: dict[str, list[Span]] = {}
    cut: list[int] = []
    for edit in tiles:
        here = Span(edit.start, edit.stop).of(raw)
        if edit.role == "artifact":
            assert edit.artifact is not None
            assert (edit.text_start, edit.text_stop, edit.raw) == (None, None, None)
            assert document.claims[edit.artifact].span == (edit.start, edit.stop)
            cut.append(edit.artifact)
        elif edit.raw is not None:
            assert edit.raw == here
            assert edit.artifact is None
            if edit.text_start is None or edit.text_stop is None:
                assert edit.text_start is edit.text_stop is None
                assert edit.role != "blank" or _is_unseen(here, _encoding(document)), "a blank tile holds no text"
                assert edit.role != "body", "all of the prose is in the column"
                continue
            span = Span(edit.text_start, edit.text_stop)
            shown = span.of(_column(article, edit.role)).decode()
            assert shown, "what stands for bytes is text"
            assert shown.encode() != here or _encoding(document) != "utf-8", "bytes that the column holds are kept once"
            covered.setdefault(edit.role, []).append(span)
        else:
            assert edit.artifact is None
            assert edit.text_start is not None
            assert edit.text_stop is not None
            span = Span(edit.text_start, edit.text_stop)
            assert span.of(_column(article, edit.role)) == here
            covered.setdefault(edit.role, []).append(span)
    assert cut == [ordinal for ordinal, claim in enumerate(document.claims) if claim.is_cut]
    for role in COLUMNS:
        text, position = _column(article, role), 0
        for span in sorted(set(covered.get(role, []))):
            assert span.start >= position
            assert _is_white(text[position : span.start]), f"{role} holds text that the document does not"
            position = span.stop
        assert position == len(text)


def _restore(document: Document) -> None:
    """Law 2: columns, artifacts and ledger give the document back."""
    raw = document.page
    *tiles, last = document.article.edits
    if document.taken is None:
        tiles.append(last)
    else:
        assert last == Edit(0, len(raw), "page", raw=document.record.raw), "the last edit keeps the whole page"
    again = rebuild(
        tiles,
        lambda role: _column(document.article, role),
        lambda ordinal: document.claims[ordinal].span.of(raw),
    )
    assert again == raw


def _no_proof_no_cut(document: Document, alone: Cleaner) -> None:
    """Law 3: what was cut is proven again when nothing stands around it, and what was not says why."""
    raw, position = document.page, 0
    for claim in document.claims:
        assert 0 <= claim.span.start < claim.span.stop <= len(raw)
        assert claim.reason or claim.status == "exact"
        if not claim.is_cut:
            continue
        assert claim.span.start >= position, "two cuts share bytes"
        position = claim.span.stop
        if claim.value is not None:
            json.loads(claim.value, parse_constant=pytest.fail)
        if claim.status == "truncated":
            rest = re.split(rb"[\r\n]|<br ?/?>|</p>", raw[position:], maxsplit=1)[0]
            if _is_white(rest) or ELLIPSIS.search(claim.span.of(raw)):
                continue  # it broke off with its line; one that a tool itself cut short has an end, and proves it below
        if claim.payload is not None and claim.declared_length is not None and claim.status == "exact":
            assert len(_text(claim.payload.of(raw), _encoding(document))) == claim.declared_length
        proof = _proof_span(document, claim, raw)
        again = _claims_alone(document, alone, proof.of(raw))
        if claim.family == "html":
            # Alone a tag may be the first of a dump that breaks off there; it goes either way, and whole.
            assert any(other.is_cut and other.span == Span(0, proof.stop - proof.start) for other in again)
            continue
        assert len(again) == 1 or claim.reason.endswith((*BY_NEIGHBOURS, PAIRED))
        if claim.reason.startswith((WITHIN, DOUBT)):  # what stands around it casts the doubt; alone it is whole
            again = tuple(structs.replace(other, status=claim.status) for other in again if other.status != "kept")
        assert _proof(claim, proof.start) in [_proof(other, 0) for other in again]


def _claims_alone(document: Document, alone: Cleaner, raw: bytes) -> tuple[Claim, ...]:
    """Return what is found in bytes of a document read in its encoding, which alone they might not seem to be in."""
    encoding = _encoding(document)
    record = Record(document.record.source_uri, 0, _text(raw, encoding), Origin(charset="utf-8"))
    claims = alone.clean(record).claims
    if encoding == "utf-8":
        return claims
    decoded = Decoded(raw, record.raw, encoding, codec_of(encoding) or "")
    return tuple(
        structs.replace(claim, span=_at(claim.span, decoded), payload=claim.payload and _at(claim.payload, decoded))
        for claim in claims
    )


def _at(span: Span, decoded: Decoded) -> Span:
    """Return where a span of the text stands in the document."""
    places = decoded.places(span)
    return Span(places[span.start], places[span.stop])


def _proof_span(document: Document, claim: Claim, raw: bytes) -> Span:
    """Return the bytes that prove a cut: its own; its neighbours' too; or those up to the shortcode that closes it."""
    if claim.reason.endswith(BY_NEIGHBOURS):
        return _run(document, claim)
    if claim.reason != PAIRED:
        return claim.span
    closing = b"[/" + json.loads(claim.value or "{}")["name"].encode() + b"]"
    return Span(claim.span.start, raw.index(closing, claim.span.stop) + len(closing))


def _encoding(document: Document) -> str:
    """Return what the bytes that offsets are places in are encoded in."""
    return document.encoding if document.taken is None else "utf-8"


def _text(raw: bytes, encoding: str) -> bytes:
    """Return bytes of a document as the grammars saw them."""
    return raw if encoding == "utf-8" else raw.decode(codec_of(encoding) or "").encode()


def _run(document: Document, claim: Claim) -> Span:
    """Return where a run of cuts stands that only white space parts, around one that its neighbour proves."""
    cuts = [other for other in document.claims if other.is_cut]
    first = last = cuts.index(claim)
    raw = document.page
    while first and _parts_values(raw[cuts[first - 1].span.stop : cuts[first].span.start]):
        first -= 1
    while last + 1 < len(cuts) and _parts_values(raw[cuts[last].span.stop : cuts[last + 1].span.start]):
        last += 1
    assert any(not other.reason.endswith(BESIDE) for other in cuts[first : last + 1]), (
        "values prove one another, and nothing them"
    )
    return Span(cuts[first].span.start, cuts[last].span.stop)


def _parts_values(raw: bytes) -> bool:
    """Whether nothing stands between two values but white space, tags and no-break spaces too."""
    return _is_white(re.sub(rb"<[^<>]{0,200}>|&nbsp;", b" ", raw))


def _proof(claim: Claim, start: int) -> tuple[object, ...]:
    span = Span(claim.span.start - start, claim.span.stop - start)
    payload = claim.payload and Span(claim.payload.start - start, claim.payload.stop - start)
    return span, payload, claim.family, claim.rule, claim.status, claim.declared_length, claim.value


def _idempotent(document: Document, alone: Cleaner) -> None:
    """Law 4: cleaning the body changes nothing."""
    body = document.article.body
    if body:
        again = alone.clean(Record(document.record.source_uri, 0, body.encode(), Origin(charset="utf-8")))
        assert again.article.body == body
        assert not any(claim.is_cut for claim in again.claims)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a folder with the invented pages; two of them give no article."""
    return write(tmp_path / "pages")


@pytest.fixture
def piped() -> Iterator[Callable[[bytes], str]]:
    """Return a function that puts a few bytes into a pipe, and returns its name as a shell has it for ``<(…)``."""
    opened: list[int] = []

    def pipe(raw: bytes) -> str:
        reading, writing = os.pipe()
        opened.append(reading)
        os.write(writing, raw)
        os.close(writing)
        return f"/dev/fd/{reading}"

    yield pipe
    for descriptor in opened:
        os.close(descriptor)


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an output with the invented pages in several shards; nobody writes to it."""
    folder = tmp_path_factory.mktemp("committed")
    with pytest.MonkeyPatch.context() as patched:
        small_shards(patched)
        clean(write(folder / "pages"), folder / "clean")
    assert len(list(folder.glob("clean/current/articles/*"))) > 1
    return folder / "clean"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return where the tables go; nothing is there yet."""
    return tmp_path / "clean"


@pytest.fixture
def several_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a handful of shards of the invented pages."""
    small_shards(monkeypatch)


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of inputs that are read from now on."""
    read: list[str] = []

    def reading(item: Input, max_bytes: int) -> bytes:
        read.append(item.source_uri)
        return read_input(item, max_bytes)

    def comparing(item: Input, size: int, sha256: str) -> bool:
        read.append(item.source_uri)
        return holds(item, size, sha256)

    monkeypatch.setattr("pipeline.store.documents.read_input", reading)
    monkeypatch.setattr("pipeline.engines.sameness.holds", comparing)
    return read
