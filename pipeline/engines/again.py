"""The cleaner of a committed snapshot: what cleans its documents as its run did."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.engines.shard import configuration
from pipeline.profiles import ProfileSource, load_sources
from pipeline.stages import Cleaner
from pipeline.store.snapshot import Snapshot


class Again(NamedTuple):
    """A cleaner with the profiles and the evidence of a snapshot; ``same`` when the code is that of its run as well."""

    cleaner: Cleaner
    same: bool


def cleaner_of(snapshot: Snapshot) -> Again:
    """Return the cleaner of a snapshot.

    Raises:
        ConfigurationError: This version does not understand a profile of the run.
    """
    manifest = snapshot.manifest
    profiles = load_sources([ProfileSource(source.file, source.text) for source in manifest.profiles])
    cleaner = Cleaner(profiles, {source: told.decided for source, told in manifest.evidence.items()})
    return Again(cleaner, configuration(profiles, manifest.settings) == manifest.configuration)
