"""Error pages of application servers, and errors of one line that they and their template engines print."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex
from msgspec import Struct

from pipeline.families.found import FoundGrammar
from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.sentences import BETWEEN_SENTENCES
from pipeline.families.shown import shown
from pipeline.families.stack_trace.frames import LINE_BEFORE, Language, traces
from pipeline.families.stack_trace.languages import DOTNET, JAVA
from pipeline.model import Claim, Grammar, Page, Span, Status
from pipeline.patterns import lazy_compile

FAMILY = "server_error"
PART_LONGEST = 20_000
"""Bytes of one part of a report at most, such as a trace."""
MOST_PARTS = 64
FIRST_LONGEST = 1200
"""Bytes between the head of a report and its first part at most."""


class Report(Struct, frozen=True):
    """An error page that is a head and labelled parts.

    Attributes:
        rule: Name in the ``rule`` column.
        head: What the page begins with; group ``title`` is what it says.
        part: A part from its label to its last byte, a trace apart; group ``label`` is its name, ``text`` the rest.
        last: A part that ends the report.
        language: Whose traces stand in it.
    """

    rule: str
    head: regex.Pattern[bytes]
    part: regex.Pattern[bytes]
    last: regex.Pattern[bytes]
    language: Language | None = None


_ASPNET = Report(
    "aspnet",
    lazy_compile(
        rb"(?P<title>Server Error in (?:'|&#39;|\xe2\x80[\x98\x99])[^'\r\n]{1,120}?(?:'|&#39;"
        rb"|\xe2\x80[\x98\x99]) Application\.?)"
    ),
    lazy_compile(
        rb"(?P<label>Description|Details|Notes):[ \t]*"
        rb"(?P<text>An (?:unhandled exception|application error|error) occurred [^\r\n]{1,400}?(?:in the code"
        rb"|on the local server machine|remotely \(for security reasons\)|appropriately)\."
        rb"(?: It could, however, be viewed by browsers running on the local server machine\.)?"
        rb"|HTTP 404\. [^\r\n]{1,400}?spelled correctly\."
        rb"|(?:An? (?:unhandled|application|error|parser|compil)|To enable the details|The (?:current|requested)"
        rb"|HTTP [45])(?:[^\r\n<]{0,400}?\.(?=[\s<&\x80-\xff]|[A-Z][a-z]|\Z)"
        rb"(?: (?:Please|The current|It could|To enable|Review)[^\r\n<.]{1,400}\.){0,4}|[^\r\n<]{0,1000}))"
        rb"|(?P<label>Requested URL):[ \t]*(?P<text>[^\r\n<]{0,400}?\.\w{2,5}(?=[ \t]*(?:[\r\n<]|\Z))"
        rb"|(?:(?!&nbsp;|&lt;|\xc2\xa0)[^\s<>]){0,1000})"
        rb"|(?P<label>Exception Details|Source Error|Source File|Stack Trace|Parser Error Message"
        rb"|Compiler Error Message|Version Information|Required permissions cannot be acquired):[ \t]*"
        rb"(?P<text>[^\r\n]{0,1000})"
    ),
    lazy_compile(
        rb"Microsoft \.NET Framework Version:[ ]?[0-9.]{3,20}; ASP\.NET Version:[ ]?[0-9]{1,6}(?:\.[0-9]{1,6}){1,4}"
    ),
    DOTNET,
)
_TOMCAT = Report(
    "tomcat",
    lazy_compile(
        rb"(?P<title>HTTP Status [45][0-9]{2} (?:-|\xe2\x80\x93)[ ]?[^\r\n]{0,300}?)(?=[ \t]*(?:[\r\n]|<| [Tt]ype ))"
    ),
    lazy_compile(
        rb"(?P<label>[Tt]ype|[Mm]essage|[Dd]escription|[Ee]xception|[Rr]oot [Cc]ause|[Nn]ote)(?:[ \t\r\n]"
        rb"|</?\w{1,4}>){1,12}(?P<text>(?:Exception|Status) [Rr]eport"
        rb"|The (?:server|origin server|requested resource)[^\r\n]{1,240}?\.(?=[\s<&\x80-\xff]|\Z)"
        rb"|The full stack traces? of the (?:root cause|exception)[^\r\n]{1,160}? logs\."
        rb"|(?<=[Mm]essage(?:[ \t\r\n]|</?\w{1,4}>){1,12})(?![Dd]escription)(?P<said>[^\r\n]{0,400}?)(?=[ \t]*"
        rb"(?:[\r\n]|<| [Dd]escription )))?"
    ),
    lazy_compile(
        rb"(?:Apache Tomcat|JBoss ?Web|JBossWeb|GlassFish Server Open Source Edition"
        rb"|Sun Java System Application Server|Oracle GlassFish Server)[/ ]{1,3}v?[0-9]{1,4}(?:\.[0-9]{1,4}){0,4}+"
        rb"(?:[.\-][A-Z][A-Z0-9]{0,12}(?![a-z])|(?:RC|CR|GA|SP|M)[0-9]{0,3}(?!\w))?+(?! logs)"
    ),
    JAVA,
)
_COLDFUSION = Report(
    "coldfusion",
    lazy_compile(rb"(?P<title>Error Occurred While Processing Request)"),
    lazy_compile(
        rb"(?P<label>The error occurred in|Called from)"
        rb"(?P<text>[ \t]{1,8}[^\r\n]{1,300}?\.cf[a-z]{1,2}(?::? ?line [0-9]{1,6})?)"
        rb"|(?P<label>Resources:|Browser|Remote Address|Referrer|Date/Time"
        rb"|Stack Trace(?: \(click to expand\))?|Please try the following:"
        rb"|Enable Robust Exception Information|Check the ColdFusion documentation|Search the Knowledge Base"
        rb"|Stack Trace:)(?P<text>[^\r\n]{0,1000})"
    ),
    lazy_compile(rb"Date/Time[ \t]{1,8}[0-9A-Za-z\-,: ]{8,40}[AP]M"),
    JAVA,
)
_SENTENCES_OF_SERVERS = (b"An ", b"A ", b"The ", b"To enable", b"HTTP ")
"""How the parts begin that have several sentences of the server's own."""
_LINE_BREAK = lazy_compile(rb"[\r\n]")
_BETWEEN = lazy_compile(
    rb"(?:[ \t\r\n]|&nbsp;|\xc2\xa0|</?[a-zA-Z][^<>]{0,200}>|(?<=[\r\n]|[ \t]{4})Line [0-9]{1,6}:[^\r\n]{0,400}"
    rb"|An unhandled exception was generated during the execution of the current web request\.[^\r\n]{0,200}?below\.)*+"
)
"""What stands between two parts of a report: white space, tags, lines of its source, a fixed sentence."""
_SUMMARY = lazy_compile(rb"(?:[ \t\r\n]|</?[a-zA-Z][^<>]{0,200}>){0,40}+(?:[^\r\n]{1,300}[\r\n]{1,8})?")
"""What stands between the head of a report and its first part: a line at most that says what happened."""


def _reports(report: Report) -> Callable[[bytes], tuple[Claim, ...]]:
    def find(raw: bytes) -> tuple[Claim, ...]:
        claims: list[Claim] = []
        floor = 0
        for head in report.head.finditer(raw):
            if head.start() >= floor and (claim := _report(raw, head, report)):
                claims.append(claim)
                floor = claim.span.stop
        return tuple(claims)

    return find


def _report(raw: bytes, head: regex.Match[bytes], report: Report) -> Claim | None:
    """Read the parts of an error page behind its head; None when there is none, so that a heading may say the same."""
    start, stop = head.span()
    parts: dict[str, JSON] = {}
    status: Status = "truncated"
    unsure: tuple[str, int] | None = None
    limit = FIRST_LONGEST
    for _ in range(MOST_PARTS):
        last = _last(raw, stop, limit, report)
        part = report.part.search(raw, stop, last.start() if last else stop + limit)
        if part and not last and not _goes_on(raw, stop, part, is_first=not parts):
            part = None
        if part is None and last is None:
            break
        if part is None and last is not None:
            stop, status = last.end(), "exact"
            parts["server"] = from_bytes(last[0])
            break
        stop = part.end() if part else stop
        unsure = _add(parts, part) if part else None
        traced = _trace_stop(raw, stop, report)
        unsure = unsure if traced == stop else None
        stop = traced
        limit = PART_LONGEST
    if unsure and status == "truncated":
        label, text_start = unsure
        del parts[label]
        stop = start + len(raw[start:text_start].rstrip())
    if not parts:
        return None
    value = as_json({"title": from_bytes(head["title"]), "parts": parts})
    reason = "" if status == "exact" else "its last part is not there"
    return Claim(Span(start, stop), FAMILY, report.rule, status, reason, value=value, resume=stop)


def _add(parts: dict[str, JSON], part: regex.Match[bytes]) -> tuple[str, int] | None:
    """Add what a part says; return its name and where its text begins, if sentences of the page may stand in it."""
    text, label = (part["text"] or b"").strip(), str(from_bytes(part["label"].lower())).rstrip(":")
    if not text or label in parts:
        return None
    parts[label] = from_bytes(text)
    is_unsure = not text.startswith(_SENTENCES_OF_SERVERS) and BETWEEN_SENTENCES.search(text)
    return (label, part.start("text")) if is_unsure else None


def _last(raw: bytes, stop: int, limit: int, report: Report) -> regex.Match[bytes] | None:
    """Return the part that ends a report, unless another report begins before it."""
    last = report.last.search(raw, stop, stop + limit)
    return last if last and not report.head.search(raw, stop, last.start()) else None


def _goes_on(raw: bytes, stop: int, part: regex.Match[bytes], *, is_first: bool) -> bool:
    """Whether a part of a report that has no end stands right behind the one before it: else the word is prose."""
    if part["text"] is None and raw[part.end() :].strip():
        return False
    if part.groupdict().get("said") and _LINE_BREAK.search(raw, part.end("label"), part.start("text")):
        return False
    between = _BETWEEN.match(raw, stop, part.start())
    if between and between.end() == part.start():
        return True
    summary = _SUMMARY.match(raw, stop, part.start()) if is_first else None
    return summary is not None and _BETWEEN.fullmatch(raw, summary.end(), part.start()) is not None


def _trace_stop(raw: bytes, at: int, report: Report) -> int:
    """Return the byte behind the trace that a part goes on with; ``at`` when it has none."""
    if report.language is None:
        return at
    frame = report.language.frame.search(raw, at, at + FIRST_LONGEST)
    if frame is None or report.part.search(raw, at, frame.start()) or report.last.search(raw, at, frame.start()):
        return at
    window = raw[at : at + PART_LONGEST]
    found = traces(window, report.language)
    return at + found[0].span.stop if found else at


_PERL_PLACE = (
    rb" at (?P<file>(?:/|[A-Za-z]:[\\/]|\.{1,2}/)?[^\s\r\n\"'<>]{1,300}\.(?:pl|pm|cgi|t|fcgi|mt|plx)"
    rb"|\(eval [0-9]{1,6}\)|-e) line (?P<line>[0-9]{1,7})"
    rb"(?:, <[\w$]{1,40}> (?:line|chunk) [0-9]{1,9})?(?:, near \"[^\"]{0,200}\"?)?\.?"
)
_PERL = lazy_compile(_PERL_PLACE)
_PERL_HEAD = lazy_compile(rb"(?r)Software error:[ \t\r\n]{1,8}")
_PERL_HELP = lazy_compile(
    rb"[ \t\r\n]{1,8}(?:BEGIN failed--compilation aborted[^\r\n]{0,400}?\.(?=\s"
    rb"|\Z)[ \t\r\n]{0,8})?For help, please send mail to (?:the|this site's) webmaster[^\r\n]{0,200}?,"
    rb" giving this error message and the time and date of the error\."
)
_PERL_MESSAGE_LONGEST = 1000
_PERL_LINE_START = lazy_compile(
    rb"(?r)[\r\n]|\xef\xbb\xbf|<(?:/?(?:p|div|pre|li|td|h[1-6])|br ?/?)(?:[ \t][^<>]{0,200})?>|&lt;(?:/?p|br ?/?)&gt;"
)
"""What stands before the first byte of a line: its break, or a tag that a reader sees as one."""
_APOSTROPHE = rb"(?:'|\xe2\x80[\x98\x99]|&(?:amp;)?(?:#0?39|#x0?27|apos|rsquo);)"
_TAG_ENDS = (b">", b"]", b"}")
_PERL_KNOWN = lazy_compile(
    rb"Can" + _APOSTROPHE + rb"t|Use of (?:uninitialized|implicit|inherited)|Undefined subroutine"
    rb"|Global symbol|syntax error|Died|Illegal|Argument|Odd number|Deep recursion|Bareword|Not an? |Unrecognized"
    rb"|malformed|Modification of|Could not|Cannot|DBI connect|DBD::|Wide character"
)


def perl_errors(raw: bytes) -> tuple[Claim, ...]:
    """Return the errors of Perl: a message and ``at FILE line N.``, with what CGI puts around it.

    >>> [claim.span for claim in perl_errors(b"Can't open row at /cgi-bin/seat.pl line 7.")]
    [Span(start=0, stop=42)]
    """
    claims: list[Claim] = []
    floor = 0
    for place in _PERL.finditer(raw):
        lowest = max(floor, place.start() - _PERL_MESSAGE_LONGEST)
        broken = _PERL_LINE_START.search(raw, lowest, place.start())
        line = broken.end() if broken else lowest
        start = line + len(raw[line : place.start()]) - len(raw[line : place.start()].lstrip())
        if not _is_own_line(raw, start, place.end()):
            sentences = [found.end() for found in _SENTENCE_END.finditer(raw, start, place.start())]
            known = _PERL_KNOWN.search(raw, sentences[-1] if sentences else start, place.start())
            if known is None:
                continue
            start = known.start()
        elif (known := _PERL_KNOWN.search(raw, start, place.start())) and _is_behind_prose(raw, start, known.start()):
            start = known.start()
        message = raw[start : place.start()]
        head = _PERL_HEAD.match(raw, floor, start)
        help_ = _PERL_HELP.match(raw, place.end())
        stop = floor = help_.end() if help_ else place.end()
        value: dict[str, JSON] = {
            "message": from_bytes(message),
            "file": from_bytes(place["file"]),
            "line": int(place["line"]),
        }
        span = Span(head.start() if head else start, stop)
        claims.append(Claim(span, FAMILY, "perl", "exact", value=as_json(value), resume=stop))
    return tuple(claims)


_PERL_LEADS = lazy_compile(
    rb"(?:\[[A-Z][^\[\]\r\n]{1,60}\] ?)?(?:[\w./\\\-]{1,120}\.(?:pl|pm|cgi|fcgi|t): ?"
    rb"|[\w:]{1,120}::\w{1,60}(?:\(\))?:? |[^\r\n]{0,300}\b(?:failed|error|Error|DBI|DBD)\b[^\r\n:]{0,120}: ?)?"
)
"""A stamp, the name of a program or of a call, or what failed, before the message that says why."""


def _is_behind_prose(raw: bytes, start: int, at: int) -> bool:
    """Whether anything stands on the line before a message but a stamp, or words that lead to it."""
    return at > start and (raw[at - 1 : at] in _TAG_ENDS or not _PERL_LEADS.fullmatch(raw, start, at))


_SENTENCE_END = lazy_compile(rb"[.!?:](?:[\"')]|\xe2\x80[\x99\x9d])?[ \t](?=[A-Z])")
_LINE_BEHIND = lazy_compile(rb"[ \t]*+(?:\Z|[\r\n]|</|<br)")


def _is_own_line(raw: bytes, start: int, stop: int) -> bool:
    begins = LINE_BEFORE.search(raw, max(0, start - 80), start) is not None
    return begins and _LINE_BEHIND.match(raw, stop) is not None and b". " not in raw[start:stop]


_LIQUID = lazy_compile(
    rb"Liquid (?:syntax )?error(?: \((?P<place>[^()\r\n]{1,120})\))?: (?P<message>Could not find (?:asset|template"
    rb"|snippet) [\w./\-]{1,200}"
    rb"|internal|[Dd]ivided by 0|Memory limits exceeded|[Ww]rong number of arguments(?: \([^()\r\n]{1,60}\))?"
    rb"|comparison of \w{1,40} with [\w.]{1,40} failed"
    rb"|invalid url input|Unknown tag '[^'\r\n]{1,60}'|invalid value for \w{1,20}\(\): \"[^\"\r\n]{0,80}\""
    rb"|Array '[^\r\n]{1,80}' is not paginateable\.?"
    rb"|Argument error in tag '[^'\r\n]{1,60}'(?: - [^\r\n]{1,120})?|No such template '[^'\r\n]{1,120}'"
    rb"|Nesting too deep|Illegal template name '[^'\r\n]{1,120}'"
    rb"|'[^'\r\n]{1,60}' tag was never closed|Unexpected character .{1,4} in \"[^\"\r\n]{0,200}\""
    rb"|product form must be given a product"
    rb"|(?P<open>(?:(?!&nbsp;|&lt;|\xc2\xa0)[^\r\n\t<]){1,300}))"
)


def liquid_errors(raw: bytes) -> tuple[Claim, ...]:
    """Return the errors of Liquid templates; a message that is not known ends its line."""
    claims: list[Claim] = []
    for found in _LIQUID.finditer(raw):
        span = Span(found.start(), found.start() + len(found[0].rstrip()))
        value: dict[str, JSON] = {"message": from_bytes(found["message"].rstrip())}
        value |= {"place": from_bytes(found["place"])} if found["place"] else {}
        own = LINE_BEFORE.search(raw, max(0, span.start - 80), span.start) is not None
        if found["open"] and (not own or BETWEEN_SENTENCES.search(found["open"])):
            why = "nothing tells where its message ends"
            claims.append(Claim(span, FAMILY, "liquid", "kept", why, value=as_json(value), resume=span.stop))
        else:
            claims.append(Claim(span, FAMILY, "liquid", "exact", value=as_json(value), resume=span.stop))
    return tuple(claims)


class ServerError:
    """The family ``server_error``: a grammar for each server and engine."""

    name = FAMILY
    grammars: tuple[Grammar, ...] = (
        FoundGrammar("aspnet", (b"Server Error in ",), _reports(_ASPNET)),
        FoundGrammar("tomcat", (b"HTTP Status ",), _reports(_TOMCAT)),
        FoundGrammar("coldfusion", (b"While Processing Request",), _reports(_COLDFUSION)),
        FoundGrammar("perl", (b".pl line ", b".pm line ", b".cgi line ", b".fcgi line "), perl_errors),
        FoundGrammar("liquid", (b"Liquid error", b"Liquid syntax error"), liquid_errors),
    )

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return shown(page, claims)


SERVER_ERROR = ServerError()
