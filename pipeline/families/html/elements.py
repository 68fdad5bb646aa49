"""Names of elements, and what a browser makes of them in the flow of a text.

Source: the index of elements in the HTML standard, the elements that it lists as obsolete, and the prefixes of names
that office programs, social networks and tag libraries bring into pages.
"""

from __future__ import annotations

from pipeline.patterns import lazy_compile

_PARAGRAPHS = """
    address article aside blockquote body caption center details dialog dir div dl fieldset figcaption figure footer
    form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend listing main menu nav noscript ol optgroup p
    plaintext pre section select summary table tbody tfoot thead title ul xmp
"""
PARAGRAPHS = frozenset(_PARAGRAPHS.split())
"""Elements that part paragraphs, at either of their tags."""
LINES = frozenset({"br", "dd", "dt", "li", "option", "td", "th", "tr"})
"""Elements that begin a line at their opening tag."""
_INLINE = """
    a abbr acronym applet area audio b base basefont bdi bdo bgsound big blink button canvas cite code col colgroup
    data datalist del dfn em embed font frame i iframe image img input ins kbd label link map mark marquee meta meter
    nobr noembed noframes object output param path picture portal progress q rb rp rt rtc ruby s samp slot small
    source span strike strong sub sup svg template textarea time track tt u use var video wbr
    math mi mn mo mrow msub msup g rect circle polygon polyline defs symbol
"""
INLINE = frozenset(_INLINE.split())
"""Elements that stand within a line, or are not seen at all."""

KNOWN = PARAGRAPHS | LINES | INLINE
"""Scripts and styles are not among them: their content is no text, and a tag alone does not tell where it ends."""
PREFIXED = lazy_compile(rb"(?:o|w|v|m|st1|fb|g|c|fmt|x|asp|jsp|amp|ng|svg|xsl|esi|mt|tal|ui|h|f)[:\-][a-z][a-z0-9:\-]*")
"""Names with the prefix of another vocabulary, such as ``o:p`` of office programs."""
_SWITCHES = """
    allowfullscreen async autofocus autoplay checked clear compact contenteditable controls crossorigin declare
    default defer disabled download formnovalidate hidden inert ismap itemscope loop multiple muted nohref nomodule
    noresize noshade novalidate nowrap open playsinline readonly required reversed scoped selected
    mozallowfullscreen webkitallowfullscreen webkit-playsinline
"""
SWITCHES = frozenset(_SWITCHES.split())
"""Attributes that stand without a value."""


def is_known(name: bytes) -> bool:
    """Return whether an element of this name is known, in small letters.

    >>> is_known(b"blockquote"), is_known(b"o:p"), is_known(b"mail")
    (True, True, False)
    """
    return name.decode("ascii", "replace") in KNOWN or PREFIXED.fullmatch(name) is not None


def breaks(name: str, *, closing: bool) -> int:
    """Return how many line breaks a reader sees where a tag stands.

    >>> breaks("p", closing=True), breaks("li", closing=False), breaks("li", closing=True), breaks("b", closing=True)
    (2, 1, 0, 0)
    """
    if name in PARAGRAPHS:
        return 2
    return int(name in LINES and not closing)
