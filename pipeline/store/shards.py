"""Shards: runs of inputs in order of ``source_uri`` that are cleaned and written together.

Where a shard ends is decided by the inputs themselves: after one whose identity happens to divide evenly. So an input
that comes or goes changes its own shard and no other, on any machine and with any number of workers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.model import doc_id

MEAN = 1024
"""Inputs of a shard on average."""
MOST = 4 * MEAN
"""Inputs of a shard at most; the next even identity brings the cuts back into step."""


def shards(uris: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the URIs, which must be in order, shard by shard.

    >>> [len(shard) for shard in shards(["a", "b"])]
    [2]
    """
    start = 0
    for place, uri in enumerate(uris, 1):
        if int(doc_id(uri)[:8], 16) % MEAN == 0 or place - start == MOST:
            yield uris[start:place]
            start = place
    if start < len(uris):
        yield uris[start:]
