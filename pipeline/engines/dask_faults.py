"""What is said of a cluster that fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import DescrapeError


@contextmanager
def plain_words() -> Iterator[None]:
    """Say in one sentence how work on a cluster ended, if it ended badly.

    Raises:
        DescrapeError: The cluster is lost, loses a worker again and again under the same task, or lacks this program.
    """
    import distributed

    try:
        yield
    except distributed.KilledWorker as error:
        lost = f"{error.allowed_failures + 1} workers were lost, one after the other, under the same shard"
        raise DescrapeError(f"{lost}; the log of the cluster tells why: {error}") from None
    except (OSError, TimeoutError, distributed.CancelledError) as error:
        raise DescrapeError(f"the Dask cluster is lost: {str(error) or type(error).__name__}") from None
    except (AttributeError, ImportError, RuntimeError, TypeError) as error:
        # The shuffle gave up, or scheduler or workers do not know what they are sent as this version does.
        raise DescrapeError(
            f"the Dask cluster failed; is the same version of descrape installed on scheduler and workers? {error}"
        ) from error
