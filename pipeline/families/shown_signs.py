"""The words and marks by which a page tells that it shows programs and what they print, in any language."""

from __future__ import annotations

from pipeline.families.quoting_signs import KINDS
from pipeline.families.traits import Sign, words
from pipeline.patterns import lazy_compile

FENCE = Sign(
    lazy_compile(
        rb"```|~~~\n|&lt;(?:script|style|pre|code)\b|(?m:^(?:>>> |\$ (?:npm|pip|gem|go|python|node|java|curl) ))"
    ),
    signs=(b"`", b"~~~", b"&;", b">>>", b"$"),
)
"""A fence around code, a tag that is spelled out, or the prompt of a shell."""
TERMS = Sign(
    lazy_compile(
        rb"(?i)(?<![\w.@/\-])(?:javascript(?! (?:is |to be )?(?:enabled|disabled|required|in your))|typescript|jquery"
        rb"|node\.js|html5|css3?|python [23](?:\.[0-9]+)?|kotlin|golang|ruby on rails|coldfusion|asp\.net|c#"
        rb"|mysqli?|mariadb|postgres(?:ql)?|sqlite|sql(?: server| queries| query| statements?)?|nosql|json|xml"
        rb"|regex(?:es|ps?)?|apis?|sdk|source code|compilers?|debug(?:ger|ging)?|stack ?traces?|tracebacks?"
        rb"|null pointer|parsers?|codebase|github|gitlab|npm|maven|gradle|docker|kubernetes|unit tests?|pull requests?"
        rb"|programming languages?"
        rb"|localhost|change ?log|bug ?fix(?:es)?|stack overflow|refactor(?:ing)?|django|laravel|php)(?![\w\-])"
    ),
    signs=(b"#",),
    words=words(
        "javascript, typescript, jquery, js, html5, css, css3, python, kotlin, golang, rails, coldfusion, asp, "
        "mysql, mysqli, mariadb, postgres, postgresql, sqlite, sql, nosql, json, xml, regex, regexes, regexp, "
        "regexps, api, apis, sdk, source code, compiler, compilers, debug, debugger, debugging, stack trace, "
        "stack traces, stacktrace, stacktraces, traceback, tracebacks, null pointer, parser, parsers, codebase, "
        "github, gitlab, npm, maven, gradle, docker, kubernetes, unit test, unit tests, pull request, "
        "pull requests, programming language, programming languages, localhost, change log, changelog, bug fix, "
        "bug fixes, bugfix, bugfixes, stack overflow, refactor, refactoring, django, laravel, php"
    ),
)
"""Terms of the trade; a single one says nothing, for news has some of them as well."""
COMMON = lazy_compile(
    rb"(?i)(?<![\w.@/\-])(?:functions?|variables?|exceptions?|queries|query|tutorials?|frameworks?|syntax|scripts?"
    rb"|snippets?|runtime"
    rb"|programmers?|developers?|java|python|perl|ruby|linux|wordpress|drupal|joomla|schemas?|parameters?|arguments?"
    rb"|methods?"
    rb"|callbacks?|open[ -]source|coding|html|code)(?![\w\-])"
)
"""Terms that are words of every day as well; they count beside one that is not."""
MARKS = tuple(name for name, kind in KINDS.items() if kind.is_telling and name != "names of scripts")
"""Kinds of marks that make a page one about code where it has a term of the trade as well."""
INTRODUCES = lazy_compile(
    rb"(?i)\b(?:code|snippet|script|example|syntax|query|statement|command|selector|rule|function|exception"
    rb"|stack ?trace"
    rb"|traceback|errors?|output|log|fehler(?:meldung)?|beispiel|erreur|exemple|ejemplo|errores)s?\b[^.!?]{0,80}\Z"
)
"""A word before a colon that says that code or output follows."""
OPENS = lazy_compile(
    rb"(?P<mark>`|\xe2\x80[\x9c\x9e\x98]|\xc2\xab|&[lb]dquo;|<(?:code|pre|q|samp|tt)>)[ \t\r\n]{0,8}\Z"
)
"""Signs right before code that say that it is quoted."""

SIGNS = (FENCE, TERMS)
"""All of them that are looked for in the text of a whole page."""
