"""Collect what an output on S3 no longer needs. Nothing is locked there, so only what is certainly dead goes.

A run takes the number behind all others and commits only if nobody did since it began. So what has a lower number than
the current snapshot was committed once, or never will be; what has a higher one may still be on its way, and waits
until a later commit has passed it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from pipeline.store.bucket import Bucket
from pipeline.store.commit import RUNS
from pipeline.store.gc import RUN_ID, Collected
from pipeline.store.manifest import NAME as MANIFEST
from pipeline.store.manifest import Manifest
from pipeline.store.snapshot import POINTER, SNAPSHOTS, in_order, number


def collect_on_s3(url: str, keep: int, *, dry_run: bool = False) -> Collected:
    """Remove all but the newest snapshots of an output on S3, with the logs of the runs before them.

    Args:
        url: The address of the output.
        keep: How many snapshots stay at least, 1 or more; the current one always does.
        dry_run: Say what would go, and remove nothing.

    Raises:
        DescrapeError: A request failed each time.
    """
    bucket = Bucket(url)
    pointer = bucket.get(POINTER)
    current = pointer.raw.decode().strip() if pointer is not None else None
    by_name: dict[str, dict[str, int]] = defaultdict(dict)
    for key, size in bucket.sizes(SNAPSHOTS).items():
        by_name[key.split("/")[1]][key] = size
    passed = [name for name in in_order(by_name) if current and number(name) <= number(current)]
    whole = [name for name in passed if f"{SNAPSHOTS}/{name}/{MANIFEST}" in by_name[name]]
    staying = {*whole[max(0, len(whole) - keep) :], current}
    removed = tuple(name for name in passed if name not in staying)
    kept = tuple(name for name in whole if name in staying)
    doomed = {key: size for name in removed for key, size in by_name[name].items()}
    runs = set()
    if kept:
        for key, size in _logs_before(bucket, kept[0]):
            doomed[key] = size
            runs.add(key.split("/")[1])
    if not dry_run:
        # Without its manifest no snapshot is opened: that one goes first.
        bucket.remove([key for key in doomed if key.endswith(f"/{MANIFEST}")])
        bucket.remove([key for key in doomed if not key.endswith(f"/{MANIFEST}")])
    return Collected(kept, removed, len(runs), sum(doomed.values()))


def _logs_before(bucket: Bucket, oldest: str) -> Iterator[tuple[str, int]]:
    """Yield what runs left that began before the run of a snapshot."""
    content = bucket.get(f"{SNAPSHOTS}/{oldest}/{MANIFEST}")
    since = RUN_ID.fullmatch(msgspec.json.decode(content.raw, type=Manifest).run_id) if content is not None else None
    for key, size in bucket.sizes(RUNS).items():
        began = RUN_ID.fullmatch(key.split("/")[1])
        if since and began and began[1] < since[1]:
            yield key, size
