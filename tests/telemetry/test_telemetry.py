"""Whoever watches over a run is told how it ended, whichever way that was."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from pipeline.errors import DescrapeError, OutputLockedError, TooManyRejectsError
from pipeline.job import Options, RejectLimit, run
from pipeline.log import RunLog
from pipeline.schema import TABLES
from pipeline.store.commit import locked
from pipeline.telemetry.lineage import Lineage
from pipeline.telemetry.metrics import Metrics
from tests.corpus import PAGES, REJECTED, descrape


def samples(file: Path) -> dict[str, dict[str, float]]:
    """Return the metrics of a textfile as its own parser reads them: values by name, then by the label of their own."""
    parser = pytest.importorskip("prometheus_client.parser", reason="the extra 'metrics' is not installed")
    found: dict[str, dict[str, float]] = {}
    for family in parser.text_string_to_metric_families(file.read_text("utf-8")):
        for sample in family.samples:
            own = [value for name, value in sample.labels.items() if name != "output"]
            found.setdefault(sample.name, {})["".join(own)] = sample.value
    return found


def events(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


class TestMetrics:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        pytest.importorskip("prometheus_client", reason="the extra 'metrics' is not installed")
        return tmp_path / "descrape.prom"

    def test_they_say_what_was_committed(self, pages: Path, out: Path, file: Path) -> None:
        outcome = run([str(pages)], out, watchers=[Metrics(file)])
        found = samples(file)
        assert found["descrape_last_run_exit_code"] == {"": 3}
        assert found["descrape_last_run_committed"] == {"": 1}
        assert found["descrape_inputs"] == {"": len(PAGES)}
        assert found["descrape_articles"] == {"": len(PAGES) - len(REJECTED)}
        assert found["descrape_rejects"] == {"empty": 1, "undecodable": 1}
        assert found["descrape_artifacts"] == outcome.counts["artifacts_by_status"]
        assert found["descrape_datelines"] == outcome.counts["datelines_by_status"]
        assert found["descrape_artifacts_by_family"] == {"php_dump": outcome.counts["artifacts"]}
        assert found["descrape_last_run_step_seconds"].keys() == {
            "discover",
            "evidence",
            "clean",
            "duplicates",
            "commit",
        }
        assert (
            0 < sum(found["descrape_last_run_step_seconds"].values()) <= found["descrape_last_run_duration_seconds"][""]
        )

    def test_a_run_with_nothing_to_do_still_tells_what_the_tables_hold(
        self, pages: Path, out: Path, file: Path
    ) -> None:
        run([str(pages)], out)
        run([str(pages)], out, watchers=[Metrics(file)])
        found = samples(file)
        assert found["descrape_last_run_committed"] == {"": 0}
        assert found["descrape_last_run_exit_code"] == {"": 0}
        assert found["descrape_inputs"] == {"": len(PAGES)}

    def test_too_many_rejects_are_told_with_their_number(self, pages: Path, out: Path, file: Path) -> None:
        with pytest.raises(TooManyRejectsError):
            run([str(pages)], out, Options(max_rejects=RejectLimit(0)), watchers=[Metrics(file)])
        assert samples(file)["descrape_last_run_exit_code"] == {"": 65}
        assert samples(file)["descrape_rejects"] == {"empty": 1, "undecodable": 1}

    def test_a_run_that_could_not_begin_is_told_as_well(self, pages: Path, out: Path, file: Path) -> None:
        with locked(out), pytest.raises(OutputLockedError):
            run([str(pages)], out, watchers=[Metrics(file)])
        found = samples(file)
        assert found["descrape_last_run_exit_code"] == {"": 75}
        assert "descrape_inputs" not in found

    def test_a_file_that_cannot_be_written_is_a_warning_and_no_failure(
        self, pages: Path, out: Path, file: Path
    ) -> None:
        log = RunLog(quiet=True)
        outcome = run([str(pages)], out, log=log, watchers=[Metrics(file.parent / "missing" / file.name)])
        assert outcome.status == "committed"
        assert b'"event":"not_told"' in log._lines[-1]

    def test_the_command_writes_them_also_when_it_fails(self, pages: Path, out: Path, file: Path) -> None:
        ended = descrape("run", pages, "--out", out, "--max-rejects", 0, "--metrics", file)
        assert ended.returncode == 65
        assert samples(file)["descrape_last_run_exit_code"] == {"": 65}
        assert [path.name for path in file.parent.glob("descrape.prom*")] == [file.name]


class TestLineage:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        pytest.importorskip("openlineage.client", reason="the extra 'lineage' is not installed")
        return tmp_path / "lineage.jsonl"

    def test_a_run_is_two_events_from_the_sources_to_the_tables(self, pages: Path, out: Path, file: Path) -> None:
        outcome = run([str(pages)], out, watchers=[Lineage(file)])
        start, complete = events(file)
        assert (start["eventType"], complete["eventType"]) == ("START", "COMPLETE")
        assert uuid.UUID(start["run"]["runId"]) == uuid.UUID(complete["run"]["runId"])
        assert start["job"] == complete["job"]
        assert [(each["namespace"], each["name"]) for each in complete["inputs"]] == [("file", str(pages))]
        assert start["outputs"] == []
        for table, output in zip(TABLES.values(), complete["outputs"], strict=True):
            assert output["name"] == str(out / "current" / table.name)
            assert output["outputFacets"]["outputStatistics"]["rowCount"] == outcome.counts[table.name]
            columns = [(each["name"], each["type"]) for each in output["facets"]["schema"]["fields"]]
            assert columns == [(column.name, str(column.type)) for column in table.columns]

    def test_events_of_later_runs_are_appended(self, pages: Path, out: Path, file: Path) -> None:
        for _ in range(2):
            run([str(pages)], out, watchers=[Lineage(file)])
        told = events(file)
        assert [event["eventType"] for event in told] == ["START", "COMPLETE"] * 2
        assert len({event["run"]["runId"] for event in told}) == 2

    def test_a_failed_run_says_why_and_names_no_tables(self, pages: Path, out: Path, file: Path) -> None:
        with pytest.raises(TooManyRejectsError) as raised:
            run([str(pages)], out, Options(max_rejects=RejectLimit(0)), watchers=[Lineage(file)])
        fail = events(file)[-1]
        assert fail["eventType"] == "FAIL"
        assert fail["run"]["facets"]["errorMessage"]["message"] == str(raised.value)
        assert fail["outputs"] == []

    def test_an_interrupted_run_is_aborted(
        self, pages: Path, out: Path, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(*_: object, **_named: object) -> NoReturn:
            raise KeyboardInterrupt

        monkeypatch.setattr("pipeline.job.main.plan", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run([str(pages)], out, watchers=[Lineage(file)])
        assert [event["eventType"] for event in events(file)] == ["START", "ABORT"]

    def test_the_command_appends_them(self, pages: Path, out: Path, file: Path) -> None:
        assert descrape("run", pages, "--out", out, "--lineage", file).returncode == 3
        assert [event["eventType"] for event in events(file)] == ["START", "COMPLETE"]


@pytest.mark.parametrize(
    ("watcher", "package", "extra"),
    [(Metrics, "prometheus_client", "metrics"), (Lineage, "openlineage.client", "lineage")],
)
def test_without_the_extra_the_error_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, watcher: Callable[[Path], object], package: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(DescrapeError, match=rf"descrape\[{extra}\]") as raised:
        watcher(tmp_path / "file")
    assert raised.value.exit_code == 2
