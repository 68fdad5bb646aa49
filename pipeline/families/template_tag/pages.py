"""Tags in other signs: MODX, pages of ASP, JSP and ERB, directives of Blade, and fields of mailing programs."""

from __future__ import annotations

from itertools import islice

import regex

from pipeline.families.mark_up import ENCODED, Found
from pipeline.families.sentences import holds_words
from pipeline.families.template_tag.expressions import tag_of
from pipeline.model import Page, Span
from pipeline.patterns import lazy_compile

MODX_ANCHORS = (*(b"[[" + sign for sign in (b"*", b"+", b"$", b"~", b"!", b"%", b"-", b"#")), b"?&", b"? &")
_MODX = lazy_compile(
    rb"\[\[(?P<inside>!?(?:\+\+|[*+$~%#])?[A-Za-z0-9_][\w.\-]{0,80}+(?:@[\w\-]{1,40})?(?::[\w]{1,40}(?:=`[^`]{0,500}`)?){0,10}+"
    rb"(?P<call>\s{0,8}+\?(?:\s{0,40}+&[\w.\-]{1,60}\s?=\s?`[^`]{0,1000}`){1,30}+\s{0,40}+)?|-[^\[\]]{0,500})\]\]"
)
_MODX_BEFORE = lazy_compile(rb"\[\[!?[A-Za-z0-9_][\w.\-]{0,80}+\s{0,8}\Z")
_PERCENT = {
    b"<%": lazy_compile(rb"<%(?P<inside>(?:[^<%]++|%(?!>)|<(?!%))*+)%>"),
    b"[%": lazy_compile(rb"\[%(?P<inside>[-+~=]?\s(?:[^\[\]%\r\n]++|\[[^\[\]%\r\n]{0,80}\]){1,40}+[-+~=]?)%\]"),
    b"&lt;%": lazy_compile(rb"&lt;%(?P<inside>(?:[^&%]++|%(?!&gt;)|&(?!lt;%))*+)%&gt;"),
}
_LONGEST_PERCENT = 1 << 16
_CODE = lazy_compile(rb"[=@();\"'{}:.#]|--|\b(?:end|else|if|loop|next|dim|set|response)\b", regex.IGNORECASE)
_BLADE_OPENINGS = """
    append auth can canany cannot case class component continue each elsecan elseif empty env error extends for foreach
    forelse guest hasSection if include includeFirst includeIf includeUnless includeWhen inject isset json lang method
    once php prepend production push section session slot stack style switch unless use vite while yield
"""
_BLADE_CLOSINGS = """
    csrf default else empty endauth endcan endcanany endcannot endcomponent endempty endenv enderror endfor endforeach
    endforelse endguest endif endisset endlang endonce endphp endprepend endproduction endpush endsection endslot
    endswitch endunless endverbatim endwhile livewireScripts livewireStyles overwrite show stop verbatim
"""
_OPENINGS = frozenset(name.encode() for name in _BLADE_OPENINGS.split())
_CLOSINGS = frozenset(name.encode() for name in _BLADE_CLOSINGS.split())
_WORDS = frozenset({b"default", b"else", b"empty", b"show", b"stop", b"overwrite", b"verbatim", b"csrf"})
"""Closings that are names of people as well: they must have a line to themselves."""
BLADE_ANCHORS = tuple(sorted(b"@" + name for name in _OPENINGS | _CLOSINGS))
_DIRECTIVE = lazy_compile(rb"(?<![\w.@\-/])@(?P<name>[A-Za-z]{2,20}+)(?P<open>[ \t]?\()?(?!\w)")
_STRING = lazy_compile(rb"'(?:[^'\\]|\\.){0,400}'|\"(?:[^\"\\]|\\.){0,400}\"")
_BRACKET = lazy_compile(rb"[()]|\n\n|\n\r\n")
_BRACKETS_MOST = 40
_ARGUMENTS_LONGEST = 1000
_ARGUMENT = lazy_compile(rb"[$'\"(]|::|->")
_LINE_BEFORE = lazy_compile(rb"(?:\A|[\r\n])[ \t]{0,40}+\Z")
_LINE_BEHIND = lazy_compile(rb"[ \t]{0,40}+(?:\Z|[\r\n])")
_MERGE = lazy_compile(
    rb"\*\|(?P<inside>[A-Z][A-Z0-9_:]{1,40})\|\*|%%(?P<other>[A-Za-z][A-Za-z0-9]{0,30}(?:_[A-Za-z0-9]{1,30}){1,6}|[A-Z]{3,40})%%"
)


def read_modx(page: Page, at: int) -> Found | None:
    """Read a tag of MODX: a field, a placeholder, a chunk, a link, or a call of a snippet with its properties."""
    raw = page.raw
    start = at
    if raw.startswith(b"?", at):
        before = _MODX_BEFORE.search(raw, max(0, at - 100), at)
        if before is None:
            return None
        start = before.start()
    tag = _MODX.match(raw, start)
    return None if tag is None else tag_of(Span(*tag.span()), tag["inside"])


def read_percent(page: Page, at: int) -> Found | None:
    r"""Read a block of ASP, JSP, ERB or of the Template Toolkit.

    >>> read_percent(Page(b'<%= Request("id") %>'), 0).value
    {'code': '= Request("id")'}
    """
    raw = page.raw
    opening = next(sign for sign in _PERCENT if raw.startswith(sign, at))
    tag = _PERCENT[opening].match(raw, at, at + _LONGEST_PERCENT)
    if tag is None or not _CODE.search(tag["inside"]):
        return None
    if opening == b"&lt;%":
        return tag_of(Span(*tag.span()), tag["inside"], ENCODED)
    return tag_of(Span(*tag.span()), tag["inside"])


def read_blade(page: Page, at: int) -> Found | None:
    """Read a directive of Blade: one with its arguments, or one that ends a block."""
    raw = page.raw
    tag = _DIRECTIVE.match(raw, at)
    if tag is None:
        return None
    name = tag["name"]
    if tag["open"] is not None and name in _OPENINGS:
        stop = _arguments_stop(raw, tag.end("open"))
        told = stop > 0 and _are_arguments(raw[tag.end("open") : stop - 1])
        return tag_of(Span(at, stop), raw[at + 1 : stop]) if told else None
    stop = tag.end("name")
    if name not in _CLOSINGS or tag["open"] is not None:
        return None
    if name in _WORDS and not (_LINE_BEFORE.search(raw, max(0, at - 42), at) and _LINE_BEHIND.match(raw, stop)):
        return None
    return tag_of(Span(at, stop), name)


def _are_arguments(text: bytes) -> bool:
    """Whether what stands in a directive's brackets has a sign of code, and no sentence outside of strings."""
    return _ARGUMENT.search(text) is not None and not holds_words(_STRING.sub(b"''", text), 0, len(text))


def _arguments_stop(raw: bytes, at: int) -> int:
    """Return the first byte behind the bracket that closes the one before ``at``; 0 when none does."""
    depth = 1
    for bracket in islice(_BRACKET.finditer(raw, at, at + _ARGUMENTS_LONGEST), _BRACKETS_MOST):
        depth += {b"(": 1, b")": -1}.get(bracket[0], 0)
        if not depth:
            return bracket.end()
        if bracket[0].startswith(b"\n"):
            break
    return 0


def read_merge(page: Page, at: int) -> Found | None:
    """Read a field that a mailing program was to fill in, such as ``*|FNAME|*`` or ``%%first_name%%``."""
    tag = _MERGE.match(page.raw, at)
    return None if tag is None else tag_of(Span(*tag.span()), tag["inside"] or tag["other"])
