"""Clean documents in waves: each stage goes over all documents of a wave before the next stage begins.

What a stage needs, its code and its tables, is then still in the processor's caches, where the document before left
it. One document after the other through all stages costs twice as much, for no stage finds anything of its own there.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterable, Iterator
from typing import TypeVar

from msgspec import Struct, field

from pipeline.engines.limits import Limit, Spent
from pipeline.errors import DescrapeError, RejectedDocument
from pipeline.model import Document, Record, Reject
from pipeline.stages import LIGHT, Lap, Steps, unmeasured

T = TypeVar("T")

WAVE_DOCUMENTS = 128
WAVE_BYTES = 2**20
"""Documents of a wave at most, and the raw bytes at which it is full: as much as caches hold, and little memory."""

OUT_OF_MEMORY = "there was not enough memory to clean it; --max-worker-memory or the machine sets the limit"


class Turn(Struct):
    """A document in a wave.

    Attributes:
        found: The document, as it was read.
        run_id: The run that cleans it.
        steps: Its way through the stages.
        is_asked: Whether it is only asked for something on its way: then nothing comes of it.
        outcome: What came of it; None until then.
        seconds: What it took so far, by the clock.
        spent: Its processor time, as far as it was looked at.
    """

    found: Record | Reject
    run_id: str
    steps: Steps[Document | Reject | None]
    is_asked: bool = False
    outcome: Document | Reject | None = None
    seconds: float = 0.0
    spent: Spent = field(default_factory=Spent)

    def go_on(self, limit: Limit, lap: Lap = unmeasured) -> bool:
        """Take one step, light ones with it, and return whether another one may follow.

        Raises:
            DescrapeError: What is wrong is not the document.
        """
        began = time.perf_counter()
        steps = self.steps
        try:
            limit.at_work = self.spent
            try:
                while (stage := next(steps)) in LIGHT:
                    pass
                lap(stage)
            finally:
                limit.at_work = None
        except StopIteration as done:
            self.outcome = done.value
        except RejectedDocument as refused:
            self.outcome = refusal(self.found, refused.stage, refused.code, refused.message, self.run_id)
        except DescrapeError:
            raise
        except MemoryError as error:
            # What cleaning held goes now: without it, not even the refusal could be written.
            traceback.clear_frames(error.__traceback__)
            self.outcome = refusal(self.found, "clean", "out_of_memory", OUT_OF_MEMORY, self.run_id)
        except Exception as error:  # noqa: BLE001 - one document that breaks a stage must not cost the others
            self.outcome = failure(self.found, error, self.run_id)
        else:
            return True
        finally:
            self.seconds += time.perf_counter() - began
        return False


def waves(documents: Iterable[Turn | T]) -> Iterator[list[Turn | T]]:
    """Group documents that take turns, and whatever stands between them, in order."""
    wave: list[Turn | T] = []
    turns = size = 0
    for document in documents:
        wave.append(document)
        if isinstance(document, Turn):
            turns += 1
            size += len(document.found.raw or b"")
        if turns >= WAVE_DOCUMENTS or size >= WAVE_BYTES:
            yield wave
            wave, turns, size = [], 0, 0
    if wave:
        yield wave


def clean_in_step(turns: Iterable[Turn], limit: Limit, lap: Lap = unmeasured) -> None:
    """Take documents through all stages, every one of them through a stage before any comes to the next."""
    left = list(turns)
    while left:
        left = [turn for turn in left if turn.go_on(limit, lap)]


def refusal(found: Record | Reject, stage: str, code: str, message: str, run_id: str) -> Reject:
    """Return a document that is refused."""
    return Reject(found.source_uri, found.record, stage, code, message, found.raw, run_id, found.origin)


def failure(found: Record | Reject, error: Exception, run_id: str) -> Reject:
    """Return a document that the program failed on."""
    message = f"a stage failed on this document, which is a defect of the program: {type(error).__name__}: {error}"
    return refusal(found, "clean", "internal_error", message.encode("utf-8", "backslashreplace").decode(), run_id)
