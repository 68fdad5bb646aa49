"""What every test of the engines may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def scheduler() -> Iterator[str]:
    """Return the address of a cluster of two worker processes, as somebody else started it."""
    distributed = pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
    import dask

    from pipeline.engines.dask import TOLD

    with (
        dask.config.set(TOLD),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, memory_limit=0, dashboard_address=None, silence_logs=50
        ) as cluster,
    ):
        yield cluster.scheduler_address
