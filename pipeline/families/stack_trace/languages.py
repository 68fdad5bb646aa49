"""How Java, .NET and JavaScript print the frames of a trace and the exception above them."""

from __future__ import annotations

from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.sentences import BETWEEN_SENTENCES
from pipeline.families.stack_trace.frames import FAMILY, Language, first_of, traces
from pipeline.model import Claim, Span
from pipeline.patterns import lazy_compile

_NAME = rb"[A-Za-z_$][\w$]{0,120}"
_KINDS = rb"(?:Exception|Error|Throwable|Failure|Fault|Timeout|Abort|Interrupted)"
_JAVA_CLASS = rb"(?:" + _NAME + rb"\.){1,12}[A-Za-z_$][\w$]{0,120}?" + _KINDS + rb"(?![\w$.]\w)"
JAVA = Language(
    "java",
    lazy_compile(
        rb"(?<![\w.])at[ \t]{1,4}(?P<call>(?:[\w.$@\-]{1,80}/{1,2}){0,3}(?:" + _NAME + rb"\.){1,15}(?:"
        + _NAME + rb"|&lt;\w{1,8}&gt;|<\w{1,8}>))"
        rb"\((?:(?P<file>[\w$.\-]{1,80}\.\w{2,8}):(?P<line>[0-9]{1,6})|Native Method|Unknown Source|(?:&lt;"
        rb"|<)generated(?:&gt;|>)"
        rb"|[\w$.\-]{1,80}\.(?:java|kt|scala|groovy|clj|jsp))\)(?: ~?\[[^\[\]\r\n:]{1,100}:[^\[\]\r\n]{1,60}\])?"
    ),
    lazy_compile(
        rb"(?:Exception in thread \"[^\"\r\n]{0,120}\" |(?:Uncaught|Unhandled) exception: )?(?<![\w.$/])(?P<class>"
        + _JAVA_CLASS + rb")(?::(?=\s)|(?=\s|\Z))"
    ),
    lazy_compile(rb"(?:[ \t\r\n]|<br ?/?>){1,12}(?:Caused by|Suppressed|Wrapped by|Root [Cc]ause"
    rb"|[Nn]ested exception(?: is)?):?[ \t\r\n]{1,8}"),
    lazy_compile(rb"\.\.\. [0-9]{1,5} (?:more|common frames omitted)|\(?\.\.\.\)?(?=[ \t]*[\r\n])"),
)  # fmt: skip
"""Java, and what else runs on its machine."""

_IN = rb"(?:in|im|dans|en|\xd0\xb2|w|i|na)"
_LINE = (
    rb"(?:line|Zeile|ligne|l\xc3\xadnea|linea|linha|regel|rad|wiersz|\xd1\x81\xd1\x82\xd1\x80\xd0\xbe\xd0\xba\xd0\xb0)"
)
_DOTNET_CALL = (
    rb"(?:[A-Za-z_<][\w`+<>$|\[\],]{0,120}\.){1,15}\.?[A-Za-z_<][\w`<>$|]{0,120}(?:\[[\w,`]{1,60}\])?"
    rb"\((?:[^()\r\n]|\([^()\r\n]{0,80}\)){0,600}\)"
)
DOTNET = Language(
    "dotnet",
    lazy_compile(
        rb"(?<![\w.])(?:at|bei|\xc3\xa0|en|\xd0\xb2|w|in|em)[ \t]{1,4}(?P<call>" + _DOTNET_CALL + rb")"
        rb"(?: \[0x[0-9a-f]{2,8}\])?(?: " + _IN + rb" (?P<file>(?:[A-Za-z]:[\\/]|/|<)[^\r\n:*?\"|]{1,300}):(?:"
        + _LINE + rb" )?(?P<line>[0-9]{1,6}))?"
        rb"|(?<![\w.])(?P<call>"
        + _DOTNET_CALL + rb")(?: (?P<file>[A-Za-z]:\\[^\r\n:*?\"|]{1,300}):(?P<line>[0-9]{1,6})| \+[0-9]{1,9})"
    ),
    lazy_compile(
        rb"(?:Unhandled [Ee]xception[:.] |\[)?(?<![\w.$/])(?P<class>(?:(?:" + _NAME + rb"\.){1,12}"
        rb"|(?<=\[))[A-Za-z_]\w{0,120}?(?:Exception|Error)"
        rb"(?![\w.]\w))(?: \(0x[0-9A-Fa-f]{8}\))?:(?=\s)"
    ),
    lazy_compile(rb"(?:[ \t\r\n]|<br ?/?>){1,12}(?:---> |(?=\[[A-Z]\w{2,80}(?:Exception"
    rb"|Error)(?: \(0x[0-9A-Fa-f]{8}\))?: ))"),
    lazy_compile(rb"--- End of (?:inner exception stack trace"
    rb"|stack trace from previous location(?: where exception was thrown)?) ---"),
)  # fmt: skip
"""The languages of .NET, whose traces speak the language of the server's system."""

_PLACE = (
    rb"(?:(?P<file>(?:(?:https?|file|webpack(?:-internal)?|node|eval)(?::|://)|/|[A-Za-z]:\\|\.{1,2}/"
    rb"|[\w@\-]{1,60}/)[^\s()\r\n]{1,400}?"
    rb"|(?:internal|module|events|net|fs|vm|timers|_http_\w{2,20}|repl|<anonymous>"
    rb"|[\w\-.]{1,80}\.[mc]?[jt]sx?)):(?P<line>[0-9]{1,7})(?::[0-9]{1,7})?"
    rb"|<anonymous>|native|index [0-9]{1,4})"
)
NODE = Language(
    "javascript",
    lazy_compile(
        rb"(?<![\w.])at[ \t]{1,4}(?:(?P<call>(?:async "
        rb"|new ){0,2}[\w$.<>#\[\]@]{1,160}(?: \[as [\w.$<>]{1,80}\])?) \(" + _PLACE + rb"\)|(?:async )?"
        + _PLACE.replace(b"?P<file>", b"?P<file>").replace(b"|<anonymous>|native|index [0-9]{1,4})", b")") + rb"(?!\w))"
    ),
    lazy_compile(
        rb"(?:(?:Uncaught"
        rb"|Unhandled(?:PromiseRejection(?:Warning)?)?)(?: exception)?:? (?:\(in promise\) )?)?(?<![\w.$/])"
        rb"(?P<class>(?:[A-Z][\w$]{0,80})?(?:Error|Exception|Warning"
        rb"|Rejection)(?![\w$.]\w))(?: \[[A-Z_0-9]{2,60}\])?(?::(?=\s)|(?=\s|\Z))"
    ),
    lazy_compile(rb"[ \t\r\n]{1,12}\{?[ \t\r\n]{0,4}\[cause\]: "),
    lazy_compile(rb"at (?:async )?(?:<anonymous>|native)|\.\.\. [0-9]{1,4} (?:more"
    rb"|lines matching cause stack trace \.\.\.)"),
)  # fmt: skip
"""JavaScript as V8 prints it: Node and Chrome."""

_PACKAGES = rb"(?:java|javax|jakarta|org|com|net|io|scala|kotlin|System|Microsoft|edu|de|fr)"
_ALONE = lazy_compile(
    rb"(?m:^)[ \t]{0,40}(?P<all>(?:Exception in thread \"[^\"\r\n]{0,120}\" )?"
    rb"(?P<said>(?:[A-Z][\w'\-]{0,30}:?)(?:[ :][\w'/()\-]{1,30}:?){0,10}[ :])?"
    rb"(?P<class>" + _PACKAGES + rb"\.(?:[a-zA-Z_$][\w$]{0,60}\.){1,12}[A-Z][\w$]{0,120}?(?:Exception"
    rb"|Error))(?::[ \t][^\r\n]{1,400})?)[ \t]{0,40}(?=[\r\n]|\Z)"
)
"""A line that an exception has to itself, with a few words of the program before it."""
_OF_A_PROGRAM = lazy_compile(
    rb"(?i)uncaught|unhandled|internal|exception|error|trace|caus|fail|could not|cannot|can't|unable|unexpected|invalid"
)


def java_traces(raw: bytes) -> tuple[Claim, ...]:
    r"""Return the traces of Java, and exceptions that stand alone on their line.

    >>> [claim.status for claim in java_traces(b"Could not load: java.lang.NullPointerException\n\nRain fell.")]
    ['exact']
    """
    return tuple(first_of([*traces(raw, JAVA), *_alone(raw)]))


def dotnet_traces(raw: bytes) -> tuple[Claim, ...]:
    """Return the traces of .NET."""
    return traces(raw, DOTNET)


def node_traces(raw: bytes) -> tuple[Claim, ...]:
    """Return the traces of JavaScript."""
    return traces(raw, NODE)


def _alone(raw: bytes) -> list[Claim]:
    claims: list[Claim] = []
    for found in _ALONE.finditer(raw):
        told = _OF_A_PROGRAM.search(raw, *found.span("said")) if found["said"] else None
        if JAVA.frame.search(found[0]) or (found["said"] and told is None):
            continue
        if BETWEEN_SENTENCES.search(raw, found.end("class"), found.end("all")):
            continue  # prose may stand behind its message
        # Words before those of a program may be the end of a sentence.
        span = Span(
            told.start() if told and told.start() > found.start("said") else found.start("all"), found.end("all")
        )
        message = raw[found.end("class") : span.stop].lstrip(b": \t")
        exception: dict[str, JSON] = {"class": from_bytes(found["class"])}
        exception |= {"message": from_bytes(message)} if message else {}
        value = as_json({"exceptions": [{**exception, "frames": []}]})
        claims.append(Claim(span, FAMILY, "java", "exact", value=value, resume=span.stop))
    return claims
