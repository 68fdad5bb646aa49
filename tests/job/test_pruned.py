"""What a run with --prune says of files that are gone: how many it dropped, and why it kept some."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.job import Options, run
from pipeline.job.compared import InputFiles
from pipeline.log import RunLog
from tests.corpus import FEW, rows, write
from tests.in_process import descrape


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with pages and a container, none of them written just now, that was cleaned once."""
    monkeypatch.setattr("pipeline.store.seen.CLOCK_SLACK", -3600.0)  # as if they had been written long ago
    crawl = b'{"text": "The lock is shut."}\n{"text": "It rains."}\n'
    pages = write(tmp_path / "pages", FEW | {"crawl.jsonl": crawl})
    assert told(pages) == InputFiles(new=5)
    return pages


def told(pages: Path, *, prune: bool = False, dry_run: bool = False, log: RunLog | None = None) -> InputFiles:
    files = run([str(pages)], pages.parent / "clean", Options(prune=prune, dry_run=dry_run), log).input_files
    assert files is not None
    return files


def refusing_town(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a call of the system that may not touch one folder."""

    def refusing(path: str | int, *more: Any, **options: Any) -> Any:  # noqa: ANN401 - as the system has it
        if str(path).endswith("/town"):
            raise PermissionError(13, "Permission denied", path)
        return call(path, *more, **options)

    return refusing


def test_files_whose_rows_were_dropped_are_told_apart_from_those_whose_rows_stay(pages: Path) -> None:
    (pages / "town/quay.txt").unlink()
    (pages / "crawl.jsonl").unlink()
    assert told(pages) == InputFiles(unchanged=3, unread=3, gone=2)
    dry = told(pages, prune=True, dry_run=True)
    assert (dry.unchanged, dry.gone, dry.dropped) == (3, 0, 2)
    assert told(pages, prune=True) == InputFiles(unchanged=3, unread=3, dropped=2)
    assert told(pages, prune=True) == InputFiles(unchanged=3, unread=3)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"text_field": "body"}, "--text-field text"),
        ({"source_fields": ("title",)}, "--source-fields all"),
        ({"text_field": "body", "source_fields": ()}, "--text-field text and --source-fields all"),
        ({"profiles": ("alalam-en",)}, ""),
    ],
)
def test_a_container_that_is_gone_keeps_what_former_options_took_of_it_and_the_run_says_so(
    pages: Path, changed: dict[str, Any], named: str
) -> None:
    (pages / "crawl.jsonl").rename(pages / "later.jsonl")
    (pages / "later.jsonl").write_bytes(b'{"body": "The lock is open.", "text": "Shut."}\n')
    (pages / "town/quay.txt").unlink()
    shown = io.StringIO()
    run([str(pages)], pages.parent / "clean", Options(**changed), RunLog(stream=shown))
    texts = rows(pages.parent / "clean")["articles"]
    assert [row["body"] for row in texts if row["source_uri"] == "crawl.jsonl"] == ["The lock is shut.", "It rains."]
    warned = [line for line in shown.getvalue().splitlines() if "warning: " in line and "as read with" in line]
    assert [line.partition("as read with ")[2].partition(";")[0] for line in warned] == ([named] if named else [])
    again = io.StringIO()
    run([str(pages)], pages.parent / "clean", Options(**changed), RunLog(stream=again))
    assert "warning" not in again.getvalue()


def test_a_run_that_was_to_prune_says_why_it_kept_rows(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pages / "crawl.jsonl").unlink()
    for call in ("open", "scandir"):  # by either of which a folder may be listed
        monkeypatch.setattr(os, call, refusing_town(getattr(os, call)))
    said = io.StringIO()
    files = told(pages, prune=True, log=RunLog(stream=said))
    assert (files.gone, files.dropped) == (2, 1)
    assert "2 inputs in folders that could not be listed, rows kept in spite of --prune" in said.getvalue()


def test_the_summary_says_it(pages: Path) -> None:
    (pages / "town/quay.txt").unlink()
    done = descrape("run", pages, "--out", pages.parent / "clean", "--prune")
    assert "1 gone, rows dropped\n" in done.stdout
