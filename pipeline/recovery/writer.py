"""What the reader has written so far: strict JSON, what is still open, and notes of everything that was changed.

Pieces are only ever added at the end or dropped from it, so a member that turns out to be incomplete leaves nothing.
"""

from __future__ import annotations

from collections.abc import Container

from pipeline.nesting import DEEPEST
from pipeline.recovery import patterns
from pipeline.recovery.frame import Frame
from pipeline.recovery.guard import Change

EFFORT = 2
"""How many times its length a text may be looked at in search of ends and of next items."""


class BrokenError(Exception):
    """A place that cannot be read, and where it stands."""

    def __init__(self, at: int) -> None:
        self.at = at


class CutError(Exception):
    """The text ends where something ought to follow."""


class Writer:
    """Goes through one text and writes what stands there.

    Attributes:
        written: Pieces of strict JSON.
        changes: What stands in them in place of something else.
        mended: What was forgiven, in the order it was met.
        doubts: Why not every value is proven.
        root_at: Where the document begins that is being read, of several that stand one after the other.
        dropped: Members that were begun and could not be completed.
        counted: The list or object they were dropped from.
        cut: Whether the text ends before its brackets close.
    """

    def __init__(self, text: str, keys: Container[str], start: int = 0) -> None:
        self.text = text
        self.keys = keys
        self.at = self.root_at = start
        self.stack: list[Frame] = []
        self.written: list[str] = []
        self.roots: list[Frame] = []
        self.changes: list[Change] = []
        self.mended: dict[str, None] = {}
        self.doubts: dict[str, None] = {}
        self.dropped = 0
        self.counted: Frame | None = None
        self.cut = False
        self.effort = EFFORT * len(text) + 1000

    def _blank(self) -> None:
        """Step over white space, and over comments and tags, which are noted."""
        while found := patterns.WHITE.match(self.text, self.at):
            self.at = found.end()
            if self.text[self.at : self.at + 1] not in patterns.NO_DATA_HEADS:
                return
            note = "comments are left out"
            found = patterns.COMMENT.match(self.text, self.at)
            if found is not None and patterns.DATA_IN_COMMENT.search(found[0]):
                self.doubts["a comment holds what looks like data"] = None
            if found is None:
                note = "tags are left out"
                found = patterns.TAG.match(self.text, self.at)
            if found is None:
                return
            self.mended[note] = None
            self._put("", found.end())

    def _put(self, put: str, stop: int) -> None:
        """Note that ``put`` stands for the text from here to ``stop``, and go there."""
        self.changes.append(Change(self.at, stop, put))
        self.at = stop

    def _push(self, opener: str) -> None:
        if len(self.stack) >= DEEPEST:
            raise BrokenError(self.at)
        self.written.append(opener)
        self.stack.append(Frame(opener, len(self.written)))

    def _pop(self) -> None:
        frame = self.stack.pop()
        if frame.members and not frame.after_value and not self.cut:
            self.mended["commas are left out"] = None
        for doubt in frame.doubts():
            self.doubts[doubt] = None
        del self.written[frame.complete :]
        self.written.append(frame.closer)
        if self.stack:
            self.stack[-1].complete_member(len(self.written), frame)
        else:
            frame.complete = len(self.written)
            self.roots.append(frame)

    def _begin(self, frame: Frame) -> None:
        if frame.after_value:
            self.mended["commas are added"] = None
        if frame.members:
            self.written.append(",")
        frame.begun += 1
        frame.after_value = False
        frame.member_at = self.at

    def _undo(self, frame: Frame) -> None:
        del self.written[frame.complete :]
        frame.begun -= 1

    def _step_over_comma(self, frame: Frame) -> None:
        if not frame.after_value:
            self.mended["commas are left out"] = None
        frame.after_value = False
        self.at += 1

    def _write(self, value: str) -> None:
        self.written.append(value)
        self.stack[-1].complete_member(len(self.written))

    def _lost_closer(self) -> None:
        """Close the innermost list or object, whose bracket is not there."""
        self.doubts["a closing bracket is lost"] = None
        self._pop()

    def _doubt_junk(self, start: int, stop: int) -> None:
        if any(letter.isalnum() for letter in self.text[start:stop]):
            self.doubts["text that is no part of the data is left out"] = None
        else:
            self.mended["marks between the items are left out"] = None


def joined(writer: Writer) -> str:
    """Return the JSON of what was written: its only document, or one list of several."""
    if len(writer.roots) == 1:
        return "".join(writer.written)
    parts: list[str] = []
    position = 0
    for root in writer.roots:
        piece = "".join(writer.written[position : root.complete])
        position = root.complete
        parts += [piece[1:-1]] if root.is_list else [piece]
    return f"[{','.join(filter(None, parts))}]"
