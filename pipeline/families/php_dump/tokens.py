r"""The tokens of ``var_dump`` and ``debug_zval_dump``, as patterns to be matched at a position (never searched for).

Sources: ``php_var_dump`` and ``php_debug_zval_dump`` in ext/standard/var.c of php-src, from PHP 5.0 to 8.4, and HHVM;
the output of PHP 8.2 was compared. Each pattern also matches the token as damage leaves it; ``printed`` says how PHP
prints it. Digits are ``[0-9]`` because ``\d`` would admit the digits of every script; every repetition is bounded.
"""

from __future__ import annotations

from pipeline.families.php_dump.damage import ARROW, BLANK, ELLIPSIS, QUOTE, WHITE
from pipeline.patterns import lazy_compile

GAP = rb"(?:%b){0,8}+" % BLANK
_CLASS = rb"[^()\s]{1,512}"
_COUNT = rb"[0-9]{1,9}"
_MINUS = rb"(?:-|\xe2\x88\x92|\xe2\x80[\x90-\x93]|&(?:minus|ndash|#8722|#8211);)"
REFCOUNTED = rb"(?:refcount\([0-9]{1,10}\)|interned|immutable)"

_IN_LINE = rb"(?:[ \t]|\xc2\xa0|&nbsp;|&#160;){0,8}+"
STRING_HEAD = lazy_compile(
    rb"string\(([0-9]{1,12})\)%b(?P<line_break>(?:<br ?/?>(?:\r?\n)?|\r?\n|\r)%b)?+(?P<quote>%b)"
    % (_IN_LINE, _IN_LINE, QUOTE)
)
"""The quote may be wrapped onto the next line; one behind a blank line is that of a paragraph of prose."""
ARRAY_HEAD = lazy_compile(rb"(?:array|vec|dict|keyset)\((%b)\)%b(?P<refcount>%b%b)?\{" % (_COUNT, GAP, REFCOUNTED, GAP))
OBJECT_HEAD = lazy_compile(
    rb"(?:lazy (?:ghost|proxy) )?object\((%b)\)#[0-9]{1,10}%b\((%b)\)%b(?P<refcount>%b%b)?\{"
    % (_CLASS, GAP, _COUNT, GAP, REFCOUNTED, GAP)
)
REFERENCE_HEAD = lazy_compile(rb"reference%brefcount\([0-9]{1,10}\)%b\{" % (GAP, GAP))
PRINTED_HEAD = lazy_compile(
    rb"(?:array|vec|dict|keyset)\([0-9]++\) (?:refcount\([0-9]++\)|interned )?\{|string\([0-9]++\) \""
    rb"|(?:lazy (?:ghost|proxy) )?object\([^()\s]++\)#[0-9]++ \([0-9]++\) (?:refcount\([0-9]++\))?\{"
    rb"|reference refcount\([0-9]++\) \{"
)
"""A head as PHP prints it."""
REFCOUNT = lazy_compile(rb"%b%b" % (GAP, REFCOUNTED))
"""What ``debug_zval_dump`` puts behind a value: how often it is referred to, or that nobody counts."""

ENUM = lazy_compile(rb"enum\(([^()\s:]{1,512}::[^()\s:]{1,512})\)")
NULL = lazy_compile(rb"NULL")
BOOL = lazy_compile(rb"bool\((true|false)\)")
INT = lazy_compile(rb"int\((%b)?([0-9]{1,19})\)" % _MINUS)
FLOAT = lazy_compile(rb"float\((?:(%b)?([0-9]{1,400}(?:\.[0-9]{1,64})?(?:E[+-][0-9]{1,4})?|INF)|(NAN))\)" % _MINUS)
LONG = lazy_compile(rb"long\((%b)?([0-9]{1,19})\)" % _MINUS)
DOUBLE = lazy_compile(FLOAT.pattern.replace(b"float", b"double"))
RESOURCE = lazy_compile(rb"resource\(([0-9]{1,10})\)%bof type%b\(([^()\n]{1,128})\)" % (GAP, GAP))
RECURSION = lazy_compile(rb"\*RECURSION\*")
UNKNOWN = lazy_compile(rb"UNKNOWN:0")
UNINITIALIZED = lazy_compile(rb"uninitialized\(([^()\n]{1,512}(?:\([^()\n]{1,512}\)[^()\n]{0,512}){0,8})\)")
AMPERSAND = lazy_compile(rb"&(?:amp;)?(?=[*a-zA-Z])(?!hellip;)")
"""The sign of a reference in front of a value."""

_HEAD = (
    rb"(?:&(?:amp;)?)?(?:(?:string|array|vec|dict|keyset)\([0-9]|(?:lazy \w{5} )?object\([^()\s]|enum\([^()\s]"
    rb"|NULL|bool\([tf]|(?:int|float|long|double)\([^()\s]|resource\([0-9]|\*RECURSION\*|UNKNOWN:0"
    rb"|uninitialized\([^()\s]|reference )"
)
VALUE_AHEAD = lazy_compile(rb"%b(?:%b|%b|\Z)" % (WHITE, _HEAD, ELLIPSIS))
"""What must follow the arrow of a key: the head of a value, or the end of what is left."""

INTEGER_KEY = lazy_compile(rb"\[(-?[0-9]{1,19})\]%b%b" % (GAP, ARROW))
"""An array key, or the name of a property that looks like one."""

NAMED_KEY = lazy_compile(rb"\[%b(?P<quote>%b)" % (GAP, QUOTE))
NAMED_KEY_LONGEST = 4096
NAMED_KEY_STOP = lazy_compile(rb"\]%b%b" % (GAP, ARROW))
NAMED_KEY_QUOTE = lazy_compile(
    rb"(?<=(?P<quote>%b)(?P<visibility>:protected|:%b(?P<class>[^\"\]\s]{1,512}?)%b:private)?)" % (QUOTE, QUOTE, QUOTE)
)
"""What stands before ``]=>``: the quote behind a name, and who may see the property (PHP 5.3 and later)."""

BEFORE_BRACE = lazy_compile(rb"%b(?=(?:%b%b)?%b\})" % (QUOTE, GAP, REFCOUNTED, WHITE))
BEFORE_KEY = lazy_compile(rb"%b(?=(?:%b%b)?%b\[%b(?:-?[0-9]{1,19}\]|%b))" % (QUOTE, GAP, REFCOUNTED, WHITE, GAP, QUOTE))
BEFORE_ANY = lazy_compile(
    rb"%b(?=(?:%b%b)?%b(?:\}|\[%b(?:-?[0-9]{1,19}\]|%b)|\Z|%b))" % (QUOTE, GAP, REFCOUNTED, WHITE, GAP, QUOTE, ELLIPSIS)
)
"""The closing quote of a member: of the last one, of any other, of either or of one where the document ends."""
AFTER_JSON = rb"(?<=[}\]])"
JSON_START = lazy_compile(rb"%b(?:\[%b(?:[\[{]|%b)|\{%b%b)" % (GAP, GAP, QUOTE, GAP, QUOTE))
"""How a list or an object in JSON begins; it ends with the closing bracket of either."""
OBJECTS_START = lazy_compile(rb"%b(?:\[%b){0,4}+\{%b%b" % (GAP, GAP, GAP, QUOTE))
"""How objects in JSON begin; a list of strings would begin as the key of a member does."""
CLOSED = lazy_compile(rb"%b(?=(?:%b){1,256}+(?:\}|\[%b(?:-?[0-9]{1,19}\]|%b)))" % (QUOTE, BLANK, GAP, QUOTE))
"""A closing quote of which white space and structure leave no doubt."""
BEFORE_SPACE = lazy_compile(rb"%b(?=%b)" % (QUOTE, BLANK))

SPACE = lazy_compile(WHITE)
DOTS = lazy_compile(rb"%b(%b)" % (WHITE, ELLIPSIS))
ANY_DOTS = lazy_compile(ELLIPSIS)
ANY_QUOTE = lazy_compile(QUOTE)

OBJECT_BEGUN = lazy_compile(
    rb"(?:lazy (?:ghost|proxy) )?object\((%b)\)#[0-9]{0,10}(?: \([0-9]{0,9}\)?)?(?=%b)"
    % (_CLASS, rb"\Z|%b" % DOTS.pattern)
)
"""The head of an object that was cut short, so far that nothing else is meant by it."""
PARTIAL = lazy_compile(
    rb"(?:&(?:amp;)?)?"
    rb"(?:string\([0-9]{1,12}\) (?:\"|&quot;|\xe2\x80[\x9c\x9d])"
    rb"|array\([0-9]{1,9}\) (?:refcount\([0-9]{1,9}\)|interned )?\{"
    rb"|(?:lazy ghost |lazy proxy )?object\([^()\s]{1,512}\)\#[0-9]{1,10} \([0-9]{1,9}\) (?:refcount\([0-9]{1,9}\))?\{"
    rb"|enum\([^()\s]{1,512}\)|NULL|bool\((?:true|false)\)|(?:int|long)\(-?[0-9]{1,19}\)|(?:float|double)\([-0-9.E+INFA]{1,64}\)"
    rb"|resource\([0-9]{1,10}\) of type \([^()\n]{1,128}\)|\*RECURSION\*|uninitialized\([^()\n]{1,512}\)|UNKNOWN:0"
    rb"|reference refcount\([0-9]{1,10}\) \{|refcount\([0-9]{1,10}\)|interned"
    rb"|\[(?:-?[0-9]{1,19}|(?:\"|&quot;|&\#822[01];|\xe2\x80[\x9c\x9d])[^\"\n]{0,512}\"?"
    rb"(?::protected|:\"[^\"\n]{1,512}\":private)?)\]=(?:>|&gt;))"
)
"""Any token: matched partially at the end of a text that was cut short."""

LINE_START = lazy_compile(rb"(?:\A|[\r\n])[ \t]*\Z")
ROOT_HEAD = rb"(?:string|array|object|int|float|bool|enum|long|double|resource)\(|NULL"
"""How a value at the root may begin."""
GOES_ON = lazy_compile(rb"[ \t]{0,64}+[^\s<}\[]")
"""What goes on in its line."""
AFTER_STRING = (
    rb"\Z|[\s}<\[]|\xc2[\x85\xa0]|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe3\x80\x80|\xef\xbb\xbf|&nbsp;|&#160;|" + ROOT_HEAD
)
"""What may follow the closing quote of a string at the root."""
