"""The messages of each database with what proves them, and the literals that lead to them."""

from __future__ import annotations

from functools import cache
from typing import Literal

import regex
from msgspec import Struct

from pipeline.families.sql_error import wording

Proof = Literal["itself", "head", "line"]


class Message(Struct, frozen=True):
    """Messages of one database.

    Attributes:
        rule: Name in the ``rule`` column.
        table: The wordings, as ``wording`` has them.
        anchors: Literals one of which stands in each of them.
        proof: Whether the words prove a leak by themselves, or with a head such as ``ERROR 1040:`` before them, or
            when they have a line to themselves.
    """

    rule: str
    table: bytes
    anchors: tuple[bytes, ...]
    proof: Proof = "itself"

    @property
    def pattern(self) -> regex.Pattern[bytes]:
        """Finds a message."""
        return _pattern(self.table)


@cache
def _pattern(table: bytes) -> regex.Pattern[bytes]:
    """Compile wordings when a page first has an anchor of theirs: all of them take a tenth of a second."""
    return regex.compile(wording.alternatives(table))


_MYSQL_ANCHORS = (
    *(b"SQL syntax", b"Unknown column ", b"Table '", "Table ‘".encode(), b"Table &#", b"Table `", b"Unknown database "),
    *(
        b"Duplicate entry ",
        b"Column '",
        b"Column count",
        b"column '",
        b"Field '",
        b"user '",
        b"user &#",
        "user ‘".encode(),
    ),
    *(b"MySQL ", b"MariaDB ", b"; try restarting", b"; try to repair", b"'mysqladmin", b"Got error ", b"Illegal mix"),
    *(b"row: a foreign", b"(errno: ", b"(Errcode: ", b"table '", b"sync; you", b"#1 of SELECT", b"Unknown collation"),
    *(b"only_full_group", b"socket '"),
)
_MSSQL_ANCHORS = (
    *(b"Unclosed quotation mark", b"near '", b"keyword '", b"name '", b"Msg ", b"user '", b"login. The login"),
    *(b"Timeout expired.", b"A network-related", b"KEY constraint", b"(Process ID", b"Conversion failed"),
)
MESSAGES: tuple[Message, ...] = (
    Message("wordpress", wording.WORDPRESS, (b"WordPress database error",)),
    Message("wordpress", wording.WORDPRESS_ON_A_LINE, (b"Error establishing",), "line"),
    Message("sqlstate", wording.SQLSTATE, (b"SQLSTATE[",)),
    Message(
        "ado",
        wording.ADO,
        (b"Microsoft OLE DB", b"JET Database", b"ADODB.", b"][", b"VBScript", b"Active Server Pages", b"JScript"),
    ),
    Message("mysql", wording.MYSQL, _MYSQL_ANCHORS),
    Message(
        "mysql",
        wording.MYSQL_WITH_HEAD,
        (b"(08004)", b"(HY000", b" 1040", b" 1046", b"[2002]", b"#1040", b"#1046", b"#2002", b"2002)"),
        "head",
    ),
    Message(
        "postgresql",
        wording.POSTGRESQL,
        (b"ERROR: ", b"FATAL: ", b"PANIC: ", b"connect to server: ", b'server at "'),
    ),
    Message("sqlite", wording.SQLITE, (b"SQLITE_", b": syntax error")),
    Message(
        "sqlite",
        wording.SQLITE_WITH_HEAD,
        (b"SQLite", b"sqlite", b"SQL error: ", b"constraint failed: ", b"no such table: ", b"no such column: "),
        "head",
    ),
    Message("oracle", wording.ORACLE, (b"ORA-", b"TNS-", b"PLS-")),
    Message("mssql", wording.MSSQL, _MSSQL_ANCHORS),
)

_CLOSED = b"".join(
    (
        *(wording.MYSQL, wording.MYSQL_WITH_HEAD, wording.POSTGRESQL_TEXTS, wording.SQLITE_WITH_HEAD),
        *(wording.MSSQL, wording.ORACLE_TEXTS, wording.ADO_TEXTS),
    )
)
_CLOSED_BELOW = wording.MSSQL + wording.MYSQL + wording.ADO_TEXTS


def closed() -> regex.Pattern[bytes]:
    """Return what finds the messages whose end their own words tell: they end others that may go on with their line."""
    return _pattern(_CLOSED)


def closed_below() -> regex.Pattern[bytes]:
    """Return what finds the messages that may have the line below a head of Microsoft's to themselves."""
    return _pattern(_CLOSED_BELOW)
