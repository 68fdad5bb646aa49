"""A profile ready for use, and the choice among several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from pipeline.dates import LeadReader, StampReader
from pipeline.errors import ConfigurationError
from pipeline.mending import Mender
from pipeline.profiles.definition import Definition
from pipeline.profiles.quick import is_quick

if TYPE_CHECKING:
    import regex

SIGN_OFF_LONGEST = 40
"""Characters of an editor's mark at most."""
SIGN_OFF_SECONDS = 1
"""What a profile's own pattern may take for a line; a pattern that needs more ends the run, and says so."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a source, compiled.

    Attributes:
        definition: The profile as written, with what it leaves out taken from ``default``.
        stamps: Reads timestamp lines.
        zone: Zone of the source's clock; None when it is not known.
        sign_off: Pattern of an editor's mark.
        items: Path from the payload's root to the list of related items.
        fields: For each column of ``related_items`` the keys that may hold it.
        fields_by_shape: Whether the profile leaves the keys to be recognised, by name and then by shape.
        mender: Mends what is damaged in the text.
        boilerplate: Lines that are boilerplate at head or foot, as they are compared.
    """

    definition: Definition
    stamps: StampReader
    zone: ZoneInfo | None
    sign_off: regex.Pattern[str] | None
    items: tuple[str | int, ...]
    fields: Mapping[str, Sequence[str]]
    fields_by_shape: bool
    mender: Mender
    boilerplate: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What the ``source`` column says."""
        return self.definition.name

    @property
    def flags(self) -> tuple[str, ...]:
        """Flag words of titles."""
        return self.definition.article.flags or ()

    @property
    def media_base(self) -> str | None:
        """Address that media paths are relative to."""
        return self.definition.related_items.media_base or self.definition.base_url

    def is_stamp(self, line: str) -> bool:
        """Whether a line is a timestamp line and nothing else."""
        return bool(self.stamps.read_all(line))

    def is_credit(self, line: str) -> bool:
        """Whether a line tells when the text came out beside its author, agency and the like."""
        return bool(self.stamps.credits(line))

    @property
    def leads(self) -> LeadReader:
        """Reads lead-ins."""
        return _lead_reader(self.definition.language)

    def lead(self, text: str) -> int:
        """Return how many characters of a text its lead-in takes; 0 when it begins with a sentence."""
        found = self.leads.read(text)
        return found.stop if found is not None else 0

    def is_sign_off(self, line: str) -> bool:
        """Whether a line is an editor's mark and nothing else."""
        if self.sign_off is None or len(line) > SIGN_OFF_LONGEST:
            return False
        if is_quick(self.sign_off.pattern):
            return self.sign_off.fullmatch(line) is not None
        try:
            return self.sign_off.fullmatch(line, timeout=SIGN_OFF_SECONDS) is not None
        except TimeoutError:
            problem = f"needs more than {SIGN_OFF_SECONDS} s for one line; nested repetitions do that"
            raise ConfigurationError(self.name, "article.sign_off", problem) from None

    def serves(self, names: Sequence[str], raw: bytes) -> bool:
        """Whether the profile's ``match`` fits a document; one without a match fits every document.

        Args:
            names: Its ``source_uri``, and what else it goes by: its address, its name in an archive.
            raw: Its bytes.
        """
        match = self.definition.match
        if not match.uri and not match.text:
            return True
        if any(fnmatchcase(name, pattern) for pattern in match.uri for name in names):
            return True
        return any(literal.encode() in raw for literal in match.text)


@cache
def _lead_reader(language: str) -> LeadReader:
    return LeadReader(language)


@dataclass(frozen=True, slots=True)
class ProfileSource:
    """A profile as text, and the name of the file it is from."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Profiles:
    """The profiles of a run, in order. One given alone serves every document.

    ``sources`` is what they were compiled from: compiled patterns and zones do not travel to other processes.
    """

    given: tuple[Profile, ...]
    default: Profile
    sources: tuple[ProfileSource, ...]

    def choose(self, source_uri: str, raw: bytes, *others: str) -> Profile:
        """Return the profile of a document: the first that serves it, else ``default``; ``others`` are other names."""
        if len(self.given) == 1:
            return self.given[0]
        names = (source_uri, *others)
        return next((profile for profile in self.given if profile.serves(names, raw)), self.default)

    def canonical(self) -> bytes:
        """Return everything the profiles say, as bytes that are equal only when they say the same."""
        return msgspec.json.encode(_definitions([*self.given, self.default]), order="deterministic")


def _definitions(profiles: Iterable[Profile]) -> list[Definition]:
    return [profile.definition for profile in profiles]
