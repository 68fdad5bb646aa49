"""Lead-ins in scripts without capitals: Arabic letters, Chinese, Japanese, Korean.

No capital tells a name from a word here, so an agency, a wire's mark or a day with a dash must stand where it belongs.
"""

from __future__ import annotations

import regex

from pipeline.dates.leadin_day import PrintedDay, is_only_a_weekday, month_of, names_a_time
from pipeline.dates.leadin_parts import BRACKETED, LINE_END, LeadIn, one_line
from pipeline.dates.leadin_words import is_agency
from pipeline.patterns import lazy_compile

_WORD = r"[\u0620-\u065f\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f\u200c]{1,20}+"
_ARABIC = lazy_compile(
    rf"(?P<place>{_WORD}(?:[ ]{_WORD}){{0,3}}?)"
    rf"(?:[ ]?[،,–-]?[ ]?(?:في[ ]|فی[ ])?(?:(?P<day>\p{{Nd}}{{1,2}})[ ]{{1,2}}(?P<month>{_WORD})(?:[ ]?/[ ]?{_WORD})??"
    r"(?:[ ](?P<year>\p{Nd}{4}))?(?:[ ]م)?|\p{Nd}{1,2}[ ]?-[ ]?\p{Nd}{1,2}(?=[ ]?\()))?"
    r"(?P<apart>[ ]?[،,–—/-]?[ ]?)"
    rf"(?:\([ ]?(?P<bracket>{BRACKETED}?)[ ]?\)|(?P<bare>{_WORD}(?:[ .]{_WORD}){{0,2}}))?"
    rf"(?P<end>[ ]?[–—/:-]{{1,3}}|{LINE_END})"
)

_ARABIC_DATED = lazy_compile(
    rf"(?P<place>{_WORD}(?:[ ]{_WORD}){{0,3}}?)[،,]?[ ](?:في[ ]|فی[ ])?"
    rf"(?P<day>\p{{Nd}}{{1,2}})[ ]{{1,2}}(?P<month>{_WORD})"
    r"(?:[ ](?P<year>\p{Nd}{4}))?[ ]?[–—-]{1,3}(?=\s|\Z)"
)

_HAN_DATE = r"(?:(?:(?P<year>\p{Nd}{4})年)?(?:(?P<month>\p{Nd}{1,2})月)?(?P<day>\p{Nd}{1,2})日)"
_CHINESE = lazy_compile(
    r"[(（【]?(?P<agency>\p{Han}{1,4}?(?:社|网|網|台|报|報))(?:(?:记者|記者)\p{Han}{2,4}?)?"
    rf"(?P<place>\p{{Han}}{{2,8}}?)?{_HAN_DATE}\s?[电電](?![话話影视視脑腦子力报報])"
    r"(?:[ ]?[(（][^()（）\n]{1,40}[)）])?[)）】]?[:： \u3000]{0,3}"
)
_JAPANESE = lazy_compile(
    r"[【\[［](?!写真|画像|動画|提供|出典)"
    r"(?P<place>[\p{Han}\p{Katakana}\p{Hiragana}ー・]{1,14}?)(?:[ \u3000]?"
    rf"{_HAN_DATE})?[ \u3000]?(?:[=＝](?P<credit>[^【】\[\]\n]{{1,16}})"
    r"|(?P<agency>共同|時事|ロイター|ＡＦＰ|AFP(?:=?時事)?|聯合ニュース|聯合|タス|新華社|ＡＰ|AP))[】\]］]"
    r"(?:[ ]?[-–—])?[ \u3000]?"
)
_KOREAN = lazy_compile(
    r"[(\[【](?!사진|자료|출처|그래픽|영상|제공|이미지)"
    r"(?P<place>\p{Hangul}{2,12}(?:[·/, ]{1,2}\p{Hangul}{2,12}){0,2})\s?=\s?"
    r"(?P<agency>[\p{Hangul}A-Za-z0-9]{2,16})[)\]】]"
    r"(?:[ ]?[\p{Hangul}·, ]{2,30}?[ ]?=)?[ ]?"
)


def read(text: str, language: str) -> LeadIn | None:
    """Return the lead-in that a text in a script without capitals begins with; None when it is a sentence.

    >>> read("新华社北京3月27日电 雨下了一天。", "zh").place
    '北京'
    >>> read("دمشق-سانا", "ar").agency
    'سانا'
    """
    first = text[:1]
    if "\u0600" <= first <= "\u06ff":
        return _arabic(text, language)
    if first in "([【［（":
        return _korean(text) or _japanese(text) or _chinese(text)
    return _chinese(text) if "\u4e00" <= first <= "\u9fff" else None


def _arabic(text: str, language: str) -> LeadIn | None:
    found = _ARABIC.match(text)
    if found is not None:
        credit = one_line(found["bracket"] or found["bare"])
        apart = found["bracket"] is not None or found["day"] is not None or found["apart"].strip()
        is_no_place = is_agency(found["place"]) or is_only_a_weekday(found["place"], language)
        if credit is not None and apart and is_agency(credit) and not is_no_place:
            return LeadIn(found.end(), found["place"], None, credit, _arabic_day(found, language))
    dated = _ARABIC_DATED.match(text)
    day = _arabic_day(dated, language) if dated is not None else None
    if dated is not None and day is not None and not names_a_time(dated["place"], language):
        return LeadIn(dated.end(), dated["place"], None, None, day)
    return None


def _arabic_day(found: regex.Match[str], language: str) -> PrintedDay | None:
    found_month = month_of(found["month"], language) if found["month"] else None
    if found_month is None:
        return None
    number, calendar = found_month
    day = PrintedDay(int(found["day"]), number, int(found["year"]) if found["year"] else None, calendar)
    return day if day.exists else None


def _chinese(text: str) -> LeadIn | None:
    found = _CHINESE.match(text)
    return LeadIn(_stop(found), found["place"], None, found["agency"], _han_day(found)) if found else None


def _japanese(text: str) -> LeadIn | None:
    found = _JAPANESE.match(text)
    if found is None:
        return None
    credit = found["credit"]
    agency = found["agency"] or (credit if credit and is_agency(credit) else None)
    return LeadIn(_stop(found), found["place"], None, agency, _han_day(found))


def _korean(text: str) -> LeadIn | None:
    found = _KOREAN.match(text)
    return LeadIn(_stop(found), one_line(found["place"]), None, found["agency"]) if found else None


def _stop(found: regex.Match[str]) -> int:
    return found.start() + len(found[0].rstrip(" \u3000"))


def _han_day(found: regex.Match[str]) -> PrintedDay | None:
    if found["day"] is None:
        return None
    month, year = (int(found[part]) if found[part] else None for part in ("month", "year"))
    if month not in (None, *range(1, 13)):
        return None
    day = PrintedDay(int(found["day"]), month, year if month is not None else None)
    return day if day.exists else None
