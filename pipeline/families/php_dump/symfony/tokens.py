r"""The tokens of Symfony's VarDumper, to be matched at a place of a view (never searched for).

Compared with the output of symfony/var-dumper 5.4. The HTML form is the text form with tags in it, so its view is
read by the same tokens; browsers add a triangle behind each bracket that can be folded.
"""

from __future__ import annotations

from pipeline.patterns import lazy_compile

FOLDED = b"\xe2\x96\xb6"
"""The triangle of what a browser shows without its members."""
FOLD = rb"(?:[ \t]?(?:\xe2\x96\xbc|\xe2\x96\xb6|\xe2\x97\x80))?"
ARRAY = lazy_compile(rb"array:([0-9]{1,9}) \[" + FOLD)
LIGHT = lazy_compile(rb"\[" + FOLD)
ARRAY_REFERENCE = lazy_compile(rb"&[0-9]{1,10}\]")
NAME = rb"[^\s{}\[\]\"'=,;#&]{1,512}"
OBJECT = lazy_compile(
    rb"(?:(?P<class>"
    + NAME
    + rb"(?:\((?:[^(){}\[\]\n]|\(\)|\[\]){0,512}\)(?:: [^\s{}]{1,256})?)?)(?P<note> @-?[0-9.]{1,24})? )?"
    rb"\{(?P<mark>#)(?P<id>[0-9]{1,10})" + FOLD
)
RESOURCE = lazy_compile(rb"(?P<type>[^\s{}\[\]\"']{1,128}) resource (?P<open>\{)?@(?P<id>[0-9]{1,10})" + FOLD)
META = lazy_compile(rb"(?P<class>" + NAME + rb" )?\{" + FOLD)
"""A virtual member's braces, which have no number."""

REFERENCE = lazy_compile(rb"&[0-9]{1,10} ")
STRING = lazy_compile(rb"(?:\((?P<length>[0-9]{1,12})\) )?(?P<binary>b)?\"")
ELLIPSIS = rb"(?:\xe2\x80\xa6|\.\.\.)"
CUT = rb"(?P<cut>" + ELLIPSIS + rb"[0-9]{0,12})?,?"
LEFT_OUT = lazy_compile(ELLIPSIS + rb"(?P<count>[0-9]{0,12})")
SCALAR = lazy_compile(
    rb"(?P<null>null)\b|(?P<bool>true|false)\b|(?P<float>-?[0-9]{1,400}\.[0-9]{1,64}(?:E[+-][0-9]{1,4})?|-?INF\b|NAN\b)"
    rb"(?![^\s\]},])|(?P<int>-?[0-9]{1,19})(?![^\s\]},])|\? ?(?P<uninitialized>[^\s{}]{1,256})"
)
NUMBER_BEGUN = lazy_compile(rb"-?[0-9]{1,400}(?=\.)")
INTEGER_KEY = lazy_compile(rb"(-?[0-9]{1,19}) => ?")
KEY_END = lazy_compile(rb"\" =>(?: |(?=[\r\n])|\Z)")
KEY_LONGEST = 4096
QUOTED_WITHIN = lazy_compile(rb"[^\s,.:;=(\[] \"\w[^\"\n]{0,64}[^\s]\" \w")
"""Words in quotes amid others: VarDumper escapes no quotes, and code has to."""
PROPERTY = lazy_compile(
    rb"(?P<sign>[+#~-])?(?:b?\"(?P<quoted>(?:(?!\": )[^\n]){0,512}+)\""
    rb"|(?P<name>[^\s\"{}\[\]]{1,256}?)):(?: |(?=[\r\n])|\Z)"
)
META_VALUE = lazy_compile(
    rb"[^{}\[\]\"\r\n]{1,256}?(?=\s*+(?:\Z|\}|[\r\n]|\s[+#~-]?(?:\"[^\"\n]{0,64}\"|[^\s\"{}\[\]]{1,64}): ))"
)
"""What a virtual member shows that is no value of PHP, such as a date."""

SIGN_BEFORE = lazy_compile(rb"\n[ ]{2,512}+[+#~-]\"?[^\n:]{1,256}\"?:[ ]?\Z")
"""A property up to its value."""
PROPERTY_LONGEST = 800
DOTS_FIRST = lazy_compile(ELLIPSIS + rb"(?=[ \t]{1,64}+[^\s])")
"""The mark of an excerpt in the place of a value, with text behind it."""
CONSTANT_BEGUN = lazy_compile(
    rb"Closure\(.{0,4096}|[^\s]{0,512}(?: \| [^\s]{0,512}| @-?[0-9.]{0,24}| r[esourc]{0,7}(?: \{?@?[0-9]{0,10})?){0,16}"
)
"""What a property shows that is no value of PHP: constants, or the head of a value that breaks off."""

LINE_STRING_END = lazy_compile(rb"\"" + CUT + rb"\r?\Z")
BLOCK_END = lazy_compile(rb"[ \t]*\"\"\"" + CUT + rb"[ \t]*\r?\Z")
BLOCK_END_PARTIAL = lazy_compile(rb"[ \t]*+\"{1,2}+" + ELLIPSIS + rb"?[ \t]*\r?\Z")
NEXT_MEMBER = (
    rb"(?:-?[0-9]{1,19} =>|b?\"(?:(?!\" =>)[^\n]){0,512}+\" =>|[+#~-]?(?:b?\"[^\"\n]{0,128}\"|[^\s\"{}\[\]]{1,128}): |"
    + ELLIPSIS
    + rb"[0-9])"
)
_WITHIN = rb"(?!\"" + ELLIPSIS + rb"[0-9])"
"""A quote before the one that ends a string which was cut is in its text."""
INLINE_STRING_END = lazy_compile(rb"\"" + CUT + _WITHIN + rb"(?=\s*+(?:\Z|[\]}]|" + NEXT_MEMBER + rb"))")
INLINE_LIGHT_END = lazy_compile(
    rb"\""
    + CUT
    + _WITHIN
    + rb"(?=\s*+(?:\Z|[\]}\[\"]|-?[0-9]|null|true|false|b\"|[^\s\"]{1,256} \{#|\{#|"
    + NEXT_MEMBER
    + rb"))"
)
ROOT_STRING_END = lazy_compile(rb"\"" + CUT + rb"(?=[ \t]*+(?:\Z|</pre>|// |[\r\n]))")
LINE_GOES_ON = lazy_compile(rb"\\n[ \t\r]*\Z|" + ELLIPSIS + rb"[0-9]{1,12}[ \t\r]*\Z")
LINE_CUT = lazy_compile(ELLIPSIS + rb"[0-9]{1,12}\Z")
RUN_TOGETHER_END = lazy_compile(rb"[ \t\r\n]++\"\"\"" + CUT)
LINE_JOINT = lazy_compile(rb"\\n[ \t\r\n]++")
RESOURCE_CUT = lazy_compile(rb" " + ELLIPSIS + rb"[0-9]{1,9}")
ESCAPE = lazy_compile(rb"\\(?:[tnvfre]|x[0-9A-F]{2})")
ESCAPES = {b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r", b"e": b"\x1b"}
TEXT_TAG = lazy_compile(rb"<span class=[\"']?sf-dump[^<>]{0,512}>|</span>")
ESCAPE_TAG = lazy_compile(rb"<span class=\"?'?sf-dump-default[^<>]{0,128}>((?:[^<]|<(?!/span>)){0,512})</span>")

FIRST_META = lazy_compile(rb"[ \t\r\n]{1,64}[a-z_]{1,64}: ")

PARTIAL = lazy_compile(
    rb"(?:array:[0-9]{1,9} \[|-?[0-9]{1,19} => ?|\(?[0-9]{0,12}\)? ?b?\"[^\n]{0,4096}"
    rb"|[+#~-]?(?:\"(?:[^\"\n]|\"(?!:)){0,512}+\"|[^\s\"{}\[\]]{1,256}): ?[^\n]{0,256}|(?:"
    + NAME
    + rb"(?: @-?[0-9.]{1,24})? ?)?\{[\#@]?[0-9]{1,10}|null|true|false|-?[0-9.]{1,400}(?:E[+-][0-9]{1,4})?)"
)

# ---------------------------------------------------------------------------------------------- what stands around
PREFIX = lazy_compile(rb"\^ \Z")
SOURCE = lazy_compile(rb"[ \t]{0,8}// (?:[^\s<>\"]{1,512}/)?[^\s<>\"/]{1,128}\.php(?::[0-9]{1,7})?")
PRE_OPEN = lazy_compile(rb"<pre class=[\"']?sf-dump(?:[^<>\n]|\n(?!\s)){0,256}+>[ \t\r\n]{0,16}(?P<prefix>\^ )?")
PRE_OPEN_LONGEST = 16
PRE_STOP = b"</pre>"
PRE_STOP_PARTIAL = lazy_compile(PRE_STOP)
TAIL = lazy_compile(
    rb"[ \t\r\n]{0,64}+(?:<script[^<>]{0,64}>)?[ \t\r\n]{0,16}+Sfdump\(['\"]sf-dump-[0-9]{1,12}['\"]"
    rb"(?:, ?\{[^{}\n]{0,512}\})?\);?(?:[ \t\r\n]{0,16}+</script>)?"
)
SCRIPT_OPEN = lazy_compile(rb"<script[^<>]{0,128}>[ \t\r\n]{0,64}\Z")
SCRIPT_STOP = b"(document);"
SCRIPT_LONGEST = 65536
AFTER_SCRIPT = lazy_compile(rb"[ \t\r\n]*+(?:</script>)?[ \t\r\n]*+(?:<style[^<>\n]{0,64}>)?")
_DECLARATION = rb"[a-z-]{1,32}\s?:(?:[^{}<();:\]\n]|\([^{}<()\n]{0,4096}\)){1,512}+"
_DECLARATIONS = rb"\{\s{0,64}+(?:%b;\s{0,64}+){0,64}+(?:%b)?\}" % (_DECLARATION, _DECLARATION)
"""What a rule sets: names and their values."""
RULE = lazy_compile(rb"[^{}<\"]{0,1024}?sf-dump[^{}<\"]{0,1024}" + _DECLARATIONS)
RULE_PARTIAL = lazy_compile(
    rb"(?:pre|code|samp|a|span)?+[ \t]?[.#](?:[a-z-]{1,32}\.)?sf-dump[^{}<]{0,1024}(?:%b)?" % _DECLARATIONS
    + rb"|</?[a-z]{0,8}(?:\s[^<>]{0,128})?|(?:pre|code|samp|a|span)"
)
"""A rule, or a tag behind the last of them, that breaks off with the text."""
AFTER_RULES = lazy_compile(rb"[ \t\r\n]*+(?:</style>)?[ \t\r\n]*+")
