"""What the program wrote itself is no article: a report or a survey that lies among the pages is told, and left out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pipeline import open_snapshot
from pipeline.own_page import HEAD, MARK
from tests.corpus import PAGES, descrape, write

WRITERS = {
    "report.html": ("report", "clean"),
    "survey.html": ("survey", "pages", "--html", "survey.html"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_page_that_a_command_wrote_is_a_reject_of_the_next_run(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "pages", {"harbour/ferry.txt": PAGES["harbour/ferry.txt"]})
    monkeypatch.chdir(tmp_path)
    assert descrape("run", ".", "--out", "clean").returncode == 0
    assert descrape(*WRITERS[name]).returncode == 0
    monkeypatch.setitem(sys.modules, "resiliparse.extract.html2text", None)  # the extra is not needed to know it
    again = descrape("run", ".", "--out", "clean")
    assert (again.returncode, "rejected: 1 own_page" in again.stdout) == (3, True), again.stdout + again.stderr
    (row,) = open_snapshot("clean").arrow("rejects").to_pylist()
    assert (row["source_uri"], row["code"], row["raw"]) == (name, "own_page", Path(name).read_bytes())
    assert "keep it outside the sources" in descrape("inspect", name).stdout


def test_a_page_about_such_pages_is_an_article(tmp_path: Path) -> None:
    pytest.importorskip("resiliparse")
    prose = "<p>The harbour reports its ferries on a page that a program wrote, and nobody minds that it does so.</p>"
    quoted = f"<html><head><title>{'Ferries ' * HEAD}</title></head><body>{prose}<pre>{MARK}</pre></body></html>"
    about = tmp_path / "about.html"
    about.write_text(quoted)
    assert descrape("inspect", about).returncode == 0
