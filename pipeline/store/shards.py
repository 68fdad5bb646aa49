"""Shards: runs of inputs in order of ``source_uri`` that are cleaned and written together.

Where a shard ends is decided by the inputs themselves: after one whose identity happens to divide evenly. So an input
that comes or goes changes its own shard and no other, on any machine and with any number of workers. A container
counts as many times as its size says, and a large one always ends its shard.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import doc_id

MEAN = 1024
"""Inputs of a shard on average."""
MOST = 4 * MEAN
"""Inputs of a shard at most; the next even identity brings the cuts back into step."""
PAGE_BYTES = 4 * 2**10
"""A container counts as one input for each of these, so that a part of a large one is a shard."""


def end_of_shard(inputs: Iterable[tuple[str, int, int]]) -> int:
    """Return how many of some inputs, which must be in order, are in one shard with the first of them.

    What stands before them or behind that end does not matter.

    Args:
        inputs: ``source_uri``, first record, and size; the size is 0 for a file that is one document.

    >>> end_of_shard([("a.txt", 0, 0), ("b.txt", 0, 0)]), end_of_shard([("a.jsonl", 0, 2**30), ("b.txt", 0, 0)])
    (2, 1)
    """
    count = weight = 0
    for uri, record, size in inputs:
        count += 1
        pages = max(1, size // PAGE_BYTES)
        weight += pages
        if int(doc_id(uri, record)[:8], 16) % max(1, MEAN // pages) == 0 or weight >= MOST:
            break
    return count
