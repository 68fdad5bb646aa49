"""What a worker of a Dask cluster does with a shard: it has a process of its own clean it, in a lane.

So a document that kills its process costs itself alone, as with the local engine, and its time can be bounded.
"""

from __future__ import annotations

import os
import pickle
import threading
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import msgspec

from pipeline.engines.lanes import DEATHS, Lane
from pipeline.engines.poison import without_poison
from pipeline.engines.shard import clean_shard
from pipeline.engines.task import ShardTask, Work
from pipeline.errors import DescrapeError
from pipeline.store.inputs import Input
from pipeline.version import code_digest


def clean_on_worker(sent: bytes, max_memory: int | None, digest: str) -> bytes | str:
    """Clean a shard on a worker; return the result, or the name of the staged file that holds it.

    Args:
        sent: The shard and the work, pickled.
        max_memory: Bytes of data that the process which cleans may hold; None for no limit.
        digest: Of the code of the run.

    Raises:
        DescrapeError: The worker has other code than the run, so its rows might be others; it does not reach the
            files; or processes die whatever they are given.
    """
    if digest != code_digest():
        raise DescrapeError(
            f"{_worker()} has another version of descrape than this run; install the same one everywhere"
        )
    lane = _lane(max_memory)
    while True:
        try:
            return lane.submit(clean_sent, sent).result()
        except DEATHS:
            lane.restart()
            task, work = pickle.loads(sent)  # noqa: S301 - see above
            sent = pickle.dumps((without_poison(lane, task, work), work))
        except OSError as error:
            raise DescrapeError(
                f"{_worker()} does not reach {error.filename}: {error.strerror}; "
                "sources and output must stand at the same place for every worker"
            ) from None


def clean_sent(sent: bytes) -> bytes | str:
    """Clean a shard in the lane of a worker; return the result, or the name of the staged file that holds it.

    Each attempt stages files of its own: of a worker that was taken for lost and still writes, nothing is overwritten.

    Raises:
        OSError: The files cannot be reached.
    """
    task, work = pickle.loads(sent)  # noqa: S301 - see above
    _demand(task, work)
    if work.stage is not None:
        work = replace(work, stage=str(own_folder(Path(work.stage))))
    result = msgspec.msgpack.encode(clean_shard(task, work))
    if work.stage is None:
        return result
    path = Path(work.stage, "result.msgpack")
    path.write_bytes(result)
    return str(path)


def own_folder(stage: Path) -> Path:
    """Make a folder for one attempt at a task."""
    folder = stage / uuid4().hex
    folder.mkdir()
    return folder


def _demand(task: ShardTask, work: Work) -> None:
    """Demand that the folders of a shard are there: a file may be gone, but not all of them for want of a mount."""
    paths = [item.path for item in task.items if isinstance(item, Input) and not item.is_remote]
    folders = [os.path.commonpath(map(os.path.dirname, paths))] if paths else []
    for folder in [*folders, *filter(None, (work.stage, work.previous))]:
        os.stat(folder)  # noqa: PTH116 - raises what there is to say


_HERE = threading.local()


def _lane(max_memory: int | None) -> Lane:
    """Return the lane of this thread of a worker; it ends with the worker."""
    lanes: dict[int | None, Lane] = _HERE.__dict__.setdefault("lanes", {})
    if max_memory not in lanes:
        try:
            lanes[max_memory] = Lane(max_memory)
        except AssertionError:
            raise DescrapeError(
                "workers of this cluster may have no processes of their own; "
                "start them with DASK_DISTRIBUTED__WORKER__DAEMON=False"
            ) from None
    return lanes[max_memory]


def _worker() -> str:
    import distributed

    return f"the worker {distributed.get_worker().address}"
