"""Does a stretch of text end as a sentence does?

A page or a dump breaks off anywhere, hardly ever behind a full stop. So where what may be the rest of an unfinished
text ends as a sentence does, it is as likely the prose behind it.
"""

from __future__ import annotations

from pipeline.patterns import lazy_compile

CLOSERS = rb"(?:[\"')\]*]|\xe2\x80[\x98-\x9f\xba]|\xc2\xbb|\xe3\x80[\x8d\x8f]|\xef\xbc\x89|&[a-z]{2,5};|</[a-z]{1,8}>)"
"""What may stand behind the last stop of a sentence."""
_STOP = (
    rb"(?:(?<!\.)\.|[!?]|\xd8\x9f|\xdb\x94|\xd6\x89|\xe0\xa5[\xa4\xa5]|\xe1\x8d\xa2|\xe1\x81\x8b|\xe1\x9f\x94"
    rb"|\xe3\x80\x82|\xef\xbd\xa1|\xef\xbc[\x81\x8e\x9f])"
)
"""What ends a sentence in any script; three dots do not."""
_ENDS = lazy_compile(rb"%b(?:[ \xa0]{0,2}%b){0,4}[ \t]{0,8}\Z" % (_STOP, CLOSERS))
_WORDS = lazy_compile(
    rb"[A-Za-z\x80-\xff]{2}[^\s<>=\[\]{}]{0,64}\s{1,8}[^\s<>=\[\]{}]|(?:[\xe3-\xed][\x80-\xbf]{2}){4}"
)
"""Two words side by side, or several characters of a script without blanks."""
_TOKEN = rb"[^\s\[\]{}()=<>'\"&;$]{1,60}"
_SEVERAL = lazy_compile(
    rb"(?<![^\s])(?:" + _TOKEN + rb"[ ]){2}" + _TOKEN + rb"|(?:[\xe0-\xed][\x80-\xbf]{2}){8}",
)
"""Three words side by side without a sign of code, or as much of a script without blanks."""
BETWEEN_SENTENCES = lazy_compile(
    rb"(?:[A-Za-z0-9)\x80-\xff][.!?]|\xd8\x9f|\xdb\x94)(?:[\"')]|\xe2\x80[\x9c-\x9d]|[ ]?\xc2\xbb){0,3}"
    rb"[ \t]{1,4}[^a-z0-9\s(]|\xe3\x80\x82|\xe0\xa5\xa4"
)
"""Where one sentence ends and another begins."""
_ENDS_LONGEST = 48
_WORDS_LONGEST = 240


def ends_sentence(raw: bytes, start: int, stop: int) -> bool:
    r"""Whether a stretch holds words and ends as a sentence does.

    >>> text = "boat\" The pier is closed.".encode()
    >>> ends_sentence(text, 0, len(text)), ends_sentence(text, 0, len(text) - 1), ends_sentence(b"wet quay...", 0, 11)
    (True, False, False)
    """
    if not _ENDS.search(raw, max(start, stop - _ENDS_LONGEST), stop):
        return False
    return _WORDS.search(raw, max(start, stop - _WORDS_LONGEST), stop) is not None


def holds_words(raw: bytes, start: int, stop: int) -> bool:
    """Whether several words stand side by side at the end of a stretch, as they do in prose.

    >>> [holds_words(text, 0, len(text)) for text in (b"Ferr", b"/a.php on", b"the old pier", b"stdCla")]
    [False, False, True, False]
    """
    return _SEVERAL.search(raw, max(start, stop - _WORDS_LONGEST), stop) is not None
