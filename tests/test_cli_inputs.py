"""How the command is told what its inputs hold."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import open_snapshot
from tests.containers import COMPRESSIONS, jsonl, table
from tests.corpus import PATIENCE, command, descrape, environment, write

TEXTS = [b"Rain fell. Nobody minded.\n", b'Snow fell. string(3) "abc"\n']


def test_what_stands_in_a_pipe_is_read(tmp_path: Path) -> None:
    raw = COMPRESSIONS["zst"](table(TEXTS, url="https://pier.example/1"))
    ran = subprocess.run(
        command("run", "-", "--input-format", "csv.zst", "--out", tmp_path / "clean", "--workers", 2, "--json"),
        input=raw,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (ran.returncode, json.loads(ran.stdout)["counts"]["articles"]) == (0, 2)
    assert (
        open_snapshot(tmp_path / "clean").arrow("articles", ["url"]).to_pylist()
        == [{"url": "https://pier.example/1"}] * 2
    )


def test_a_page_in_a_pipe_is_explained() -> None:
    told = subprocess.run(
        command("inspect", "-", "--json"),
        input=b'Rain fell.\n\nstring(3) "abc"\n',
        env=environment(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    data = json.loads(told.stdout)
    assert data["source_uri"] == "stdin"
    assert [found["rule"] for found in data["artifacts"]] == ["var_dump"]


def test_a_pipe_that_a_shell_made_is_read_by_every_command_that_reads_pages(
    tmp_path: Path, piped: Callable[[bytes], str]
) -> None:
    page = b'Rain fell.\n\nstring(3) "abc"\n'
    told = json.loads(descrape("inspect", named := piped(page), "--json").stdout)
    assert (told["source_uri"], told["size"]) == (named, len(page))
    assert [found["rule"] for found in told["artifacts"]] == ["var_dump"]
    survey = descrape("survey", piped(page), "--json", "--html", write(tmp_path, {"survey.html": b""}) / "survey.html")
    assert (survey.returncode, json.loads(survey.stdout)["sources"][0]["articles"]) == (0, 1), survey.stderr
    crawl = jsonl(TEXTS)
    ran = descrape("run", named := piped(crawl), "--input-format", "jsonl", "--out", tmp_path / "clean", "--workers", 2)
    assert (ran.returncode, ran.stderr.count("error")) == (0, 0), ran.stderr
    articles = open_snapshot(tmp_path / "clean").arrow("articles", ["source_uri", "record"]).to_pylist()
    uri = named.rpartition("/")[2]
    assert articles == [{"source_uri": uri, "record": 0}, {"source_uri": uri, "record": 1}]
    shared = descrape("run", piped(page), "--out", tmp_path / "shares", "--shard", "1/2")
    assert (shared.returncode, "--shard goes with files" in shared.stderr) == (2, True)


@pytest.mark.parametrize("giving", ["cat page |", "< page"])
def test_standard_input_has_a_name_among_the_devices_too(tmp_path: Path, giving: str) -> None:
    (tmp_path / "page").write_bytes(b"Rain fell.\n")
    told = subprocess.run(
        ["/bin/sh", "-c", f'{giving} "$@"', "sh", *command("run", "/dev/stdin", "--out", "clean", "--workers", 2)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    assert told.returncode == 0, told.stderr
    assert open_snapshot(tmp_path / "clean").arrow("articles", ["source_uri"]).to_pylist() == [{"source_uri": "stdin"}]


@pytest.mark.parametrize("asked", [("inspect", "-"), ("run", "-", "--out", "clean")], ids=["inspect", "run"])
def test_standard_input_that_is_closed_is_wrong_usage(tmp_path: Path, asked: tuple[str, ...]) -> None:
    told = subprocess.run(
        ["/bin/sh", "-c", '"$@" <&-', "sh", *command(*asked)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (told.returncode, told.stderr) == (2, b"descrape: error: -: standard input is closed\n")


def test_the_output_of_a_run_is_no_source(tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages", {"pier.txt": b"Rain fell."}), tmp_path / "clean"
    assert descrape("run", pages, "--out", out).returncode == 0
    for asked in (("run", out, "--out", pages), ("run", pages, out, "--out", tmp_path / "more"), ("survey", out)):
        swapped = descrape(*asked)
        assert swapped.returncode == 2
        assert f"{out}: is the output of a run, and no folder of raw pages" in swapped.stderr
    assert [path.name for path in pages.iterdir()] == ["pier.txt"]
    assert not (tmp_path / "more").exists()


def test_a_folder_of_pages_is_not_taken_for_an_output_without_a_document(tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages", {"pier.txt": b"Rain fell."}), tmp_path / "clean"
    told = descrape("inspect", pages)
    assert (told.returncode, f"`descrape survey {pages}`" in told.stderr) == (2, True)
    assert descrape("run", pages, "--out", out).returncode == 0
    assert "--doc says which" in descrape("inspect", out).stderr
    assert "--doc says which" in descrape("inspect", out / "current").stderr


def test_a_later_run_over_nothing_keeps_what_there_is(tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages", {"pier.txt": b"Rain fell."}), tmp_path / "clean"
    assert descrape("run", pages, "--out", out).returncode == 0
    (pages / "pier.txt").unlink()
    later = descrape("run", pages, "--out", out)
    assert (later.returncode, "no file of a known kind" in later.stderr) == (0, True)
    assert open_snapshot(out).arrow("articles").num_rows == 1


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("quay.html", "resiliparse.extract.html2text", "html"), ("quay.warc", "fastwarc.warc", "warc")],
)
def test_what_needs_an_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    pages, out = (
        write(tmp_path / "pages", {"pier.txt": b"Rain fell.", f"town/{name}": b"<p>Rain fell.</p>"}),
        tmp_path / "clean",
    )
    monkeypatch.setitem(sys.modules, module, None)
    ran = descrape("run", pages, "--out", out, "--workers", 1)
    assert ran.returncode == 2
    assert f"error: town/{name}: " in ran.stderr
    assert f"need the extra '{extra}', which is not installed: pip install 'descrape[{extra}]'" in ran.stderr
    assert not (out / "current").exists()


def test_fields_are_named_and_chosen(tmp_path: Path) -> None:
    line = {"doc": {"body": "Rain fell."}, "a": 1, "b": 2}
    write(tmp_path, {"a.jsonl": json.dumps(line).encode()})
    options = ("--text-field", "doc.body", "--source-fields", "b, c", "--workers", 1)
    ran = descrape("run", tmp_path / "a.jsonl", "--out", tmp_path / "clean", *options)
    assert ran.returncode == 0, ran.stderr
    (row,) = open_snapshot(tmp_path / "clean").arrow("articles", ["body", "source_fields"]).to_pylist()
    assert row == {"body": "Rain fell.", "source_fields": '{"b":2}'}


def test_a_field_that_is_not_there_says_what_there_is(tmp_path: Path) -> None:
    write(tmp_path, {"a.jsonl": b'{"body": "Rain fell."}\n'})
    assert descrape("run", tmp_path / "a.jsonl", "--out", tmp_path / "clean", "--workers", 1).returncode == 3
    listed = descrape("quarantine", "list", tmp_path / "clean").stdout
    assert "no_text  a.jsonl: line 1, byte 0: field 'text' is not there" in listed
    assert "its fields are: body; see --text-field" in listed


@pytest.mark.parametrize("form", ["", "doc", "gz", "txt.gz.gz", "JSON"])
def test_a_form_that_is_not_read_is_refused_and_the_others_named(tmp_path: Path, form: str) -> None:
    ran = descrape("run", tmp_path, "--out", tmp_path / "clean", "--input-format", form)
    assert ran.returncode == 2
    assert "txt, html, jsonl, parquet, csv, warc, tar, zip" in " ".join(ran.stderr.split())


def test_one_document_of_a_container_is_explained(tmp_path: Path) -> None:
    write(tmp_path, {"a.jsonl.gz": COMPRESSIONS["gz"](jsonl(TEXTS) + b"{bad\n")})
    told = json.loads(descrape("inspect", tmp_path / "a.jsonl.gz", "--record", 1, "--json").stdout)
    assert [artifact["rule"] for artifact in told["artifacts"]] == ["var_dump"]
    bad = descrape("inspect", tmp_path / "a.jsonl.gz", "--record", 2)
    assert (bad.returncode, "bad_json" in bad.stdout) == (3, True)
    none = descrape("inspect", tmp_path / "a.jsonl.gz", "--record", 3)
    assert (none.returncode, "has no record 3; they are 0 to 2" in " ".join(none.stderr.split())) == (2, True)
