"""What the last snapshot was made with, where this run is asked otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.job.options import Options
from pipeline.profiles import ProfileSource
from pipeline.store.manifest import Manifest


def former_fields(manifest: Manifest, asked: Options) -> list[str]:
    """Return the options by which the fields of records were chosen, as they are typed, where others are asked for."""
    fields = "all" if manifest.source_fields is None else ",".join(manifest.source_fields) or "none"
    return [
        *([f"--text-field {manifest.text_field}"] if asked.text_field != manifest.text_field else []),
        *([f"--source-fields {fields}"] if asked.source_fields != manifest.source_fields else []),
    ]


def former(manifest: Manifest, asked: Options, profiles: Sequence[ProfileSource]) -> list[str]:
    """Return all that was asked otherwise of a snapshot; nothing where only the code can be another."""
    most = manifest.max_record_bytes
    kept = [(text.file, text.text) for text in manifest.profiles]
    return [
        *(["other profiles"] if kept != [(source.file, source.text) for source in profiles] else []),
        *former_fields(manifest, asked),
        *([f"--max-record-bytes {most}"] if asked.max_record_bytes != most else []),
    ]
