r"""What databases say, word for word: one message a line, with slots for the names and values that each error fills in.

A line is a pattern in which ``<name>`` stands for a name in single quotes, ``<dname>`` for one in double quotes,
``<n>`` for a number, ``<sentence>`` for one of the program's own and ``<open>`` for words that nothing but the end of
their line ends. A quote is any form of it that a page may have made of it. A line that begins with blanks goes on the
line before.
"""

from __future__ import annotations

from pipeline.patterns import lazy_compile

QUOTE = rb"(?:'|`|&(?:amp;)?(?:#0?39|#x0?27|apos|[lr]squo);|\xe2\x80[\x98\x99])"
_DOUBLE = rb"(?:\"|&(?:amp;)?(?:quot|#0?34|#x0?22|[lr]dquo);|\xe2\x80[\x9c\x9d])"
OPEN_LONGEST = 1000
_SLOTS = {
    b"<name>": QUOTE + rb"[^\r\n]{0,300}?" + QUOTE,
    b"<dname>": _DOUBLE + rb"[^\r\n]{0,300}?" + _DOUBLE,
    b"<n>": rb"[0-9]{1,9}",
    b"<sentence>": rb"(?:%b[^\r\n]{0,300}?%b|(?!%b)[^\r\n<.]|(?<=\w)\.(?=[a-z0-9_])){1,400}+\." % (QUOTE, QUOTE, QUOTE),
    b"<open>": rb"(?P<open>(?:[^\r\n<(OTP]|\((?!(?:SQL|Connection): )|[OTP](?!(?:RA|NS|LS)-[0-9]{4,5}: )){1,%d}+)"
    % OPEN_LONGEST,
    b"'": QUOTE,
}
_SLOT = lazy_compile(rb"<(?:name|dname|n|sentence|open)>|'")


def alternatives(table: bytes) -> bytes:
    r"""Return one pattern for all messages of a table.

    >>> import regex
    >>> regex.match(alternatives(b"Unknown database <name>"), b"Unknown database &#039;quay&#039; here")[0]
    b'Unknown database &#039;quay&#039;'
    """
    lines: list[bytes] = []
    for line in table.splitlines():
        if line.startswith(b" "):
            lines[-1] += line.strip(b" ")
        elif line:
            lines.append(line)
    return rb"(?:" + rb"|".join(_SLOT.sub(lambda slot: _SLOTS[slot[0]], line) for line in lines) + rb")"


MYSQL = rb"""
You have an error in your SQL syntax[;.][ \r\n]{1,2}check the manual that corresponds to your [^;\r\n]{1,60} server
  [ ]version for the right syntax to use near(?:[ \r\n]{1,2}'[^\0]{0,2000}?' at line <n>|(?=[ \t]*[\r\n]))
Unknown column <name> in '[a-z]{2,12} (?:clause|list|statement)'
Table <name> doesn't exist
Table <name> is marked as crashed and (?:should be repaired|last \(automatic\?\) repair failed)
The table <name> is full
Unknown database <name>
Unknown collation: <name>
Duplicate entry <name> for key (?:<name>|[0-9]{1,3})
Column <name> (?:cannot be null|in [a-z ]{2,20} is ambiguous|specified twice)
Column count doesn't match value count at row <n>
(?:Data too long|Data truncated|Out of range value)(?: adjusted)? for column <name> at row <n>
Incorrect [a-z]{2,12} value: <name> for column [^\r\n]{1,120} at row <n>
Incorrect key file for table <name>; try to repair it
Field <name> doesn't have a default value
Access denied for user <name>(?:@<name>)?(?: \(using password: (?:YES|NO)\)| to database <name>)?
Can't connect to (?:local )?(?:MySQL|MariaDB)? ?server (?:through socket|on) <name>(?: \([^()\r\n]{1,80}\))?
Lost connection to (?:MySQL |MariaDB )?server (?:during query|at <name>(?:, system error: [^\r\n,.]{1,40})?)
(?:MySQL|MariaDB) server has gone away
Unknown MySQL server host <name>(?: \([0-9]{1,5}\))?
Host <name> is blocked because of many connection errors[;.] ?unblock with <name>
Host <name> is not allowed to connect to this (?:MySQL|MariaDB) server
Got error [\-0-9]{1,6}(?: <name>| <dname>)? from (?:storage engine|table handler)(?: [A-Z][A-Za-z]{2,20})?
Illegal mix of collations \([\w,]{3,80}\)(?:(?:,| and) \([\w,]{3,80}\)){1,3} for operation <name>
(?:Lock wait timeout exceeded|Deadlock found when trying to get lock); try restarting transaction
Cannot (?:add or update a child|delete or update a parent) row: a foreign key constraint fails(?: \([^\r\n]{1,600}\))?
User <name> has exceeded the <name> resource \(current value: <n>\)
(?:Can't (?:open|find|create(?:/write to)?) file|Error writing file|Can't create table)[: ]{1,2}<name>
  [ ]\((?:errno|OS errno|Errcode): [^()\r\n]{1,80}\)
The (?:MySQL|MariaDB) server is running with the [^\r\n]{1,60} option so it cannot execute this statement
Commands out of sync; you can't run this command now
Expression #[0-9]{1,3} of [A-Z ]{4,20} is not in GROUP BY clause[^\r\n]{1,400}sql_mode=only_full_group_by
"""
MYSQL_WITH_HEAD = rb"""
Too many connections
No database selected
Query was empty
Subquery returns more than 1 row
Server shutdown in progress
Query execution was interrupted
Connection (?:refused|timed out)
No such file or directory
Operation timed out
"""
"""Words of MySQL and of the system below it that sentences have as well."""

POSTGRESQL_TEXTS = rb"""
(?:relation|column|schema|type|database|role|index|table|sequence|operator|function)[ :][^\r\n]{1,300}? does not exist
syntax error at (?:or near <dname>|end of input)
unterminated quoted string at or near <dname>
(?:duplicate key value|null value in column|new row for relation|update or delete on table|insert or update on table)
  [^\r\n]{0,300}? violates [a-z\-]{3,12}(?: key)? constraint(?: <dname>(?: on table <dname>)?)?
invalid (?:input syntax|byte sequence) for [a-z ]{4,40}(?:<dname>)?(?:: (?:<dname>|0x[0-9a-fA-F x]{2,40}))?
permission denied for [a-z]{4,20} [\w.]{1,80}
password authentication failed for user <dname>
no pg_hba\.conf entry for [^\r\n]{1,200}?(?:<dname>(?:, SSL (?:on|off)|, no encryption)?)
sorry, too many clients already
remaining connection slots are reserved for [a-z\- ]{4,60}
the database system is (?:starting up|shutting down|in recovery mode)
current transaction is aborted, commands ignored until end of transaction block
canceling statement due to [a-z ]{4,40}
value too long for type character varying\([0-9]{1,5}\)
(?:deadlock detected|division by zero|more than one row returned by a subquery used as an expression)
"""
POSTGRESQL = (
    rb"""
(?:ERROR|FATAL|PANIC|ERREUR|FEHLER): {1,3}"""
    + alternatives(POSTGRESQL_TEXTS)
    + rb"""
could not connect to server: [A-Z][a-z ]{3,40}[ \t\r\n]{1,8}Is the server running [^?]{4,200}\?
connection to server (?:at|on socket) <dname>(?: \([^()\r\n]{1,60}\))?(?:, port [0-9]{1,5})? failed: <open>
"""
)

SQLITE = rb"""
SQLITE_[A-Z]{4,20}(?:_[A-Z]{2,20}){0,2}\]?:? <open>
(?<=[\r\n]|\A|: |\] |\. )near <dname>: syntax error
"""
SQLITE_WITH_HEAD = rb"""
no such (?:table|column|function|index|module): \w{1,80}(?:\.\w{1,80})?
(?:UNIQUE|NOT NULL|FOREIGN KEY|CHECK) constraint failed(?:: [\w.]{1,80}(?:, [\w.]{1,80}){0,6})?
SQL logic error(?: or missing database)?
unable to open database file
database is locked
database disk image is malformed
attempt to write a readonly database
file is (?:encrypted or is )?not a database
table [\w.]{1,80} has no column named \w{1,80}
"""

ORACLE = rb"""
(?:ORA|TNS|PLS|SP2|DPI|DPY|JBO|FRM)-[0-9]{4,5}: <open>
"""
ORACLE_TEXTS = rb"""
at (?:<dname>|\w{1,60}\.\w{1,60}), line [0-9]{1,6}
at line [0-9]{1,6}
table or view does not exist
invalid username/password; logon denied
unique constraint \([^()\r\n]{1,120}\) violated
integrity constraint \([^()\r\n]{1,120}\) violated - (?:parent key not|child record) found
cannot insert NULL into \([^()\r\n]{1,200}\)
SQL command not properly ended
quoted string not properly terminated
missing (?:expression|right parenthesis|keyword|comma)
invalid (?:identifier|number|character|cursor|relational operator)
no data found
end-of-file on communication channel
TNS:(?:no listener|listener [a-z ]{4,80} in connect descriptor|could not resolve [a-z ]{4,60} specified)
maximum open cursors exceeded
not connected to ORACLE
deadlock detected while waiting for resource
ORACLE initialization or shutdown in progress
numeric or value error
"""

MSSQL = rb"""
Unclosed quotation mark (?:after|before) the character string <name>\.?
Incorrect syntax near (?:the keyword )?<name>\.?
Invalid (?:object|column) name <name>\.?
Msg <n>, Level [0-9]{1,2}, State [0-9]{1,3}(?:, (?:Server|Procedure) [^,\r\n]{1,120})?, Line [0-9]{1,6}
  (?:[ \t]*\r?\n(?:Invalid|Incorrect|Cannot|Could not|Must declare|Violation|Procedure|Ambiguous|Column|Login|There is
  [ ]already|Unclosed|The (?:INSERT|UPDATE|DELETE|SELECT|EXECUTE|multi-part|column|object|statement|name|conversion)
  |Divide by zero|Arithmetic overflow|String or binary data|Conversion failed|Subquery returned)[ ]
  (?:<sentence>(?: (?:The (?:conflict|login|duplicate|statement)|Cannot insert)[ ]<sentence>){0,3}
  |[^\r\n<.]{1,400}(?=[\r\n<]|\Z)))?
Login failed for user <name>\.?
Cannot open database <dname> requested by the login\. The login failed\.
Timeout expired\. {1,2}The timeout period elapsed prior to
  [ ](?:completion of the operation or the server is not responding|obtaining a connection from the pool)\.
  (?: {1,2}This may have occurred because all pooled connections were in use and max pool size was reached\.)?
A network-related or instance-specific error occurred while establishing a connection to SQL Server\.
  [^\r\n]{0,600}?\(provider: [^()\r\n]{1,120}\)
Violation of (?:PRIMARY|UNIQUE) KEY constraint <name>\. Cannot insert duplicate key in object <name>\.
  (?: The duplicate key value is \([^()\r\n]{1,200}\)\.)?
Transaction \(Process ID <n>\) was deadlocked on [^\r\n]{1,120} and has been chosen as the deadlock victim\.
  (?: Rerun the transaction\.)?
Conversion failed when converting [^\r\n]{1,300}? to data type \w{2,20}\.
"""

_ADO_HEAD = rb"""(?:Microsoft OLE DB Provider for [A-Z][\w ()]{2,60}|Microsoft JET Database Engine|ADODB\.\w{4,20}
  |Microsoft (?:VBScript|JScript) (?:runtime|compilation)(?: error)?|Active Server Pages)[ \t\r\n]{1,8}
  (?:error '(?:[0-9a-fA-F]{8}|ASP [0-9]{4})'|\(0x[0-9A-Fa-f]{8}\))"""
ADO = (
    _ADO_HEAD
    + rb"""
  (?:[ \t\r\n]{1,8}(?:[^\r\n]{1,600}?[ \t\r\n]{1,8})?[/\\][\w./\\\- ]{1,200}\.\w{2,5}, line [0-9]{1,6}
  (?:, column [0-9]{1,5})?|[ \t\r\n]{1,8}<open>)?
(?:\[(?:Microsoft|MySQL|unixODBC|FreeTDS|IBM|Oracle|Sybase|DataDirect|ODBC|SQL Server|Simba)[^\[\]\r\n]{0,60}\]){2,6}
  [ ]?<open>
"""
)
ADO_TEXTS = rb"""
(?:Type mismatch|Object required|Subscript out of range|Object doesn't support this property or method)
  (?:: <name>)?
Operation is not allowed when the object is closed\.
Either BOF or EOF is True, or the current record has been deleted\.[ ]
  Requested operation requires a current record\.
Item cannot be found in the collection corresponding to the requested name or ordinal\.
Arguments are of the wrong type, are out of acceptable range, or are in conflict with one another\.
No value given for one or more required parameters\.
Data type mismatch in criteria expression\.
Syntax error(?: \(missing operator\))? in (?:query expression <name>|[A-Z ]{4,20} (?:statement|clause))\.
Could not (?:find stored procedure <name>|use '[^\r\n]{1,200}'; file already in use)\.
(?:Unspecified|Catastrophic) (?:error|failure)
Multiple-step OLE DB operation generated errors\. Check each OLE DB status value, if available\. No work was done\.
"""
SQLSTATE = rb"""
SQLSTATE\[[0-9A-Z]{5}\](?:: ?| ?)(?:\[[0-9]{1,6}\] ?)?<open>
"""
WORDPRESS = rb"""
WordPress database error:?(?:</strong>)?[ \t\r\n]{0,4}\[[^\r\n]{0,600}?\]
  (?=[ \t]{0,4}(?:[\r\n]|\Z|<|(?:SELECT|INSERT|UPDATE|DELETE|SHOW|REPLACE|CREATE|ALTER)\b))
WordPress database error:?[ \t\r\n]{0,4}[^\r\n\[\]]{1,400}? for query(?=\s|\Z)
"""
WORDPRESS_ON_A_LINE = rb"""
Error establishing a database connection\.?
"""
