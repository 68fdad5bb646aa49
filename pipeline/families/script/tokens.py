"""The tokens of JavaScript, each matched where the one before it ends. No pattern looks back or at a byte twice."""

from __future__ import annotations

import regex

from pipeline.patterns import lazy_compile

NAME = lazy_compile(rb"[A-Za-z_$]")
"""The first byte of a name."""
TOKEN = lazy_compile(
    rb"""(?P<white>(?:[ \t\r\n\f]|\xc2\xa0)++)
    |(?P<comment>//[^\r\n]*+|<!--[^\r\n]*+|-->)
    |(?P<block>/\*)
    |(?P<string>"(?:[^"\\\r\n]++|\\(?:\r\n|.))*+"
       |'(?:[^'\\\r\n]++|\\(?:\r\n|.))*+'
       |\xe2\x80[\x98\x99](?:[^\xe2\r\n]|\xe2(?!\x80[\x98\x99])){0,2000}+\xe2\x80[\x98\x99]
       |\xe2\x80[\x9c\x9d](?:[^\xe2\r\n]|\xe2(?!\x80[\x9c\x9d])){0,2000}+\xe2\x80[\x9c\x9d]
       |&quot;(?:[^&\r\n]|&(?!quot;)){0,2000}+&quot;)
    |(?P<number>0[xX][0-9A-Fa-f]++|[0-9]++(?:\.[0-9]*+)?(?:[eE][+\-]?[0-9]++)?n?|\.[0-9]++)
    |(?P<word>[A-Za-z_$][\w$]*+)
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<template>`)
    |(?P<step>\+\+|--)
    |(?P<end>;)
    |(?P<member>\?\.(?![0-9])|\.(?!\.))
    |(?P<assign>=(?![=>])|(?:\+|-|\*\*?|/|%|&&?|\|\|?|\^|<<|>>>?|\?\?)=(?!=))
    |(?P<operator>=>|[=!]==?|&&|\|\||\?\?|\*\*|>>>?|<<|[<>]=?|(?:&amp;){2}|&[lg]t;=?|\.\.\.|[+\-*/%&|^~!?:,])
    """,
    regex.VERBOSE | regex.DOTALL,
)
PATTERN = lazy_compile(
    rb"/(?![*/])(?:[^/\\\[\r\n]|\\[^\r\n]|\[(?:[^\]\\\r\n]|\\[^\r\n]){0,300}+\]){1,1000}+/[a-z]{0,8}"
)
"""A regular expression, where an operand is awaited."""
TEMPLATE = lazy_compile(rb"(?:[^`\\$]|\\.|\$(?!\{))*+(`|\$\{)", regex.DOTALL)
"""The text of a template up to its end, or to an expression in it."""

PREFIXES = frozenset((b"+", b"-", b"!", b"~", b"...", b"*"))
"""Operators that may stand where an operand is awaited."""
PREFIX_WORDS = frozenset((b"typeof", b"void", b"delete", b"new", b"throw", b"case", b"await"))
DECLARING = frozenset((b"var", b"let", b"const"))
CONTROLLING = frozenset((b"if", b"for", b"while", b"switch", b"catch", b"with"))
BLOCK_HEADS = frozenset((b"else", b"do", b"try", b"finally"))
GOING_ON = frozenset((b"else", b"catch", b"finally"))
"""Words that go on a statement behind its block."""
LOOSE_WORDS = frozenset((b"return", b"break", b"continue", b"debugger", b"yield", b"async", b"static", b"get", b"set"))
"""Words behind which an operand may stand or not."""
WORD_OPERATORS = frozenset((b"in", b"instanceof", b"of"))
