"""From a page in HTML to the text that a reader of it sees: resiliparse finds the main content, in document order.

Scripts, comments, attributes and what is hidden are no text, and what leaked there is not carried in. What leaked into
the text stays, above and below the article as well, with the white space that a browser shows.
"""

from __future__ import annotations

from itertools import islice

from pipeline.decoding import UTF_8, Decoded, codec_of, damaged, guessed, is_wide, known
from pipeline.errors import MissingExtraError, RejectedDocument
from pipeline.patterns import lazy_compile
from pipeline.tags import DEEPEST, MOST_ATTRIBUTES, depth, has_wide_tag, prose_kept

HEAD = 2048
"""Bytes in which a page says what it is encoded in; browsers look at 1024."""
DOCUMENTS_MOST = 32
"""Documents of JSON-LD that are read of a page at most."""
PROSE = 100
"""Characters of a paragraph from which on it is prose, and no entry of a menu."""
HIDDEN = ["[hidden]", "[style*='display:none']", "[style*='display: none']"]
"""What no reader sees, unless scripts are run."""

_META = lazy_compile(rb"(?i)<meta\s[^>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([a-z0-9_:.-]{2,40})")
_XML = lazy_compile(rb"<\?xml\s[^>]{0,100}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9_:.-]{2,40})")
_JSON_LD = lazy_compile(r"(?i)<script\s[^<>]{0,400}?application/ld\+json[^<>]{0,400}+>(?s:(.*?))(?=<(/?)script)")


def decoded(raw: bytes, declared: str | None = None, assumed: str | None = None) -> Decoded:
    """Return the text of a page.

    Args:
        raw: The page as it was read.
        declared: The encoding that the server declared.
        assumed: The one that the profile gives; the page's own word goes before it.

    Raises:
        RejectedDocument: ``undecodable``, ``too_deep`` or ``too_wide``.
        MissingExtraError: The extra ``html`` is not installed.

    >>> decoded(b"<p>Rain fell on the p&icirc;er.<script>var a = 1</script>").text.decode()
    'Rain fell on the pîer.'
    """
    head = raw[:HEAD]
    found = _META.search(head) or _XML.match(head.lstrip())
    said = found[1].decode() if found is not None else None
    if said is not None and is_wide(codec_of(said) or ""):
        said = UTF_8  # what was read as ASCII is not in the encoding it names; browsers read this for it
    page = known(raw, [declared, said, assumed]) or damaged(raw, [(0, len(raw))]) or guessed(raw, raw)
    if page is None:
        message = (
            "the page is not UTF-8, says no encoding that fits, and none fits it well; "
            "name its encoding in a profile (text.encoding)"
        )
        raise RejectedDocument("text", "undecodable", message)
    html = page.text.decode()
    readable = _readable(html)
    text = _plain(readable, is_main=True)
    return Decoded(
        raw,
        text.encode(),
        page.encoding,
        replaced=page.replaced,
        is_taken=True,
        confidence=page.confidence,
        described=tuple(document.encode() for document in json_ld(html)),
        prose=_prose(readable, text),
    )


def json_ld(html: str) -> list[str]:
    """Return the documents by which a page describes itself.

    >>> json_ld('<script type="application/ld+json"> {"@type": "NewsArticle"} </script>')
    ['{"@type": "NewsArticle"}']
    """
    if "ld+json" not in html:
        return []
    closed = (found for found in _JSON_LD.finditer(html) if found[2])
    return [found[1].strip() for found in islice(closed, DOCUMENTS_MOST)]


def _readable(html: str) -> str:
    """Return a page as it is given to the parser.

    Raises:
        RejectedDocument: ``too_deep`` or ``too_wide``.
    """
    if (deep := depth(html)) > DEEPEST:
        message = f"elements stand in one another {deep} deep; more than {DEEPEST} is no page that a browser shows"
        raise RejectedDocument("text", "too_deep", message)
    if has_wide_tag(html):
        message = f"a tag has more than {MOST_ATTRIBUTES} attributes, which no page that is meant to be read has"
        raise RejectedDocument("text", "too_wide", message)
    return prose_kept(html)


def _plain(page: str, *, is_main: bool) -> str:
    """Return the text of a page: that of its main content, or all that is not hidden.

    Raises:
        MissingExtraError: The extra ``html`` is not installed.
    """
    try:
        from resiliparse.extract.html2text import extract_plain_text
    except ImportError:
        raise MissingExtraError("pages in HTML", "html") from None
    text: str = extract_plain_text(
        page,
        main_content=is_main,
        preserve_formatting=True,
        list_bullets=False,
        alt_texts=False,
        links=False,
        form_fields=False,
        noscript=False,
        comments=True,
        skip_elements=None if is_main else HIDDEN,
    )
    return text


def _prose(page: str, text: str) -> tuple[int, int]:
    """Return the bytes of prose of a page that its text has not, and of all that there is."""
    taken = {line.strip() for line in text.split("\n")}
    prose = [line for each in _plain(page, is_main=False).split("\n") if len(line := each.strip()) >= PROSE]
    return sum(len(line.encode()) for line in prose if line not in taken), sum(len(line.encode()) for line in prose)
