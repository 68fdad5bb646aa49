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
from pipeline.engines.task import MAX_DOCUMENT_SECONDS
from pipeline.errors import DescrapeError, RejectedDocument, UsageError
from pipeline.model import Record, Reject, doc_id
from pipeline.profiles import Profiles
from pipeline.stages import Cleaner
from pipeline.store.discovery import STANDARD_INPUT, STANDARD_INPUT_URI, discover, is_stream
from pipeline.store.documents import Documents
from pipeline.store.inputs import Input
from pipeline.store.readers import PLAIN_FORM, Form
from pipeline.store.readers.reading import ReadSettings
from pipeline.survey.gather import SourceSurvey, group_of, where

__all__ = ["OTHERS", "SOURCES_MOST", "SourceSurvey", "Survey", "survey"]

SOURCES_MOST = 200
"""Sources that are told of one by one; pages of further ones are counted together."""
OTHERS = "(others)"
NAMED_MOST = 20
"""Sources that a message names when it does not know the one that was asked for."""
READ_SETTINGS = ReadSettings()


@dataclass(slots=True)
class Survey:
    """What the sources of a corpus hold.

    Attributes:
        profiles: The profiles that the documents were read with.
        sources: By name, in order.
        inputs, ignored: How many inputs there are, and how many files of other kinds.
        there: How many documents there are, as far as they were met.
        together: Sources that are told of as one, because there are so many.
    """

    profiles: Profiles
    sources: dict[str, SourceSurvey] = field(default_factory=dict)
    inputs: int = 0
    ignored: int = 0
    there: int = 0
    together: int = 0

    @property
    def read(self) -> int:
        """How many documents were read."""
        return sum(source.documents for source in self.sources.values())

    @property
    def sampled(self) -> bool:
        """Whether only some of the documents were read."""
        return self.read < self.there


def survey(  # noqa: PLR0913 - one argument an option of the command
    sources: Sequence[str],
    profiles: Profiles,
    *,
    sample: int | None = None,
    only: str | None = None,
    settings: ReadSettings = READ_SETTINGS,
    unknown: Form = PLAIN_FORM,
) -> Survey:
    """Return what the documents under the sources hold.

    Args:
        sources: Files, folders or patterns, as for `run`.
        profiles: Read the documents with these; the first that serves one does.
        sample: Read so many documents of each source at most, always the same ones: those of files are chosen by their
            identity, of a container the first ones are taken.
        only: Read this source alone, by the name that a survey of all of them gives it.
        settings: What readers are told.
        unknown: The form of files whose names do not tell.

    Raises:
        UsageError: As for `run`: a source is not there, or two inputs would have the same name. Or none of what they
            hold is called as ``only`` says.
    """
    discovery = discover(sources, unknown=unknown)
    groups: dict[str, list[Input]] = {}
    containers: list[Input] = []
    for item in discovery.inputs:
        if item.form.is_plain:
            groups.setdefault(group_of(Record(item.source_uri, 0, b"")), []).append(item)
        else:
            containers.append(item)
    told = Survey(profiles, inputs=len(discovery.inputs), ignored=discovery.ignored)
    found = _Found(told, _label(sources), sample, only, met=dict.fromkeys(groups))
    groups = {name: inputs for name, inputs in groups.items() if found.is_wanted(name)}
    found.alone = {
        name for name, _ in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))[:SOURCES_MOST]
    }
    chosen = [item for inputs in groups.values() for item in _sample(inputs, sample)]
    found.survey.there = sum(map(len, groups.values())) - len(chosen)
    cleaner = Cleaner(profiles)
    for item in sorted([*chosen, *containers], key=lambda item: item.source_uri):
        for document in Documents(item, settings):
            found.add(document, cleaner)
    if only is not None and not found.survey.sources:
        there = sorted(map(found.label_of, found.met))
        more = f" and {len(there) - NAMED_MOST} more" if len(there) > NAMED_MOST else ""
        raise UsageError(f"no source is called {only!r}; there are: {', '.join(there[:NAMED_MOST])}{more}")
    found.survey.sources = dict(sorted(found.survey.sources.items()))
    found.survey.together = len({*groups, *found.others} - found.alone)
    return found.survey


def _label(sources: Sequence[str]) -> str:
    """Return what to call the documents that stand right in the sources: the name of the one folder or file."""
    if len(sources) > 1:
        return "."
    one = Path(sources[0])
    if is_stream(sources[0]):
        return STANDARD_INPUT_URI if sources[0] == STANDARD_INPUT else one.name
    return one.resolve().name if one.exists() else "."


def _sample(inputs: Sequence[Input], most: int | None) -> Iterator[Input]:
    if most is None or len(inputs) <= most:
        yield from inputs
    else:
        yield from nsmallest(most, inputs, key=lambda item: doc_id(item.source_uri))


OTHERS_MOST = 10_000
"""Names of further sources that are held to say how many there are."""


@dataclass(slots=True)
class _Found:
    """A survey under way.

    Attributes:
        label: What to call the documents that stand in no folder and have no host.
        only: The source that is wanted; None for all.
        met: Names of sources that there are, as far as they are held.
        alone: Sources that are told of alone: the largest in files, and those met first in containers.
        others: Names of further ones.
    """

    survey: Survey
    label: str
    sample: int | None
    only: str | None
    met: dict[str, None]
    alone: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)

    def label_of(self, name: str) -> str:
        """Return what a source is called before people."""
        return self.label if name == "." else name

    def is_wanted(self, name: str) -> bool:
        """Whether a source is to be read."""
        return self.only is None or self.only == self.label_of(name)

    def add(self, found: Record | Reject, cleaner: Cleaner) -> None:
        """Take note of a document, unless its source is not wanted or has enough of them."""
        name = group_of(found)
        if not self.is_wanted(name):
            if len(self.met) < OTHERS_MOST:
                self.met[name] = None
            return
        self.survey.there += 1
        if name not in self.alone:
            if len(self.alone) < SOURCES_MOST:
                self.alone.add(name)
            else:
                if len(self.others) < OTHERS_MOST:
                    self.others.add(name)
                name = OTHERS
        source = self.survey.sources.setdefault(name, SourceSurvey(name, self.label_of(name)))
        if self.sample is None or source.documents < self.sample or name == OTHERS:
            _add(source, found, cleaner)


def _add(source: SourceSurvey, found: Record | Reject, cleaner: Cleaner) -> None:
    size = len(found.raw or b"")
    if isinstance(found, Reject):
        source.reject(where(found), found.code, found.message, size)
        return
    try:
        with processor_time(MAX_DOCUMENT_SECONDS):
            document = cleaner.clean(found)
            told: Facts = cleaner.facts(cleaner.open(found))
    except RejectedDocument as refused:
        source.reject(where(found), refused.code, refused.message, size)
    except DescrapeError:
        raise
    except Exception as error:  # noqa: BLE001 - as in a run: one document that breaks a stage must not cost the others
        source.reject(where(found), "internal_error", f"{type(error).__name__}: {error}", size)
    else:
        source.add(document, told)
