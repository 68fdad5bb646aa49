"""Is a value that was read the true one, up to what the damage and the form of the dump cannot keep?"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from bench.quality.damage import Damage
from bench.quality.php_values import JSON, Form

_LINE_OF_PRINT_R = regex.compile(r"\n[ \t]*[\[()]|\] => ")
_PARAGRAPH = regex.compile(rb"\n[ \t\r]*\n|\r[ \t]*\r")
_DUMP_BELOW = regex.compile(
    rb"[\r\n][ \t]*(?:Array\s|NULL|[aOCs]:[0-9]|(?:string|array|object|int|float|bool|enum|resource) ?\()"
)
_QUOTE_LAST = regex.compile(rb"\"(?:\s?(?:\.\.\.|\[\.\.\.\]|\xe2\x80\xa6|&hellip;))?\Z")
_STRUCTURE_OF_PRINT_R = regex.compile(rb" *[\[()*]| *\Z")
_DROPPED_BY_XDEBUG = bytes(range(0xF0, 0x100))
_TOKEN_OF_PRINT_R = regex.compile(r"(?:^|\s)[\[()]|\] =>|[\[()](?:\s|$)")


def text_of(value: JSON) -> str | None:
    """Return a PHP string as text, bytes that are no UTF-8 as lone surrogates; None for anything else."""
    if isinstance(value, dict) and list(value) == ["$bytes"]:
        return base64.b64decode(str(value["$bytes"])).decode("utf-8", "surrogateescape")
    return value if isinstance(value, str) else None


def strings_of(value: JSON) -> Iterator[str]:
    """Give every string and every key of a value."""
    text = text_of(value)
    if text is not None:
        yield text
    elif isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from strings_of(member)
    elif isinstance(value, list):
        for member in value:
            yield from strings_of(member)


def can_be_told(form: Form, value: JSON, damage: Damage) -> bool:
    r"""Whether the dump determines its value.

    ``print_r`` quotes nothing, so a string may hold what it prints itself. ``serialize`` parts the class of a private
    property from its name with NUL alone. Xdebug's HTML lacks all bytes from F0 on, so emoji come back only where what
    is left of them is as it was.

    >>> from bench.quality.damage import DAMAGES
    >>> [can_be_told("print_r", [text], DAMAGES["none"]) for text in ("one [1]", "one\n[1] => x")]
    [True, False]
    """
    if form == "xdebug_html":
        texts = [text.encode("utf-8", "surrogateescape") for text in strings_of(value)]
        lossy = [text for text in texts if text.translate(None, _DROPPED_BY_XDEBUG) != text]
        return not lossy or (damage.name == "none" and all(map(_is_utf8, lossy)))
    if form == "serialize" and not damage.apply("\0"):
        return not _inherits_private(value)
    if form != "print_r":
        return True
    printed = _LINE_OF_PRINT_R if "\n" in damage.apply("a\nb") else _TOKEN_OF_PRINT_R
    return not any(printed.search(damage.apply(text)) or printed.search(text) for text in strings_of(value))


def nesting_can_be_told(form: Form, value: JSON, damage: Damage) -> bool:
    """Whether the dump says which object each property belongs to; where it does not, a reader must call it ambiguous.

    Nothing but the indent says where an object ends in Xdebug's HTML.

    >>> from bench.quality.damage import DAMAGES
    >>> pier = {"$class": "Pier", "lamp": {"$class": "Lamp"}, "deep": 4}
    >>> [nesting_can_be_told("xdebug_html", pier, DAMAGES[name]) for name in ("LF to CRLF", "collapsed")]
    [True, False]
    """
    keeps_indent = "  a" in damage.apply("\n  a")
    return form != "xdebug_html" or keeps_indent or not _has_property_behind_object(value)


def end_can_be_told(form: Form, true: JSON, left: bytes) -> bool:
    r"""Whether what is left of a dump that broke off tells where the document goes on without it.

    Of a string at the root, what stands below a blank line may be prose, a line that begins like a dump may be another
    one, and a quote at the very end may be the string's own. ``print_r`` neither quotes nor counts: where its last line
    is one more of a text, the dump may have broken off a line before, and this one be prose.

    >>> texts = b"one\n\ntwo", b"one\nint(5) two", b'one "two"', b"one\ntwo"
    >>> [end_can_be_told("var_dump", "", b'string(90) "' + text) for text in texts]
    [False, False, False, True]
    >>> [end_can_be_told("print_r", [], b"Array\n(\n    [0] => " + text) for text in (b"wet", b"wet\nquay")]
    [True, False]
    """
    if form == "print_r":
        return _STRUCTURE_OF_PRINT_R.match(left, left.rfind(b"\n") + 1) is not None
    return text_of(true) is None or not (
        _PARAGRAPH.search(left) or _DUMP_BELOW.search(left) or _QUOTE_LAST.search(left)
    )


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _inherits_private(value: JSON) -> bool:
    """Whether an object in it has a private property of a parent class, beside one of its own by that name."""
    members = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    twin = isinstance(value, dict) and "$class" in value and any("::" in key for key in value)
    return twin or any(map(_inherits_private, members))


def _has_property_behind_object(value: JSON) -> bool:
    """Whether a property of an object follows one whose value ends with another object, whose own it may be as well.

    Properties without a value are shown where they were declared, wherever the truth has them.
    """
    members = list(value) if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    if isinstance(value, dict) and "$class" in value and sum(map(_ends_with_object, members)) > _is_last(members):
        return True
    return any(map(_has_property_behind_object, members))


def _is_last(members: list[JSON]) -> bool:
    """Whether the last member is one that ends with an object, and no other may follow it."""
    shown_anywhere = any(isinstance(member, dict) and "$uninitialized" in member for member in members)
    return bool(members) and not shown_anywhere and _ends_with_object(members[-1])


def _ends_with_object(value: JSON) -> bool:
    if isinstance(value, dict) and "$class" in value:
        return True
    members = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    return bool(members) and _ends_with_object(members[-1])


@dataclass(frozen=True, slots=True)
class Judge:
    """Compares a value that was read with the true one.

    Attributes:
        damage: What was done to the dump.
        form: How it was printed. ``print_r`` keeps neither types nor the white space around a string.
        cut_off: Whether the dump breaks off: then the members before the break are right when they are the first
            ones, and the last of them may be incomplete in its turn.
    """

    damage: Damage
    form: Form
    cut_off: bool = False

    def alike(self, true: JSON, found: JSON) -> bool:
        r"""Whether the value found is right.

        >>> from bench.quality.damage import DAMAGES
        >>> judge = Judge(DAMAGES["none"], "var_dump")
        >>> judge.alike([1, "a"], [1, "a"]), judge.alike([1], [1.0]), judge.alike([1, 2], [1])
        (True, False, False)
        >>> Judge(DAMAGES["none"], "var_dump", cut_off=True).alike([1, 2], [1])
        True
        """
        true_text, found_text = text_of(true), text_of(found)
        if true_text is not None or found_text is not None:
            return true_text is not None and found_text is not None and self._texts(true_text, found_text)
        if isinstance(true, list | dict) and isinstance(found, list | dict):
            return self._containers(true, found)
        return type(true) is type(found) and repr(true) == repr(found)

    def _texts(self, true: str, found: str) -> bool:
        if self.damage.alike(true, found):
            return True
        return self.form == "print_r" and self.damage.alike(true.strip(), found.strip())

    def _containers(self, true: list[JSON] | dict[str, JSON], found: list[JSON] | dict[str, JSON]) -> bool:
        true_members, found_members = _members(true), _members(found)
        if self.cut_off:
            if len(found_members) > len(true_members):
                return False
            if isinstance(true, dict) and "$class" in true:  # uninitialised properties stand among the others
                return all(any(self._member(one, other) for one in true_members) for other in found_members)
        elif len(true_members) != len(found_members):
            return False
        return all(map(self._member, true_members, found_members))

    def _member(self, true: tuple[str, JSON], found: tuple[str, JSON]) -> bool:
        return self._texts(true[0], found[0]) and self.alike(true[1], found[1])


def _members(container: list[JSON] | dict[str, JSON]) -> list[tuple[str, JSON]]:
    """Return members by key; properties without a value come last, wherever they were declared."""
    if isinstance(container, list):
        return [(str(position), member) for position, member in enumerate(container)]
    return sorted(container.items(), key=lambda item: isinstance(item[1], dict) and "$uninitialized" in item[1])
