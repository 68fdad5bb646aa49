"""Patterns that are compiled when they are first used: a page needs few of the seven hundred that there are."""

from __future__ import annotations

from typing import Any, AnyStr, Generic, cast

import regex


def lazy_compile(source: AnyStr, flags: int = 0) -> regex.Pattern[AnyStr]:
    """Return a pattern of the ``regex`` module that is compiled when it is first used.

    For the patterns of modules, since compiling all of them takes half a second. One that a function makes is needed at
    once, and of one in a profile it must be told at once that it is wrong: ``regex.compile`` serves those.

    >>> number = lazy_compile(rb"[0-9]+")
    >>> number.pattern, number.search(b"pier 12")[0]
    (b'[0-9]+', b'12')
    """
    return cast("regex.Pattern[AnyStr]", _Uncompiled(source, flags))


class _Compiled:
    """A pattern whose attributes are those of the compiled one."""


class _Uncompiled(_Compiled, Generic[AnyStr]):
    """A pattern before its first use. ``pattern`` may be read without compiling, to build another of it."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a compiled pattern has
        compiled = regex.compile(self.pattern, self._flags)
        for public in _PUBLIC:
            setattr(self, public, getattr(compiled, public))
        # Without this hook in its class, using it costs what using the compiled pattern itself does.
        self.__class__ = _Compiled  # type: ignore[assignment]
        return getattr(self, name)


_PUBLIC = [name for name in dir(regex.compile("")) if not name.startswith("_")]
