"""How the messages of PHP begin: what tells an error that breaks off from a sentence that begins with its name."""

from __future__ import annotations

from pipeline.patterns import lazy_compile

_CALL = rb"[A-Za-z_\\][A-Za-z0-9_\\:]{0,200}\([^()\r\n]{0,300}\)(?: \[[^\[\]\r\n]{0,80}\])?:[ \t]"

_OPENINGS = (
    rb"Undefined (?:variable|index|offset|array key|property|constant|global variable)[: $]",
    rb"Use of undefined constant ",
    rb"Uninitialized string offset",
    rb"(?:Illegal|Cannot access) (?:string )?offset",
    rb"(?:Array|Object of class [\w\\]{1,200}) (?:to string conversion|could not be converted)",
    rb"Trying to (?:get property|access array offset|clone)",
    rb"Attempt to (?:read|assign|increment/decrement|modify) property",
    rb"Invalid argument supplied for foreach",
    rb"Call to (?:undefined|a member function|private|protected|undefined method)",
    rb"Cannot (?:modify header information|redeclare|use|access|unset|instantiate|pass|re-assign|declare|override)",
    rb"Allowed memory size of [0-9]",
    rb"Maximum (?:execution time|function nesting level) of ",
    rb"syntax error, unexpected ",
    rb"Non-static method ",
    rb"Declaration of [\w\\]{1,200}::",
    rb"Only variable(?:s| references) should be ",
    rb"Assigning the return value of new by reference",
    rb"Redefining already defined constructor",
    rb"Methods with the same name as their class",
    rb"Creat(?:ing default object from empty value|ion of dynamic property)",
    rb"Division by zero",
    rb"Unsupported operand types",
    rb"A non-numeric value encountered|A non well formed numeric value",
    rb"(?:Class|Interface|Trait|Function|Constant) [\"']?[\w\\]{1,200}[\"']? (?:not found|already defined|undeclared)",
    rb"(?:Optional|Required) parameter ",
    rb"Return type of ",
    rb"(?:Automatic|Implicit) conversion ",
    rb"Unparenthesized ",
    rb"The each\(\) function is deprecated|(?:Function|Method) [\w\\:]{1,200}\(\) is deprecated",
    rb"Passing null to parameter ",
    rb"PHP Startup: |Unknown: |Module \"?\w{1,60}\"? (?:is )?already loaded|Directive '",
    rb"Input variables exceeded |POST Content-Length of ",
    rb"Missing argument [0-9]|Argument [0-9]{1,4} passed to |Too few arguments to function ",
    rb"Accessing static property |Using \$this when not in object context|Using \$\{",
    rb"Exception thrown without a stack frame|Uncaught ",
    rb"Failed opening |require(?:_once)?\(|include(?:_once)?\(",
    rb"Out of memory|Nesting level too deep|Serialization of ",
)
KNOWN = lazy_compile(rb"(?:" + rb"|".join((_CALL, *_OPENINGS)) + rb")")
"""What a message of PHP begins with; matched at the message's start."""

HINT = lazy_compile(rb"\$[a-z_]|[a-z_]\(\)|[A-Za-z]\\[A-Za-z]|::")
"""What looks like code inside a sentence."""
_ON_BEGUN = rb"(?:(?:</b>)?[ \t]{1,4}o(?:n(?:[ \t]{1,4}l?i?n?e?(?:[ \t]{0,4}<b>)?)?)?)?"
PLACE_BEGUN = lazy_compile(
    rb"[ \t]in(?:[ \t]|<b>){1,3}(?:/|[A-Z]:[\\/])[^\s/]{1,300}[/\\][^\s<>]{0,600}" + _ON_BEGUN + rb"\Z"
)
"""The beginning of a place at the very end of a text."""
PATH_BEGUN = lazy_compile(rb"(?:<b>)?[^\s<>]{0,1200}" + _ON_BEGUN)
"""The same behind the words that lead to a place."""
_QUOTE = rb"&(?:quot|rdquo|raquo|#34|#8221|#187);"
SENTENCES = lazy_compile(
    rb"(?:[.!?]|\xd8\x9f|\xdb\x94)(?:[\"')]|\xe2\x80[\x9c-\x9d]|[ ]?\xc2\xbb|" + _QUOTE + rb"){0,3}"
    rb"(?:(?:[ \t]|\xc2\xa0|&nbsp;){1,4}[^a-z0-9\s]|(?<=\"|\xe2\x80\x9d|;)[A-Z])"
    rb"|(?:[.!?]|\xd8\x9f|\xdb\x94|\xe0\xa5\xa4|\xe3\x80\x82|\xe2\x80[\x9c-\x9d])[\"')]{0,2}\Z"
)
"""Where one sentence ends and another begins, or the text ends with a sentence."""
SENTENCE_LINE = lazy_compile(rb"[.!?](?:[\"')]|\xe2\x80[\x99\x9d])?[ \t]{0,64}(?:[\r\n]|<br)")
"""Where a line ends with a sentence: text of a page does, and hardly a message of several lines."""


PROSE = lazy_compile(rb"(?!syntax error)[a-z]{1,24},? [a-z]{1,24}[ ,]")
"""Two words in small letters: of the messages that PHP itself has, only one begins so."""
GOES_ON = lazy_compile(rb",?[ \t][a-z]{1,24}[ ,]")
"""Where a sentence goes on behind the number of a line."""


def is_known(raw: bytes, start: int) -> bool:
    """Return whether a message of PHP begins at ``start``.

    >>> is_known(b"Undefined variable $x", 0), is_known(b"Ice on the harbour wall", 0)
    (True, False)
    """
    return KNOWN.match(raw, start) is not None
