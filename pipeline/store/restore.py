"""Give back every raw document, byte for byte, from the tables alone.

A file that was a document itself comes back under its own name. A container comes back as a folder of its name, with
one file a record: names that stood inside it are not used, so none of them can lead anywhere.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from pipeline.errors import DescrapeError, UsageError
from pipeline.model import where
from pipeline.store.inputs import path_of
from pipeline.store.snapshot import Snapshot
from pipeline.store.stored import stored

NEAR = 3
"""Names that may have been meant, and are told."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What ``restore`` did.

    Attributes:
        written: Documents written.
        unread: Inputs whose bytes no table holds because they were never read.
        failed: Documents that could not be written, each with the reason.
    """

    written: int
    unread: tuple[str, ...]
    failed: tuple[str, ...]


def restore(snapshot: Snapshot, target: Path, doc: str | None = None) -> Restored:
    """Write raw documents below ``target``, each at its ``source_uri``; those of a container in a folder of its name.

    Args:
        snapshot: Where from.
        target: A folder that is empty or does not exist yet.
        doc: Identity of the one document wanted, or the ``source_uri`` of an input, of which every record is written;
            all when None.

    Raises:
        UsageError: The folder is not empty, or there is no such document.
        SnapshotError: A table is missing or damaged.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target}: is not an empty folder; name one that is, or a new one")
    written = 0
    unread: list[str] = []
    failed: list[str] = []
    containers = {entry.uri for entry in snapshot.manifest.inputs if entry.is_container}
    for item in stored(snapshot):
        if doc is not None and doc not in {item.doc_id, item.source_uri}:
            continue
        raw = item.raw()
        if raw is None:
            unread.append(item.where)
        else:
            try:
                _write(target, item.source_uri, item.record if item.source_uri in containers else None, raw)
                written += 1
            except DescrapeError as error:
                failed.append(str(error))
        if doc == item.doc_id:
            break
    if doc is not None and not written and not unread and not failed:
        raise UsageError(no_document(snapshot, doc))
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DescrapeError(f"{target}: cannot be written: {error.strerror}") from None
    return Restored(written, tuple(unread), tuple(failed))


def no_document(snapshot: Snapshot, wanted: str, record: int = 0) -> str:
    """Return what to say where a snapshot has no document of a name, with those that may have been meant."""
    uris = dict.fromkeys(entry.uri for entry in snapshot.manifest.inputs)
    ends = (uri for uri in uris if wanted.endswith(f"/{uri}") or uri.endswith(f"/{wanted}"))
    begins = (uri for uri in uris if wanted and uri.startswith(wanted))
    holds = (uri for uri in uris if wanted and wanted.casefold() in uri.casefold())
    near = [uri for uri in islice(dict.fromkeys(chain(ends, begins, holds)), NEAR) if uri != wanted]
    meant = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"there is no document {where(wanted, record)!r} in {snapshot.version}{meant}"


def _write(target: Path, source_uri: str, record: int | None, raw: bytes) -> None:
    """Write one document; a path is data, so it is never trusted to stay inside the folder."""
    parts = path_of(source_uri).split("/")
    if any(part in {"", ".", ".."} or "\0" in part or os.sep in part for part in parts):
        raise DescrapeError(f"{source_uri!r} would lead out of {target}; nothing was written for it")
    if record is not None:
        parts.append(f"{record:08d}.txt")
    path = target.joinpath(*parts)
    try:
        path = _free(target, parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(raw)
    except OSError as error:
        raise DescrapeError(f"{path}: cannot be written: {error.strerror}") from None


def _free(target: Path, parts: list[str]) -> Path:
    """Return where a document can be written: what was a file may have become a folder since, or the other way round.

    The name of the later one gets a tilde.
    """
    path = target
    for part in parts[:-1]:
        path /= part
        while path.exists() and not path.is_dir():
            path = path.with_name(f"{path.name}~")
    path /= parts[-1]
    while path.exists():
        path = path.with_name(f"{path.name}~")
    return path
