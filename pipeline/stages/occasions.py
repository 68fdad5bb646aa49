"""A day above the prose that may be that of an event, a film or an accident: a line beside it says where that was."""

from __future__ import annotations

from pipeline.dates.bylines import any_of
from pipeline.dates.normal import fold
from pipeline.dates.words import ANY_DAY, PUBLISHED, UPDATED
from pipeline.model import Article, Dateline
from pipeline.patterns import lazy_compile

WARNING = "dateline_beside_a_place"
"""Says that a line beside the timestamp names the place of something: the time may be that of the same thing."""
PLACES = (
    "venue|place|location|ort|veranstaltungsort|spielort|lugar|luogo|lieu|yer|mekan|место|место проведения|місце|"
    "miejsce|地点|地點|場所|会場|장소|المكان|مکان|director|regie|cast|casualties"
)
"""What lines about an event, a film or an accident begin with."""
_OWN_LABELS = "|".join(label for label in f"{PUBLISHED}|{UPDATED}".split("|") if label not in ANY_DAY.split("|"))
_PLACE = lazy_compile(rf"(?:{any_of(PLACES)})\s?[:：]\s?\S")
_OWN = lazy_compile(rf"(?m)^(?:{any_of(_OWN_LABELS)})(?!\w)")
FIRST_LINES = 2
"""Lines at the head of the prose that are looked at."""


def weighed(dateline: Dateline, article: Article) -> Dateline:
    """Return a dateline without its time where that may be an event's; a label such as "published" proves it.

    >>> from datetime import datetime
    >>> party = Article(body="All may come.", dateline_raw="Date: 14 May 2016", deck="Venue: Old Quay")
    >>> weighed(Dateline("exact", datetime(2016, 5, 14), "day"), party).warnings
    ('dateline_beside_a_place',)
    """
    if dateline.published_local is None or article.dateline_raw is None:
        return dateline
    beside = f"{article.deck or ''}\n{_first_lines(article.body)}"
    if ":" not in beside and "：" not in beside:
        return dateline
    if not any(_PLACE.match(fold(line)) for line in beside.split("\n")) or _OWN.search(fold(article.dateline_raw)):
        return dateline
    told = (*dateline.warnings, WARNING)
    return Dateline("ambiguous", None, dateline.precision, warnings=told, updated_at=dateline.updated_at)


def _first_lines(body: str) -> str:
    stop = -1
    for _ in range(FIRST_LINES):
        stop = body.find("\n", stop + 1)
        if stop < 0:
            return body
    return body[:stop]
