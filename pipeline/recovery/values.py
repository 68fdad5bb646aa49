"""Keys and values, whole and damaged: the part of the reader that decides what a run of characters is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pipeline.recovery import patterns
from pipeline.recovery.guard import has_unpaired_quotes, holds_a_key, holds_an_end
from pipeline.recovery.strings import Place, as_json, string_end, unescape
from pipeline.recovery.writer import BrokenError, CutError, Writer

if TYPE_CHECKING:
    import regex

INNER_QUOTES = "inner quotes are escaped"


class ValueReader(Writer):
    """Reads one key or one value at a time."""

    def _key(self) -> str:
        """Read a key with its colon, and return it."""
        text, at = self.text, self.at
        quoted = patterns.QUOTED_KEY.get(text[at])
        if quoted and (unclosed := patterns.UNCLOSED_KEY.match(text, at)):
            self.doubts["a quote of a key is lost"] = None
            self.at = unclosed.end()
            return str(unclosed[1])
        if quoted and (found := quoted.match(text, at)):
            if text[at] != '"':
                self.mended["quotes of other kinds count as quotes"] = None
            self.at = found.end()
            name, doubt = unescape(found[1])
            if doubt:
                self.doubts[doubt] = None
            return name
        if found := patterns.BARE_KEY.match(text, at):
            self.mended["keys without quotes get them"] = None
            self.at = found.end()
            return str(found[1])
        if found := patterns.UNOPENED_KEY.match(text, at):
            self.doubts["a quote of a key is lost"] = None
            self.at = found.end()
            return str(found[1])
        if text.find(":", at) < 0:
            raise CutError
        raise BrokenError(at)

    def _value(self, place: Place) -> bool:
        """Read the value that begins here; return False when none does."""
        text, at = self.text, self.at
        mark = text[at]
        if mark == "{" and (found := patterns.PLAIN_OBJECT.match(text, at)):
            self._plain_object(found)
            return True
        if mark == "{" or (mark == "[" and patterns.LIST_START.match(text, at)):
            self._push(mark)
            self.at += 1
            return True
        if mark in patterns.PAIRS:
            self._string(place)
            return True
        if place == "member" and self._unopened_string():
            return True
        if found := patterns.NUMBER.match(text, at):
            self._number(found, place)
            return True
        return self._literal() or (self._bare_string() if place == "member" else self._unopened_address())

    def _plain_object(self, found: regex.Match[str]) -> None:
        """Take an object as it stands that would be read the same member by member, which takes far longer."""
        self._push("{")
        self.stack[-1].names = found.captures(1)
        self.written[-1] = patterns.STRING_WITH_ESCAPES.sub(self._escaped, found[0][:-1])
        self.at = found.end()
        self._pop()

    def _escaped(self, found: regex.Match[str]) -> str:
        value, doubt = unescape(found[1])
        if doubt:
            self.doubts[doubt] = None
        return as_json(value)

    def _literal(self) -> bool:
        if found := patterns.LITERAL.match(self.text, self.at):
            self.at = found.end()
            self._write(str(found[0]))
            return True
        if found := patterns.OTHER_LITERAL.match(self.text, self.at):
            put = patterns.OTHER_LITERALS.get(found[0], "null")
            self.mended["what JSON has no name for is null"] = None
            self._put(f" {put} ", found.end())
            self._write(put)
            return True
        return False

    def _number(self, found: regex.Match[str], place: Place) -> None:
        """Read a number whose end was seen; without it, a digit may be missing."""
        if found.end() == len(self.text):
            raise CutError
        if not patterns.NUMBER_END[place].match(self.text, found.end()):
            raise BrokenError(found.end())
        if math.isinf(float(found[0])):
            self.doubts["a number is beyond what is read, and null"] = None
            self._put(" null ", found.end())
            self._write("null")
            return
        self.at = found.end()
        self._write(str(found[0]))

    def _string(self, place: Place) -> None:
        self.effort -= 1
        end = string_end(self.text, self.at, place, self.keys)
        if end is None:
            self.effort -= len(self.text) - self.at
            raise BrokenError(self.at)
        content = self.text[self.at + 1 : end.content_stop]
        value, doubt = unescape(content)
        if self.text[self.at] != '"':
            self.mended["quotes of other kinds count as quotes"] = None
        for why in filter(None, (doubt, end.doubt)):
            self.doubts[why] = None
        if patterns.CONTROL.search(content):
            self.mended["controls inside strings are escaped"] = None
        if "\\" in content and not patterns.KNOWN_ESCAPES.fullmatch(content):
            self.mended["escapes that JSON does not know are read"] = None
        if end.inner:
            self.mended[INNER_QUOTES] = None
            self.stack[-1].mended = True
            self._doubt_inner_quotes(value, place)
        self.at = end.stop
        self._write(as_json(value))

    def _doubt_inner_quotes(self, value: str, place: Place) -> None:
        """Doubt a value with quotes inside unless they are sure to be its own."""
        if place == "element":
            self.doubts["quotes inside a string of a list"] = None
        elif holds_a_key(value, self.keys):
            self.doubts["a value holds the key of another"] = None
        elif holds_an_end(value):
            self.doubts["a value holds what parts two members"] = None
        elif has_unpaired_quotes(value, self.text[self.at]):
            self.doubts["quotes inside a value do not pair"] = None

    def _unopened_string(self) -> bool:
        """Read a string whose opening quote is lost."""
        found = patterns.UNOPENED_VALUE.match(self.text, self.at)
        if found is None or found.end() == len(self.text) or not patterns.AFTER_MEMBER.match(self.text, found.end()):
            return False
        self._guessed(found, "an opening quote is lost")
        return True

    def _unopened_address(self) -> bool:
        """Read an address in a list whose opening quote is lost; another text may be the rest of the one before."""
        found = patterns.UNOPENED_ADDRESS.match(self.text, self.at)
        if found is None or not patterns.AFTER_ELEMENT.match(self.text, found.end()):
            return False
        self._guessed(found, "an opening quote is lost")
        return True

    def _bare_string(self) -> bool:
        """Read a string that has no quotes at all."""
        found = patterns.BARE_VALUE.match(self.text, self.at)
        if found is None or not patterns.AFTER_MEMBER.match(self.text, found.end()):
            return False
        self._guessed(found, "a value has no quotes")
        return True

    def _guessed(self, found: regex.Match[str], doubt: str) -> None:
        self.doubts[doubt] = None
        self.at = found.end()
        self._write(as_json(unescape(found[1])[0]))
