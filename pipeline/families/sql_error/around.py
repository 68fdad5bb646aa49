"""What programs print around the message of a database: words and codes before it, the statement behind it."""

from __future__ import annotations

from pipeline.families.sql_error.wording import QUOTE
from pipeline.patterns import lazy_compile

_PROGRAM = (
    rb"(?:Query|Connection|Connect|Select|Insert|Update) (?:failed|error)|Invalid query|Bad query"
    rb"|Could not (?:connect|query|run query|select database)|(?:Unable|Failed) to (?:connect|select)[\w ]{0,40}"
    rb"|(?:A )?(?:fatal )?(?:[Dd]atabase|DB|SQL|MySQLi?|mysqli?|MariaDB|PDO|SQLite3?|ODBC|Oracle)(?: [Qq]uery)?"
    rb"(?: [Ee]rror| ERROR| error message)?(?: has occurred| occurred)?"
    rb"|SQL [Ee]rror \[[0-9]{1,6}\](?: \[[0-9A-Z]{5}\])?"
    rb"|ERROR|Error|error|Message|Fatal error|Uncaught|[A-Za-z_][\w\\]{0,80}(?:Exception|Error)"
    rb"|(?:mysqli?|pg|sqlite|odbc|mssql|sqlsrv|oci)_\w{2,40}\(\)|mysql said|MySQL said|died|Error ?message"
    rb"|Error (?:with|in) query"
)
_CODE = (
    rb"(?:ERROR|Error|error|MySQL Error|MySQL error|Error code|errno|Errno)[ :#]{1,3}[0-9]{3,5}(?: \([0-9A-Z]{5}\))?"
    rb"(?: at line [0-9]{1,6})?[ ]?[:\-.]"
    rb"|#[0-9]{3,5} -|[0-9]{3,5} \(|\[[0-9]{3,5}\]|\((?:[0-9A-Z]{5}/)?[0-9]{3,5}\)[:,]?"
    rb"|[0-9]{4}[:\-]|SQLSTATE\[[0-9A-Z]{5}\](?:: [A-Z][\w ()/]{3,80}: [0-9]{1,6})?(?: ?\[[0-9]{1,6}\])?:?"
    rb"|\[SQLITE_[A-Z]{4,20}\]|Syntax error or access violation: [0-9]{4}"
)
HEAD_LONGEST = 300
HEAD_BEFORE = lazy_compile(
    rb"(?r)(?:(?<![A-Za-z0-9])(?:(?:" + _PROGRAM + rb")[ ]?[:!\-.]{1,2}|" + _CODE + rb")"
    rb"(?:[ \t]|<br ?/?>|</?(?:b|strong|p)>|\r?\n(?=[^\r\n])){0,4}){1,6}"
)
"""Words, codes and states that programs print before a message; matched backward from it."""
CODE = lazy_compile(rb"(?<![0-9A-Za-z])(?:#|ERROR |Error |error |errno[ :]{1,3}|\[|\(|: |/|\A)([0-9]{3,5})(?:\b)")
STATE = lazy_compile(rb"SQLSTATE\[([0-9A-Z]{5})\]|\(([0-9A-Z]{5})\)|\(([0-9A-Z]{5})/")

TAIL = lazy_compile(
    rb"[ ]?\[[0-9]{3,5}\]|[ ]?\[nativecode=[^\r\n]{1,600}\]|[ ]?\([0-9]{3,5}\)|\)(?=[ \t]*(?:[\r\n]|\Z| ))"
    rb"|[ \t]{0,4}(?:</(?:p|b|strong|div|h1|code)>|<br ?/?>)"
)
"""What programs print behind a message."""
_LINE_OF_SOURCE = rb"LINE [0-9]{1,9}"
LINE_OF_SOURCE = lazy_compile(rb"[ \t\r\n]{1,4}" + _LINE_OF_SOURCE + rb": ")
_INNER_STOP = rb"\.(?=[a-z0-9_])"
"""A full stop inside a name or a number."""
_SENTENCE = rb"(?:[^\r\n<.(]|\([^()\r\n]{0,400}\)|\(|" + _INNER_STOP + rb"){1,1000}+\."
"""A sentence of PostgreSQL's own; in brackets stand values, which may have any sign in them."""
POSTGRESQL_TAIL = lazy_compile(
    rb" at character [0-9]{1,9}|[ \t\r\n]{1,4}(?:" + _LINE_OF_SOURCE + rb": [^\r\n^]{0,1000}\r?\n[^\r\n^]{0,1000}\^"
    rb"|(?<=[\r\n][ \t]{0,8})(?:CONTEXT|STATEMENT|QUERY): "
    rb"(?:[^\r\n<.]|\.(?![A-Z][a-z]{1,20} )){0,1000}\.?"
    rb"|(?<=[\r\n][ \t]{0,8})(?:DETAIL|HINT): (?:" + _SENTENCE + rb"(?: (?:You|Perhaps) " + _SENTENCE + rb"){0,3}"
    rb"|[^\r\n<.]{0,1000}(?=[\r\n<]|\Z))"
    rb"|(?:DETAIL|HINT): [^\r\n.]{0,400}\.|\^(?=[ \t]*(?:[\r\n]|\Z)))"
)
"""The further lines of an error of PostgreSQL."""

QUERY = lazy_compile(
    rb"[ \t\r\n.,:;]{0,12}(?:<br ?/?>|</(?:strong|b|p|div)>|<(?:code|p|pre)>|[ \t\r\n]){0,8}"
    rb"(?:\((?:Connection: \w{1,40}, )?SQL: |(?:in|for|with) query:?"
    rb"|(?:The )?(?:SQL|Whole|whole|Full|full|Bad|Failed|failed)? ?(?:[Qq]uery|QUERY|SQL|Statement|statement)"
    rb"(?: being executed)?(?: was| is)? ?[:=])?(?:<(?:code|p|pre)>|[ \t\r\n]|" + QUOTE + rb"){0,24}(?=[A-Za-z])"
)
"""What stands between a message and the statement it is about."""
_CALLED = rb"\w{1,80}(?:\\\w{1,80}){0,8}"
_CALLER = (
    rb"(?:" + _CALLED + rb"(?:->|::)(?:\w{1,80}|\{closure\})|" + _CALLED + rb"(?=\()|\{closure\}|\w{1,80}_\w{1,80}"
    rb"|\w{1,80}(?=[ \t]*(?:[,\r\n<]|\Z)))(?:\([^()\r\n]{0,200}\))?"
)
MADE_BY = lazy_compile(rb"[ \t\r\n]{1,4}made by " + _CALLER + rb"(?:, " + _CALLER + rb"){0,60}")
"""The calls that WordPress names behind a statement."""
QUERY_END = lazy_compile(rb"\)|" + QUOTE + rb"?(?:</(?:code|p|pre|div)>){1,4}|" + QUOTE)
SENTENCES = lazy_compile(rb"[.!?](?:[\"')]|\xe2\x80[\x99\x9d])? [A-Z\"\xc3\xd0\xe2]")
"""Where one sentence ends and another begins: an error of one line has no such place."""
