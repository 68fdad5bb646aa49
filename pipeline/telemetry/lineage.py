"""Events of OpenLineage, one a line: a run read these sources and wrote these tables."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.schema import EVERY_TABLE
from pipeline.telemetry import End, Start, missing
from pipeline.version import __version__

if TYPE_CHECKING:
    from openlineage.client.event_v2 import InputDataset, OutputDataset, RunEvent, RunState
    from openlineage.client.facet_v2 import RunFacet

JOB_NAMESPACE = "descrape"
FILES = "file"
"""The namespace of data sets that are folders of this machine."""
PRODUCER = f"urn:descrape:{__version__}"
RUN_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:descrape:run")
"""OpenLineage wants a UUID of a run: it is made of this and of the run's own name, always the same."""


class Lineage:
    """Appends an event to a file when a run begins, and one when it ended.

    Raises:
        UsageError: The package of the extra is not installed.
    """

    def __init__(self, file: Path) -> None:
        try:
            from openlineage.client import event_v2, facet_v2
            from openlineage.client.transport.file import FileConfig, FileTransport
        except ImportError:
            raise missing("--lineage", "lineage") from None
        self._events = event_v2
        self._facets = facet_v2
        self._transport = FileTransport(FileConfig(log_file_path=str(file), append=True))

    def started(self, start: Start) -> None:
        """Append ``START``."""
        self._emit(self._event(self._events.RunState.START, start, start.at))

    def ended(self, end: End) -> None:
        """Append ``COMPLETE`` with the tables, ``FAIL`` with the error, or ``ABORT``."""
        states = self._events.RunState
        if end.ending == "failed":
            message = self._facets.error_message_run.ErrorMessageRunFacet(
                message=end.error or "", programmingLanguage="PYTHON"
            )
            self._emit(self._event(states.FAIL, end.start, end.at, {"errorMessage": message}))
        elif end.ending == "interrupted":
            self._emit(self._event(states.ABORT, end.start, end.at))
        else:
            event = self._event(states.COMPLETE, end.start, end.at)
            event.outputs = self._outputs(end)
            self._emit(event)

    def _emit(self, event: RunEvent) -> None:
        try:
            self._transport.emit(event)
        except RuntimeError as error:
            raise OSError(str(error)) from None

    def _event(
        self, state: RunState, start: Start, at: datetime, facets: dict[str, RunFacet] | None = None
    ) -> RunEvent:
        run_id = str(uuid.uuid5(RUN_IDS, start.run_id))
        return self._events.RunEvent(
            eventType=state,
            eventTime=at.isoformat(),
            run=self._events.Run(run_id, facets or {}),
            job=self._events.Job(JOB_NAMESPACE, f"run {_place(start.out)}"),
            inputs=self._inputs(start),
            outputs=[],
            producer=PRODUCER,
        )

    def _inputs(self, start: Start) -> list[InputDataset]:
        return [self._events.InputDataset(FILES, str(Path(source).absolute())) for source in start.sources]

    def _outputs(self, end: End) -> list[OutputDataset]:
        """Return the tables, each with its columns and how many rows it has now."""
        counts = end.counts or {}
        outputs: list[OutputDataset] = []
        for table in (EVERY_TABLE[name] for name in EVERY_TABLE if name in counts):
            schema = self._facets.schema_dataset
            columns = [
                schema.SchemaDatasetFacetFields(column.name, str(column.type), column.meaning)
                for column in table.columns
            ]
            statistics = self._facets.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
                rowCount=counts.get(table.name)
            )
            name = f"{_place(end.start.out)}/current/{table.name}"
            outputs.append(
                self._events.OutputDataset(
                    FILES,
                    name,
                    outputFacets={"outputStatistics": statistics},
                    facets={"schema": schema.SchemaDatasetFacet(columns)},
                )
            )
        return outputs


def _place(out: Path | str) -> str:
    """Return where an output is, wherever that is said."""
    return str(out.absolute()) if isinstance(out, Path) else out
