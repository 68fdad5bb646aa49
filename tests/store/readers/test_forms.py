"""One corpus gives the same rows whatever it comes in, however it is cut up, and comes back from the tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pipeline import open_snapshot
from pipeline.decoding import is_utf_8
from pipeline.job import run
from pipeline.store.restore import restore
from pipeline.verify import verify
from tests.containers import COMPRESSIONS, FORMS, jsonl, parquet
from tests.corpus import PAGES, ROOT, clean, contents, many, rows, write

pytest.importorskip("fastwarc", reason="the extra 'warc' is not installed: pip install 'descrape[warc]'")

PROFILES = ("alalam-en", "default")

TEXTS = [*[raw for uri, raw in PAGES.items() if uri != "noise.txt"], *many(12).values()]
"""Texts that are UTF-8; one of them is blank, so that it gives no article."""
SAMPLE = [path.read_bytes() for path in sorted((ROOT / "data/raw").glob("*/*.txt"))]
CORPUS = [*TEXTS, *filter(is_utf_8, SAMPLE)]
"""The same, and the pages of the sample."""


def pages(texts: Iterable[bytes]) -> dict[str, bytes]:
    """Return texts as files."""
    return {f"{number:03d}.txt": text for number, text in enumerate(texts)}


PLAIN = pages(TEXTS)

WHERE = {"doc_id", "source_uri", "record", "member", "duplicate_of"}
"""Columns that tell where a document stands; ``duplicate_of`` names another by its ``doc_id``."""


def told(out: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of an output in order, without what tells where they were read."""
    return {
        table: [{name: value for name, value in row.items() if name not in WHERE} for row in found]
        for table, found in rows(out).items()
    }


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """Return what the texts give, a file each."""
    folder = tmp_path_factory.mktemp("plain")
    clean(write(folder / "pages", pages(CORPUS)), folder / "clean", profiles=PROFILES)
    return told(folder / "clean")


@pytest.fixture(scope="module")
def every_form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a source for each form, plain and compressed in each way."""
    folder = tmp_path_factory.mktemp("forms")
    for form, writer in FORMS.items():
        raw = writer(CORPUS)
        write(folder, {f"{form}/pages.{form}": raw})
        for suffix, compress in COMPRESSIONS.items():
            write(folder, {f"{form}.{suffix}/pages.{form}.{suffix}": compress(raw)})
    for suffix, compress in COMPRESSIONS.items():
        write(folder / f"txt.{suffix}", {f"{name}.{suffix}": compress(raw) for name, raw in pages(CORPUS).items()})
    return folder


@pytest.mark.parametrize("form", [f"{form}{more}" for form in FORMS for more in ("", *(f".{c}" for c in COMPRESSIONS))])
def test_every_form_gives_the_rows_that_the_files_give(
    every_form: Path, tmp_path: Path, expected: dict[str, list[dict[str, Any]]], form: str
) -> None:
    # Each record of a web archive has headers, which are kept as other fields are.
    kept = () if form.startswith("warc") else None
    clean(every_form / form, tmp_path / "clean", profiles=PROFILES, source_fields=kept)
    assert told(tmp_path / "clean") == expected
    assert [row["record"] for row in rows(tmp_path / "clean")["articles"]] == [
        number for number, text in enumerate(CORPUS) if text.strip()
    ]


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_compressed_pages_give_the_rows_that_the_files_give(
    every_form: Path, tmp_path: Path, expected: dict[str, list[dict[str, Any]]], compression: str
) -> None:
    clean(every_form / f"txt.{compression}", tmp_path / "clean", profiles=PROFILES)
    assert told(tmp_path / "clean") == expected


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the texts in several forms at once."""
    folder = tmp_path_factory.mktemp("mixed")
    return write(folder, {f"{form}/pages.{form}": FORMS[form](TEXTS) for form in ("jsonl", "parquet", "tar")} | PLAIN)


@pytest.mark.parametrize(("workers", "batch", "part"), [(1, 3, 2**25), (1, 1000, 700), (2, 7, 1500)])
def test_batches_workers_and_parts_change_no_row(  # noqa: PLR0913, PLR0917 - one argument a thing that is varied
    mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int, batch: int, part: int
) -> None:
    clean(mixed, tmp_path / "plain")
    monkeypatch.setattr("pipeline.engines.shard.BATCH_DOCUMENTS", batch)
    for module in ("parts", "readers.jsonl", "readers.parquet"):
        monkeypatch.setattr(f"pipeline.store.{module}.PART_BYTES", part)
    monkeypatch.setattr("pipeline.store.parts.LEAST_BYTES", part)
    clean(mixed, tmp_path / "varied", workers=workers)
    assert rows(tmp_path / "varied") == rows(tmp_path / "plain")
    entries = [entry for entry in open_snapshot(tmp_path / "varied").manifest.inputs if entry.uri.endswith("jsonl")]
    assert (len(entries) > 1) == (part < 2**20)
    assert verify(open_snapshot(tmp_path / "varied"), full=True).breaches == ()
    assert clean(mixed, tmp_path / "varied").status == "unchanged"


def test_documents_of_containers_come_back_in_a_folder_of_its_name(mixed: Path, tmp_path: Path) -> None:
    clean(mixed, tmp_path / "clean")
    done = restore(open_snapshot(tmp_path / "clean"), tmp_path / "raw")
    containers = [f"{form}/pages.{form}" for form in ("jsonl", "parquet", "tar")]
    wanted = {f"{uri}/{number:08d}.txt": text for uri in containers for number, text in enumerate(TEXTS)}
    assert contents(tmp_path / "raw") == PLAIN | wanted
    assert (done.unread, done.failed) == ((), ())


def test_a_folder_that_has_the_name_of_a_container_is_never_written_over(tmp_path: Path) -> None:
    write(tmp_path / "one", {"a.jsonl": jsonl([b"Rain fell.\n"])})
    write(tmp_path / "two", {"a.jsonl/00000000.txt": b"Snow fell.\n"})
    run([str(tmp_path / "one/*.jsonl"), str(tmp_path / "two")], tmp_path / "clean")
    done = restore(open_snapshot(tmp_path / "clean"), tmp_path / "raw")
    assert (done.written, done.failed) == (2, ())
    assert contents(tmp_path / "raw") == {
        "a.jsonl/00000000.txt": b"Rain fell.\n",
        "a.jsonl/00000000.txt~": b"Snow fell.\n",
    }


# ----------------------------------------------------------------------------------------------- run after run


@pytest.mark.usefixtures("several_shards")
def test_a_container_that_changes_replaces_its_rows_and_no_others(tmp_path: Path) -> None:
    pages = write(tmp_path / "pages", PLAIN | {"a.jsonl": jsonl(TEXTS), "z.parquet": parquet(TEXTS)})
    clean(pages, tmp_path / "clean")
    write(pages, {"a.jsonl": jsonl(TEXTS[3:8]), "001.txt": b"Another page. It is short.\n"})
    assert clean(pages, tmp_path / "clean").status == "committed"
    clean(pages, tmp_path / "anew")
    assert rows(tmp_path / "clean") == rows(tmp_path / "anew")
    assert verify(open_snapshot(tmp_path / "clean"), full=True).breaches == ()


@pytest.mark.usefixtures("several_shards")
@pytest.mark.parametrize("rebuild", [False, True])
def test_a_container_that_vanished_keeps_its_rows(tmp_path: Path, *, rebuild: bool) -> None:
    bad = b'{"text": 1}\n{bad\n'
    pages = write(tmp_path / "pages", PLAIN | {"a.jsonl": jsonl(TEXTS, url="https://x.example/1") + bad})
    clean(pages, tmp_path / "clean")
    before = rows(tmp_path / "clean")
    (pages / "a.jsonl").unlink()
    write(pages, {"000.txt": b"Another page. It is short.\n"})
    clean(pages, tmp_path / "clean", rebuild=rebuild)
    after = rows(tmp_path / "clean")
    for table in ("articles", "rejects"):
        kept = [row for row in before[table] if row["source_uri"] == "a.jsonl"]
        found = [row for row in after[table] if row["source_uri"] == "a.jsonl"]
        for row in (*kept, *found):
            row.pop("duplicate_of", None)
        assert kept
        assert found == kept
    assert verify(open_snapshot(tmp_path / "clean"), full=True).breaches == ()
    assert clean(pages, tmp_path / "clean", prune=True).counts["inputs"] == len(PLAIN)


def test_another_text_field_is_another_configuration(tmp_path: Path) -> None:
    pages = write(tmp_path / "pages", {"a.jsonl": b'{"text": "Rain fell.", "body": {"de": "Es regnet."}}\n'})
    clean(pages, tmp_path / "clean")
    assert clean(pages, tmp_path / "clean", text_field="body.de").status == "committed"
    (row,) = rows(tmp_path / "clean")["articles"]
    assert (row["body"], row["source_fields"]) == ("Es regnet.", '{"text":"Rain fell."}')
    assert clean(pages, tmp_path / "clean", text_field="body.de").status == "unchanged"
    assert verify(open_snapshot(tmp_path / "clean"), full=True).proven
