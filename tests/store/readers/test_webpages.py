"""Pages in HTML and web archives: what is read of them, what is not, and that the tables give it back."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

import pytest

from pipeline import open_snapshot
from pipeline.errors import RejectedDocument
from pipeline.model import HTML, Reject
from pipeline.store.documents import Documents
from pipeline.store.inputs import Input
from pipeline.store.readers import Form, form_of
from pipeline.store.readers.reading import Bad, Entry, Found, ReadSettings
from pipeline.store.readers.warc import WarcReader
from pipeline.store.restore import restore
from pipeline.verify import verify
from tests.corpus import clean, contents, rows, write
from tests.webpages import BODY, DUMP, archive, html, record, response

for extra, module in (("html", "resiliparse"), ("warc", "fastwarc")):
    pytest.importorskip(module, reason=f"the extra {extra!r} is not installed: pip install 'descrape[{extra}]'")

PAGE = html(leak=f"<p>{DUMP}</p>")
TEXT = b"Rain fell on the town all day. Nobody minded.\n"


def read(raw: bytes, settings: ReadSettings | None = None) -> tuple[list[Found], str | None]:
    """Return what a web archive holds, and why reading it ended; None when it ended with the archive."""
    found: list[Found] = []
    try:
        for one in WarcReader().read(io.BytesIO(raw), settings or ReadSettings()):
            found.append(one)  # noqa: PERF402 - what came before a fault counts
    except RejectedDocument as refused:
        return found, refused.code
    return found, None


def codes(raw: bytes, settings: ReadSettings | None = None) -> tuple[list[str], str | None]:
    """Return the same in short: ``ok`` for a document, the code of a bad record."""
    found, end = read(raw, settings)
    return [one.code if isinstance(one, Bad) else "ok" for one in found], end


@pytest.mark.parametrize(
    "name", ["a.html", "A.HTM", "a.xhtml", "a.html.gz", "crawl.warc", "crawl.warc.gz", "crawl.wet.xz"]
)
def test_forms_are_known_by_their_names(name: str) -> None:
    assert form_of(name) is not None


def test_a_page_comes_with_address_time_and_charset() -> None:
    (page,), end = read(archive([response(PAGE.encode(), "text/html; charset=UTF-8")]))
    assert isinstance(page, Entry)
    assert end is None
    origin = page.origin
    assert (origin.url, origin.fetched_at) == ("https://quay.example/ferry", "2016-03-27T07:25:38Z")
    assert (origin.charset, origin.form, page.raw) == ("utf-8", HTML, PAGE.encode())


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (gzip.compress(PAGE.encode()), "Content-Encoding: gzip\r\n"),
        (b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE.encode()), PAGE.encode()), "Transfer-Encoding: chunked\r\n"),
        # A browser hands over what it unpacked, and the headers as the server sent them.
        (PAGE.encode(), "Content-Encoding: gzip\r\n"),
        (PAGE.encode(), "Content-Encoding: br\r\n"),
        (PAGE.encode(), "Transfer-Encoding: chunked\r\n"),
        (PAGE.encode(), "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
    ],
)
def test_what_a_page_was_packed_in_on_the_way_is_taken_off(body: bytes, more: str) -> None:
    (page,), _ = read(archive([response(body, more=more)]))
    assert page.raw == PAGE.encode()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(PAGE.encode())),
        ("x-gzip", gzip.compress(PAGE.encode())),
        ("GZIP", gzip.compress(PAGE.encode()[:99]) + gzip.compress(PAGE.encode()[99:])),
        ("deflate", zlib.compress(PAGE.encode())),
        ("deflate", zlib.compress(PAGE.encode())[2:-4]),
    ],
)
def test_a_page_is_unpacked_to_its_end_or_not_at_all(encoding: str, packed: bytes) -> None:
    more = f"Content-Encoding: {encoding}\r\n"
    (page,), _ = read(archive([response(packed, more=more)]))
    assert page.raw == PAGE.encode()
    for cut in (9, len(packed) // 3, len(packed) - 40):
        (bad,), _ = read(archive([response(packed[:cut], more=more)]))
        assert isinstance(bad, Bad)
        assert (bad.code, bad.raw is not None and bad.raw.endswith(packed[:cut])) == ("corrupt", True)


CHUNKED = "Transfer-Encoding: chunked\r\n"
OPEN = PAGE.encode().partition(b"</body>")[0]
"""A page that does not say where it ends."""


def chunks(page: bytes, size: int = 500, line_end: bytes = b"\r\n") -> bytes:
    """Return a page in chunks, without the last one, which is empty."""
    parts = (page[start : start + size] for start in range(0, len(page), size))
    return b"".join(b"%X;q=1%b%b%b" % (len(part), line_end, part, line_end) for part in parts)


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (chunks(OPEN), CHUNKED),
        (chunks(OPEN)[:-1], CHUNKED),
        (chunks(OPEN)[:-2], CHUNKED),
        (chunks(OPEN)[:-100], CHUNKED),
        (chunks(OPEN) + b"1", CHUNKED),
        (chunks(OPEN, line_end=b"\n"), CHUNKED),
        (OPEN, f"Content-Length: {len(OPEN) + 1}\r\n"),
    ],
)
def test_a_page_that_broke_off_on_the_way_is_told_with_what_there_is_of_it(body: bytes, more: str) -> None:
    (bad, after), end = read(archive([response(body, more=more), response(PAGE.encode())]))
    assert isinstance(bad, Bad)
    assert (bad.code, bad.raw is not None and bad.raw.endswith(body), end) == ("truncated", True, None)
    assert isinstance(after, Entry)
    told = response(body, more=more).replace(b"WARC-Type", b"WARC-Truncated: disconnect\r\nWARC-Type", 1)
    (kept,), _ = read(archive([told]))
    assert isinstance(kept, Entry)
    assert OPEN.startswith(kept.raw)
    assert '"warc-truncated":"disconnect"' in str(kept.origin.fields)


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (chunks(PAGE.encode()), CHUNKED),
        (chunks(PAGE.encode() + b"<!-- from the cache -->"), CHUNKED),
        (chunks(OPEN) + b"0\r\n", CHUNKED),
        (chunks(OPEN, line_end=b"\n") + b"0\nX: a trailer\n\n", CHUNKED),
        (chunks(gzip.compress(PAGE.encode())), f"{CHUNKED}Content-Encoding: gzip\r\n"),
        (PAGE.encode(), "Content-Length: 99999\r\n"),
        (OPEN, "Content-Length: 99\r\n"),
        (OPEN, "Content-Length: 99999\r\nContent-Encoding: gzip\r\n"),
    ],
)
def test_a_page_that_proves_to_be_whole_is_one_whatever_its_server_told(body: bytes, more: str) -> None:
    (page,), _ = read(archive([response(body, more=more)]))
    assert isinstance(page, Entry)
    assert page.raw.partition(b"<!-- from")[0] in {PAGE.encode(), OPEN}


@pytest.mark.parametrize("kind", [b"Content-Type: Application/HTTP; msgtype=response\r\n", b""])
def test_a_response_is_one_however_it_says_so(kind: bytes) -> None:
    told = b"Content-Type: application/http; msgtype=response\r\n"
    (page,), _ = read(archive([response(PAGE.encode()).replace(told, kind)]))
    assert page.raw == PAGE.encode()


def test_other_records_are_no_documents() -> None:
    others = [
        response(b"\x89PNG", "image/png"),
        response(b"<p>gone</p>", status=404),
        response(b"", status=301),
        record("request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        record("metadata", b"a: b\r\n", "application/warc-fields"),
    ]
    assert codes(archive([*others, response(b"<p>x</p>"), record("resource", TEXT, "text/plain")])) == (
        ["ok", "ok"],
        None,
    )


def test_a_conversion_is_text() -> None:
    (page,), _ = read(archive([record("conversion", TEXT, "text/plain")]))
    assert isinstance(page, Entry)
    assert (page.raw, page.origin.form) == (TEXT, None)


WHOLE = archive([response(PAGE.encode()), record("conversion", TEXT, "text/plain")])


def test_an_archive_that_breaks_off_says_so_and_keeps_what_came_before() -> None:
    inside = WHOLE.index(b"Rain fell")
    assert codes(WHOLE[: inside + 9]) == (["ok", "truncated"], None)
    assert codes(WHOLE[: inside - 12]) == (["ok", "truncated"], None)
    (_, bad), _ = read(WHOLE[: inside + 9])
    assert bad.raw == b"Rain fell"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", ([], None)),
        (b"no archive at all " * 99, ([], "mislabelled")),
        (b"<html>" + PAGE.encode(), ([], "mislabelled")),
        (WHOLE + b"rubbish\r\n" * 9 + WHOLE, (["ok", "ok"], "corrupt")),
        (b"WARC/1.0\r\nX: " + b"a" * 2**20 + b"\r\n\r\n" + WHOLE, ([], "mislabelled")),
        (WHOLE.replace(b"Content-Length: 46", b"Content-Length: 99999"), (["ok", "truncated"], None)),
        (archive([record("response", b"no status", "application/http")]) + WHOLE, (["corrupt", "ok", "ok"], None)),
        (archive([response(b"", more="X: quay\r\n" * 9999)]) + WHOLE, (["corrupt", "ok", "ok"], None)),
        *(
            (archive([response(body, more=more)]) + WHOLE, (["corrupt", "ok", "ok"], None))
            for body, more in (
                (b"no \xff gzip", "Content-Encoding: gzip\r\n"),
                (b"5\r\nRain fell\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n"),
            )
        ),
    ],
)
def test_damaged_archives(raw: bytes, expected: tuple[list[str], str | None]) -> None:
    assert codes(raw) == expected


def test_what_stands_before_a_damaged_member_of_a_compressed_archive_stays(tmp_path: Path) -> None:
    members = [gzip.compress(part) for part in (archive([]), response(PAGE.encode()), response(PAGE.encode()))]
    members[2] = members[2][:-8] + bytes(8)
    (tmp_path / "crawl.warc.gz").write_bytes(b"".join(members))
    item = Input("crawl.warc.gz", str(tmp_path / "crawl.warc.gz"), form=Form("warc", "gz"))
    first, *_, last = Documents(item, ReadSettings())
    assert first.raw == PAGE.encode()
    assert isinstance(last, Reject)
    assert last.code == "corrupt"


def test_a_record_without_a_length_is_a_bad_one() -> None:
    found, _ = codes(WHOLE.replace(b"Content-Length: 46", b"Content-Length: -6"))
    assert found == ["ok", "truncated"]


def test_a_page_that_grows_when_it_is_unpacked_is_bounded() -> None:
    bomb = response(gzip.compress(b" " * 10**7), more="Content-Encoding: gzip\r\n")
    assert codes(archive([bomb]) + WHOLE, ReadSettings(max_record_bytes=10**6)) == (["oversized", "ok", "ok"], None)
    assert codes(WHOLE, ReadSettings(max_record_bytes=100)) == (["oversized", "ok"], None)


def test_pages_of_every_container_give_the_same_rows_and_come_back(tmp_path: Path) -> None:
    pages = {
        "ferry.html": PAGE.encode(),
        "ferry.html.gz": gzip.compress(PAGE.encode()),
        "crawl.warc.gz": b"".join(map(gzip.compress, [archive([]), response(PAGE.encode())])),
    }
    out = tmp_path / "clean"
    clean(write(tmp_path / "pages", pages), out)
    found = rows(out)
    assert [row["body"] for row in found["articles"]] == [BODY] * 3
    assert {row["form"] for row in found["articles"]} == {HTML}
    assert [row["raw"] for row in found["artifacts"]] == [DUMP.encode()] * 3
    assert len(found["related_items"]) == 3
    assert verify(open_snapshot(out), full=True).breaches == ()
    restore(open_snapshot(out), tmp_path / "again")
    again = contents(tmp_path / "again")
    assert again.pop("ferry.html") == PAGE.encode()
    assert list(again.values()) == [PAGE.encode()] * 2


def test_verify_tells_when_the_text_is_not_that_of_the_page(tmp_path: Path) -> None:
    from tests.tampering import rewrite, where

    clean(write(tmp_path / "pages", {"ferry.html": PAGE.encode()}), tmp_path / "clean")
    snapshot = open_snapshot(tmp_path / "clean")
    other = PAGE.replace("eleven", "twelve").encode()
    rewrite(snapshot, "ledger", where({"role": "page"}, raw=other))
    laws = {breach.law for breach in verify(open_snapshot(tmp_path / "clean"), full=True).breaches}
    assert "restore" in laws
