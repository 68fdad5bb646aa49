"""Where the work of a run is done: shards are the tasks, and every engine gives them to the same function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pipeline.engines.local import run_shards
from pipeline.engines.task import ShardResult, ShardTask, Work

Engine: TypeAlias = Callable[[Sequence[ShardTask], Work, int], Iterator[ShardResult]]
"""Cleans shards with so many workers at most, and yields the results as they are done."""

ENGINES: Mapping[str, Engine] = {"local": run_shards}
