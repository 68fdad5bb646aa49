"""A reader of JSON that forgives what can be forgiven without making anything up.

It goes through the text once, from mark to mark, with an explicit stack, and writes strict JSON as it goes. What it
puts in place of something else it notes, so that the guard can hold the letters and digits of text and result against
each other. A member is kept when its end was seen; a place that cannot be read costs the item it stands in, and reading
goes on at the next one. The work is bounded: going over the same bytes again ends after a few times their length.
"""

from __future__ import annotations

from functools import cached_property

from pipeline.recovery import patterns
from pipeline.recovery.frame import Frame
from pipeline.recovery.guard import Change
from pipeline.recovery.strings import as_json, unescape
from pipeline.recovery.values import INNER_QUOTES, ValueReader
from pipeline.recovery.writer import BrokenError, CutError


class Reader(ValueReader):
    """Reads lists and objects, and finds its way on where one cannot be read."""

    def read(self) -> None:
        """Read to the end of the text.

        Raises:
            BrokenError: Nothing in it can be kept.
        """
        while True:
            try:
                self._read_on()
            except BrokenError as broken:
                if self._next_item(broken.at):
                    continue
                self._cut_at(broken.at)
            except CutError:
                self._cut_at(len(self.text))
            return

    def begin_in_list(self) -> None:
        """Begin as if the bracket of a list had been read: for a text whose head is lost."""
        self._push("[")
        self.dropped = 1
        self.counted = self.stack[0]

    def _read_on(self) -> None:
        while True:
            self._blank()
            if not self.stack:
                if not self._root():
                    return
            elif self.at >= len(self.text):
                raise CutError
            elif self.stack[-1].is_list:
                self._in_list(self.stack[-1])
            else:
                self._in_object(self.stack[-1])

    def _root(self) -> bool:
        """Open the next document; return False at the end of the text."""
        if self.at >= len(self.text):
            return False
        if self.text[self.at] in "[{":
            if self.roots:
                self.mended["documents that stand one after the other are one list"] = None
            self.root_at = self.at
            self._push(self.text[self.at])
            self.at += 1
            return True
        if not self.roots:
            raise BrokenError(self.at)
        if lost := patterns.HEAD_LOST_BEHIND.match(self.text, self.at):
            self._start_again(lost.end())
            return True
        if self.text[self.at] in ",;)]}":
            if self.text[self.at] == "]":
                self.doubts["a bracket closes nothing: the head of its list is lost, with items perhaps"] = None
            self.at += 1
            return True
        self._doubt_junk(self.at, len(self.text))
        self._put("", len(self.text))
        return False

    def _start_again(self, at: int) -> None:
        """Take what was read for the end of an item whose head is lost, and go on at the next item."""
        self.doubts["the head of its list is lost, and what stands before the first comma may be an item"] = None
        self.written.clear()
        self.roots.clear()
        self.changes = [Change(0, at, "")]
        self.begin_in_list()
        self.at = at

    def _in_list(self, frame: Frame) -> None:
        mark = self.text[self.at]
        if mark == "]":
            self.at += 1
            self._pop()
        elif mark == ",":
            self._step_over_comma(frame)
        elif mark == "}":
            if len(self.stack) == 1:
                self.mended["brackets that close nothing are left out"] = None
                self.at += 1
            else:
                self._lost_closer()
        else:
            if frame.after_value and mark in patterns.PAIRS:
                self.doubts["a comma between two strings of a list is lost"] = None
            self._begin(frame)
            if not self._value("element"):
                self._undo(frame)
                self._junk(frame)

    def _junk(self, frame: Frame) -> None:
        """Step over text that is no value and stands between the items of a list."""
        junk = patterns.JUNK.match(self.text, self.at)
        if junk is None or frame.objects < frame.members:
            raise BrokenError(self.at)
        self._doubt_junk(self.at, junk.end())
        self._put("", junk.end())

    def _in_object(self, frame: Frame) -> None:
        mark = self.text[self.at]
        if mark == "}":
            self.at += 1
            self._pop()
        elif mark == ",":
            self._step_over_comma(frame)
        elif mark == "]" or (mark == "{" and frame.members):
            if not any(outer.is_list for outer in self.stack):
                raise BrokenError(self.at)
            self._lost_closer()
        else:
            self._member(frame)

    def _member(self, frame: Frame) -> None:
        at = self.at
        name = self._key()
        self._begin(frame)
        frame.member_at = at
        frame.names.append(name)
        self.written.append(as_json(name) + ":")
        self._blank()
        if self.at >= len(self.text):
            raise CutError
        if self.text[self.at] in ",}":
            self.mended["values that are not there are null"] = None
            self._put(" null ", self.at)
            self._write("null")
        elif not self._value("member"):
            raise BrokenError(self.at)

    # -------------------------------------------------------------------------------------------- what is cut or broken

    def _cut_at(self, stop: int) -> None:
        """End here. Where text is left that has closing brackets, it is not known what it held."""
        self.at = stop
        if self.text.find("}", stop) >= 0:
            self.doubts["what stands behind the place that cannot be read is left out"] = None
        self._close_what_is_complete()

    def _list_of_items(self) -> int | None:
        """Return the place in the stack of the outermost list, when it is one of objects."""
        place = next((place for place, frame in enumerate(self.stack) if frame.is_list), None)
        return place if place is not None and self.stack[place].holds_items else None

    def _next_item(self, broken: int) -> bool:
        """Drop the item that cannot be read and go on at the next one; return False when there is none."""
        if self.effort <= 0:
            return False
        place = self._list_of_items()
        if place is None:
            return self._next_entry(broken)
        items = self.stack[place]
        names = set(items.first_names)
        if len(self.stack) > place + 1 and self.stack[place + 1].names:
            names.add(self.stack[place + 1].names[0])
        found = patterns.item_start(frozenset(names)).search(self.text, broken) if names else None
        self.effort -= (found.start() if found else len(self.text)) - broken
        if found is None:
            return False
        if len(self.stack) > place + 1:
            self._drop_to(place, found.start())
        else:
            self._doubt_junk(broken, found.start())
            self.changes.append(Change(broken, found.start(), ""))
        items.after_value = False
        items.resumed = True
        self.at = found.start()
        return True

    def _next_entry(self, broken: int) -> bool:
        """Do the same in an object of items by their numbers; an object inside an item is no item."""
        place = next((place for place, frame in enumerate(self.stack[:-1]) if frame.holds_entries), None)
        if place is None:
            return False
        items = self.stack[place]
        found = patterns.entry_start(frozenset(items.first_names)).search(self.text, broken)
        self.effort -= (found.start() if found else len(self.text)) - broken
        if found is None:
            return False
        self._drop_to(place, found.start())
        items.names.pop()
        items.after_value = False
        items.resumed = True
        self.at = found.start()
        return True

    def _drop_to(self, place: int, stop: int) -> None:
        """Drop everything that is open above a place of the stack, up to where reading goes on."""
        frame = self.stack[place]
        del self.stack[place + 1 :]
        del self.written[frame.complete :]
        self.changes.append(Change(frame.member_at, stop, ""))
        self.dropped += 1
        self.counted = frame

    def _close_what_is_complete(self) -> None:
        """Keep the complete members, drop the open ones, and write the brackets that are missing."""
        self.cut = True
        if self.roots and self.stack and not self.stack[0].is_list:
            self._drop_root()
        if not self.stack:
            if not self.roots:
                raise BrokenError(self.at)
            return
        place = self._list_of_items() or 0
        if self._is_whole_but_for_its_brace(place):
            if INNER_QUOTES in self.mended or patterns.ODD_LAST_QUOTE.search(self.text):
                self.doubts["the text ends behind a quote that may be an inner one"] = None
            self._pop()
        if len(self.stack) > place + 1 or self.stack[place].begun > self.stack[place].members:
            self._drop_to(place, len(self.text))
        elif self.at < len(self.text):
            self.changes.append(Change(self.at, len(self.text), ""))
        if not self.stack[place].members:
            raise BrokenError(self.at)
        while self.stack:
            self._pop()

    def _drop_root(self) -> None:
        """Drop the object that is open behind others: it is one of several items, and not complete."""
        del self.written[self.roots[-1].complete :]
        self.changes.append(Change(self.root_at, len(self.text), ""))
        self.stack.clear()
        self.dropped += 1
        self.counted = Frame("[", 0, members=len(self.roots))

    def _is_whole_but_for_its_brace(self, place: int) -> bool:
        """Whether the open item has every key that its siblings have, nothing of it is incomplete, and none follows."""
        if place != len(self.stack) - 2 or not self.stack[place].holds_items:
            return False
        items, item = self.stack[place], self.stack[-1]
        return item.begun == item.members and item.after_value and items.all_names <= set(item.names)


class KnownKeys:
    """The keys of a text that stand where keys stand; they are looked for when one is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __contains__(self, name: object) -> bool:
        """Whether the text has a key."""
        return name in self._keys

    @cached_property
    def _keys(self) -> frozenset[str]:
        found = {next(filter(None, found.groups())) for found in patterns.KEY_PLACE.finditer(self._text)}
        return frozenset(unescape(name)[0] for name in found)
