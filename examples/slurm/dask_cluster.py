"""Clean a corpus on workers that Slurm gives: python dask_cluster.py PAGES CLEAN. Needs dask-jobqueue.

PAGES and CLEAN stand on a file system that every node mounts. JOBS, CPUS and MEMORY say how many jobs are asked for,
and how large each is.
"""

import os
import sys

from dask_jobqueue import SLURMCluster

import pipeline

JOBS = int(os.environ.get("JOBS", "16"))
CPUS = int(os.environ.get("CPUS", "8"))
MEMORY = os.environ.get("MEMORY", "16GB")


def main(pages: str, clean: str) -> int:
    """Ask Slurm for workers, clean on them, and give them back."""
    with SLURMCluster(
        cores=CPUS,
        processes=CPUS,
        memory=MEMORY,
        walltime="04:00:00",
        # A worker cleans in a process of its own, which Dask allows only where it is told so.
        job_script_prologue=["export DASK_DISTRIBUTED__WORKER__DAEMON=False"],
    ) as cluster:
        cluster.scale(jobs=JOBS)
        options = pipeline.Options(engine="dask", scheduler=cluster.scheduler_address)
        return pipeline.run(pages, clean, options).exit_code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
