r"""The tokens of Xdebug's ``var_dump``, to be matched at a place of a view (never searched for).

Compared with the output of Xdebug 3.2. In the text form a value stands on the line below its key; in the HTML form,
which is read without its tags, on the same line, and a string's length stands behind it.
"""

from __future__ import annotations

import regex

from pipeline.families.php_dump.damage import SINGLE_QUOTE
from pipeline.patterns import lazy_compile

MARK = rb"(?:\.\.\.|\xe2\x80\xa6)"
CUT = rb"(?P<cut>%b)?" % MARK
MARKS = (b"...", b"\xe2\x80\xa6")
DOTS = lazy_compile(rb"\.\.\.|\xe2\x80\xa6")
MORE_WORDS = lazy_compile(rb"\(more elements\)|more elements")
MORE = lazy_compile(
    rb"(?:\(more elements\)|more elements)(?:%b(?P<excerpt>(?:\.{1,2}|\xe2\x80\xa6)(?=[ \t\r]{0,64}+(?:\n|\Z)))?+"
    rb"|\.{1,2}(?P<excerpt>\xe2\x80\xa6))" % MARK
)
"""Members that were left out; an excerpt may break off at any of the dots, and put its own mark there."""
CLASS = rb"[^\s()\[\]{}#<>'\"]{1,512}"
FLOAT = (
    rb"-?[0-9]{1,400}+(?:\.[0-9]{1,64}+)?+(?:E[+-][0-9]{1,4})?+(?!(?:E[+-]?|\.)\s{0,8}(?:\Z|<|\[?(?:\xe2\x80\xa6|\.\.\.)))"
    rb"|-?INF|NAN"
)
"""A number; not one that breaks off in its fraction or its exponent."""
MODIFIERS = rb"(?P<visibility>public|protected|private|virtual)(?: (?:static|readonly))*"
KEY_LONGEST = 4096
ESCAPED_QUOTE = lazy_compile(rb"\\(" + SINGLE_QUOTE + rb")")

_STOPS = rb"\s*+(?:\Z|<|\[?(?:\xe2\x80\xa6|\.\.\.))"
BROKEN_OFF = rb"[A-Za-z*&]{1,16}+(?:[ (](?:[^\s<>.\[\xe2]|\.(?!\.\.)){0,128}+)?" + _STOPS + rb"|\.{1,2}\s*\Z"
"""A value that breaks off with the text: only its first letters stand there."""


def _begun(word: bytes) -> bytes:
    """Return what matches the first letters of a word, one at least.

    >>> _begun(b"and")
    b'a(?:n(?:d)?)?'
    """
    first, rest = regex.escape(word[:1]), word[1:]
    return first + (rb"(?:%b)?" % _begun(rest) if rest else b"")


PROPERTY_BROKEN_OFF = rb"(?:%b)" % b"|".join(map(_begun, (b"public", b"protected", b"private"))) + _STOPS

# ------------------------------------------------------------------------------------------------ the text form
TEXT_VALUE = (
    rb"(?:string\([0-9]|array\([0-9]|class " + CLASS + rb"#|int\(|double\(|float\(|bool\(|NULL|enum |resource\("
    rb"|\*uninitialized\*|&array|&object|&class|\.\.\.|\xe2\x80\xa6|" + BROKEN_OFF + rb")"
)
TEXT_ARRAY = lazy_compile(rb"array\(([0-9]{1,9})\) \{")
TEXT_OBJECT = lazy_compile(rb"class (" + CLASS + rb")#[0-9]{1,10} \(([0-9]{1,9})\) \{")
TEXT_STRING = lazy_compile(rb'string\(([0-9]{1,12})\) "')
_MARK_ENDS_LINE = MARK + rb"[ \t\r]{0,64}+(?:\n|\Z)"
_MORE_BEGUN = rb"(?:%b)\s*+(?:\Z|%b)" % (_begun(b"(more elements)"), _MARK_ENDS_LINE)
MORE_BEGINS = lazy_compile(rb"\(m|" + _MORE_BEGUN)
_ENDS = rb"\}|\(more elements\)|" + _MORE_BEGUN
_KEY_LINE = rb"[^'\n]{0,256}+(?:(?<=\\)'(?! =>)[^'\n]{0,256}+){0,8}+"
_NAMED = rb"'%b(?:\n%b){0,8}+' =>" % (_KEY_LINE, _KEY_LINE)
"""A named key; quotes in it are escaped, and a few line breaks may stand in it, or tags for them."""
_KEY_BEGUN = rb"(?:\[(?:-?[0-9]{0,19}+(?:\](?: =?)?+)?+)|')\s*+(?:\Z|%b)" % _MARK_ENDS_LINE
"""A key that breaks off with the text."""
_EXCERPT = rb"(?(cut)%b|(?!))" % _MARK_ENDS_LINE
"""The mark of an excerpt right behind the one of a string that was left short."""
TEXT_ELEMENT_END = lazy_compile(
    rb'"'
    + CUT
    + rb"(?=\s*+(?:\Z|"
    + _ENDS
    + rb"|\[-?[0-9]{1,19}\] =>|'[^\n]|%b|%b)|%b)" % (_NAMED, _KEY_BEGUN, _EXCERPT)
)
"""The closing quote of a string that is a member of an array."""
TEXT_PROPERTY_STOP = lazy_compile(
    rb'"'
    + CUT
    + rb"(?=\s*+(?:\Z|"
    + _ENDS
    + rb"|(?:public|protected|private)\s|%b)|%b)" % (PROPERTY_BROKEN_OFF, _EXCERPT)
)
"""That of one that is a property of an object."""
_MORE = rb"\(more elements\)" + MARK
_CLOSED = (
    rb"\"(?:\.\.\.|\xe2\x80\xa6)?\s++(?:(?<=[\r\n]\s{0,512})\}(?=\s|<|\Z)|"
    + _MORE
    + rb"|\}\s*+(?:\Z|<|\}|"
    + _MORE
    + rb"|\[-?[0-9]{1,19}\] =>|"
    + _NAMED
    + rb"|(?:public|protected|private) [^\n$]{0,256}\$)"
)
TEXT_SURE_ELEMENT_END = lazy_compile(_CLOSED + rb"|\[-?[0-9]{1,19}\] =>|" + _NAMED + rb")")
TEXT_SURE_PROPERTY_STOP = lazy_compile(_CLOSED + rb"|(?:public|protected|private) [^\n$]{0,256}\$[^\n=]{0,256} =>)")
"""The same with what only a dump prints behind it."""
TEXT_LAST_CUT = lazy_compile(rb"\"(?:\.\.\.|\xe2\x80\xa6)\s++\}")
"""That of a string that was left short, and the brace behind it, where the root has no further member."""
LINE_ENDS = lazy_compile(rb"[ \t]{0,64}+(?:[\r\n<]|\Z|" + _MARK_ENDS_LINE + rb")")
TEXT_EXACT_END = lazy_compile(rb'"' + CUT + rb"(?=[\s<]|\Z|\[(?:\.\.\.|\xe2\x80\xa6)\])")
TEXT_ROOT_END = TEXT_EXACT_END
TEXT_ROOT_EXACT_END = lazy_compile(rb'"' + CUT)
"""That of a string at the root, whose length decides: prose may follow it directly."""
TEXT_ROOT_LINE_END = lazy_compile(rb'"' + CUT + rb"(?=[ \t]{0,64}+(?:[\r\n<]|\Z))")
TEXT_INTEGER_KEY = lazy_compile(rb"\[(-?[0-9]{1,19})\] =>")
KEY_OF_LINES = lazy_compile(
    rb"'(?:[^'\n]|'(?=\w)){0,256}+\n(?:[^']|'(?=\w)){0,256}?'?(?: =?>?)?" + MARK + rb"[ \t\r]{0,64}+(?:\n|\Z)"
)
"""A key that goes on below its line and breaks off at the mark of an excerpt; quotes in it stand within words only."""
TEXT_KEY_END = lazy_compile(rb"' =>(?=\s*+" + TEXT_VALUE + rb"|\s*\Z)")
NULLABLE_BEGUN = lazy_compile(rb"(?:public|protected|private) (?:(?:static|readonly) ){0,2}\?")
"""A property up to the mark of a type that may be null, which ends no sentence."""
TEXT_PROPERTY = lazy_compile(MODIFIERS + rb"(?: (?P<type>[^\s$]{1,256}))? \$")
TEXT_PROPERTY_END = lazy_compile(rb" =>(?=\s*+" + TEXT_VALUE + rb"|\s*\Z)")
TEXT_FIRST_MEMBER = lazy_compile(rb"\s*+(?:\[-?[0-9]{1,19}\] =>|'|\.\.\.|\xe2\x80\xa6)")
TEXT_SCALAR = lazy_compile(
    rb"int\((?P<int>-?[0-9]{1,19})\)|(?P<null>NULL)|bool\((?P<bool>true|false)\)|(?:double|float)\((?P<float>"
    + FLOAT
    + rb")\)|enum (?P<enum>"
    + CLASS
    + rb"::[^\s;:]{1,512})(?: : (?:int|string)\([^\n]{0,512}?\))?;"
    rb"|resource\((?P<id>[0-9]{1,10})\) of type \((?P<resource>[^()\n]{1,128})\)|(?P<uninitialized>\*uninitialized\*)"
    rb"|(?P<recursion>&(?:array|object\([^()\s]{1,512}\)\[[0-9]{1,10}\])|(?:\.\.\.|\xe2\x80\xa6)(?!\w))"
)
TEXT_CLOSER = lazy_compile(rb"\}")
TEXT_PARTIAL = lazy_compile(
    rb"(?:string\([0-9]{1,12}\) \"|array\([0-9]{1,9}\) \{|class " + CLASS + rb"\#[0-9]{1,10} \([0-9]{1,9}\) \{"
    rb"|\[-?[0-9]{1,19}\] =(?:>|&gt;)"
    rb"|(?:(?<=[\r\n][ \t]{0,512})'(?:[^'\\\n]|\\[^\n]|'(?=\w)){0,512}'|'[^'\s]{0,512}') =(?:>|&gt;)"
    rb"|(?:public|protected|private) (?:(?:static|readonly) ){0,2}(?:[^\s$]{1,256} )?"
    rb"\$[^\s=]{1,256}(?: [^\s=]{1,64}){0,3} =>|NULL"
    rb"|(?:int|double|bool|resource|enum )[^\n]{0,64}|\*uninitialized\*|\(more elements\)\.\.\.|\.\.\.|&array)"
)

# ------------------------------------------------------------------------------------------------ the HTML form
HTML_VALUE = (
    rb"(?:string '|array \(size=|object\(" + CLASS + rb"\)\[|int -?[0-9]|float |boolean |null|enum\(|resource\("
    rb"|\*uninitialized\*|&array|&object|\.\.\.|\xe2\x80\xa6|" + BROKEN_OFF + rb")"
)
HTML_ARRAY = lazy_compile(rb"array \(size=([0-9]{1,9})\)")
HTML_OBJECT = lazy_compile(rb"object\((" + CLASS + rb")\)\[[0-9]{1,10}\]")
HTML_EMPTY = lazy_compile(rb"empty\b")
HTML_STRING = lazy_compile(rb"string '")
HTML_LENGTH = b"(length="
HTML_STRING_END = lazy_compile(rb"(?P<quote>')" + CUT + rb"[ \t\r\n]{0,16}\(length=(?P<length>[0-9]{1,12})\)")
HTML_LENGTH_PARTIAL = lazy_compile(rb"'%b?[ \t\r\n]{0,16}\(l(?:%b)?[0-9]{0,12}\s{0,64}+\Z" % (MARK, _begun(b"ength=")))
"""The end of a string and its length, which breaks off with the text."""
HTML_INTEGER_KEY = lazy_compile(rb"(-?[0-9]{1,19}) =>")
HTML_KEY_END = lazy_compile(rb"' =>(?=\s*+" + HTML_VALUE + rb"|\s*(?:<[^<>\n]{0,64})?\Z)")
HTML_PROPERTY = lazy_compile(MODIFIERS + rb"(?P<type>(?: [^\s']{1,256}){0,2}) '")
HTML_PROPERTY_END = lazy_compile(
    rb"'(?: \((?P<class>"
    + CLASS
    + rb")\))?(?: =>(?=\s*+"
    + HTML_VALUE
    + rb"|\s*(?:<[^<>\n]{0,64})?\Z)|(?= '[^'\s]{0,512}'))"
)
HTML_VIRTUAL_VALUE = lazy_compile(rb"'(?P<text>[^'\s]{0,512})'")
HTML_SCALAR = lazy_compile(
    rb"int (?P<int>-?[0-9]{1,19})(?![0-9]|\.[0-9])|(?P<null>null)\b|boolean (?P<bool>true|false)\b|float (?P<float>"
    + FLOAT
    + rb")|enum\((?P<enum>"
    + CLASS
    + rb"::[^\s();:]{1,512})\)(?: : (?:int -?[0-9]{1,19}\b|string '[^'\n]{0,512}' \(length=[0-9]{1,6}\)))?"
    rb"|resource\((?P<id>[0-9]{1,10}), (?P<resource>[^()\n]{1,128})\)|(?P<uninitialized>\*uninitialized\*)"
    rb"|(?P<recursion>&(?:array|object\([^()\s]{1,512}\)\[[0-9]{1,10}\])|(?:\.\.\.|\xe2\x80\xa6)(?!\w))"
)
HTML_FLOAT_BEGUN = lazy_compile(rb"float -?[0-9]{1,400}(?=\.)")
HTML_EMPTY_PARTIAL = lazy_compile(rb"empty")
ENUM_VALUE_PARTIAL = lazy_compile(rb": (?:int -?[0-9]{1,19}|string '[^'\n]{0,512}' \(length=[0-9]{1,6}\))")
"""What stands behind a case with a value of its own."""
PROPERTY_PARTIAL = lazy_compile(
    rb"(?:public|protected|private)(?: (?:static|readonly)){0,2}(?: [^\s']{1,256})?"
    rb" '[^\s']{0,256}(?: [^\s']{1,64}){0,3}' (?:\([^()\n]{1,512}\) )?=(?:>|&gt;)|more elements\.\.\."
    rb"|virtual '[^'\s]{1,512}' '[^'\s]{0,512}'"
)
HTML_PARTIAL = lazy_compile(
    rb"(?:string '[^\n]{0,64}|array \(size=[0-9]{1,9}\)|object\(" + CLASS + rb"\)\[[0-9]{1,10}\]|-?[0-9]{1,19} =>"
    rb"|'(?:[^']|'(?=\w)){0,512}' =(?:>|&gt;)"
    rb"|(?:public|protected|private) [^\n]{0,512}' (?:\([^()\n]{1,512}\) )?=(?:>|&gt;)"
    rb"|null|empty"
    rb"|more elements\.\.\.|\.\.\.|(?:int|float|boolean|enum|resource)[^\n]{0,64}|\*uninitialized\*|&array"
    rb"|&object\(" + CLASS + rb"\)\[[0-9]{1,10}\])"
)

# ---------------------------------------------------------------------------------------------- what stands around
HEADER = lazy_compile(rb":[0-9]{1,7}:(?P<white>[ \t\r\n]*)\Z")
HEADER_LONGEST = 1024
PATH_BEGINS = lazy_compile(rb"[A-Za-z]:[\\/]|/|phar://|vfs://")
BEFORE_PATH = (b" ", b"\t", b"\n", b"\r", b">", b"}")
BEFORE_LINE = (b"\n", b"\r", b">")
PRE_OPEN = lazy_compile(rb"<pre\s[^<>]{0,64}xdebug-var-dump(?:[^<>\n]|\n(?!\s)){0,256}+>")
PRE_OPEN_LONGEST = 128
PRE_STOP = b"</pre>"
PRE_STOP_PARTIAL = lazy_compile(PRE_STOP)
