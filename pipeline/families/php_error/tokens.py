r"""The tokens of a printed PHP error, as patterns to be matched at a position or found in one pass.

Source: ``php_error_cb`` in main/main.c of php-src, ``xdebug_base.c`` of Xdebug and ``_drupal_log_error`` of Drupal,
compared with the output of PHP 8.2 and Xdebug 3.2. Digits are ``[0-9]``; every repetition is bounded.
"""

from __future__ import annotations

from pipeline.families.php_dump.damage import SINGLE_QUOTE
from pipeline.patterns import lazy_compile

SEVERITIES = (
    b"Recoverable fatal error",
    b"Catchable fatal error",
    b"Strict Standards",
    b"Unknown error",
    b"Fatal error",
    b"Parse error",
    b"Deprecated",
    b"Warning",
    b"Notice",
)
"""Every name that PHP gives the severity of an error, longest first."""

WHITE = rb"(?:[ \t\r\n]|\xc2\xa0|&nbsp;)"
TAG = rb"</?(?:b|i|strong|em|span|font|code)(?: [^<>\n]{0,160})?>"
_MARK_UP = TAG + rb"|&lt;/?(?:b|i|strong)&gt;|\*\*"
GAP = rb"(?:" + WHITE + rb"|" + _MARK_UP + rb")"
"""White space, or what a page and its readers put around a token: tags, encoded tags, the stars of Markdown."""
BREAK = rb"(?:<br ?/?>|&lt;br ?/?&gt;)"

CLOSING = rb"(?:" + WHITE + rb"|</(?:b|i|strong|em|span)>|&lt;/(?:b|strong)&gt;|\*\*)"
"""What may stand behind the colon of a severity; an opening tag is the message's own."""

TRACE, MAIN, LINE = b"Stack trace:", b"{main}", b"line"
FIRST_ROW, CALL_STACK, LINE_OF_DRUPAL = b"#0 ", b"Call Stack", b"(line"
SIGNS = (LINE, *SEVERITIES, TRACE, MAIN, FIRST_ROW, CALL_STACK, LINE_OF_DRUPAL)
"""What heads, tails and both ends of a trace have, of a tail the last word; and what every other error or trace has."""
_GAP_IN_LINE = rb"(?:[ \t]|\xc2\xa0|&nbsp;|" + _MARK_UP + rb")"
_NUMBER = rb"(?P<line>[0-9]{1,9})"
_ON = rb"(?<![A-Za-z0-9_])on" + WHITE + rb"{1,6}"
HEAD_OR_TAIL = lazy_compile(
    rb"(?P<severity>(?<![A-Z_\-])(?:" + rb"|".join(SEVERITIES) + rb"))" + GAP + rb"{0,4}:" + CLOSING + rb"{1,6}"
    rb"|(?P<trace>" + TRACE + rb")|(?P<main>\{main\})|" + _ON + LINE
    + rb"(?:" + _GAP_IN_LINE + rb"{1,8}" + _NUMBER
    + rb"|" + GAP + rb"{1,8}" + _NUMBER + rb"(?=" + _MARK_UP + rb"|[ \t]{0,64}(?:[\r\n]|" + BREAK + rb"|\Z)))"
)  # fmt: skip
"""``SEVERITY: `` with which an error begins, ``on line N`` with which it ends, and both ends of a trace.

A severity directly behind a word begins nothing, but ends what came before it. A number that begins a line has that to
itself: with words behind it it is theirs.
"""

ON_BEFORE = lazy_compile(rb"(?r)" + _ON)
"""The rest of ``on line`` before its last word, matched backward from there."""

GAP_AT = lazy_compile(GAP + rb"{1,8}")
GAP_BEFORE = lazy_compile(rb"(?r)" + GAP + rb"{1,8}")
WHITE_BEFORE = lazy_compile(rb"(?r)" + WHITE + rb"{1,8}")
"""Both are matched backward from a position."""

CLOCK = rb"\[[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9:]{8}(?: [A-Za-z_/+\-0-9]{1,40})?\]"
_BREAK_LINE = rb"(?:" + BREAK + rb"[ \t\r\n]{0,4})?"
BEFORE_LONGEST = 160
BEFORE = lazy_compile(
    rb"(?:(?:" + CLOCK + WHITE + rb"{1,4}|(?<![A-Za-z,;] ))PHP(?:[ \t]|\xc2\xa0){1,2}"
    rb"|" + _BREAK_LINE + rb"(?:<b>|<strong>|&lt;b&gt;|\*\*)"
    rb"|" + _BREAK_LINE + rb"\(" + WHITE + rb"{0,2}!" + WHITE + rb"{0,2}\)" + WHITE + rb"{1,4})\Z"
)  # fmt: skip
"""What PHP, its log or Xdebug print before the severity; matched up to it.

A sentence may end with the name of PHP, so without a clock it must not go on from a word.
"""

AFTER_LINE = lazy_compile(rb"(?:</(?:b|strong|i|em|span)>|&lt;/b&gt;|\*\*)?(?:[ \t]{0,4}" + BREAK + rb")?")

EVALUATED = (
    rb"(?:\([0-9]{1,9}\))? : (?:eval\(\)" + SINGLE_QUOTE + rb"d code|runtime-created function|assert code|regexp code)"
)
PATH = lazy_compile(
    rb"(?P<whole>(?:(?:/|[A-Za-z]:[\\/]|\\\\|[a-z][a-z0-9.+\-]{1,30}://)"
    rb"(?:[^\s<>|*]{0,1000}|[^\r\n\t<>|*]{0,1000}\.[A-Za-z][A-Za-z0-9]{0,7}))(?:" + EVALUATED + rb"){0,6})"
    rb"|(?P<nameless>(?:Unknown|Command line code|Standard input code|php shell code|xdebug://debug-eval|-)(?:\(0\))?"
    rb"(?:" + EVALUATED + rb"){0,6})"
    rb"|(?P<part>[^\s<>|*:;,()\"`]{0,300}\.(?:php[0-9]?|phtml|phps?|inc|module|install|theme|engine|profile|tpl|html?)"
    rb"(?:" + EVALUATED + rb"){0,6})"
)
"""Where an error happened: a whole path; code that has none; or a part of a path, as people quote one."""

ARRAY_LINE = lazy_compile(rb"(?:\r\n|\n|" + BREAK + rb"(?:\r\n|\n)?)Array(?=[ \t]*(?:[\r\n]|\Z))")
"""What a page shows in place of an array, on the line behind the error that says so."""
