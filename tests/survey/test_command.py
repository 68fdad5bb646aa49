"""`descrape survey` as people and scripts meet it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.surveying import survey
from pipeline.errors import UsageError
from tests.corpus import command, descrape, environment, write
from tests.survey.quay import PAGES


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    return write(tmp_path / "pages", PAGES)


def here(*arguments: str | Path | int) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(survey, [str(argument) for argument in arguments])


def test_several_sources_get_a_profile_each_and_run_takes_them_unchanged(pages: Path, tmp_path: Path) -> None:
    ran = descrape("survey", pages, "--write-profile", tmp_path / "new.toml")
    assert ran.returncode == 0
    assert "wrote" in ran.stderr
    written = [tmp_path / "new-bote.toml", tmp_path / "new-post.toml"]
    assert all(path.is_file() for path in written)
    profiles = [word for path in written for word in ("--profile", path)]
    again = descrape("run", pages, "--out", tmp_path / "out", "--json", *profiles)
    assert again.returncode == 3  # the empty page
    assert json.loads(again.stdout)["counts"]["sources"] == {"bote": 6, "post": 2}


def test_one_source_gets_the_file_that_was_named_and_no_file_is_written_over(pages: Path, tmp_path: Path) -> None:
    file = tmp_path / "bote.toml"
    assert here(pages / "bote", "--write-profile", file).exit_code == 0
    before = file.read_text("utf-8")
    assert 'name = "bote"' in before
    again = here(pages / "bote", "--write-profile", file)
    assert again.exit_code == 2
    assert "is there already" in again.stderr
    assert file.read_text("utf-8") == before


def test_the_profile_is_named_after_its_file(pages: Path, tmp_path: Path) -> None:
    file = tmp_path / "hill.toml"
    assert here(pages / "post" / "a.txt", "--write-profile", file).exit_code == 0
    assert 'name = "hill"' in file.read_text("utf-8")


def test_one_of_several_sources_is_read_alone(pages: Path, tmp_path: Path) -> None:
    ran = here(pages, "--source", "post", "--json", "--write-profile", tmp_path / "hill.toml")
    told = json.loads(ran.stdout)
    assert [(source["source"], source["documents"]) for source in told["sources"]] == [("post", 3)]
    assert [path.name for path in tmp_path.glob("*.toml")] == ["hill.toml"]
    assert 'match = { uri = ["post/*"] }' in (tmp_path / "hill.toml").read_text("utf-8")


def test_one_of_the_hosts_of_a_crawl_is_read_alone(tmp_path: Path) -> None:
    lines = [json.dumps({"text": "Rain fell.", "url": f"https://{host}/{n}"}) for n, host in enumerate("xyxyx")]
    crawl = write(tmp_path / "pages", {"crawl.jsonl": "\n".join(lines).encode()}) / "crawl.jsonl"
    told = json.loads(here(crawl, "--source", "x", "--json").stdout)
    assert [(source["source"], source["documents"]) for source in told["sources"]] == [("x", 3)]
    unknown = here(crawl, "--source", "z")
    assert isinstance(unknown.exception, UsageError)
    assert str(unknown.exception) == "no source is called 'z'; there are: x, y"


def test_sources_without_an_article_suggest_no_profile(tmp_path: Path) -> None:
    folder = write(tmp_path / "pages", {"a.txt": b"\n"})
    ran = here(folder, "--write-profile", tmp_path / "a.toml")
    assert (ran.exit_code, (tmp_path / "a.toml").exists()) == (2, False)
    assert "no document gave an article" in ran.stderr


def test_a_page_and_json_come_from_the_same_survey(pages: Path, tmp_path: Path) -> None:
    ran = here(pages, "--json", "--sample", 3, "--html", tmp_path / "survey.html")
    told = json.loads(ran.stdout)
    assert [source["documents"] for source in told["sources"]] == [3, 3]
    assert told["sampled"] is True
    assert "6 documents of 9 from 2 sources" in (tmp_path / "survey.html").read_text("utf-8")


def on_terminal(*arguments: str | Path, **shell: str) -> str:
    """Return what the command prints on a terminal."""
    driver, terminal = pty.openpty()
    with subprocess.Popen(
        command(*arguments), stdout=terminal, stderr=subprocess.PIPE, env=environment(**shell)
    ) as ran:
        os.close(terminal)
        parts = []
        while True:
            try:
                part = os.read(driver, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not part:
                break
            parts.append(part)
        os.close(driver)
        assert ran.wait() == 0
    return b"".join(parts).decode()


def test_colours_are_for_terminals_that_want_them(pages: Path) -> None:
    assert "\x1b[" in on_terminal("survey", pages, TERM="xterm", NO_COLOR="")
    assert "\x1b[" not in descrape("survey", pages).stdout


def test_a_narrow_terminal_gets_narrow_tables(pages: Path) -> None:
    shown = on_terminal("survey", pages, COLUMNS="48", NO_COLOR="1", TERM="xterm").splitlines()
    assert 24 < max(map(len, shown)) <= 48
    assert not any("\x1b" in line for line in shown)


def test_whoever_reads_may_go_away(pages: Path) -> None:
    words = " ".join(f"'{word}'" for word in command("survey", pages))
    ran = subprocess.run(["sh", "-c", f"{words} | head -n 1"], env=environment(), capture_output=True, check=False)
    assert (ran.stdout, ran.stderr) == (b"9 documents from 2 sources; files of other kinds left alone: 1\n", b"")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    ran = descrape("survey", tmp_path / "nothing")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "there is no such file or folder" in ran.stderr
    (tmp_path / "empty").mkdir()
    assert "the sources hold no documents" in here(tmp_path / "empty").stderr


def test_it_works_where_nobody_listens(pages: Path, tmp_path: Path) -> None:
    words = " ".join(f"'{word}'" for word in command("survey", pages, "--html", tmp_path / "survey.html"))
    ran = subprocess.run(["sh", "-c", f"{words} >&-"], env=environment(), capture_output=True, check=False)
    assert (ran.returncode, ran.stderr.decode()) == (0, f"descrape: wrote {tmp_path / 'survey.html'}\n")


@pytest.mark.parametrize("option", ["--html", "--write-profile"])
def test_a_file_that_cannot_be_written_is_told_before_anything_is_read(
    option: str, pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.survey.survey", None)  # called, it would fail
    ran = here(pages, option, tmp_path / "nowhere/file")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert f"there is no folder {tmp_path / 'nowhere'}" in ran.stderr


def test_a_disk_that_is_full_is_told(pages: Path) -> None:
    ran = descrape("survey", pages, "--html", "/dev/full")
    assert ran.returncode == 1
    assert "descrape: error: /dev/full: cannot be written: No space left on device" in ran.stderr
