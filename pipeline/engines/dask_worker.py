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
from pipeline.errors import DescrapeError
from pipeline.version import code_digest


def clean_on_worker(sent: bytes, reached: tuple[str, ...], max_memory: int | None, digest: str) -> bytes | str:
    """Clean a shard on a worker; return the result, or the name of the staged file that holds it.

    Args:
        sent: The shard and the work, pickled.
        reached: Files and folders that are there for the command. A file that is gone is a reject, but not because
            what holds it is not mounted.
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
    try:
        for path in reached:
            os.stat(path)  # noqa: PTH116 - raises what there is to say
    except OSError as error:
        raise _unreached(error) from None
    lane = _lane(max_memory)
    while True:
        try:
            return lane.submit(clean_sent, sent).result()
        except DEATHS:
            lane.restart()
            task, work = pickle.loads(sent)  # noqa: S301 - from the command, or from this worker itself
            sent = pickle.dumps((without_poison(lane, task, work), work))
        except OSError as error:
            raise _unreached(error) from None


def clean_sent(sent: bytes) -> bytes | str:
    """Clean a shard in the lane of a worker; return the result, or the name of the staged file that holds it.

    Each attempt stages files of its own: of a worker that was taken for lost and still writes, nothing is overwritten.

    Raises:
        OSError: The files cannot be reached.
    """
    task, work = pickle.loads(sent)  # noqa: S301 - from the command, or from this worker itself
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


def _unreached(error: OSError) -> DescrapeError:
    where = "sources and output must stand at the same place for every worker"
    return DescrapeError(f"{_worker()} does not reach {error.filename}: {error.strerror}; {where}")


def _worker() -> str:
    import distributed

    return f"the worker {distributed.get_worker().address}"
