"""The Python interface does what the commands do, from what a caller has in hand."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pipeline
from pipeline.errors import ConfigurationError, UsageError
from pipeline.job import Options, RejectLimit
from pipeline.store.readers import Form
from tests.corpus import PAGES, REJECTED, ROOT, rows, write
from tests.webpages import BODY, html

FERRY = "harbour/ferry.txt"


def test_every_name_is_there_and_none_is_private() -> None:
    assert sorted(pipeline.__all__) == sorted(dir(pipeline))
    assert all(getattr(pipeline, name) is not None for name in pipeline.__all__)
    with pytest.raises(AttributeError, match="no attribute 'cleaner'"):
        _ = pipeline.cleaner


def test_importing_it_loads_no_arrow() -> None:
    line = "import sys, pipeline; dir(pipeline); print('pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", line], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("uri", sorted(PAGES.keys() - REJECTED.keys()))
def test_a_page_is_cleaned_as_a_run_cleans_it(uri: str, tmp_path: Path) -> None:
    raw = PAGES[uri]
    pages = write(tmp_path / "pages", {uri: raw})
    pipeline.run(pages, tmp_path / "clean", pipeline.Options(profiles=["alalam-en"]))
    (row,) = rows(tmp_path / "clean")["articles"]
    for page in (raw, raw.decode()):
        document = pipeline.clean(page, ["alalam-en"], source_uri=uri)
        assert document.record.doc_id == row["doc_id"]
        assert document.article.body == row["body"]
        assert document.article.title == row["title"]
        assert document.dateline.published_local == row["published_local"]
        assert len(document.claims) == row["n_artifacts"]


@pytest.mark.parametrize(("uri", "code"), sorted(REJECTED.items()))
def test_a_page_that_gives_no_article_is_refused_with_the_code_of_a_reject(uri: str, code: str) -> None:
    with pytest.raises(pipeline.RejectedDocument) as refused:
        pipeline.clean(PAGES[uri])
    assert refused.value.code == code


def test_text_that_is_no_unicode_is_refused_and_no_crash() -> None:
    with pytest.raises(pipeline.RejectedDocument) as refused:
        pipeline.clean("half a pair \ud800")
    assert refused.value.code == "undecodable"


def test_a_profile_that_is_changed_is_read_again(tmp_path: Path) -> None:
    profile = tmp_path / "p.toml"
    found = []
    for zone in ("Asia/Tehran", "Europe/Berlin"):
        profile.write_text(f'name = "p"\ntimezone = "{zone}"\ndateline = {{ order = "DMY" }}\n', "utf-8")
        found.append(pipeline.clean(PAGES[FERRY], [str(profile)]).dateline.timezone)
    assert found == ["Asia/Tehran", "Europe/Berlin"]
    with pytest.raises(ConfigurationError):
        pipeline.clean("Rain fell.", ["no-such-profile"])


def test_one_profile_needs_no_list(tmp_path: Path) -> None:
    alone, listed = (pipeline.clean(PAGES[FERRY], profiles) for profiles in ("alalam-en", ["alalam-en"]))
    assert alone == listed
    assert alone.source == "alalam-en"
    pages = write(tmp_path / "pages", {FERRY: PAGES[FERRY]})
    pipeline.run(pages, tmp_path / "clean", pipeline.Options(profiles="alalam-en"))
    assert [row["source"] for row in rows(tmp_path / "clean")["articles"]] == ["alalam-en"]


def test_a_run_takes_one_source_or_several_and_says_what_it_did(tmp_path: Path) -> None:
    pages = write(tmp_path / "pages")
    outcome = pipeline.run([pages / "harbour", str(pages / "lamps.txt")], str(tmp_path / "clean"))
    assert isinstance(outcome, pipeline.Outcome)
    assert (outcome.status, outcome.counts["articles"]) == ("committed", 3)
    log = (tmp_path / "clean/runs" / outcome.run_id / "log.jsonl").read_text("utf-8").splitlines()
    assert json.loads(log[-1])["event"] == "run_committed"
    assert pipeline.run([pages / "harbour", pages / "lamps.txt"], tmp_path / "clean").status == "unchanged"
    assert issubclass(UsageError, pipeline.DescrapeError)
    with pytest.raises(pipeline.DescrapeError, match="nowhere"):
        pipeline.run(tmp_path / "nowhere", tmp_path / "clean")


def test_a_table_is_read_batch_by_batch(tmp_path: Path) -> None:
    pipeline.run(write(tmp_path / "pages"), tmp_path / "clean")
    tables = pipeline.open_snapshot(tmp_path / "clean")
    batches = list(tables.batches("articles", ["doc_id", "title"]))
    assert [row for batch in batches for row in batch.to_pylist()] == tables.arrow(
        "articles", ["doc_id", "title"]
    ).to_pylist()
    with pytest.raises(pipeline.DescrapeError, match="no column 'heading'"):
        next(tables.batches("articles", ["heading"]))
    with pytest.raises(pipeline.DescrapeError, match="no table 'items'; there are: articles"):
        next(tables.batches("items"))


def test_a_page_is_html_by_its_name_and_text_has_no_encoding_to_be_declared() -> None:
    pytest.importorskip("resiliparse", reason="the extra html is not installed, so no text is taken out of pages")
    page = html(head='<meta charset="windows-1252">')
    document = pipeline.clean(page, source_uri="ferry.html")
    assert document.article.body == BODY
    assert document.taken is not None
    assert pipeline.clean(page.encode(), source_uri="ferry.html").article.body == BODY
    assert pipeline.clean(page, source_uri="ferry.txt").taken is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("profiles", [Path("site.toml")]),
        ("profiles", 5),
        ("engine", "spark"),
        ("scheduler", 8786),
        ("workers", 0),
        ("workers", -1),
        ("workers", 1.5),
        ("workers", True),
        ("rebuild", "no"),
        ("max_rejects", "many"),
        ("max_record_bytes", -1),
        ("max_record_bytes", 1.5),
        ("max_record_bytes", 2**80),
        ("text_field", 5),
        ("text_field", ""),
        ("text_field", "caf\udce9"),
        ("source_fields", "title"),
        ("source_fields", [5]),
        ("input_format", "jsonl"),
        ("input_format", Form("docx")),
        ("max_document_seconds", 0),
        ("max_document_seconds", float("inf")),
        ("max_worker_memory", 64 * 2**20),
        ("near_duplicates", 7),
        ("near_duplicates", float("nan")),
        ("mirror", "folder"),
        ("since", "garbage"),
    ],
)
def test_an_option_that_no_run_can_have_is_refused_by_its_name(name: str, value: object) -> None:
    with pytest.raises(UsageError, match=name):
        Options(**dict[str, Any]({name: value}))


@pytest.mark.parametrize("number", [-1, float("nan"), float("inf")])
def test_a_limit_of_rejects_that_is_none_is_refused(number: float) -> None:
    with pytest.raises(UsageError, match=r"RejectLimit\.number"):
        RejectLimit(number)


@pytest.mark.parametrize(
    ("value", "meant"),
    [(5, RejectLimit(5)), ("5", RejectLimit(5)), ("2.5%", RejectLimit(2.5, percent=True)), (0, RejectLimit(0))],
)
def test_a_limit_of_rejects_may_be_told_as_on_the_command_line(value: int | str, meant: RejectLimit) -> None:
    assert Options(max_rejects=value).max_rejects == Options(max_rejects=value).reject_limit == meant
    assert Options(max_rejects=meant) == Options(max_rejects=value)


@pytest.mark.parametrize("value", ["-1", "5%%", "%", "", "nan%", "1e999", [5], True])
def test_what_is_no_limit_of_rejects_is_refused(value: Any) -> None:  # noqa: ANN401 - as a caller may have it
    with pytest.raises(UsageError, match="max_rejects"):
        Options(max_rejects=value)


def test_a_document_says_in_a_line_what_was_found() -> None:
    page = 'Ferry Back in Harbour\n\n27 March 2016\n\nIt came back.\n\nstring(9) "left over"\n'
    assert repr(pipeline.clean(page)) == (
        "<Document page.txt: 'Ferry Back in Harbour'; 1 cut, 0 kept, 0 related, date exact>"
    )
    assert repr(pipeline.clean("It rained. " * 20)).startswith("<Document page.txt: 'It rained. It rained.")
    assert len(repr(pipeline.clean("It rained. " * 20))) < 160


def test_one_column_may_be_named_alone(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("The quay is dry.", "utf-8")
    pipeline.run(tmp_path / "page.txt", tmp_path / "clean")
    snapshot = pipeline.open_snapshot(tmp_path / "clean")
    assert snapshot.arrow("articles", "body").to_pylist() == [{"body": "The quay is dry."}]
    assert list(snapshot.pandas("articles", "body")) == ["body"]
    assert [batch.schema.names for batch in snapshot.batches("articles", "body")] == [["body"]]


def test_a_list_of_fields_is_as_good_as_a_tuple() -> None:
    listed: dict[str, Any] = {"source_fields": ["title"]}
    assert Options(**listed) == Options(source_fields=("title",))


def test_a_run_over_nothing_and_a_page_that_is_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no sources"):
        pipeline.run([], tmp_path / "clean")
    assert not (tmp_path / "clean").exists()
    wrong: dict[str, Any] = {"options": {"workers": 2}}
    with pytest.raises(TypeError, match="not dict"):
        pipeline.run(tmp_path, tmp_path / "clean", **wrong)
    pages: list[Any] = [None, 5, ["Rain fell."]]
    for page in pages:
        with pytest.raises(TypeError, match=type(page).__name__):
            pipeline.clean(page)


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_any_bytes_are_a_page(kind: Callable[[bytes], Any]) -> None:
    assert pipeline.clean(kind(b"The quay is dry.")).article.body == "The quay is dry."
