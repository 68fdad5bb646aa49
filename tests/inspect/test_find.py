"""Every document of a snapshot is found and explained, whatever it came in and however it was encoded."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import open_snapshot
from pipeline.cli import descrape as program
from pipeline.errors import UsageError
from pipeline.inspect import View, as_data, as_lines, find
from pipeline.model import doc_id
from pipeline.report import render
from pipeline.report.figures import gather
from pipeline.report.gallery import sample
from pipeline.store.restore import restore
from pipeline.store.snapshot import Snapshot
from tests.containers import COMPRESSIONS, jsonl
from tests.corpus import clean, descrape, dump, page, rows, write
from tests.webpages import BODY, DUMP, html

LEAKY = page("Café Opens", "Das Café hat geöffnet, und der Käpt’n kam früh am Sonntag.", foot=dump("Über den Kai"))
PAGES = {
    "crawl.jsonl.gz": COMPRESSIONS["gz"](jsonl([LEAKY, b"Rain fell on the pier.\n", LEAKY]) + b"{bad\n"),
    "feed.jsonl": b'{"text": "Rain.", "url": "a.example/1", "date": "2016-03-27", "fetched_at": "2016", "by": "Ann"}\n',
    "late.txt": LEAKY.decode().encode("cp1252"),
    "wide.txt": LEAKY.decode().encode("utf-16"),
}
GIVEN = ("member", "url", "fetched_at", "record_date", "source_fields")
WEB = {"ferry.html": html(f"<p>{DUMP}</p>").encode()}
COLUMNS = ("doc_id", "source_uri", "record", "encoding", "language", "form", *GIVEN)
HAS_HTML = importlib.util.find_spec("resiliparse") is not None


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    root = tmp_path_factory.mktemp("forms")
    clean(write(root / "pages", PAGES | (WEB if HAS_HTML else {})), root / "clean")
    return open_snapshot(root / "clean")


def test_what_is_explained_of_a_document_is_what_its_rows_say(snapshot: Snapshot) -> None:
    tables = rows(snapshot)
    assert {row["encoding"] for row in tables["articles"]} >= {"utf-8", "windows-1252", "utf-16-le"}
    for row in tables["articles"]:
        for found in (find(snapshot, row["doc_id"]), find(snapshot, row["source_uri"], row["record"])):
            assert found.same
            told = as_data(found.cleaner.clean(found.record), {})
            assert {name: told[name] for name in COLUMNS} == {name: row[name] for name in COLUMNS}
            assert told["fields"]["body"]["value"] == row["body"]
            edits = [edit for edit in tables["ledger"] if edit["doc_id"] == row["doc_id"] and edit["role"] != "page"]
            kept = ("start", "stop", "role", "artifact", "text_start", "text_stop")
            assert [[tile[key] for key in kept] for tile in told["tiles"]] == [
                [each[key] for key in kept] for each in edits
            ]


@pytest.mark.parametrize("name", ["late.txt", "wide.txt"])
def test_bytes_of_another_encoding_are_shown_as_they_read(snapshot: Snapshot, name: str) -> None:
    found = find(snapshot, name)
    document = found.cleaner.clean(found.record)
    shown = "\n".join("".join(part.text for part in line) for line in as_lines(document, {}, View()))
    assert "\\x" not in shown
    assert "Über den Kai" in shown
    assert f"encoding     {document.encoding}" in shown
    assert "Über den Kai" in as_data(document, {})["artifacts"][0]["raw"]


@pytest.mark.skipif(not HAS_HTML, reason="the extra html is not installed, so no text is taken out of pages")
def test_a_page_in_html_is_explained_by_the_text_that_was_taken_out_of_it(snapshot: Snapshot) -> None:
    found = find(snapshot, "ferry.html")
    document = found.cleaner.clean(found.record)
    assert document.taken is not None
    lines = ["".join(part.text for part in line) for line in as_lines(document, {}, View(full=True))]
    size, text = len(WEB["ferry.html"]), len(document.taken)
    assert lines[0] == f"ferry.html  {size} bytes, {text} of text taken out of them, profile default"
    assert not any("<p>" in line for line in lines)
    assert as_data(document, {})["tiles"][-1]["stop"] == text


def test_a_record_that_is_bad_or_not_there_is_told(snapshot: Snapshot) -> None:
    refused = find(snapshot, "crawl.jsonl.gz", 3).refused
    assert refused is not None
    assert refused.code == "bad_json"
    own = doc_id("crawl.jsonl.gz", 3)
    assert find(snapshot, own, 3).record.where == find(snapshot, own).record.where == "crawl.jsonl.gz, record 3"
    for wanted, record in (("crawl.jsonl.gz", 4), ("late.txt", 1), (doc_id("late.txt"), 1), ("nobody.txt", None)):
        with pytest.raises(UsageError, match="there is no document"):
            find(snapshot, wanted, record)


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("late", "did you mean late.txt?"),
        ("ATE", "did you mean late.txt?"),
        ("pages/late.txt", "did you mean late.txt?"),
        ("crawl.jsonl", "did you mean crawl.jsonl.gz?"),
        ("", "there is no document '' in v000001"),
        ("nobody.txt", "there is no document 'nobody.txt' in v000001"),
    ],
)
def test_a_name_that_is_not_quite_one_brings_those_that_may_have_been_meant(
    snapshot: Snapshot, tmp_path: Path, wanted: str, meant: str
) -> None:
    for look in (lambda: find(snapshot, wanted), lambda: restore(snapshot, tmp_path / "raw", wanted)):
        with pytest.raises(UsageError) as refused:
            look()
        assert str(refused.value).endswith(meant)


@pytest.mark.parametrize("uri", ["late.txt", "wide.txt"])
def test_the_bytes_of_one_document_go_to_standard_output(snapshot: Snapshot, uri: str) -> None:
    out = str(snapshot.path.parent.parent)
    done = CliRunner().invoke(program, ["restore", out, "--to", "-", "--doc", uri])
    assert (done.exit_code, done.stdout_bytes) == (0, PAGES[uri])
    of_a_record = ["restore", out, "--to", "-", "--doc", doc_id("crawl.jsonl.gz", 1)]
    assert CliRunner().invoke(program, of_a_record).stdout_bytes == b"Rain fell on the pier.\n"
    refused = CliRunner().invoke(program, ["restore", out, "--to", "-"])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--doc says which" in refused.stderr


def test_who_names_no_record_of_several_is_told_which_one_is_shown(snapshot: Snapshot, tmp_path: Path) -> None:
    out = snapshot.path.parent.parent
    several = write(tmp_path, {name: PAGES[name] for name in ("crawl.jsonl.gz", "feed.jsonl", "late.txt")})
    note = "holds more than one document: this is record 0, and --record N shows another"
    for arguments in ([out, "--doc", "crawl.jsonl.gz"], [several / "crawl.jsonl.gz"]):
        told = descrape("inspect", *arguments)
        assert (told.returncode, f"crawl.jsonl.gz {note}" in told.stderr) == (0, True)
    alone = [out, "--doc", "late.txt"], [out, "--doc", "feed.jsonl"], [several / "late.txt"], [several / "feed.jsonl"]
    chosen = [out, "--doc", "crawl.jsonl.gz", "--record", 0], [several / "crawl.jsonl.gz", "--record", 0]
    for arguments in (*alone, *chosen, [out, "--doc", doc_id("crawl.jsonl.gz", 1)]):
        told = descrape("inspect", *arguments)
        assert (told.returncode, told.stderr) == (0, "")


def test_the_command_takes_standard_input(snapshot: Snapshot) -> None:
    assert snapshot.version == "v000001"
    done = CliRunner().invoke(program, ["inspect", "-", "--json"], input="The quay is dry.\n")
    told = json.loads(done.stdout)
    assert (told["source_uri"], told["fields"]["body"]["value"]) == ("stdin", "The quay is dry.")
    line = '{"text": "It rains."}\n{"text": "It pours."}\n'
    done = CliRunner().invoke(
        program, ["inspect", "-", "--input-format", "jsonl", "--record", "1", "--json"], input=line
    )
    assert json.loads(done.stdout)["fields"]["body"]["value"] == "It pours."


def test_the_command_takes_a_record_of_a_folder_and_nothing_that_its_run_decided(snapshot: Snapshot) -> None:
    out = snapshot.path.parent.parent
    ran = descrape("inspect", out, "--doc", "crawl.jsonl.gz", "--record", 1, "--json")
    told = json.loads(ran.stdout)
    assert (told["record"], told["fields"]["body"]["value"]) == (1, "Rain fell on the pier.")
    bad = descrape("inspect", out, "--doc", "crawl.jsonl.gz", "--record", 3)
    assert (bad.returncode, bad.stdout.split(":")[0]) == (3, "crawl.jsonl.gz, record 3")
    for option, value in (("--text-field", "text"), ("--input-format", "txt")):
        ran = descrape("inspect", out, "--doc", "late.txt", option, value)
        assert (ran.returncode, f"leave out {option}" in ran.stderr) == (2, True)


def test_the_report_counts_forms_encodings_and_languages_and_shows_cuts_as_they_read(snapshot: Snapshot) -> None:
    articles, figures = rows(snapshot)["articles"], gather(snapshot)
    assert sum(figures.articles.encodings.values()) == len(articles)
    assert figures.articles.guessed == sum(row["encoding_confidence"] is not None for row in articles)
    text = render(snapshot)
    for told in ("jsonl.gz", "windows-1252", "utf-16-le", "crawl.jsonl.gz, record 3"):
        assert told in text.replace("<wbr>", ""), told
    cuts = {cut.where: cut for cut in sample(snapshot, 100)}
    for name in ("late.txt", "wide.txt", "crawl.jsonl.gz, record 2"):
        assert "Über den Kai" in cuts[name].head
        assert cuts[name].before.endswith("am Sonntag.\n\n")
        assert cuts[name].after is not None
    if HAS_HTML:
        assert "around the text of HTML" in text
        assert cuts["ferry.html"].head == DUMP
        after = cuts["ferry.html"].after
        assert after is not None
        assert after[1].lstrip().startswith(BODY.split("\n\n")[1][:60])


def test_the_slowest_documents_of_containers_are_named_by_record(tmp_path: Path) -> None:
    write(tmp_path / "pages", {"crawl.jsonl": jsonl([b"Rain fell on the pier.\n"] * 30)})
    clean(tmp_path / "pages", tmp_path / "clean")
    slowest = open_snapshot(tmp_path / "clean").manifest.slowest
    assert len({entry.record for entry in slowest}) == len(slowest) == 20
    assert {entry.uri for entry in slowest} == {"crawl.jsonl"}
    assert {entry.size for entry in slowest} == {23}


def test_a_date_with_two_readings_is_told_as_what_a_run_has_seen_of_it(tmp_path: Path) -> None:
    raw = b"Ferry Back in Harbour\n\n12/06/2019 14:30\n\nThe ferry came back on Sunday, a day late.\n"
    clean(write(tmp_path / "pages", {"a.txt": raw}), tmp_path / "clean")
    of_the_run = descrape("inspect", tmp_path / "clean", "--doc", "a.txt").stdout
    assert "dateline     ambiguous; the other pages of its source do not decide\n" in of_the_run
    alone = descrape("inspect", tmp_path / "pages/a.txt").stdout
    assert "dateline     ambiguous; one page alone gives no evidence, a run may decide by the others" in alone
