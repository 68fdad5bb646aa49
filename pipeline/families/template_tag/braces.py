"""Tags in braces: Twig, Jinja, Liquid, Handlebars, Vue and Blade print with two, Smarty with one, JSP with a dollar."""

from __future__ import annotations

from pipeline.families.mark_up import Found
from pipeline.families.sentences import ends_sentence
from pipeline.families.template_tag.expressions import LONGEST, is_expression, tag_of
from pipeline.model import Page, Span
from pipeline.patterns import lazy_compile

_INSIDE = rb"(?:[^{}\r\n'\"]++|'[^'\r\n{]*+'|\"[^\"\r\n{]*+\"|['\"]|\{[^{}\r\n]{0,200}+\})"
_DOUBLE = lazy_compile(
    rb"(?P<open>\{\{\{|\{\{)(?P<head>[-~!]?(?:[#/^>&*]|else\b)?)(?P<inside>"
    + _INSIDE
    + rb"{1,60}+)[-~]?(?P<close>\}\}\}|\}\})"
)
_COMMENT = lazy_compile(
    rb"\{\{!?--(?P<inside>(?:[^-{}]++|-(?!-)){0,4000}+)--\}\}|\{#(?P<other>\s(?:[^#{]++|#(?!\})|\{(?!#)){0,2000}+)#\}"
)
_RAW = lazy_compile(rb"\{!!(?P<inside>(?:[^!{}\r\n]++|!(?!!\})){1,200}+)!!\}")
_STATEMENT = lazy_compile(
    rb"\{%[-+~]?\s{0,8}(?P<inside>(?P<tag>[a-z_]{1,24})\b(?:[^%{}]++|%(?!\})|\{[^{}%]{0,200}+\}){0,100}+)%\}"
)
_STATEMENTS = """
    apply assign autoescape block blocktrans blocktranslate break cache call capture case comment continue csrf_token
    cycle debug decrement deprecated do echo else elif elseif elsif embed empty extends filter firstof flush for form
    from get if ifchanged ifequal import include includes increment initial javascript layout liquid load lorem macro
    nav now paginate partial paginator placeholder plural raw regroup render repo request sandbox schema section set
    show_on_homepage source spaceless static style stylesheet switch tablerow templatetag then thumbnail trans
    translate type unless url use verbatim when widthratio with
"""
_KNOWN = frozenset(name.encode() for name in _STATEMENTS.split())
_SMARTY_NAMES = """
    append assign block capture config_load cycle debug else elseif extends fetch for foreach foreachelse function
    html_image html_options if include include_php insert ldelim literal mailto math nocache php rdelim section
    sectionelse setfilter strip while
"""
_SMARTY = tuple(name.encode() for name in _SMARTY_NAMES.split())
SMARTY_ANCHORS = (b"{$", b"{*", *(b"{" + slash + name for name in _SMARTY for slash in (b"", b"/")))
_SMARTY_TAG = lazy_compile(
    rb"\{(?P<inside>\$[A-Za-z_](?:[^{}\r\n]){0,300}+|(?P<close>/?)(?P<name>[a-z_]{2,16})(?P<rest>(?:\s[^{}\r\n]{0,400}+)?)|\*[^{}*]{0,1000}+\*)\}"
)
_SMARTY_ALONE = frozenset({b"ldelim", b"rdelim", b"literal", b"nocache", b"foreachelse", b"sectionelse", b"strip"})
_SMARTY_VALUE = lazy_compile(rb"\$[A-Za-z_]|[a-z_]{2,20}=[\w'\"$]")
_DOLLAR = lazy_compile(
    rb"[$#]\{(?P<inside>[A-Za-z_][\w]{0,60}+(?:(?:\.|\[['\"]?)[\w]{1,60}(?:['\"]?\])?){0,12}+(?:\([^(){}\r\n]{0,80}\))?)\}"
)


def read_value(page: Page, at: int) -> Found | None:
    """Read a tag that prints a value, a section of Handlebars, or a comment."""
    raw = page.raw
    if found := _COMMENT.match(raw, at) or _RAW.match(raw, at):
        return tag_of(Span(*found.span()), found["inside"])
    tag = _DOUBLE.match(raw, at, at + LONGEST)
    if tag is None or len(tag["open"]) != len(tag["close"]):
        return None
    if tag["head"].startswith(b"!"):  # a comment of Handlebars may hold anything
        return tag_of(Span(*tag.span()), raw[tag.start("head") : tag.end("inside")])
    inside = tag["inside"]
    if tag["head"].endswith(b"else") and not inside.strip():
        return tag_of(Span(*tag.span()), tag["head"] + inside)
    return tag_of(Span(*tag.span()), tag["head"] + inside) if is_expression(inside) else None


def read_statement(page: Page, at: int) -> Found | None:
    r"""Read a statement of Twig, Jinja or Liquid, or a comment of theirs.

    >>> read_statement(Page(b"{% endfor %}"), 0).value
    {'code': 'endfor'}
    >>> read_statement(Page(b"{% of all votes %}"), 0)
    """
    raw = page.raw
    if comment := _COMMENT.match(raw, at):
        return tag_of(Span(*comment.span()), comment["other"])
    tag = _STATEMENT.match(raw, at)
    if tag is None or b"\n\n" in tag["inside"]:
        return None
    name = tag["tag"].removeprefix(b"end")
    return tag_of(Span(*tag.span()), tag["inside"]) if name in _KNOWN or not name else None


def read_smarty(page: Page, at: int) -> Found | None:
    """Read a tag of Smarty: a variable, a function that it knows, the end of one, or a comment."""
    tag = _SMARTY_TAG.match(page.raw, at)
    if tag is None:
        return None
    found = tag_of(Span(*tag.span()), tag["inside"])
    if tag["name"] is None:
        is_value = is_expression(tag["inside"]) and not ends_sentence(page.raw, *tag.span("inside"))
        return found if tag["inside"].startswith(b"*") or is_value else None
    name, rest = tag["name"], tag["rest"]
    if name not in _SMARTY:
        return None
    if tag["close"] or name in _SMARTY_ALONE:
        return None if rest.strip() else found
    if name == b"else":
        return None if rest.strip() else found
    return found if _SMARTY_VALUE.search(rest) and not rest.count(b'"') % 2 else None


def read_dollar(page: Page, at: int) -> Found | None:
    """Read an expression of JSP or of a script's template, such as ``${user.name}``."""
    tag = _DOLLAR.match(page.raw, at)
    return None if tag is None else tag_of(Span(*tag.span()), tag["inside"])
