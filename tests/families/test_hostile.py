"""A document made to be slow takes no more than its length allows: eight times the work for eight times the bytes."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable, Iterator

import pytest

from pipeline.errors import RejectedDocument
from pipeline.model import Record
from pipeline.profiles import load
from pipeline.stages import Cleaner

CLEANER = Cleaner(load())

LARGE = 240_000
"""So long that an eighth of it is more than what the families look at in any case: a part that is looked at again
and again up to a limit would seem to grow faster than the document.
"""
SMALL = LARGE // 8
MIDDLE = LARGE // 2
SURELY = 4.8
"""Four would be linear. A quadratic part that ``RATIO`` catches in the large document is caught by this as well, so
what is no dearer need not be cleaned at full length.
"""
ROUNDS = 12
RATIO = 12
"""Eight would be linear; the rest is for caches, allocation and a busy machine. Quadratic work would be 64."""
SOON = 0.3
"""Seconds of processor time that need no comparison."""
HOPELESS = 1.5
"""Seconds for the small document after which the large one is not tried: linear work takes a tenth of it."""


def repeat(unit: bytes, size: int, tail: bytes = b"") -> bytes:
    """Return a document of about ``size`` bytes."""
    return unit * (size // len(unit)) + tail


def of_unit(unit: bytes, tail: bytes = b"") -> Callable[[int], bytes]:
    """Return what makes documents of one unit again and again."""
    return lambda size: repeat(unit, size, tail)


def nested(size: int) -> bytes:
    """Return complete arrays, each as deep as is read, one after the other."""
    depth = 200
    heads = b"".join(b"array(1) {\n" + b"  " * (level + 1) + b"[0]=>\n" + b"  " * (level + 1) for level in range(depth))
    closers = b"".join(b"\n" + b"  " * (depth - level - 1) + b"}" for level in range(depth))
    return repeat(heads + b"int(1)" + closers + b"\n", size)


def payload(text: bytes) -> bytes:
    """Return a dump of a string."""
    return b'string(%d) "%s"' % (len(text), text)


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "first frames of printed backtraces": of_unit(b"#0 /a.php(1): f()\n"),
    "frames of PHP 7 whose call never ends": of_unit(b"#0  f() called at [/a.php:1]\n#1  g((("),
    "printed backtraces parted by blank lines": of_unit(b"#0 /a.php(1): f()\n#1 /a.php(2): g()\n\n"),
    "laid out JSON never closed": of_unit(b'{\n  "a": '),
    "lists laid out that hold no object": of_unit(b"[\n    "),
    "laid out objects whose key never ends": of_unit(b'\n{\n"a'),
    "laid out objects in mid-line, each within the last": of_unit(b' { "a": '),
    "texts of Xdebug in HTML, each cut short before the next dump": of_unit(
        b"<pre class='xdebug-var-dump' dir='ltr'>\n<b>array</b> <i>(size=2)</i>\n"
        b"  'a' <font color='#888a85'>=&gt;</font> <small>string</small> <font color='#cc0000'>'b"
    ),
    "print_r members with a typed value below each key": of_unit(b"Array\n(\n    [a] =>\n    array(1) {\n"),
    "print_r keys of several lines with heads in them": of_unit(b"Array\n(\n    [a\nArray\n(\n"),
    "rows of a trace that run into the next trace": of_unit(b"E: a in /a.php:1 Stack trace: #0 /a "),
    "nested heads never closed": of_unit(b"array(1) {\n  [0]=>\n  "),
    "members as printed, with a length too great": of_unit(b'\n  ["a"]=>\n  string(99999) "b"'),
    "an array of members as printed": lambda size: b"array(9) {" + repeat(b'\n  ["a"]=>\n  string(1) "b"', size),
    "an array of texts as printed within one, never closed": lambda size: (
        b"array(9) {\n  [0]=>\n  array(9) {" + repeat(b'\n    ["a"]=>\n    string(1) "b"', size)
    ),
    "print_r arrays of texts, none of them closed": lambda size: (
        b"Array\n(\n" + repeat(b"    [0] => Array\n        (\n            [a] => b\n", size)
    ),
    "print_r array of texts within one, never closed": lambda size: (
        b"Array\n(\n    [0] => Array\n        (\n" + repeat(b"            [a] => b\n", size)
    ),
    "classes without a name and without members": of_unit(b"\\Ferry@anonymous:7$0::__set_state(arr "),
    "print_r values within texts of print_r": of_unit(b"Array\n(\n    [0] => one Array\n(\n    [1] => two\n)\n"),
    "print_r cut off before tags": of_unit(b"Array ( [0] => x</div> y\n"),
    "strings cut off before tags": of_unit(b'string(99999999) "[{"a": "b</div> c '),
    "tags in one text that breaks off": lambda size: b"Array ( [0] => " + repeat(b"<p>x", size),
    "keys of several lines behind quotes": lambda size: (
        b'array(9) {\n  [0] =>\n  string(9) "' + repeat(b"\"\n'a\n", size)
    ),
    "light arrays of VarDumper with quotes in texts": of_unit(b'[\n  "a "b" c" => "d "e" f\n'),
    "numbers below the ends of errors": of_unit(b"Notice: a in /b.php on line\n10 c "),
    "a string that any quote in it may end": lambda size: b'string(999999) "' + repeat(b'a" - b ', size),
    "strings in JSON that end before any text": of_unit(b'string(99999) "[{"a":1}]"x '),
    "a string in JSON with a string in it, again and again": of_unit(b'string(99999) "[{"a":"string(9) &quot;[{'),
    "print_r cut off in a text with parentheses": of_unit(b"Array\n(\n    [a] => b )... c\n"),
    "statements of names that no sign tells": of_unit(b"Unknown column 'a' in 'field list' SQL=SELECT a FROM b c, "),
    "a statement of names that the message may have": lambda size: (
        b"Unknown column 'a' in 'field list' SQL=SELECT " + repeat(b"quay, lamp, ", size)
    ),
    "lines of source of PostgreSQL without a mark": of_unit(b'ERROR:  relation "a" does not exist\nLINE 1: a = b '),
    "callers of WordPress without a sign": lambda size: (
        b"WordPress database error Table 'a' doesn't exist for query SELECT * FROM a made by " + repeat(b"wp, ", size)
    ),
    "places of Perl behind words on one line": of_unit(b"It failed. Can't open row at /cgi-bin/seat.pl line 7. "),
    "notices above traces that end": of_unit(b"Notice: a {main}\n  thrown in /srv/a.php on line 3 "),
    "print_r parentheses alone on lines": of_unit(b"Array\n(\n[0] => x\n)\n)\n"),
    "print_r members behind the end of a value": of_unit(b"Array ( [0] => x ) [1] => y "),
    "print_r members behind the end of a value, on lines": of_unit(b"Array\n(\n[0] => x\n)\n\n[1] => y\n"),
    "print_r heads without members, on one line": of_unit(b"Array ( ); "),
    "print_r values on one line, with tags": of_unit(b"Array<br>(<br>[0] => Array<br>(<br>[0] => x<br>)<br>)<br>"),
    "dumps cut off in a string, and a sentence at the end": of_unit(
        b'array(2) { [0]=> int(1) [1]=> string(99999) "', tail=b" He came late."
    ),
    "print_r cut off on lines that end as sentences": of_unit(b"Array\n(\n    [a] => 1\n    [b] => x and y.\n\n"),
    "serialize cut off on lines of words": of_unit(b'a:2:{i:0;i:1;i:1;s:99:"one two three\n\n'),
    "var_export cut off on lines of words": of_unit(b"array (\n  0 => 1,\n  1 => 'one two three\n\n"),
    "symfony names that end lines": of_unit(b'array:2 [\n  "a" => 1\n  "b: one two three\n\n'),
    "print_r with a blank line before each parenthesis": of_unit(b"Array ( [0] => a\n\n ) b "),
    "names behind words": of_unit(b"the quayFerry Object ( [0] => x ) wreckstdClass Object "),
    "windows behind words": of_unit(b"Read morewindow.a = (b "),
    "statements cut off by text on each line": of_unit(b"googletag.f(function() { // one two\n two words;\n"),
    "scripts cut off by text at last": of_unit(b"googletag.f(function() {\n", tail=b"two words came"),
    "directives with long arguments": of_unit(b"@if($a one two three 'x "),
    "traces that break off into sentences": of_unit(
        b"java.io.IOException: x\n\tat a.b(A.java:1)\nCaused by: a.XError: b. C "
    ),
    "print_r keys cut off by dots": of_unit(b"Array ( [0] => x [a... "),
    "print_r texts with omissions": of_unit(b"Array ( [0] => x [...] (y "),
    "Xdebug's lists in JSON without an end": of_unit(b'array(1) {\n  \'a\' =>\n  string(90) "[{"b":"'),
    "Xdebug's properties cut off by dots": of_unit(b"class A#1 (2) { public $a => int(1) public $b... y "),
    "var_export strings cut off by dots": of_unit(b"array (\n  0 => 'x...\n"),
    "exceptions of PDO without the end of a place": of_unit(b"SQLSTATE[42000]: a in /b "),
    "print_r keys of several lines": of_unit(b"Array\n(\n    [one\ntwo\n"),
    "var_export strings that hold heads": of_unit("array (\n  0 => ‘array ( (’, ".encode()),
    "serialized strings cut short on lines": of_unit(b'a:2:{i:0;s:90:"one\n'),
    "Xdebug's HTML strings without a length": of_unit(b"array (size=2)\n  0 => string 'one&#10;"),
    "arrays as deep as is read": nested,
    "an array of many members": lambda size: (
        b"array(%d) {" % (size // 16) + repeat(b"\n  [7]=>\n  int(7)", size) + b"\n}"
    ),
    "an array of members with new names": lambda size: (
        b"array(%d) {" % (size // 20)
        + b"".join(b"\n  [%d]=>\n  int(7)" % number for number in range(size // 20))
        + b"\n}"
    ),
    "an array without its closing brace": lambda size: b"array(9) {" + repeat(b"\n  [7]=>\n  int(7)", size),
    "objects never closed": of_unit(b"object(X)#1 (1) {\n"),
    "class names without an end": of_unit(b"object(" + b"X" * 500),
    "strings too short": of_unit(b'string(9) "'),
    "strings longer than the document": of_unit(b'string(99999999) "'),
    "strings longer than the document, on lines": of_unit(b'string(99999999) "\n'),
    "strings of JSON too long, with a blank line at the very end": of_unit(b'string(99999999) "[{"', b"\n\nProse."),
    "strings that end at the last byte but one": lambda size: (
        repeat(b'string(%d) "' % (size // 2), size // 2) + b"x" * (size // 2)
    ),
    "strings that may end at any line": of_unit(b'string(9999) "a "b" c"\n'),
    "strings of JSON that break off as a sentence ends": of_unit(b'string(9999) "[{"a":1,"b":"c d."} ', b'"The end.'),
    "strings of JSON that break off before prose": of_unit(b'string(9999999) "[{"a":1,"b":"c",\n', b"\n\nThe end."),
    "strings of JSON that break off before prose, in one line": of_unit(
        b'string(9999999) "[{"a":1,"b":"c",', b"\n\nEnd."
    ),
    "strings of JSON that break off, each a paragraph": of_unit(b'string(9999999) "[{"a":1,"b":"c d \n\n'),
    "strings of JSON that are declared too long": of_unit(b'string(9999) "[{"a":1}]"\n'),
    "strings in strings": lambda size: repeat(b'string(500) "x', size) + b'"' * 600,
    "JSON that is none, in strings with prose behind them": of_unit(b'string(600) "[' + b"[" * 599 + b'"x'),
    "keys without an end": of_unit(b'array(1) {\n  ["'),
    "keys with half an end": of_unit(b'array(1) {\n  ["]=>'),
    "property names with half an end": of_unit(b'object(X)#1 (1) {\n  ["a":private]=>'),
    "one key with many half ends": lambda size: b'object(X)#1 (1) {\n  ["' + repeat(b'":"a":private]=> ', size),
    "print_r heads never closed": of_unit(b"Array\n(\n    [0] => x\n"),
    "print_r heads never closed, on one line": of_unit(b"Array ( [0] => x "),
    "print_r heads in one another, on one line": of_unit(b"Array ( [0] => "),
    "print_r heads never closed, a line each": of_unit(b"Array ( [0] => x\n"),
    "print_r heads behind words": of_unit(b"x Array\n(\n    [0] => x\n"),
    "print_r members without their head": of_unit(b"[x] => Array\n(\n    [0] => x\n"),
    "print_r of one long text": lambda size: b"Array\n(\n    [0] => " + repeat(b"x\n", size),
    "print_r of one text full of parentheses": lambda size: b"Array ( [0] => " + repeat(b"( ) ) (", size),
    "print_r of one text full of half keys": lambda size: b"Array ( [0] => " + repeat(b"[x] = [[y", size),
    "print_r of many members": lambda size: b"Array\n(\n" + repeat(b"    [0] => x\n", size) + b")\n",
    "print_r of many members, on one line": lambda size: b"Array ( " + repeat(b"[0] => x ", size) + b")",
    "print_r texts with dots": of_unit(b"Array\n(\n    [0] => x... y\n"),
    "print_r of keys without an end": lambda size: b"Array\n(\n" + repeat(b"    [x", size),
    "print_r of objects on lines without indent": of_unit(b"X Object\n(\n[0] => \n"),
    "print_r heads before long white space": of_unit(b"Array" + b" " * 3000),
    "class names before print_r heads": of_unit(b"X" * 300 + b" Object ("),
    "many small print_r": of_unit(b"Array\n(\n    [0] => 1\n)\n"),
    "var_export heads never closed": of_unit(b"array (\n  0 => \n"),
    "var_export strings without an end": of_unit(b"array (\n  0 => 'x\n\n"),
    "var_export strings that quotes do not end": lambda size: b"array (\n  0 => '" + repeat(b"x' ", size),
    "var_export strings of escapes": lambda size: b"array (\n  0 => '" + repeat(b"\\'", size),
    "var_export strings of NUL bytes": of_unit(b"array (\n  0 => '' . \"\\0\" . ''"),
    "var_export keys with curly quotes": of_unit("array ( \u2018x\n\n".encode()),
    "var_export values with curly quotes": of_unit("array ( 0 => \u2018x\n\n".encode()),
    "var_export in code": of_unit(b"= array ( 0 => 'x\n"),
    "var_export objects never closed": of_unit(b"\\X::__set_state(array(\n   'a' => \n  "),
    "many small var_exports": of_unit(b"array (\n  0 => 1,\n)\n"),
    "serialized heads never closed": of_unit(b"a:1:{i:0;"),
    "serialized strings too long": of_unit(b'a:1:{i:0;s:9999:"x'),
    "serialized strings too long, on lines": of_unit(b'a:1:{i:0;s:9999:"\n'),
    "serialized strings of another length": of_unit(b'a:9:{i:0;s:9:"x";i:1;s:9:"y";'),
    "serialized strings that may end anywhere": lambda size: b'a:9:{i:0;s:9999:"' + repeat(b'";i:1;', size),
    "serialized references to references": lambda size: (
        b"a:%d:{i:0;a:2:{i:0;i:7;i:1;i:8;}" % (size // 40)
        + b"".join(b"i:%d;a:2:{i:0;R:%d;i:1;R:%d;}" % (n, n + 1, n + 1) for n in range(1, size // 40))
        + b"}"
    ),
    "many small serialized values": of_unit(b'a:1:{i:0;s:2:"ok";}\n'),
    "many serialized strings": of_unit(b's:2:"ok";\n'),
    "lines of no-break spaces": of_unit("\u00a0".encode() * 2000 + b"\n"),
    "one line of no-break spaces": of_unit("\u00a0".encode()),
    "words between long runs of no-break spaces": of_unit(b"word" + "\u00a0".encode() * 2000),
    "no-break spaces before a dump": lambda size: repeat("\u00a0".encode(), size) + b'string(2) "ok"',
    "VarDumper's strings longer than they declare": of_unit(b'array:1 [\n  0 => (9) "two masts of '),
    "VarDumper's strings in one line, longer than they declare": of_unit(b'array:2 [ 0 => (9) "two masts of ... it '),
    "VarDumper's strings in one line, cut off by dots": of_unit(b'array:2 [ 0 => 1 1 => "two masts ... it '),
    "VarDumper's tags cut off by words": of_unit(
        b"<pre class=sf-dump><span class=sf-dump-note>array:2</span> [<samp>\n  0 => 1\n  1 => <span clas two "
    ),
    "VarDumper's properties without a value": of_unit(b"A {#1\n  +a: 1\n  +b: two masts\n\n"),
    "VarDumper's rules without an end": of_unit(
        b"Sfdump = window.Sfdump || (function (doc) { })(document); <style> pre.sf-dump { a:(b; c:d; "
    ),
    "Xdebug arrays never closed": of_unit(b"array(1) {\n  [0] =>\n  "),
    "Xdebug objects never closed": of_unit(b"class X#1 (1) {\n  public $a =>\n  "),
    "Xdebug strings too long": of_unit(b'array(1) {\n  [0] =>\n  string(9999) "'),
    "Xdebug strings too long, with quotes": of_unit(b'array(1) {\n  [0] =>\n  string(9999) "}"}"}"}'),
    "Xdebug keys without an end": of_unit(b"array(1) {\n  'k"),
    "Xdebug keys with half an end": of_unit(b"array(1) {\n  'k' => "),
    "Xdebug strings left short": of_unit(b'array(1) { [0] => string(999999999) "x"... } '),
    "Xdebug strings cut off by dots before blank lines": of_unit(
        b'array(2) {\n  [0] =>\n  int(1)\n  [1] =>\n  string(9999) "x...\n\n'
    ),
    "Xdebug strings longer than the document, cut off by dots": of_unit(
        b'array(2) {\n  [0] =>\n  int(1)\n  [1] =>\n  string(999999999) "x...\n\n'
    ),
    "tags of Xdebug that stay open, with blank lines": of_unit(
        b"<pre class='xdebug-var-dump' dir='ltr'>array (size=2)\n  0 => int 1\n\n"
    ),
    "VarDumper strings cut off by dots before blank lines": of_unit(b'array:2 [\n  0 => "a"\n  1 => "b"...\n\n'),
    "Xdebug strings left short, with quotes in keys": of_unit(b"array(2) { [0] => string(9) \"x\"... 'a\\'"),
    "Xdebug's members in HTML left out of one another": of_unit(
        b"object(A)[1] public 'a' => object(B)[2] public 'b' => null more elements... "
    ),
    "Xdebug's members in HTML left out in a row": of_unit(
        b"object(A)[1] public 'a' => " * 200 + b"null " + b"more elements... " * 400
    ),
    "Xdebug's cases in HTML whose value breaks off": of_unit(b"array (size=2) 0 => enum(A::B) : string 'a"),
    "headers of Xdebug": of_unit(b"/a.php:1:\n"),
    "headers of Xdebug on one line": of_unit(b"/a.php:1:"),
    "slashes before a header of Xdebug": lambda size: repeat(b"/", size) + b"x.php:1:\nint(1)",
    "Xdebug arrays in HTML never closed": of_unit(b"array (size=1) 0 => "),
    "Xdebug objects in HTML never closed": of_unit(b"object(X)[1] public 'a' => "),
    "Xdebug strings in HTML without a length": of_unit(b"array (size=1) 0 => string '"),
    "Xdebug strings in HTML with one length": lambda size: (
        repeat(b"array (size=1) 0 => string '", size) + b"' (length=%d)" % (size // 2)
    ),
    "lengths of Xdebug without strings": of_unit(b"' (length=99999) "),
    "strings of Xdebug before one length": lambda size: repeat(b"string '", size) + b"' (length=7)",
    "tags of Xdebug without an end": of_unit(b"<pre class='xdebug-var-dump' dir='ltr'>"),
    "tags of Xdebug half open": of_unit(b"<pre class='xdebug-var-dump' "),
    "inline tags half open": lambda size: b"class X#1 (1) {" + repeat(b"<span title='", size),
    "inline tags with many attributes": lambda size: b"array:1 [" + repeat(b"<span title=" + b"'' " * 900, size),
    "VarDumper arrays never closed": of_unit(b"array:1 [\n  0 => "),
    "VarDumper objects never closed": of_unit(b"X {#1\n  +a: "),
    "VarDumper objects on one line": of_unit(b"X {#1 "),
    "VarDumper names without an end": of_unit(b"x" * 500 + b" {#"),
    "VarDumper closures without an end": of_unit(b"Closure(" + b"x" * 200 + b" {#1\n"),
    "VarDumper strings without an end": of_unit(b'array:1 [\n  0 => "a'),
    "VarDumper strings on one line": of_unit(b'array:1 [ 0 => "a'),
    "VarDumper strings of many lines without an end": lambda size: (
        b'array:1 [\n  0 => """\n' + repeat(b"    a\\n\n", size)
    ),
    "many VarDumper strings of many lines": of_unit(b'array:1 [\n  0 => """\n    a\\n\n'),
    "VarDumper strings of many lines run together": of_unit(b'array:1 [ 0 => """ a\\n '),
    "VarDumper braces without an end": of_unit(b"X {#1\n  a: {\n    b {\n"),
    "VarDumper keys without an end": of_unit(b'array:1 [\n  "'),
    "VarDumper prologues without an end": of_unit(b"Sfdump = window.Sfdump "),
    "VarDumper prologues that end as sentences": of_unit(b"<script> Sfdump = window.Sfdump one two.\n"),
    "VarDumper prologues that break off in a rule": of_unit(
        b"<script> Sfdump = window.Sfdump(document); </script><style>pre.sf-dump {a}pre.sf-dump b...\n"
    ),
    "VarDumper style sheets without an end": lambda size: (
        b"Sfdump = window.Sfdump (document);" + repeat(b"pre.sf-dump {}", size)
    ),
    "VarDumper calls": of_unit(b'Sfdump("sf-dump-1")\n'),
    "brackets at the start of lines": of_unit(b"[\n"),
    "carets": of_unit(b"^ "),
    "VarDumper tags without an end": of_unit(b"<pre class=sf-dump id=sf-dump-1>"),
    "VarDumper tags that break off within lines": of_unit(
        b'<pre class=sf-dump id=sf-dump-1>[<span class=sf-dump-private title="a:&#10;`'
    ),
    "VarDumper keys that break off": of_unit(b'array:2 [\n  "a" => array:2 [\n    "b" => {#...\n'),
    "VarDumper light arrays in one another": of_unit(b'[\n  "a" => [\n    1\n    2.'),
    "VarDumper tags that break off": of_unit(b"<pre class=sf-dump id=sf-dump-1>[<span class=sf-dump-"),
    "many Xdebug dumps": of_unit(b"array(1) {\n  [0] =>\n  int(1)\n}\n"),
    "many VarDumper dumps": of_unit(b"array:1 [\n  0 => 1\n]\n"),
    "values in a row that nothing proves": of_unit(b"int(1)\n"),
    "values in a row, and a dump behind them": of_unit(b"int(1)\n", b"array(0) {\n}"),
    "values before arrays that are none": of_unit(b"int(1)\narray(1) {\n x"),
    "arrays that are none, on one line": of_unit(b"array(1) { [0]=> x "),
    "strings without an end, on one line": of_unit(b'array(2) { [0]=> int(1) [1]=> string(999999) "a" b '),
    "strings without an end, between entities": of_unit(b"array(2) { [0]=&gt; string(9999) &quot;a&amp;b "),
    "strings without an end, between curly quotes": of_unit("array(2) { [0]=> string(9999) “é ".encode()),
    "strings whose end is guessed": lambda size: (
        b"array(%d) {" % (size // 30) + repeat(b'\n  ["a"]=>\n  string(20) "ab"', size) + b"\n}"
    ),
    "strings whose end is guessed in vain": of_unit(b'array(9) {\n  ["a"]=>\n  string(5000) "ab"\n  ["b"]=> x'),
    "strings that hold the beginning of an array": of_unit(b'array(1) {\n  [0]=>\n  string(5000) "array(1) {'),
    "dots again and again": of_unit(b"array(2) { [0]=> int(1) [1]=> ... "),
    "keys that end later than they seem": of_unit(b'array(9) { ["a"]=> int(1) x"]=> int(2) y"]=> int(3) z '),
    "one key that ends later than it seems": lambda size: b'array(2) {\n  ["' + repeat(b'x"]=>', size),
    "members that are parts of keys": lambda size: b"array(3) {" + repeat(b'\n  ["a"]=>\n  int(7)', size) + b"\n}",
    "references never closed": of_unit(b"array(1) refcount(2){\n  [0]=>\n  reference refcount(2) {\n  "),
    "heads of objects cut short": of_unit(b"object(X)#\n"),
    "quotes before long runs of blanks": of_unit(b'array(1) { [0]=> string(9) "' + b" " * 3000),
    "entities of blanks": of_unit(b"array(1) {" + b"&nbsp;" * 1000),
    "many small dumps": of_unit(b'string(2) "ok"\n'),
    "many small arrays": of_unit(b"array(0) {\n}\n"),
    "many small dumps and look-alikes": of_unit(b'string(2) "ok"\nstring(3) "ok"\n'),
    "many look-alikes, and code at the very end": of_unit(b'string(2) "ok"\n', b"\n\nvar_dump($x)"),
    "carriage returns and line breaks": of_unit(b"\n\r\r\n"),
    "returns with blanks between": of_unit(b"\r" + b" " * 3000),
    "titles": of_unit(b"A Short Line\n\n"),
    "one title again and again, then prose": of_unit(b"Ferry Back\n\n", b"Rain fell.\n\nRain fell."),
    "timestamp lines": of_unit(b"Sun Mar 27, 2016 11:55:38\n"),
    "sign-offs": of_unit(b"S/SH 11\n\n"),
    "lead-ins": of_unit(b"LONDON, May 3 (AP) -- "),
    "lead-ins, each on a line": of_unit(b"LONDON, May 3 (AP) --\n", b"Rain fell."),
    "a title, and lines of lead-ins with prose": of_unit(b"LONDON (AP) - Rain.\n\n"),
    "a place without an end": of_unit(b"Port-Lune/St. Orm, "),
    "brackets in brackets": of_unit(b"(AP) ("),
    "titles and timestamp lines with standfirsts": of_unit(b"Ferry Back\n\nRain fell.\n\n2016-03-27\n\n"),
    "a line of flags": of_unit(b"VIDEO: ", b"Title\n\nProse follows here.\n"),
    "one long word": of_unit(b"x"),
    "half of the code sign": of_unit(b"var_dump "),
    "severities without a place": of_unit(b"Warning: "),
    "places behind white space, without a number": of_unit(b"on      line "),
    "a severity before places without a path": lambda size: b"Warning: " + repeat(b" in in in on line 3", size),
    "a severity before many near misses of a place": lambda size: b"Warning: " + repeat(b"in", size) + b" on line 3",
    "places without a severity": of_unit(b" in /a.php on line 3"),
    "calls that report a severity": of_unit(b"Warning: f(): "),
    "many errors": of_unit(b"Notice: Undefined index: x in /a.php on line 3\n"),
    "many errors with tags": of_unit(b"<br />\n<b>Notice</b>:  Undefined x in <b>/a.php</b> on line <b>3</b><br />\n"),
    "many errors that announce the next": of_unit(b"I get this error:\nNotice: Undefined x in /a.php on line 3\n"),
    "tables of Xdebug never closed": of_unit(b"<table class='xdebug-error'> Notice: x in /a.php on line 3\n"),
    "tables of Xdebug that blank lines end": of_unit(
        b"<table class='xdebug-error'> Notice: x in /a.php on line 3 Call Stack <td title='\n\n"
    ),
    "a table of Xdebug with cells without an end": lambda size: (
        b"<table class='xdebug-error'> Notice: x in /a.php on line 3 Call Stack" + repeat(b"<td>1</td>", size)
    ),
    "call stacks that blank lines end": of_unit(b"Notice: x in /a.php on line 3\nCall Stack:\n 0.1 22 1. f\n\n"),
    "call stacks that end in blanks": of_unit(
        b"Notice: x in /a.php on line 3\nCall Stack:\n 0.1 22 1. f" + b" " * 2000 + b"g\n"
    ),
    "exceptions that Xdebug prints once more in part": of_unit(
        b"Fatal error: Uncaught A: b in /a.php on line 3\n\nA: b" + b" " * 4000 + b"c\n\n"
    ),
    "call stacks without an end": of_unit(b"Notice: x in /a.php on line 3\nCall Stack:\n 0.1 22 1. f("),
    "errors that blank lines end in a path": of_unit(b"Warning: Undefined variable $a in /srv/www/a.p\n\n"),
    "uncaught exceptions that blank lines end": of_unit(b"Fatal error: Uncaught A: b in /c:3\nStack trace:\n#0 /b\n\n"),
    "uncaught exceptions whose trace breaks off": of_unit(b"Fatal error: Uncaught A: b in /c:3\nStack trace:\n#0 "),
    "an uncaught exception and severities in its trace": lambda size: (
        b"Fatal error: Uncaught A: b in /c:3\nStack trace:\n#0 " + repeat(b"Warning: ", size)
    ),
    "an uncaught exception and places in its trace": lambda size: (
        b"Fatal error: Uncaught A: b in /c:3\nStack trace:\n#0 " + repeat(b" in /a.php on line 3", size)
    ),
    "traces without their exception": of_unit(b"Stack trace:\n#0 x\n"),
    "traces whose rows are out of order": of_unit(b"Error in /a:3\nStack trace:\n#0 x #2 "),
    "a trace of many rows": lambda size: (
        b"Error in /a.php:3\nStack trace:\n" + b"".join(b"#%d /a.php(3): f()\n" % row for row in range(size // 20))
    ),
    "a chain of exceptions": lambda size: (
        b"Error: a in /a.php:3\nStack trace:\n#0 {main}"
        + repeat(b"\n\nNext Error in /a:3\nStack trace:\n#0 {main}", size)
    ),
    "a word where an exception should be": lambda size: repeat(b"a: ", 4000) + repeat(b"Stack trace:", size),
    "errors of Drupal without a path": of_unit(b"Notice: x in f() (line 3 of "),
    "places of Drupal without an error": of_unit(b" in f() (line 3 of /a.module)."),
    "names that grow": of_unit(b"(line A"),
    "blocks of PHP without an end": of_unit(b"<?php f('a'); "),
    "blocks of PHP with strings without an end": of_unit(b"<?php '"),
    "blocks of PHP with odd signs": of_unit("<?php f(‘a’); ".encode()),
    "blocks of PHP with heredocs without an end": of_unit(b"<?php <<<A\n"),
    "short tags of PHP": of_unit(b"<? a "),
    "one block of PHP without an end": lambda size: b"<?php " + repeat(b"$a = 'b';\n", size),
    "shortcodes without an end": of_unit(b'[vc_row a="1" '),
    "shortcodes of unknown names": of_unit(b'[ab c="1" '),
    "one shortcode of many attributes": lambda size: b"[caption " + repeat(b'a="1" ', size),
    "shortcodes with quotes in turn": of_unit(b"[caption a='[caption b=\""),
    "shortcodes of words that nothing closes": of_unit(b"[quote]"),
    "shortcodes of words that one closes": of_unit(b"[quote]", b"[/quote]"),
    "shortcodes with curly quotes": of_unit("[caption a=”b ".encode()),
    "braces in pairs": of_unit(b"{{"),
    "braces around half an expression": of_unit(b"{{ a.b | "),
    "statements of templates without an end": of_unit(b"{% if a "),
    "tags of Smarty without an end": of_unit(b"{$a|b"),
    "brackets of MODX": of_unit(b"[[!a? &b=`c` "),
    "blocks of ASP without an end": of_unit(b"<% a = b "),
    "blocks of ASP with half an end": of_unit(b"<%%"),
    "directives of Blade with open brackets": of_unit(b"@if(("),
    "tags without an end": of_unit(b'<a href="b" '),
    "tags with quotes in turn": of_unit(b"<a b='<a c=\""),
    "many tags": of_unit(b"<b>a</b>\n"),
    "one tag of many attributes": lambda size: b"<a" + repeat(b' b="c"', size),
    "encoded tags": of_unit(b"&lt;a b=&quot;c "),
    "signs encoded again and again": of_unit(b"&amp;amp;amp;lt;"),
    "comments without an end": of_unit(b"<!-- a "),
    "comments with one end": of_unit(b"<!-- a ", b"-->"),
    "instructions without an end": of_unit(b"<?xml a='b' "),
    "tags around kept dumps": of_unit(b"<pre>array(1) {</pre>"),
    "traces of PHP without an error": of_unit(b"#0 /a.php(3): f()\n"),
    "call stacks without an error": of_unit(b"Call Stack: 0.1 22 1. f("),
    "brackets of a script never closed": of_unit(b"gtag(["),
    "calls of a script never closed, on lines": of_unit(b"gtag({a:\n"),
    "functions never closed": of_unit(b"!function(){"),
    "comments of a script never closed": of_unit(b"gtag();/* "),
    "a tag never closed before comments and statements": lambda size: (
        b"<script>" + repeat(b"/* a */ ", size // 2) + repeat(b"\n\nthe window.a = 1; end", size // 2)
    ),
    "tags never closed before rows": of_unit(b'<script>\nvar a = [{"b":1,"c":2},{"b":1,"c":2}];x '),
    "comments of a line in a script": of_unit(b"gtag();//\n"),
    "strings of a script never closed": of_unit(b"gtag(\"a' );"),
    "templates never closed": of_unit(b"gtag(`${"),
    "templates in templates": of_unit(b"gtag(`a${`"),
    "expressions of a script never closed": of_unit(b"gtag(/[a"),
    "half statements": of_unit(b"a.b = c d; "),
    "many statements": of_unit(b"a.b(1);\n"),
    "many statements with words between": of_unit(b"var a = 1; And then, "),
    "names in brackets": of_unit(b"a[b]"),
    "one name with many parts": lambda size: repeat(b"a.", size) + b"b();",
    "elements of scripts that break off": of_unit(b'<script>var a = [{"b":"'),
    "elements of scripts never closed": of_unit(b"<script>a();"),
    "marks of character data": of_unit(b"//<![CDATA[\n"),
    "statements that assign JSON in part": of_unit(b'var a = {"b": [1,\n'),
    "rules of a style sheet never closed": of_unit(b".a{color:red;"),
    "rules of a style sheet in one another": of_unit(b"@media (a){"),
    "rules in one another, and words at the very end": of_unit(b"@media (a){", b"\n\nRain fell."),
    "selectors without a rule": of_unit(b".a .b > .c, "),
    "one brace behind many selectors": lambda size: repeat(b"a b.c ", size) + b"{color:red}",
    "many rules": of_unit(b"a{color:red}\n"),
    "values of rules with brackets never closed": of_unit(b"a{background:url(("),
    "comments above rules": of_unit(b"/**/ a{color:red} /*"),
    "elements of style sheets never closed": of_unit(b"<style>a{}"),
    "errors of MySQL": of_unit(b"Unknown column 'a' in 'field list'\n"),
    "half errors of MySQL": of_unit(b"Unknown column 'a Table 'b "),
    "errors near something": of_unit(
        b"You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version"
        b" for the right syntax to use near '"
    ),
    "heads of errors": of_unit(b"Error: MySQL error: [1064] "),
    "errors of WordPress with half a statement": of_unit(b"WordPress database error: [a]\nSELECT a "),
    "one statement of SQL without an end": lambda size: (
        b"WordPress database error: [a]\nSELECT " + repeat(b"a, ", size)
    ),
    "quotes in a statement of SQL": of_unit(b"WordPress database error: [a]\nSELECT 'a''"),
    "codes of Oracle": of_unit(b"ORA-00942: "),
    "one statement of SQL of many lines": lambda size: (
        b"WordPress database error: [a]\nSELECT a" + repeat(b"\n, b(c", size)
    ),
    "errors with statements that break off": of_unit(b"Unknown column 'a' in 'field list'\nSELECT a,\nnote: b\n"),
    "heads of OLE DB without a message": of_unit(b"Microsoft OLE DB Provider for SQL Server error '80040e14'\nfog\n"),
    "errors of PostgreSQL": of_unit(b'ERROR:  relation "a" does not exist\nLINE 1: '),
    "details of PostgreSQL with brackets in turn": of_unit(
        b'ERROR:  relation "a" does not exist\nDETAIL:  (a ((b) c. (d You e.\n'
    ),
    "a detail of PostgreSQL without an end": lambda size: (
        b'ERROR:  relation "a" does not exist\nDETAIL:  ' + repeat(b"(a. You (b", size)
    ),
    "messages of SQL Server without an end": of_unit(b"Msg 1, Level 1, State 1, Line 1\nInvalid a. The conflict b"),
    "providers without a place": of_unit(b"Microsoft OLE DB Provider for ODBC Drivers error '80004005' "),
    "states of SQL": of_unit(b"SQLSTATE[42000]: "),
    "frames of Java": of_unit(b"\tat a.b(C.java:1)\n"),
    "frames of Java without brackets": of_unit(b" at a.b.c.d"),
    "exceptions of Java": of_unit(b"java.lang.Exception: "),
    "exceptions of Java with one frame": of_unit(b"java.lang.Exception: a\n\tat a.b(C.java:1)\n\n"),
    "causes without frames": of_unit(b"java.lang.Exception\n at a.b(C.java:1)\nCaused by: "),
    "frames of .NET": of_unit(b"   at A.B(String c)\n"),
    "frames of .NET without an end": of_unit(b" at A.B(("),
    "frames of JavaScript": of_unit(b"    at a (/b.js:1:2)\n"),
    "frames of JavaScript without an end": of_unit(b" at a (/b.js"),
    "tracebacks without frames": of_unit(b"Traceback (most recent call last):\n"),
    "tracebacks with a label for an exception": of_unit(
        b'Traceback (most recent call last):\n  File "a", line 1, in b\n    c = d\nnote: e\n'
    ),
    "causes that name no exception": of_unit(b"\tat a.b.C.d(C.java:1)\n\tat a.b.C.d(C.java:2)\nCaused by: fog\n"),
    "inverted commas around code, never closed": of_unit("“{{ a.b }}\nfog ".encode()),
    "tracebacks without exceptions": of_unit(b'Traceback (most recent call last):\n  File "a", line 1, in b\n'),
    "one traceback of many frames": lambda size: (
        b"Traceback (most recent call last):\n" + repeat(b'  File "a", line 1, in b\n    c\n', size)
    ),
    "frames of Ruby": of_unit(b"/a.rb:1:in `b'\n"),
    "frames of Ruby without an end": of_unit(b"/a.rb:1:in `"),
    "exceptions of Ruby without an end": of_unit(b"/a.rb:1:in `b': c ("),
    "goroutines": of_unit(b"goroutine 1 [running]:\n"),
    "frames of Go": lambda size: b"goroutine 1 [running]:\n" + repeat(b"a.b()\n\t/c.go:1\n", size),
    "error pages of ASP.NET without parts": of_unit(b"Server Error in '/' Application.\n"),
    "descriptions of an error page without an end": of_unit(
        b"Server Error in '/' Application.\nDescription: An error a. Please b. Review c"
    ),
    "addresses of an error page without an end": of_unit(b"Server Error in '/' Application.\nRequested URL: /a.b&nbsp"),
    "parts of an error page": lambda size: b"Server Error in '/' Application.\n" + repeat(b"Stack Trace: a\n", size),
    "error pages of Tomcat without parts": of_unit(b"HTTP Status 500 - a\n"),
    "error pages of ColdFusion without parts": of_unit(b"Error Occurred While Processing Request\n"),
    "errors of Perl": of_unit(b"Can't open a at /b.pl line 1.\n"),
    "errors of Perl behind tags half open": of_unit(b'<p class="a at /b.pl line 1. <br '),
    "errors of Perl in one line": of_unit(b"Can't open a at /b.pl line 1, "),
    "errors of Liquid": of_unit(b"Liquid error: "),
    "values of Python never closed": of_unit(b"{'a': [\n"),
    "lists of Python never closed": of_unit(b"[u'a', ("),
    "one long value of Python": lambda size: b"[u'a'" + repeat(b", {'b': 1}", size) + b"]",
    "addresses without an end": of_unit(b"<a.b at 0x"),
    "objects as text": of_unit(b"[object Object]"),
    "objects as text, on lines": of_unit(b"[object Object]\n"),
    "NUL bytes": of_unit(b"\0"),
    "lists of JSON never closed": of_unit(b'[{"a":'),
    "lists of JSON never closed, on lines": of_unit(b'[{"a":"b"\n'),
    "one long list of JSON": lambda size: b'[{"a":1,"b":2}' + repeat(b',{"a":1,"b":2}', size) + b"]",
    "one long list of JSON, cut": lambda size: b'[{"a":1,"b":2}' + repeat(b',{"a":1,"b":2}', size),
    "objects of JSON in mid-line, never closed": of_unit(b' fog {"a": {"b": '),
    "rows of JSON in mid-line, within one another": of_unit(b'fog [{"a":1,"b":2}, {"c": [{"d":'),
    "one long list of JSON in mid-line, cut": lambda size: b'fog [{"a":1,"b":2}' + repeat(b', {"a":1,"b":2}', size),
    "many small lists of JSON in mid-line": of_unit(b'fog [{"a":1,"b":2},{"a":3,"b":4}] '),
    "many small lists of JSON": of_unit(b'[{"a":1,"b":2}]\n'),
    "a list of JSON whose items have a key twice": lambda size: (
        b'[{"id":1}' + repeat(b',{"id":7,"title":"a","id":8}', size) + b"]"
    ),
    "an object of JSON with a key many times": lambda size: b'{"a":1' + repeat(b',"b":{"b":1}', size) + b"}",
    "a list of JSON whose addresses have lost a quote": lambda size: (
        b'[{"a":["x' + repeat(b'", http://b.example/c', size) + b'"]}]'
    ),
    "JSON-LD never closed": of_unit(b'{"@context":"x","@type":"y",\n'),
    "script elements never closed": of_unit(b'<script>{"a":1}\n'),
    "statements without an end": of_unit(b'var a = {"a":1}\n'),
    "callbacks never closed": of_unit(b'cb({"a":1}\n'),
    "a payload of quotes": lambda size: payload(b'[{"a":"' + repeat(b'"', size)),
    "a payload of strings that never end": lambda size: payload(repeat(b'[{"a":"b" "', size)),
    "a payload of keys without values": lambda size: payload(b"[" + repeat(b'{"a":', size)),
    "a payload of items that cannot be read": lambda size: payload(b'[{"a":1},' + repeat(b'{"a":!},', size)),
    "a payload of escaped quotes": lambda size: payload(b'[{"a":1},' + repeat(b'{"a":"\\"', size)),
    "a payload of brackets": lambda size: payload(repeat(b"[", size)),
    "a payload of comments": lambda size: payload(b"[" + repeat(b"/*", size)),
    "a payload of entities": lambda size: payload(b"[{" + repeat(b"&quot;", size)),
    "a payload of closing brackets": lambda size: payload(b'[{"a":1}' + repeat(b"}, {", size)),
    "a payload of semicolons": lambda size: payload(b"[1" + repeat(b");", size)),
}


@pytest.fixture(autouse=True, scope="module")
def _few_to_look_at() -> Iterator[None]:
    """Leave what other tests hold out of collections, each of which would look at all of it."""
    gc.freeze()
    yield
    gc.unfreeze()


def seconds(raw: bytes) -> float:
    """Return the processor time of cleaning a document."""
    gc.collect()
    gc.disable()  # or it would run at moments that depend on what was tested before
    try:
        start = time.process_time()
        with contextlib.suppress(RejectedDocument):
            CLEANER.clean(Record("hostile.txt", 0, raw))
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_work_grows_with_the_length_of_a_document(make: Callable[[int], bytes]) -> None:
    small, large = make(SMALL), make(LARGE)
    least_small = min(seconds(small), seconds(small))  # the first compiles patterns as well
    if least_small < HOPELESS and seconds(make(MIDDLE)) <= SURELY * least_small:
        return
    least_large = float("inf")
    for _ in range(ROUNDS):
        least_small = min(least_small, seconds(small))
        assert least_small < HOPELESS, f"{least_small:.3f} s for {len(small)} bytes"
        least_large = min(least_large, seconds(large))
        if least_large < SOON or least_large <= RATIO * least_small:
            return
    pytest.fail(f"{least_small:.3f} s for {len(small)} bytes, {least_large:.3f} s for {len(large)}")


DEEP = {
    "arrays": b"array(2) {\n[0]=>\nint(1)\n[1]=>\n",
    "objects": b'object(X)#1 (2) {\n["a"]=>\nint(1)\n["b"]=>\n',
    "arrays with references": b"array(2) refcount(1){\n[0]=>\nint(1)\n[1]=>\n",
    "arrays of Xdebug": b"array(2) {\n'a' =>\nint(1)\n'b' =>\n",
    "arrays of print_r": b"Array\n(\n[0] => 1\n[1] => ",
}
"""Heads that stand in one another, as deep as a value is read, and break off before prose."""
SHALLOW, DEEPEST, LENGTH = 8, 200, 24_000
TIMES = 4
"""How much dearer the same number of bytes may be: where each head reads all that stand in it, it is 25 times."""


@pytest.mark.parametrize("before", [b"", b"=> "], ids=["at the root", "as members"])
@pytest.mark.parametrize("head", DEEP.values(), ids=DEEP.keys())
def test_work_does_not_grow_with_the_depth_of_values_that_break_off(head: bytes, before: bytes) -> None:
    shallow, deep = (repeat(before + head * depth + b"\nRain fell.\n\n", LENGTH) for depth in (SHALLOW, DEEPEST))
    least_shallow = least_deep = float("inf")
    for _ in range(ROUNDS):
        least_shallow, least_deep = min(least_shallow, seconds(shallow)), min(least_deep, seconds(deep))
        if least_deep < SOON or least_deep <= TIMES * least_shallow:
            return
    pytest.fail(f"{least_shallow:.3f} s for {SHALLOW} levels, {least_deep:.3f} s for {DEEPEST}")
