r"""The tokens of ``var_dump`` output, as patterns to be matched at a position (never searched for).

Source: ``php_var_dump`` in ext/standard/var.c of php-src, whose output was compared with PHP 8.2. Digits are
``[0-9]`` because ``\d`` would admit the digits of every script; every repetition is bounded.
"""

from __future__ import annotations

import regex

STRING_HEAD = regex.compile(rb'string\(([0-9]{1,12})\) "')
ARRAY_HEAD = regex.compile(rb"array\(([0-9]{1,9})\) \{")
OBJECT_HEAD = regex.compile(rb"object\(([^()\s]{1,512})\)#[0-9]{1,10} \(([0-9]{1,9})\) \{")
ENUM = regex.compile(rb"enum\(([^()\s:]{1,512}::[^()\s:]{1,512})\)")
NULL = regex.compile(rb"NULL")
BOOL = regex.compile(rb"bool\((true|false)\)")
INT = regex.compile(rb"int\((-?[0-9]{1,19})\)")
FLOAT = regex.compile(rb"float\((-?[0-9]{1,400}(?:\.[0-9]{1,64})?(?:E[+-][0-9]{1,4})?|-?INF|NAN)\)")
RESOURCE = regex.compile(rb"resource\(([0-9]{1,10})\) of type \(([^()\n]{1,128})\)")
RECURSION = regex.compile(rb"\*RECURSION\*")
UNINITIALIZED = regex.compile(rb"uninitialized\(([^()\n]{1,512})\)")

INTEGER_KEY = regex.compile(rb"\[(-?[0-9]{1,19})\]=>")
"""An array key, or the name of a property that looks like one."""

NAMED_KEY_STOP = b"]=>"
NAMED_KEY_LONGEST = 4096
VISIBILITY = regex.compile(rb'":(?:protected|"([^"]{1,512})":private)\Z')
"""What stands between the name of a property and ``]=>`` unless it is public (PHP 5.3 and later)."""
VISIBILITY_LONGEST = 600

WHITE = regex.compile(rb"[ \t\r\n]*")
PARTIAL = regex.compile(
    rb"(?:&(?:amp;)?)?"
    rb"(?:string\([0-9]{1,12}\) \"|array\([0-9]{1,9}\) \{|object\([^()\s]{1,512}\)\#[0-9]{1,10} \([0-9]{1,9}\) \{"
    rb"|enum\([^()\s]{1,512}\)|NULL|bool\((?:true|false)\)|int\(-?[0-9]{1,19}\)|float\([-0-9.E+INFA]{1,64}\)"
    rb"|resource\([0-9]{1,10}\) of type \([^()\n]{1,128}\)|\*RECURSION\*|uninitialized\([^()\n]{1,512}\)"
    rb"|\[(?:-?[0-9]{1,19}|\"[^\"\n]{0,512}\"(?::protected|:\"[^\"\n]{1,512}\":private)?)\]=>)"
)
"""Any token: matched partially at the end of a text that was cut short."""

LINE_START = regex.compile(rb"(?:\A|[\r\n])[ \t]*\Z")
AFTER_STRING = regex.compile(
    rb"\Z|[\s}<\[]|\xc2[\x85\xa0]|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe3\x80\x80|\xef\xbb\xbf|(?:string|array|object|int|float|bool|enum)\(|NULL"
)
"""What may follow the closing quote of a string at the root."""
