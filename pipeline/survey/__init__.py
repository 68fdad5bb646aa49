"""What a raw corpus holds before anyone cleans it, source by source, and the profile that it suggests.

Documents go the way that `run` sends them, by the same stages. Nothing is written and nothing is decided: a survey
shows what a person decides by. Memory is bounded whatever the corpus: see :mod:`pipeline.survey.counts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from pathlib import Path

from pipeline.dates.evidence import Facts
from pipeline.engines.limits import processor_time
from pipeline.engines.shard import MAX_DOCUMENT_SECONDS
from pipeline.errors import DescrapeError, RejectedDocument
from pipeline.model import Record, doc_id
from pipeline.profiles import Profiles
from pipeline.stages import Cleaner
from pipeline.store.inputs import Input, discover, read_input
from pipeline.survey.gather import SourceSurvey, group_of

__all__ = ["OTHERS", "SOURCES_MOST", "SourceSurvey", "Survey", "survey"]

SOURCES_MOST = 200
"""Sources that are told of one by one; pages of further ones are counted together."""
OTHERS = "(others)"


@dataclass(slots=True)
class Survey:
    """What the sources of a corpus hold.

    Attributes:
        profiles: The profiles that the documents were read with.
        sources: By name, in order.
        inputs, ignored: How many inputs there are, and how many files of other kinds.
        sampled: Whether only some of the inputs were read.
        together: Sources that are told of as one, because there are so many.
    """

    profiles: Profiles
    sources: dict[str, SourceSurvey] = field(default_factory=dict)
    inputs: int = 0
    ignored: int = 0
    sampled: bool = False
    together: int = 0


def survey(sources: Sequence[str], profiles: Profiles, *, sample: int | None = None) -> Survey:
    """Return what the documents under the sources hold.

    Args:
        sources: Files, folders or patterns, as for `run`.
        profiles: Read the documents with these; the first that serves one does.
        sample: Read so many documents of each source at most: always the same ones, chosen by their identity.

    Raises:
        UsageError: As for `run`: a source is not there, or two inputs would have the same name.
    """
    discovery = discover(sources)
    groups = _groups(discovery.inputs)
    told_alone = dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))[:SOURCES_MOST])
    found = Survey(profiles, inputs=len(discovery.inputs), ignored=discovery.ignored)
    found.together = len(groups) - len(told_alone)
    chosen = [item for inputs in groups.values() for item in _sample(inputs, sample)]
    found.sampled = len(chosen) < len(discovery.inputs)
    cleaner = Cleaner(profiles)
    for item in sorted(chosen, key=lambda item: item.source_uri):
        name = group_of(item.source_uri)
        name = name if name in told_alone else OTHERS
        label = _label(sources) if name == "." else name
        _add(found.sources.setdefault(name, SourceSurvey(name, label)), item, cleaner)
    found.sources = dict(sorted(found.sources.items()))
    return found


def _label(sources: Sequence[str]) -> str:
    """Return what to call the documents that stand right in the sources: the folder's name, if it is one folder."""
    folder = Path(sources[0])
    return folder.resolve().name if len(sources) == 1 and folder.is_dir() else "."


def _groups(inputs: Sequence[Input]) -> dict[str, list[Input]]:
    groups: dict[str, list[Input]] = {}
    for item in inputs:
        groups.setdefault(group_of(item.source_uri), []).append(item)
    return groups


def _sample(inputs: Sequence[Input], most: int | None) -> Iterator[Input]:
    if most is None or len(inputs) <= most:
        yield from inputs
    else:
        yield from nsmallest(most, inputs, key=lambda item: doc_id(item.source_uri))


def _add(source: SourceSurvey, item: Input, cleaner: Cleaner) -> None:
    raw = b""
    try:
        raw = read_input(item)
        record = Record(item.source_uri, 0, raw)
        with processor_time(MAX_DOCUMENT_SECONDS):
            document = cleaner.clean(record)
            told: Facts = cleaner.facts(record)[1]
    except RejectedDocument as refused:
        source.reject(item.source_uri, refused, len(raw))
    except DescrapeError:
        raise
    except Exception as error:  # noqa: BLE001 - as in a run: one document that breaks a stage must not cost the others
        defect = RejectedDocument("clean", "internal_error", f"{type(error).__name__}: {error}")
        source.reject(item.source_uri, defect, len(raw))
    else:
        source.add(document, told)
