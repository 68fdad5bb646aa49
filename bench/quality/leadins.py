"""Lead-ins: a newsroom's own datelines where they are at hand, and generated ones of many agencies and languages."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import regex

from bench.quality.figures import SHARED_CASES, Figure, Section, at_least, at_most
from pipeline.dates import LeadIn, LeadReader, complete

RIGHT = 97.5
SLOWEST = 10.0
"""Microseconds a lead-in."""
REPEATS = 5
CONTRADICTION = 3
READER = LeadReader()


class Told(NamedTuple):
    """What a lead-in says: place, region, day and month, agency."""

    place: str | None
    region: str | None = None
    day: tuple[int, int | None] | None = None
    agency: str | None = None


class Case(NamedTuple):
    """A lead-in, the sentence behind it, and what it says; None where there is no lead-in at all."""

    lead: str
    sentence: str
    told: Told | None


def measure(seed: int, size: int) -> list[Section]:
    """Return the sections: Reuters' datelines, generated lead-ins, generated sentences that are none."""
    return [
        _reuters(),
        _generated(random.Random(f"leads {seed}"), size),
        _sentences(random.Random(f"none {seed}"), size),
    ]


def _told(found: LeadIn | None) -> Told | None:
    if found is None:
        return None
    return Told(found.place, found.region, found.day and (found.day.day, found.day.month), found.agency)


def _microseconds(texts: Sequence[str]) -> float:
    """Return the processor time of a lead-in in the best round."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        for text in texts:
            READER.read(text)
        best = min(best, time.process_time() - start)
    return 1e6 * best / max(1, len(texts))


# ------------------------------------------------------------------------------------------------------------- Reuters

_DATELINE = regex.compile(
    r"(?P<place>[^,0-9]{2,40}?)(?:,\s(?P<region>[^,0-9]{2,30}))?(?:,?\s+(?P<month>\p{L}{3,9})\s(?P<day>[0-9]{1,2})(?:,\sReuter)?)?\s+-"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _reuters() -> Section:
    title = "Reuters' datelines"
    path = SHARED_CASES / "reuters.jsonl"
    if not path.is_file():
        return Section(title, f"not measured: {path.name} is not at hand")
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["dateline"]]
    fields = [" ".join(row["dateline"].split()) for row in rows]
    alone = in_page = flagged = contrary = wrongly = 0
    for row, field in zip(rows, fields, strict=True):
        told, recorded = _printed(field), datetime.strptime(row["date"].split()[0], "%d-%b-%Y").date()  # noqa: DTZ007 - a day
        found = READER.read(row["dateline"].strip())
        alone += _told(found) == told
        in_page += _told(READER.read(f"{row['dateline'].strip()}\n{(row['body'] or '').strip()}")) == told
        if found is None or found.day is None or told is None or told.day is None:
            continue
        day = date(recorded.year, told.day[1] or 0, told.day[0])
        is_contrary = abs((day - recorded).days) > CONTRADICTION
        is_flagged = complete(found.day, recorded).contradicts
        contrary += is_contrary
        flagged += is_contrary and is_flagged
        wrongly += is_flagged and not is_contrary
    each = _microseconds(fields)
    return Section(
        title,
        f"{len(rows)} of them, 1987; right means that place, region and day are those that are printed",
        (
            at_least("right, the dateline alone", alone, len(rows), RIGHT),
            at_least("right, with its story", in_page, len(rows), RIGHT),
            at_least("contradictions flagged", flagged, contrary, 100)
            if contrary
            else Figure("contradictions", "none"),
            at_most("flagged without one", wrongly, len(rows), 0),
            Figure("time each", f"{each:.1f} µs", f"≤ {SLOWEST:g} µs", each <= SLOWEST),
        ),
    )


def _printed(field: str) -> Told | None:
    """Return what a dateline says, by its commas alone; None for what is no dateline."""
    found = _DATELINE.match(field)
    if found is None:
        return None
    name = (found["month"] or "").casefold()
    number = _MONTHS.index(name[:3]) + 1 if name[:3] in _MONTHS else None
    day = (int(found["day"]), number) if found["day"] else None
    return Told(found["place"], found["region"], day, "Reuter" if ", Reuter" in field else None)


# ----------------------------------------------------------------------------------------------------------- generated

CITIES = (
    "Rosshaven",
    "Castlebrae",
    "Elk Bend",
    "St. Orm",
    "Port-Lune",
    "San Telmo del Sur",
    "O'Dell",
    "Zürau",
    "Nîmar",
)
REGIONS = ("Maine", "N.Y.", "Ont.", "New Zealand", "Selhan", "West Talmira")
ENGLISH = ("AP", "Reuters", "AFP", "UPI", "Xinhua", "Kyodo", "Yonhap", "KUNA", "Bernama", "MNA", "Tasnim", "EFE", "dpa")
STRANGERS = ("RADIO SELHAN", "Talmira Press", "XPQ")
_MONTH_NAMES = {
    "en": "January February March April May June July August September October November December",
    "short": "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.",
    "wild": "JAn FEb Mach aPRIL MAY JUne JUly Agust SEpt OCtober NOvember Decmber",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
MONTHS = {key: words.split() for key, words in _MONTH_NAMES.items()}
SENTENCE = ("Rain fell on the pier.", "“It rained,” she said.", "1,200 people came.", "Es regnete.", "El faro abrió.")
DASHES = (" -", " --", " —", " –", "—")


def _day(rng: random.Random) -> tuple[int, int]:
    return rng.randint(1, 28), rng.randint(1, 12)


def _wire(rng: random.Random) -> Case:
    """CITY, Region, Month d (AGENCY) -- with or without each part but the proof."""
    (day, number), city = _day(rng), rng.choice(CITIES).upper()
    region = rng.choice((None, *REGIONS))
    agency = rng.choice((None, *ENGLISH, *STRANGERS))
    months = MONTHS[rng.choice(("en", "short", "wild"))]
    lead = f"{city}{f', {region}' if region else ''}, {months[number - 1]} {day}"
    lead += f" ({agency})" if agency else ""
    return Case(lead + rng.choice(DASHES), rng.choice(SENTENCE), Told(city, region, (day, number), agency))


def _dateless(rng: random.Random) -> Case:
    city, agency, region = rng.choice(CITIES), rng.choice(ENGLISH), rng.choice((None, *REGIONS))
    lead = f"{city}{f', {region}' if region else ''} ({agency}){rng.choice(DASHES)}"
    return Case(lead, rng.choice(SENTENCE), Told(city, region, None, agency))


def _known_place(rng: random.Random) -> Case:
    city = rng.choice(("PARIS", "NEW YORK", "TOKYO", "MEXICO CITY", "LONDON/PARIS"))
    if rng.random() < 1 / 2:
        return Case(f"{city}{rng.choice(DASHES)}", SENTENCE[0], Told(city))
    state = rng.choice(("Maine", "N.Y.", "Philippines", "Kenya", "Ont."))
    return Case(f"ROSSHAVEN, {state}{rng.choice(DASHES)}", SENTENCE[0], Told("ROSSHAVEN", state))


def _muc(rng: random.Random) -> Case:
    (day, number), city, agency = _day(rng), rng.choice(CITIES).upper(), rng.choice((*ENGLISH, *STRANGERS))
    country = rng.choice((None, "SELHAN", "TALMIRA"))
    lead = f"{city}{f' ({country})' if country else ''}, {day} {MONTHS['en'][number - 1][:3].upper()} 90 ({agency}) --"
    return Case(lead, "[TEXT] RAIN FELL.", Told(city, country, (day, number), agency))


def _day_first(language: str, form: str, agencies: Sequence[str]) -> Callable[[random.Random], Case]:
    """Return what writes lead-ins of one language, day before month."""

    def write(rng: random.Random) -> Case:
        (day, number), city, agency = _day(rng), rng.choice(CITIES), rng.choice(agencies)
        lead = form.format(city=city, day=day, month=MONTHS[language][number - 1], agency=agency)
        return Case(lead, rng.choice(SENTENCE), Told(city, None, (day, number), agency))

    return write


def _east(rng: random.Random) -> Case:
    day, number = _day(rng)
    arabic = MONTHS["ar"][number - 1]
    return rng.choice(
        (
            Case("دمشق-سانا", "\nهطل المطر.", Told("دمشق", None, None, "سانا")),
            Case("القاهرة (رويترز) -", " هطل المطر.", Told("القاهرة", None, None, "رويترز")),
            Case(f"أبوظبي في {day} {arabic} / وام /", "هطل المطر.", Told("أبوظبي", None, (day, number), "وام")),
            Case("تهران - ایسنا -", "باران بارید.", Told("تهران", None, None, "ایسنا")),
            Case(f"新华社上海{number}月{day}日电", "下雨了。", Told("上海", None, (day, number), "新华社")),
            Case(f"[大阪 {day}日 ロイター]", "雨が降った。", Told("大阪", None, (day, None), "ロイター")),
            Case("【大阪共同】", "雨が降った。", Told("大阪", None, None, "共同")),
            Case("(부산=연합뉴스)", "비가 내렸다.", Told("부산", None, None, "연합뉴스")),
        )
    )


WRITERS: dict[str, Callable[[random.Random], Case]] = {
    "place, region, day, agency": _wire,
    "no day": _dateless,
    "place alone": _known_place,
    "country in brackets": _muc,
    "TASS": _day_first("ru", "{city}, {day} {month}. /{agency}/.", ("ТАСС",)),
    "Interfax": _day_first("ru", "{city}. {day} {month}. {agency} -", ("INTERFAX.RU", "Интерфакс")),
    "German": _day_first("de", "{city}, {day}. {month} ({agency}) -", ("dpa", "APA", "dpa/tmn")),
    "French": _day_first("fr", "{city}, {day} {month} ({agency}) –", ("AFP", "Belga")),
    "Spanish": _day_first("es", "{city}, {day} de {month} ({agency}).-", ("EFE", "Europa Press", "Télam")),
    "Italian": _day_first("it", "{city}, {day} {month} ({agency}) -", ("ANSA", "Adnkronos")),
    "Turkish": _day_first("tr", "{city}, {day} {month} ({agency}) -", ("AA", "DHA", "İHA")),
    "scripts without capitals": _east,
}


def _generated(rng: random.Random, size: int) -> Section:
    figures = []
    texts: list[str] = []
    for name, write in WRITERS.items():
        cases = [write(rng) for _ in range(size)]
        right = sum(
            (found := READER.read(text := f"{case.lead} {case.sentence}")) is not None
            and (_told(found), text[: found.stop]) == (case.told, case.lead)
            for case in cases
        )
        texts += [f"{case.lead} {case.sentence}" for case in cases]
        figures.append(at_least(name, right, size, RIGHT))
    flagged, contrary = _contradictions(rng, size)
    figures.append(at_least("contradictions flagged, and nothing else", flagged, contrary, 100))
    note = f"{size} of each kind; right means every part, and where the lead-in ends"
    figures.append(Figure("time each", f"{_microseconds(texts):.1f} µs"))
    return Section("Lead-ins, generated", note, tuple(figures))


def _contradictions(rng: random.Random, size: int) -> tuple[int, int]:
    """Return how many days were judged rightly against a timestamp line, of how many."""
    right = 0
    for _ in range(size):
        stamp = date(2000, 1, 1) + timedelta(rng.randrange(9000))
        away = rng.randint(-45, 45)
        day = stamp + timedelta(away)
        found = READER.read(f"ROSSHAVEN, {MONTHS['en'][day.month - 1]} {day.day} (AP) — Rain fell.")
        completed = complete(found.day, stamp) if found is not None and found.day is not None else None
        right += completed == (day, abs(away) > CONTRADICTION)
    return right, size


# ----------------------------------------------------------------------------------------------------------- sentences

NAMES = ("Ansel Torrow", "Inés Oyarbide", "Quayside Holdings", "Talmira United", "The Harbour Board")
NEGATIVES = (
    "{city}, {month} {day} was a day of rain.",
    "{city}, {month} {day} - {later} is when the fair takes place.",
    "{city} — the town on the river — was dark.",
    "{city} – which nobody had expected – won.",
    "{city} — Rain fell all day.",
    "{city}, {region}, was dark on {month} {day} - and cold.",
    "{city} ({region}) – The town was dark.",
    "{name} ({acronym}) – The board said no.",
    "{name}, {region} - a name to remember.",
    "On {month} {day} - {city} was dark.",
    "{weekday}, {month} {day} - The pier is closed.",
    "{heading}, {month} {day} - The pier is closed.",
    "{heading} — The pier is closed.",
    "{city} ({agency}) reporters went home.",
    "{city}. {month} {day}. Rain fell.",
    "{city}, {region}. Rain fell ({agency}) all day.",
    "{agency} — The agency was founded in {city}.",
    "{city}: a town by the sea - and what to see there.",
    "{city}-based {name} fell - again.",
    "“{city}, {month} {day} ({agency}) —” stood on the page.",
    "{city} {day} - {name} {later}",
)


def _sentences(rng: random.Random, size: int) -> Section:
    false: list[str] = []
    texts = [
        rng.choice(NEGATIVES).format(
            city=rng.choice((*CITIES, "Paris", "London", "New York")),
            region=rng.choice(REGIONS),
            month=rng.choice(MONTHS["en"]),
            day=rng.randint(1, 12),
            later=rng.randint(13, 28),
            name=rng.choice(NAMES),
            acronym=rng.choice(("CDU", "USA", "QYSD", "left", "47")),
            weekday=rng.choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")),
            heading=rng.choice(("UPDATE", "WATCH", "Correction", "Opinion", "Fixtures", "HARBOUR NEWS")),
            agency=rng.choice(ENGLISH),
        )
        for _ in range(10 * size)
    ]
    false = [text for text in texts if READER.read(text) is not None]
    note = f"{len(texts)} that begin with a place, a person, a day or a heading" + "".join(
        f"\n  {text}" for text in false[:3]
    )
    return Section("Sentences that are no lead-in", note, (at_most("taken for one", len(false), len(texts), 0),))
