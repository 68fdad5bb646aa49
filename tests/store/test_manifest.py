from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline import __version__, open_snapshot
from pipeline.errors import SnapshotError
from pipeline.schema import TABLES
from pipeline.store.manifest import FORMAT, read_manifest
from tests.corpus import PAGES, REJECTED, clean, rows, small_shards, write
from tests.tampering import write_manifest


@pytest.fixture
def manifest(pages: Path, out: Path) -> dict[str, Any]:
    """Return the manifest of a first snapshot, as any program reads it."""
    clean(pages, out, profiles=("alalam-en",))
    data: dict[str, Any] = json.loads((out / "current/manifest.json").read_bytes())
    return data


def test_it_tells_the_version_the_run_and_the_code(manifest: dict[str, Any], out: Path) -> None:
    (run,) = (out / "runs").iterdir()
    assert manifest["format"] == FORMAT
    assert manifest["version"] == "v000001"
    assert manifest["previous"] is None
    assert manifest["run_id"] == run.name
    assert manifest["pipeline_version"] == __version__
    assert re.fullmatch(r"[0-9a-f]{64}", manifest["configuration"])
    assert datetime.fromisoformat(manifest["created_at"]).utcoffset() == timedelta(0)
    assert manifest["timings"].keys() >= {"discover", "clean"}
    assert all(entry["decided"] == {} for entry in manifest["evidence"].values())


def test_it_holds_the_profiles_as_they_were_written(manifest: dict[str, Any]) -> None:
    (profile,) = manifest["profiles"]
    assert profile["file"] == "alalam-en"
    assert 'name = "alalam-en"' in profile["text"]


def test_it_lists_every_input_with_hash_and_size(manifest: dict[str, Any]) -> None:
    found = {entry["uri"]: (entry["sha256"], entry["size"]) for entry in manifest["inputs"]}
    assert found == {uri: (hashlib.sha256(raw).hexdigest(), len(raw)) for uri, raw in PAGES.items()}
    assert list(found) == sorted(PAGES)


def test_it_lists_every_file_with_hash_size_and_rows(manifest: dict[str, Any], out: Path) -> None:
    listed = {(entry["table"], entry["name"]): entry for entry in manifest["files"]}
    there = {(path.parent.name, path.name) for path in (out / "current").glob("*/*")}
    assert listed.keys() == there
    for (table, name), entry in listed.items():
        raw = (out / "current" / table / name).read_bytes()
        assert entry["sha256"] == hashlib.sha256(raw).hexdigest()
        assert entry["size"] == len(raw)
        assert entry["rows"] == pq.read_metadata(out / "current" / table / name).num_rows
    assert [entry["table"] for entry in manifest["files"]] == list(TABLES)


def test_warnings_are_counted_by_their_codes_whatever_the_detail(tmp_path: Path) -> None:
    dates = [b"03/04/2016", b"05/06/2016", b"7 Mar 2016"]
    pages = {f"{number}.txt": b"Quay\n\n%s\n\nThe quay is dry.\n" % date for number, date in enumerate(dates)}
    counts = clean(write(tmp_path / "pages", pages), tmp_path / "clean").counts
    assert counts["warnings_by_code"] == {"dateline_order_unknown": 2}
    assert counts["datelines_by_status"] == {"ambiguous": 2, "exact": 1}


def test_it_proves_that_nothing_was_lost(manifest: dict[str, Any], out: Path) -> None:
    counts, tables = manifest["counts"], rows(out)
    assert counts["inputs"] == counts["articles"] + counts["rejects"] == len(PAGES)
    assert {table: counts[table] for table in TABLES} == {table: len(tables[table]) for table in TABLES}
    assert counts["rejects_by_code"] == dict.fromkeys(sorted(REJECTED.values()), 1)
    statuses = [row["status"] for row in tables["artifacts"]]
    datelines = [row["dateline_status"] for row in tables["articles"]]
    assert counts["datelines_by_status"] == {status: datelines.count(status) for status in sorted(set(datelines))}
    codes = [warning.partition(":")[0] for row in tables["articles"] for warning in row["warnings"]]
    assert counts["warnings_by_code"] == {code: codes.count(code) for code in sorted(set(codes))}
    assert counts["artifacts_by_status"] == {status: statuses.count(status) for status in sorted(set(statuses))}
    sources = [row["source"] for row in tables["articles"]]
    assert counts["sources"] == {source: sources.count(source) for source in sorted(set(sources))}


def test_files_of_other_kinds_are_counted(pages: Path, out: Path) -> None:
    clean(write(pages, {"cover.jpg": b"", "deep/notes.md": b""}), out)
    assert open_snapshot(out).manifest.counts["ignored"] == 2


@pytest.mark.usefixtures("several_shards")
def test_shards_add_up_to_the_counts(pages: Path, out: Path) -> None:
    clean(pages, out)
    found = open_snapshot(out).manifest
    assert [shard.number for shard in found.shards] == list(range(len(found.shards)))
    assert {entry.shard for entry in found.inputs} == {shard.number for shard in found.shards}
    for name in ("inputs", *TABLES):
        assert sum(shard.counts.get(name, 0) for shard in found.shards) == found.counts[name]


def test_a_second_snapshot_names_the_first_and_what_is_gone(pages: Path, out: Path) -> None:
    clean(pages, out)
    (pages / "lamps.txt").unlink()
    clean(write(pages, {"new.txt": b"A new page was written.\n"}), out)
    found = open_snapshot(out).manifest
    assert (found.version, found.previous) == ("v000002", "v000001")
    assert [entry.uri for entry in found.inputs if entry.vanished] == ["lamps.txt"]


OF_THE_RUN = {"version", "previous", "run_id", "created_at", "timings", "slowest"}
"""What tells of the run that committed, and not of what it committed."""


def but_for_the_run(out: Path) -> str:
    manifest = json.loads((out / "current/manifest.json").read_bytes())
    for file in manifest["files"]:  # each of which names its run
        del file["name"], file["size"], file["sha256"]
    return json.dumps({name: value for name, value in manifest.items() if name not in OF_THE_RUN})


def dated(number: int, prose: str = "The ferry came back.") -> bytes:
    stamp = f"{number % 28 + 1:02d}/{number % 12 + 1:02d}/2016 11:55{' +0100' if number % 3 else ''}"
    return f"Ferry {number}\n\n{stamp}\n\n{prose} Nobody minded.\n".encode()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_manifest_is_the_same_however_often_and_by_whom_its_inputs_were_cleaned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    small_shards(monkeypatch, 12)
    final = {f"{number % 3}/{number:02d}.txt": dated(number) for number in range(90)} | {**PAGES}
    before = {uri: raw for number, (uri, raw) in enumerate(final.items()) if number % 9}
    before |= {uri: dated(number, "Fog fell.") for number, uri in enumerate(before) if number % 5 == 0}
    pages = write(tmp_path / "pages", before | {"1/gone.txt": dated(7)})
    clean(pages, tmp_path / "later", workers=workers)
    (pages / "1/gone.txt").unlink()
    clean(write(pages, final), tmp_path / "later", workers=workers, prune=True)
    clean(pages, tmp_path / "once", workers=1)
    assert len(json.loads((tmp_path / "once/current/manifest.json").read_bytes())["shards"]) > 4
    assert but_for_the_run(tmp_path / "later") == but_for_the_run(tmp_path / "once")


def test_an_input_that_could_not_be_read_has_no_hash(pages: Path, out: Path) -> None:
    (pages / "gone.txt").symlink_to("nowhere")
    clean(pages, out)
    (entry,) = [entry for entry in open_snapshot(out).manifest.inputs if entry.uri == "gone.txt"]
    assert (entry.sha256, entry.size) == (None, None)


def test_writing_and_reading_give_the_same(manifest: dict[str, Any], out: Path) -> None:
    found = read_manifest(out / "current")
    assert json.loads(found.encode()) == manifest
    (out / "manifest.json").write_bytes(found.encode())
    assert read_manifest(out) == found


@pytest.mark.usefixtures("manifest")
def test_keys_of_a_later_version_do_no_harm(out: Path) -> None:
    path = out / "current/manifest.json"
    before = read_manifest(out / "current")
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "colour": "blue"}), "utf-8")
    assert read_manifest(out / "current") == before


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"version": 1}', b"null"])
def test_a_damaged_manifest_is_named(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(raw)
    with pytest.raises(SnapshotError, match=r"manifest\.json: is damaged"):
        read_manifest(tmp_path)


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"manifest\.json: cannot be read"):
        read_manifest(tmp_path)


@pytest.mark.usefixtures("manifest")
@pytest.mark.parametrize("changes", [{}, {"inputs": "moved"}, {"files": None}])
def test_another_layout_is_said_to_be_one(out: Path, changes: dict[str, Any]) -> None:
    path = out / "current/manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "format": FORMAT + 1, **changes}), "utf-8")
    with pytest.raises(SnapshotError, match=f"layout {FORMAT + 1}"):
        read_manifest(out / "current")


@pytest.mark.parametrize(
    ("name", "value"), [("articles", "x"), ("rejects", None), ("inputs", 1.5), ("rejects_by_code", 0)]
)
def test_counts_that_are_no_numbers_are_damage(pages: Path, out: Path, name: str, value: object) -> None:
    clean(pages, out)
    snapshot = open_snapshot(out)
    write_manifest(snapshot, counts={**snapshot.manifest.counts, name: value})
    with pytest.raises(SnapshotError, match="is damaged"):
        _ = open_snapshot(out).manifest
