"""Shards: runs of inputs in order of ``source_uri`` that are cleaned and written together.

Where a shard ends is decided by the inputs themselves: after one whose identity happens to divide evenly. So an input
that comes or goes changes its own shard and no other, on any machine and with any number of workers. A container
counts as many times as its size says, and a large one always ends its shard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.model import doc_id

MEAN = 1024
"""Inputs of a shard on average."""
MOST = 4 * MEAN
"""Inputs of a shard at most; the next even identity brings the cuts back into step."""
PAGE_BYTES = 16 * 2**10
"""A container counts as one input for each of these."""


def shards(inputs: Sequence[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where each shard begins and ends among the inputs, which must be in order.

    Args:
        inputs: ``source_uri``, first record, and size; the size is 0 for a file that is one document.

    >>> list(shards([("a.txt", 0, 0), ("b.txt", 0, 0)])), list(shards([("a.jsonl", 0, 2**30), ("b.txt", 0, 0)]))
    ([(0, 2)], [(0, 1), (1, 2)])
    """
    start = 0
    weight = 0
    for place, (uri, record, size) in enumerate(inputs, 1):
        pages = max(1, size // PAGE_BYTES)
        weight += pages
        if int(doc_id(uri, record)[:8], 16) % max(1, MEAN // pages) == 0 or weight >= MOST:
            yield start, place
            start, weight = place, 0
    if start < len(inputs):
        yield start, len(inputs)
