"""What any container has in common: how it is found, what changes under the reader's hands, what kills it."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline import open_snapshot
from pipeline.errors import UsageError
from pipeline.job import Options, run
from pipeline.model import Origin, Record, Reject
from pipeline.profiles import load
from pipeline.stages import Cleaner
from pipeline.store import stored as module
from pipeline.store.discovery import discover
from pipeline.store.documents import Documents, digest, nth
from pipeline.store.inputs import Input
from pipeline.store.parts import split
from pipeline.store.readers import PLAIN_FORM, READERS, SPLITTERS, Form, form_of
from pipeline.store.readers.jsonl import JsonLinesReader
from pipeline.store.readers.reading import ReadSettings
from pipeline.verify import verify
from tests import corpus
from tests.containers import COMPRESSIONS, FORMS, jsonl, parquet, tar, zipped
from tests.corpus import clean, rows, write

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SETTINGS = ReadSettings()
TEXTS = [b"Rain fell on day %d. Nobody minded.\n" % number for number in range(40)]


def container(path: Path, raw: bytes) -> Input:
    path.write_bytes(raw)
    (item,) = discover([str(path)]).inputs
    return item


# --------------------------------------------------------------------------------------------- what is found


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.txt", "txt"),
        ("A.TXT", "txt"),
        ("a.txt.gz", "txt.gz"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson.zst", "jsonl.zst"),
        ("a.tsv.bz2", "csv.bz2"),
        ("a.pq", "parquet"),
        ("a.tgz", "tar.gz"),
        ("a.tar.xz", "tar.xz"),
        ("a.zip", "zip"),
        ("a.htm", "html"),
        ("a.warc.gz", "warc.gz"),
        ("a.gz", None),
        ("a.jpg", None),
        ("jsonl", None),
        ("a.jsonl.gz.gz", None),
        ("a.txt~", None),
    ],
)
def test_the_name_of_a_file_tells_its_form(name: str, form: str | None) -> None:
    found = form_of(name)
    assert (str(found) if found is not None else None) == form


def test_every_form_that_is_tested_is_one_that_is_read_and_no_other() -> None:
    pages = {"html", "warc"}  # which have tests of their own, with what a server sends around a text
    assert {str(form_of(f"a.{form}")) for form in FORMS} | {"txt"} | pages == set(READERS)
    assert all(form_of(f"a.{form}.{more}") is not None for form in READERS for more in COMPRESSIONS)
    assert SPLITTERS.keys() < READERS.keys()


def test_files_named_outright_are_of_the_form_that_is_told_where_their_names_say_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"dump": jsonl(TEXTS[:2]), "a.txt": TEXTS[2]})
    found = discover([str(tmp_path / "dump"), str(tmp_path / "a.txt")], unknown=Form("jsonl")).inputs
    assert [item.form for item in found] == [PLAIN_FORM, Form("jsonl")]
    assert discover([str(tmp_path)], unknown=Form("jsonl")).ignored == 1


def test_standard_input_is_an_input_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(jsonl(TEXTS))))
    run(["-"], tmp_path / "clean", Options(input_format=Form("jsonl"), workers=2))
    found = rows(tmp_path / "clean")["articles"]
    assert [(row["source_uri"], row["record"]) for row in found] == [("stdin", number) for number in range(40)]


def test_two_inputs_of_one_name_are_refused_wherever_they_stand(tmp_path: Path) -> None:
    write(tmp_path, {"one/a.jsonl": b"", "two/a.jsonl": b""})
    with pytest.raises(UsageError):
        discover([str(tmp_path / "one"), str(tmp_path / "two")])


# ------------------------------------------------------------------------------------------------- faults


def by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Path.unlink, "vanished"),
        (by_folder, "not_a_file"),
        (by_pipe, "not_a_file"),
        (lambda path: path.write_bytes(b""), "empty"),
    ],
)
def test_a_container_that_is_another_thing_than_was_found_costs_itself(
    tmp_path: Path, change: Callable[[Path], object], code: str
) -> None:
    item = container(tmp_path / "a.jsonl", jsonl(TEXTS))
    change(tmp_path / "a.jsonl")
    with corpus.in_time():
        (found,) = Documents(item, SETTINGS)
    assert isinstance(found, Reject)
    assert found.code == code


def test_a_container_that_is_written_to_while_it_is_read_is_told_and_read_again(tmp_path: Path) -> None:
    item = container(tmp_path / "a.jsonl", jsonl(TEXTS))
    documents = Documents(item, SETTINGS)
    reading = iter(documents)
    first = next(reading)
    with (tmp_path / "a.jsonl").open("ab") as file:
        file.write(jsonl(TEXTS[:1]))
    rest = list(reading)
    assert isinstance(first, Record)
    assert isinstance(rest[-1], Reject)
    assert rest[-1].code == "changed_while_read"
    assert (documents.sha256, documents.entry(0).records) == (None, len(rest) + 1)


def test_a_part_of_a_file_that_was_written_to_since_it_was_divided_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("parts", "readers.jsonl"):
        monkeypatch.setattr(f"pipeline.store.{place}.PART_BYTES", 500)
    monkeypatch.setattr("pipeline.store.parts.LEAST_BYTES", 500)
    parts = list(split([container(tmp_path / "a.jsonl", jsonl(TEXTS))], SETTINGS))
    assert len(parts) > 2
    assert {digest(part, SETTINGS) for part in parts} == {parts[0].sha256}
    write(tmp_path, {"a.jsonl": jsonl(TEXTS[::-1])})
    os.utime(tmp_path / "a.jsonl", (1, 1))
    found = list(Documents(parts[1], SETTINGS))
    assert isinstance(found[-1], Reject)
    assert found[-1].code == "changed_while_read"


def test_a_disk_that_fails_in_the_midst_is_no_damage_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(io.FileIO):
        def readinto(self, into: WriteableBuffer) -> int:
            if self.tell() > 4000:
                raise OSError(errno.EIO, "Input/output error")
            return super().readinto(memoryview(into)[:1000]) or 0

    monkeypatch.setattr("os.fdopen", lambda descriptor, *_args, **_more: Failing(descriptor))
    documents = Documents(container(tmp_path / "a.jsonl", jsonl(TEXTS * 9)), SETTINGS)
    found = list(documents)
    assert isinstance(found[-1], Reject)
    assert (found[-1].code, documents.sha256) == ("unreadable", None)
    assert "byte 5000" in found[-1].message
    assert len(found) > 50


def test_a_reader_that_breaks_costs_its_input_and_says_that_it_is_a_defect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(*_: object) -> Iterator[object]:
        yield from ()
        raise ZeroDivisionError("by \udcff")

    monkeypatch.setattr(JsonLinesReader, "read", breaking)
    write(tmp_path / "pages", {"a.jsonl": jsonl(TEXTS), "b.txt": TEXTS[0]})
    clean(tmp_path / "pages", tmp_path / "clean")
    (row,) = rows(tmp_path / "clean")["rejects"]
    assert (row["source_uri"], row["stage"], row["code"]) == ("a.jsonl", "read", "internal_error")
    assert len(rows(tmp_path / "clean")["articles"]) == 1


@pytest.mark.parametrize(("record", "found"), [(0, TEXTS[0]), (39, TEXTS[39]), (40, None)])
def test_one_document_is_found_by_its_number(tmp_path: Path, record: int, found: bytes | None) -> None:
    item = container(tmp_path / "a.jsonl", jsonl(TEXTS))
    given = nth(item, SETTINGS, record)
    assert (given.raw if given is not None else None) == found


# ------------------------------------------------------------------------------------------ poison, and much of it


def test_a_record_that_kills_its_worker_is_found_by_halving_its_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"a.jsonl": jsonl(TEXTS[:4]), "b.txt": TEXTS[1]}
    pages = write(tmp_path / "pages", texts)
    clean(pages, tmp_path / "healthy")
    for engine in ("local", "poison"):
        monkeypatch.setattr(f"pipeline.engines.{engine}.clean_shard", corpus.deadly_records)
    with corpus.in_time():
        clean(pages, tmp_path / "clean", workers=2, max_worker_memory=2**32)
    found = rows(tmp_path / "clean")
    (reject,) = found["rejects"]
    assert (reject["source_uri"], reject["record"], reject["code"], reject["raw"]) == (
        *corpus.DEADLY_RECORD, "worker_died", TEXTS[2],
    )  # fmt: skip
    deadly = corpus.DEADLY_RECORD
    others = [row for row in rows(tmp_path / "healthy")["articles"] if (row["source_uri"], row["record"]) != deadly]
    assert found["articles"] == others


def test_an_input_whose_reading_kills_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = write(tmp_path / "pages", {"deadly.jsonl": jsonl(TEXTS), "b.txt": TEXTS[1]})
    for engine in ("local", "poison"):
        monkeypatch.setattr(f"pipeline.engines.{engine}.clean_shard", corpus.deadly_reading)
    with corpus.in_time():
        clean(pages, tmp_path / "clean", workers=2, max_worker_memory=2**32)
    (reject,) = rows(tmp_path / "clean")["rejects"]
    assert (reject["source_uri"], reject["stage"], reject["code"]) == ("deadly.jsonl", "read", "worker_died")
    assert len(rows(tmp_path / "clean")["articles"]) == 1


def test_tables_are_read_some_documents_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    members = {f"{number}.txt": raw for number, raw in enumerate(corpus.PAGES.values())}
    write(tmp_path / "pages", {"a.tar": tar(members), "b.zip": zipped(members), "c.parquet": parquet(TEXTS)})
    monkeypatch.setattr("pipeline.engines.shard.BATCH_DOCUMENTS", 7)
    clean(tmp_path / "pages", tmp_path / "clean")
    snapshot = open_snapshot(tmp_path / "clean")
    whole = [(item.place, item.raw(), item.edits, item.artifacts) for item in module.stored(snapshot)]
    monkeypatch.setattr(module, "DOCUMENTS_AT_ONCE", 3)
    assert max(len(part.inputs()) for part in module.read_shards(snapshot)) == 3
    assert [(item.place, item.raw(), item.edits, item.artifacts) for item in module.stored(snapshot)] == whole
    assert verify(snapshot, full=True).breaches == ()


def test_the_evidence_of_a_container_counts_for_the_site_of_each_address() -> None:
    cleaner = Cleaner(load())
    sites = {
        cleaner.open(Record("a.jsonl", number, b"Rain.", Origin(url=f"https://{site}/{number}"))).source
        for number, site in enumerate(["one.example", "one.example", "two.example"])
    }
    assert sites == {"default one.example", "default two.example"}
