"""Clean a corpus on workers that Slurm gives: python dask_cluster.py PAGES CLEAN. Needs dask-jobqueue."""

import sys

from dask import config
from dask_jobqueue import SLURMCluster

import pipeline

JOBS = 16


def main(pages: str, clean: str) -> int:
    """Ask Slurm for workers, clean on them, and give them back."""
    # A worker cleans in a process of its own, which Dask allows only where it is told so.
    config.set({"distributed.worker.daemon": False})
    worker = ["export DASK_DISTRIBUTED__WORKER__DAEMON=False"]
    with SLURMCluster(
        cores=8, processes=8, memory="16GB", walltime="04:00:00", job_script_prologue=worker, interface=None
    ) as cluster:
        cluster.scale(jobs=JOBS)
        options = pipeline.Options(engine="dask", scheduler=cluster.scheduler_address)
        return pipeline.run(pages, clean, options).exit_code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
