"""The words and marks by which a page tells that it shows output of a program on purpose."""

from __future__ import annotations

from itertools import islice

import regex
from msgspec import Struct

from pipeline.families.traits import Sign, Text, words
from pipeline.patterns import lazy_compile

FAMILIES_OF_CODE = frozenset({"php_source", "shortcode", "template_tag", "html"})
"""Families whose claims are code as people write it; on a page about code it stands beside what the code prints."""

LOG_LINE = lazy_compile(
    rb"\s{0,4}\[(?:[A-Z][a-z]{2} )?[0-9A-Za-z]{1,4}[-/ ][A-Za-z0-9]{2,3}[-/ :][0-9: .]{2,24}[^\]\r\n]{0,40}\]"
    rb"|\s{0,4}[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9]{2}:[0-9]{2}"
    rb"|\s{0,8}(?:#[0-9]{1,4} |Stack trace:|thrown in )"
)
"""The beginning of an entry of a log, or of a further line of one."""


class Kind(Struct, frozen=True):
    """One kind of mark that a text about code has.

    Attributes:
        sign: Finds a mark.
        fewest: How many make the kind count.
        is_telling: Whether it is hardly found elsewhere; others also stand in scripts that leaked with the page.
    """

    sign: Sign
    fewest: int
    is_telling: bool

    def stands_in(self, text: Text) -> bool:
        r"""Return whether a text has enough of these marks.

        >>> from pipeline.families.traits import Vocabulary
        >>> KINDS["questions and answers"].stands_in(Text(b"Q: Why?\nA: Because.\n", Vocabulary(SIGNS)))
        True
        """
        if not self.sign.may_stand_in(text):
            return False
        return sum(1 for _ in islice(self.sign.pattern.finditer(text.raw), self.fewest)) == self.fewest


CODE = Sign(
    lazy_compile(rb"<\?php|&lt;\?php|\b(?:var_dump|print_r|var_export|debug_zval_dump)\s{0,4}\(|php\s?>\s"),
    signs=(b"<", b"&", b"_", b">"),
)
"""Code that prints such output."""

KINDS: dict[str, Kind] = {
    "the name of PHP": Kind(
        Sign(lazy_compile(rb"(?<![\w./\-])PHP(?=[\s,;:)!?'\"]|\.?(?:\s|\Z)|[4-9])"), words=frozenset({b" php"})),
        1,
        is_telling=True,
    ),
    "variables": Kind(
        Sign(lazy_compile(rb"(?<![\w$.])\$[a-z_][A-Za-z0-9_]"), signs=(b"$",)),
        1,
        is_telling=True,
    ),
    "code spans": Kind(
        Sign(lazy_compile(rb"```|(?<![\w`])`[^`\r\n]{1,80}`|<code>"), signs=(b"`", b"<>")),
        2,
        is_telling=True,
    ),
    "notes on changes": Kind(
        Sign(
            lazy_compile(
                rb"\n[ \t]{0,8}(?:[*+\-]|\xe2\x80\xa2)[ \t]{1,4}(?:\[?[A-Za-z0-9/ ]{1,20}\]?[:\-] )?"
                rb"(?i:fix|add|chang|remov|updat|bug|improv)"
            ),
            signs=(b"*", b"+", b"-"),
            marks=("•".encode(),),
        ),
        3,
        is_telling=True,
    ),
    "questions and answers": Kind(
        Sign(lazy_compile(rb"(?<=\n)[QA]: "), marks=(b"\nQ: ", b"\nA: ")),
        2,
        is_telling=True,
    ),
    "names of scripts": Kind(
        Sign(
            lazy_compile(rb"(?<![\w/.?=&\-\\])[A-Za-z][\w\-]{1,40}\.(?:php|phtml)(?![\w?/.]\w)"),
            words=frozenset({b" php", b" phtml"}),
        ),
        2,
        is_telling=True,
    ),
    "words on a cure": Kind(
        Sign(
            lazy_compile(
                rb"(?i)\b(?:how (?:to|do i) (?:fix|solve|get rid of)"
                rb"|to (?:fix|solve|get rid of) (?:this|the) (?:error|warning|notice)"
                rb"|(?:this|the) (?:error|warning|notice)(?: message)? (?:means|occurs|happens|is caused|is triggered))"
            ),
            words=words("how, fix, solve, rid, error, warning, notice"),
        ),
        1,
        is_telling=True,
    ),
    "the headings of a bug report": Kind(
        Sign(
            lazy_compile(
                rb"(?im)^\W{0,8}(?:steps to reproduce|(?:expected|actual) (?:behaviou?r|results?))\b",
            ),
            words=words("reproduce, behavior, behaviour, result, results"),
        ),
        2,
        is_telling=True,
    ),
    "changed lines of a program": Kind(
        Sign(lazy_compile(rb"\n(?:diff --git |@@ -[0-9])"), signs=(b"@@-",), words=words("diff")),
        1,
        is_telling=True,
    ),
    "the name of a function that dumps": Kind(
        Sign(
            lazy_compile(rb"(?<!\w)(?:var_dump|print_r|var_export|debug_zval_dump)(?!\w)"),
            words=words("var_dump, print_r, var_export, debug_zval_dump"),
        ),
        1,
        is_telling=False,
    ),
    "calls": Kind(
        Sign(
            lazy_compile(
                rb"(?<![\w./$])(?!function\()[a-z_][A-Za-z0-9_]{2,40}\(\)"
                rb"|::[a-z_][A-Za-z0-9_]{0,40}\(|->[a-z_]",
            ),
            marks=(b"()", b"::", b"->"),
        ),
        1,
        is_telling=False,
    ),
    "lines that end like code": Kind(
        Sign(lazy_compile(rb"(?m)[;{}][ \t]{0,8}$"), signs=(b";", b"{", b"}")),
        3,
        is_telling=False,
    ),
}

_KINDS_WITH: dict[bytes, list[str]] = {}
for _name, _kind in KINDS.items():
    for _trait in _kind.sign.traits:
        _KINDS_WITH.setdefault(_trait, []).append(_name)


def kinds_in(text: Text) -> list[str]:
    r"""Return the names of the kinds of marks that a text has enough of, in the order of ``KINDS``.

    >>> from pipeline.families.traits import Vocabulary
    >>> kinds_in(Text(b"Q: Does PHP do that?\nA: It does.\n", Vocabulary(SIGNS)))
    ['the name of PHP', 'questions and answers']
    """
    may_stand = {name for trait in text.traits for name in _KINDS_WITH.get(trait, ())}
    return [name for name in KINDS if name in may_stand and KINDS[name].stands_in(text)] if may_stand else []


QUESTION = lazy_compile(
    (
        r"(?i)\b(?:any (?:ideas?|help|suggestions?)|please help|help me|how (?:do|can) i|thanks in advance"
        r"|(?:can|could|does) (?:any|some)(?:one|body)|what am i doing wrong|i(?:['’]m| am) (?:getting|trying)"
        r"|(?:kann mir|wei(?:ß|ss)|hat) jemand|danke im voraus|wer kann|alguna idea|alguien|gracias de antemano"
        r"|merci d['’]avance|quelqu['’]un|algu[eé]m|obrigad[oa]|qualcuno|grazie)\b|подскажите|помогите"
    ).encode()
)
"""A call for help, as people write it in forums."""

SOFTWARE = Sign(
    lazy_compile(
        rb"(?i)(?<![\w.@/\-])(?:wordpress|drupal|joomla|laravel|symfony|plugins?|wp-config|php\.ini|mysqli?|htaccess"
        rb"|stack trace|error_reporting|debug(?:ging)?|localhost|error messages?|fatal errors?|change ?log|bugfix"
        rb"|github|composer|web ?host(?:ing)?|memory limit|theme files?|source code|developers?"
        rb"|snippets?|troubleshoot(?:ing)?)(?![\w\-])"
    ),
    words=words(
        "wordpress, drupal, joomla, laravel, symfony, plugin, plugins, wp, ini, mysql, mysqli, htaccess, trace, "
        "error_reporting, debug, debugging, localhost, error, errors, log, changelog, bugfix, github, composer, "
        "host, hosting, webhost, webhosting, memory, theme, code, developer, developers, snippet, snippets, "
        "troubleshoot, troubleshooting"
    ),
)
"""Names and terms of the trade."""
COMMON = Sign(
    lazy_compile(
        rb"(?i)(?<![\w.@/\-])(?:php|syntax|scripts?|functions?|variables?|databases?|servers?|websites?|web ?pages?"
        rb"|browsers?)(?![\w\-])"
    ),
    words=words(
        "php, syntax, script, scripts, function, functions, variable, variables, database, databases, server, "
        "servers, website, websites, web, webpage, webpages, browser, browsers"
    ),
)
"""Terms of the trade that are words of every day as well; they count in a call for help, and right before output."""

SIGNS = (CODE, SOFTWARE, COMMON, *(kind.sign for kind in KINDS.values()))
"""All that is looked for around what PHP prints."""

_TERMS = (
    r"outputs?|prints?|printed|returns?|returned|errors?|exceptions?|dump(?:s|ed)?|traceback|warnings?"
    r"|(?:this|following|the) (?:messages?|notice|result)|(?:i|we|you|they|now|just) (?:get|got|see|saw|receive)d?"
    r"|getting|throws?|threw|produces|yields|displays?|would be|looks like|results? (?:is|in)"
    r"|ausgabe|ausgegeben|fehlermeldung(?:en)?|fehler|meldung|liefert|ergibt"
    r"|affiche(?:ra|nt)?|sortie|erreurs?|retourne|donne(?:ra)?"
    r"|salida|imprime|muestra|devuelve|mensaje|errores|saída|exibe|retorna|erros?|mensagem"
    r"|stampa|restituisce|errori?|messaggio|uitvoer|foutmelding|geeft|wynik|błąd|çıktı|hata"
)
_TERMS_OF_OTHER_SCRIPTS = (
    "вывод|выведет|выводит|ошибк|出力|エラー|表示|输出|报错|错误|輸出|錯誤|출력|오류|에러|خروجی|خطا|خطأ|פלט|שגיאה"
)
ANNOUNCES = lazy_compile(rf"(?i)\b(?:{_TERMS})\b|{_TERMS_OF_OTHER_SCRIPTS}".encode())
"""A word of the trade in the line that ends with a colon before a run."""

EXAMPLE = lazy_compile(rb"(?i)\b(?:(?:for|an) (?:example|instance)|e\.g\.|zum beispiel|par exemple|por ejemplo) ?:\Z")
"""An example that a short line announces; where a page speaks of software it is one of code."""

_HEADINGS = (
    r"outputs?|prints|results? in|example\.outputs?(?:[.\w]{0,16})?|(?:sample|expected|actual) output"
    r"|output of [\w .]{1,40}|console|terminal|ausgabe|sortie|salida|saída|uitvoer|résultat affiché|Вывод|出力|输出"
)
OUTPUT_HEADING = lazy_compile(
    (
        r"(?i)[\W_]{0,8}(?:the )?(?:above |following )?(?:examples? |code |script |sample )?(?:will |would |should )?"
        rf"(?:{_HEADINGS})(?: something similar to| like this| is)?[\W_]{{0,8}}"
    ).encode()
)
"""A line that says nothing but that output follows."""

ANNOUNCES_BELOW = lazy_compile(
    rb"(?i)\b(?:(?:this|following|same|get|got|getting|see|seeing|receive|received|receiving) "
    rb"(?:(?:a|an|the|this|following|same|php|fatal|weird|strange) ){0,4}(?:errors?|messages?|notices?|warnings?)"
    rb"|(?:i|we|you|it) (?:(?:also|now|then|always|only|just|still) )?(?:get|got|see|saw|received?)"
    rb"|says?|saying|reads|shows(?: me)?|displays|outputs|prints|returns|gives(?: me)?"
    rb"|error (?:is|was)|error message)\Z"
)
"""Words at the very end of a line after which output is quoted below it."""

ANNOUNCES_INLINE = lazy_compile(
    rb"(?i)(?:\b(?:outputs?|prints|returns|yields|gives|displays|produces|throws|triggers|raises|says|reads"
    rb"|(?:get|got|getting|see|seeing|receive|received|throwing|with|of|like|as|the|an?|this|following|php) "
    rb"(?:(?:a|an|the|this|that|following|php) ){0,4}(?:errors?|messages?|notices?|warnings?|output|exceptions?)"
    rb"|(?:i|we|you|they) (?:(?:will|may|might|can|could|would|should) )?(?:get|got|see|saw|received?)"
    rb"|such as|for example|for instance"
    rb")[ :\-]{0,4}|[=-]>\s?|\xe2\x86\x92)\Z"
)
"""Words at the very end of a line after which output is quoted on the same line."""


def announcing(line: bytes, *, inline: bool) -> regex.Match[bytes] | None:
    """Return the words at the very end of a trimmed line after which output is quoted, on it or below.

    >>> announcing(b"And then it says", inline=False)[0]
    b'says'
    """
    if inline:
        return ANNOUNCES_INLINE.search(line) if line[-1:].isalpha() or line.endswith(_ENDS_INLINE) else None
    return ANNOUNCES_BELOW.search(line) if line[-1:].isalpha() else None  # few lines of news end without a full stop


_ENDS_INLINE = (b":", b"-", b">", "→".encode())

OF_THE_TRADE = lazy_compile(
    rb"(?i)error|exception|output|notice|php|[=-]>|\xe2\x86\x92"
    rb"|\b(?:i|we|you|it) (?:(?:also|now|then|always|only|just|still) |(?:will|may|might|can|could|would|should) )?"
    rb"(?:get|got|see|saw|received?)\Z"
    rb"|\b(?:such as|for example|for instance)\Z"
)
"""What makes an announcement one of a program's words, whatever the rest of the page is about."""

CODE_BEFORE = lazy_compile(rb"(?:[ \t]=|\breturn|\becho|\bprint|//|/\*|(?:\A|\s)#|\A(?:&gt;|>)|\A\$|(?:\A|\s)[(\[])\Z")
"""Code, a comment or a quotation's mark right before a run."""

_CHANGES = (
    r"fix(?:e[sd])?|fixing|bugs?|bugfix|hotfix|resolv(?:e[sd]?|ing)|correct(?:s|ed)|remov(?:e[sd]?|ing)"
    r"|prevent(?:s|ed|ing)?|avoid(?:s|ed|ing)?|suppress(?:es|ed)?|patched|solved?|behoben|corrig\w{1,6}|исправ\w{1,12}"
)
LIST_ITEM = lazy_compile(rb"[ \t]{0,8}(?:[*+\-]|\xe2\x80\xa2|[0-9]{1,3}[.)])[ \t]")
"""The beginning of a line in a list, as change logs are."""
CHANGE = lazy_compile(rf"(?i)\b(?:{_CHANGES})\b[^.!?\r\n]{{0,80}}\Z".encode())
"""A word of change before a run on its line, with no end of a sentence between."""

CLAUSE = lazy_compile(rb"(?r)(?<=[.!?])[ \t](?=[A-Z\"\xc3\xd0\xe2])|(?<=[.!?][\"')])[ \t]|(?<=\xe2\x80\x9d)[ \t]")
"""The blank between two sentences, the last one first."""
GOES_ON = lazy_compile(rb"(?:[,;]|\xef\xbc[\x8c\x9b]) ?[A-Za-z\x80-\xff]")
"""A comma and words behind it: nothing that a server prints ends like this, and no text begins so."""
SENTENCE_END = lazy_compile(rb"[.!?:](?:[\"')]|\xe2\x80[\x99\x9d])?\Z")

OPENS = lazy_compile(
    rb"(?:(?P<certain>`|\xe2\x80[\x9c\x9e\x98\x9a]|\xc2\xab|&[lb]dquo;|&laquo;|<code>|<q>)"
    rb"|\xc2\xab(?:[ ]|\xc2\xa0|\xe2\x80\xaf)|\xc2\xbb|\xe3\x80[\x8a\x8c\x8e]"
    rb"|[\"']|\xe2\x80[\x9d\x99]|&quot;|&#0?39;)\Z"
)
OPENS_LAST = frozenset(mark.encode()[-1] for mark in "`“„‘‚«»《「『;>\"'”’ \u00a0\u202f")
"""The last bytes of all of them."""
CLOSES = lazy_compile(
    rb"\.?(?:[`\"']|\xe2\x80[\x98-\x9f\xb3\xb2]|(?:[ ]|\xc2\xa0|\xe2\x80\xaf)?\xc2\xbb|\xc2\xab|\xe3\x80[\x8b\x8d\x8f]"
    rb"|&(?:r?dquo|quot|raquo|#0?39);|</(?:code|q)>)"
)
