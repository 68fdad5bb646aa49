"""Does a sentence speak of a piece of code as it speaks of any other thing?

``The element <marquee> was removed`` has lost what it is about where the tag is cut. A leak falls between any two
words; so what tells is a word right before the piece that calls it what it is, a verb that only writing and screens
have, or what is said to have been missing in its place. A tag of a template stands in sentences to be filled in, as in
``Use the code {{ code }}``: a word that may be its label proves nothing for it, nor for a value that was printed.
"""

from __future__ import annotations

import regex

from pipeline.model import Span
from pipeline.patterns import lazy_compile

WHY = "the sentence it stands in speaks of it"
WINDOW = 120
"""How many bytes of its line are read on either side of a piece."""
PAIR_LONGEST = 600
"""How many bytes behind a tag are searched for the one that closes it."""

_THE = (
    r"\b(?:the|an?|this|that|each|every|das|dem|des|eine?[mnrs]?|der|die|den|diese[mnrs]?|la|le|une?|cette|cet|ce"
    r"|el|un|una|est[ae]|o|uma?|il|lo|quest[ao]|het|een|de) "
)
_SHORTCODES = (
    r"(?:short ?code|place ?holder|directive|snippet|(?:html|template|merge|meta|xml) (?:tag|element))s?"
    r"|platzhalter|codes? courts?|códigos? cortos?|marcador(?:es)?|(?:шорткод|плейсхолдер)(?:а|у|ы|ом)?"
)
"""What is the name of nothing but pieces of code."""
_ELEMENTS = r"tag|element|balise|élément|etiqueta|elemento"
_COMMANDS = r"command|filter|variable|befehl|anweisung|commande|comando|variabile|balise"
_CODES = (
    rf"{_ELEMENTS}|{_COMMANDS}|code|statement|expression|attribute?|string|selector|sequence|entity|mark-?up|query|comment"
    r"|quelltext|zeichenkette|abfrage|kommentar|chaîne|requête|código|cadena|consulta|atributo|codice|stringa|attributo"
)
_STRINGS = r"(?:serialized |whole )?(?:string|payload)|zeichenkette|chaîne|cadena"
_RUSSIAN = r"\b(?:т[еэ]г|код|элемент|команд|строк)(?:а|у|ом|ой|и|е|ы|ов)?"
"""The same in a language without articles."""
_LIKE = (
    r"\b(?:(?:string|code|line|value|tag|element|comment|query|command|input|payload|expression|header)s?|queries"
    r"|something|anything|zeichenkette|zeile|etwas|chaîne|ligne|cadena|línea|algo) (?:like|such as|wie|comme|como)"
)
_TYPE = r"typed|typing|pasted?|insert(?:s|ed)?|injected|tippen sie|tapez|collez|insérez|inserte|escriba|вставьте"
_PUT = rf"{_TYPE}|types?|put|puts|add|adds|added|use|wrote|wrap|planted|placed|schreiben sie|ajoutez|añada"
_FIRST = r"(?:\A|[.!?;][\"”»]? {1,2})"
_SEEN = (
    r"\b(?:saw|sees?|read|reads|reading|found|finds?|show(?:s|ed|n|ing)?|display(?:s|ed|ing)?|printed|prints|appeared"
    r"|stood|carried|carries|bore|bears"
    r"|(?:greeted|began|begins?|opened|opens|started|answered|replied) (?:with|by)|beg[ao]nn(?:en)? mit"
    r"|lasen|sahen|stand|steht|zeigte?|fanden|affich\w{1,5}|voyai(?:en)?t|lisai(?:en)?t|mostr\w{1,5}|muestra"
    r"|veían|vieron|leían|видели|читали|показывал[аио]?|стояло)"
)
_FEW_WORDS = r"(?: [^\s.,;:!?]{1,24}){0,3}"
_INSTEAD = (
    r"(?:instead of|rather than|in place of|an?statt|statt|anstelle|au lieu d(?:e|u|es)|en (?:lugar|vez) del?"
    r"|invece d\w{1,4}|вместо)\b"
)
_SHOULD = r"(?:where|wo|où|donde)\b[^.!?]{1,70}\b(?:should|ought|belongs?|belonged|sollten?|aurai(?:en)?t dû|debía)\b"
_FOR_A_TIME = (
    r"(?:for (?:[\w\-]+ )?(?:minute|hour|day|week|month|night)s?|all (?:day|night|morning|afternoon|evening|week)"
    r"|eine? \w+ lang|pendant|durante|весь день)\b"
)
_APPEARED = r"(?:appeared|stood|became|remained|greeted|filled|flashed|erschien|stand|apparut|apareció|появилось)\b"
_WORDS = r"message|words|phrase|text|line|error|warning|notice|meldung|worte|mots|mensaje|palabras|сообщение"
_SCREEN = (
    r"\b(?:screen|console|terminal|browser)s?(?: (?:then|now|only|still|simply))?"
    r" (?:read|reads|shows?|showed|said|says|displayed|printed|prints)"
    r"|\b(?:bildschirm|programm|konsole|écran|console|pantalla|consola|экран) "
    r"(?:zeigte?|meldete|affich\w{1,5}|mostr\w{1,5}|muestra|показывал|показывает)"
)

_SIGN = r"\b(?:sign|label|poster|banner|ticket|receipt|letter|card)s? (?:read|reads|said|says)"
"""The same of what is written; a template may have been meant to fill it in."""


def _before(*alternatives: str) -> regex.Pattern[str]:
    """Return the pattern of what stands right before a piece; it is matched backward."""
    return lazy_compile(rf"(?ri)(?:{'|'.join(alternatives)}) [\"'“„«]?")


_SURE = _before(rf"\b(?:{_SHORTCODES})", _LIKE, _SCREEN, rf"{_INSTEAD}[^.!?]{{1,60}}{_SEEN}")
_CALLED = {
    "html": _before(rf"{_THE}(?:{_CODES})", _RUSSIAN, rf"{_FIRST}(?:{_PUT})"),
    "php_source": _before(rf"{_THE}(?:{_CODES})", _RUSSIAN, rf"{_FIRST}(?:{_PUT})"),
    "shortcode": _before(rf"{_THE}(?:{_CODES})", _RUSSIAN, rf"{_FIRST}(?:{_PUT})"),
    "template_tag": _before(rf"{_THE}(?:{_COMMANDS})", rf"{_FIRST}(?:{_TYPE})"),
    "php_dump": _before(_SIGN),
    "script": _before(rf"{_THE}(?:{_ELEMENTS}|statement|expression|mark-?up)", rf"{_FIRST}(?:{_TYPE})"),
    "embedded_json": _before(r"\b(?:returns|returned|(?:answer|respond|repli)e[ds] with|(?:listed|stored) as)"),
}
"""Words that call a piece of code so, by its family."""
_A_STRING = _before(rf"{_THE}(?:{_STRINGS})", _SIGN)
_SERIALIZED = lazy_compile(rb"[abdisOCE]:|string\(")
"""The beginning of a value that is called a string: of what was serialized, or of a string itself."""
_NOUN = _before(
    r"\b(?:an?|the|no|one|this|that|each|every|any|another|das|ein|une?|el|la|le|il)"
    r"(?: (?:hidden|invisible|single|empty|first|second|whole|opening|simple|extra))?",
    rf"{_THE}(?:{_CODES})",
    _RUSSIAN,
    rf"{_FIRST}(?:{_PUT})",
)
"""The same of an element whose name stands for a thing, as in ``a hidden <iframe>``."""
_THINGS = frozenset(
    b"html head body title meta link script style iframe frame frameset img object embed video audio canvas form input"
    b" button select textarea marquee blink nav section header footer main h1 h2 h3 h4 h5 h6".split()
)
"""Elements whose tags are no mark-up of words, and mean little where they have no attributes or are not closed."""
_ELEMENT = _before(rf"{_THE}(?:{_ELEMENTS})", r"\bт[еэ]г")
_AND = r",? (?:and|or|und|oder|et|ou|y|o|e|и|или)"
_BARE = r"(?:<|&lt;)[a-z][a-z0-9]{0,20}(?:>|&gt;)"
_LISTED_BEFORE = _before(rf"{_BARE}{_AND}")
_LISTED_BEHIND = lazy_compile(rf"(?i){_AND} {_BARE}")
"""Tags side by side with nothing but a conjunction between them."""
_SEEN_BEFORE = _before(rf"{_SEEN}{_FEW_WORDS}", r"\b(?:with|mit|avec|con|com)")
_QUOTED_BEFORE = lazy_compile(
    r"(?ri)\b(?:read(?:s|ing)?|(?:began|begins?|opened|opens|started|starts?)(?: with)?|lautete?|stand|disait|decía) "
    r"[\"“„«][^\"“”„«»\r\n]{1,40} "
)
"""The beginning of what somebody read in inverted commas, where the piece is its end."""
_QUOTED_BEHIND = lazy_compile(r"[.,!]?[\"“”»]")
_INSTEAD_BEHIND = lazy_compile(rf"(?i)[\"'”»]? (?:{_INSTEAD}|{_SHOULD})")
_WORDS_BEFORE = _before(rf"\b(?:{_WORDS})")
_APPEARED_BEHIND = lazy_compile(rf"(?i)[\"'”»]? {_APPEARED}")
_TIME_BEHIND = lazy_compile(rf"(?i)[\"'”»]? {_FOR_A_TIME}")
_PUT_BEFORE = {
    "html": _before(rf"\b(?:{_PUT}|left|leaves?|hid|hides?)"),
    "php_dump": _before(r"\b(?:printed|prints|wrote|writes)"),
    "php_source": _before(rf"\b(?:{_PUT})"),
    "script": _before(rf"\b(?:{_TYPE})"),
    "shortcode": _before(rf"\b(?:{_PUT})"),
    "template_tag": _before(rf"\b(?:{_TYPE})"),
}
_PUT_BEHIND = lazy_compile(r"(?i)[\"'”»]? (?:into|in|at|on|before|behind|after|above|below|on top of)\b")
_SOURCE_BEHIND = lazy_compile(
    r"(?i)[\"'”»]? (?:in|into|inside) (?:the|a|an|your|his|her|their|each|this|that|its) "
    r"(?:template|source|mark-?up|style ?sheet|html)\b(?!-)"
    r"|-(?:tag|element|befehl|shortcode|anweisung|attribut)s?\b"
)
_TAG = lazy_compile(rb"(?:<|&lt;)(?P<name>[A-Za-z][A-Za-z0-9\-]{0,20}) ?/?(?:>|&gt;)")
"""A tag that opens an element and has no attributes."""
_OPENED = lazy_compile(rb"(?:<|&lt;|\[)(?P<name>[A-Za-z][A-Za-z0-9_\-]{0,40})")
_IN_PAIRS = frozenset({"html", "shortcode"})
"""Families whose claims may close one another: then they are mark-up of what stands between them."""
_REMARK = lazy_compile(rb"(?:<|&lt;)!.*+", regex.DOTALL)
_LAYOUT = frozenset(b"br p hr li div td tr th ul ol span table font wbr".split())
"""Elements whose tags stand anywhere in a text, for a line breaks there."""
_OPENING_QUOTES = "“„«".encode()


def mentioned(raw: bytes, span: Span, family: str) -> bool:
    """Whether the sentence around a piece of code speaks of it.

    >>> raw = b"The element <marquee> was removed. The boat <marquee> sails."
    >>> mentioned(raw, Span(12, 21), "html"), mentioned(raw, Span(44, 53), "html")
    (True, False)
    """
    start, stop = span
    if raw[start - 1 : start] not in (b" ", b'"', b"'") and raw[start - 1 : start] not in _OPENING_QUOTES:
        return False
    if raw[stop : stop + 1].isalnum() or raw.find(b"\n", start, stop) >= 0:  # no sentence lays code out
        return False
    called = _of_html(raw, span) if family == "html" else _CALLED.get(family)
    if family == "php_dump" and _SERIALIZED.match(raw, start):
        called = _A_STRING
    if family in _IN_PAIRS and (called is None or _is_closed(raw, span)):
        return False
    first = max(0, start - WINDOW)
    before = raw[max(raw.rfind(b"\n", first, start) + 1, first) : start].decode("utf-8", "ignore")
    if _SURE.match(before) or (called is not None and called.match(before)):
        return True
    behind = raw[stop : stop + WINDOW].decode("utf-8", "ignore")
    if called in (_CALLED["html"], _NOUN) and (_LISTED_BEFORE.match(before) or _LISTED_BEHIND.match(behind)):
        return True
    return called is not _ELEMENT and _stands_between(before, behind, family)


def _stands_between(before: str, behind: str, family: str) -> bool:
    """Whether the words on either side of a piece say together that it was read, written or stands in some code."""
    if _INSTEAD_BEHIND.match(behind) or (family == "php_dump" and _TIME_BEHIND.match(behind)):
        return _SEEN_BEFORE.match(before) is not None
    if _QUOTED_BEHIND.match(behind) and _QUOTED_BEFORE.match(before):
        return True
    if family == "php_dump" and _APPEARED_BEHIND.match(behind):
        return _WORDS_BEFORE.match(before) is not None
    if _PUT_BEHIND.match(behind) and (put := _PUT_BEFORE.get(family)) and put.match(before):
        return True
    return before[-2:-1].isalpha() and _SOURCE_BEHIND.match(behind) is not None


def _of_html(raw: bytes, span: Span) -> regex.Pattern[str] | None:
    """Return what calls a tag or a comment so; None where a tag closes an element or has attributes."""
    tag = _TAG.fullmatch(raw, *span)
    if tag is None:
        return _CALLED["html"] if _REMARK.fullmatch(raw, *span) else None
    name = tag["name"].lower()
    if name in _THINGS:
        return _NOUN
    return _ELEMENT if name in _LAYOUT else _CALLED["html"]


def _is_closed(raw: bytes, span: Span) -> bool:
    """Whether what a piece opens is closed on its line."""
    opened = _OPENED.match(raw, *span)
    if opened is None:
        return False
    stop = raw.find(b"\n", span.stop, span.stop + PAIR_LONGEST)
    rest = raw[span.stop : stop if stop >= 0 else span.stop + PAIR_LONGEST].lower()
    return b"/" + opened["name"].lower() in rest
