"""The profile that a survey suggests for a source, key by key, each with its reason.

It begins with the profile that served the source's pages, so that nothing known is lost. What the pages prove is set;
what a person has to confirm is written as a comment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.dates import StampReader
from pipeline.dates.evidence import verdict
from pipeline.dates.names import UnknownLanguageError, months
from pipeline.log import counted
from pipeline.model import MAPPED_COLUMNS
from pipeline.patterns import lazy_compile
from pipeline.profiles import Definition, Profiles, shipped_names
from pipeline.survey import OTHERS
from pipeline.survey.formats import infer
from pipeline.survey.gather import SourceSurvey
from pipeline.survey.json_keys import Key
from pipeline.survey.masks import mark_mask, mark_pattern

Value = str | Sequence[str] | Mapping[str, str | Sequence[str]]

SHAPES_MOST = 20
"""Shapes of timestamp lines that a format is looked for."""
MARKS_PERCENT = 2
"""Share of the articles from which on a line that looks like an editor's mark is taken for one."""
BOILERPLATE_PERCENT = 50
BOILERPLATE_PAGES = 3
BOILERPLATE_MOST = 40
ZONE_TO_FILL_IN = "Area/City"

_NOT_IN_NAME = lazy_compile(r"[^\p{L}\p{N}]+")
_DIRECTIVE = lazy_compile(r"%.")
_GLOB = lazy_compile(r"([\[*?])")


class Setting(NamedTuple):
    """One key with its value and the reasons for it; one that is not ``sure`` is written as a comment."""

    key: str
    value: Value
    why: tuple[str, ...] = ()
    sure: bool = True


class Section(NamedTuple):
    """A table of the file; the first has no name."""

    name: str
    settings: tuple[Setting, ...]


def propose(source: SourceSurvey, profiles: Profiles, name: str) -> tuple[Section, ...]:
    """Return what a profile of a source should say, called by a name."""
    base = base_of(source, profiles)
    known = base if base is not None else profiles.default.definition
    language = _language(source, base)
    sections = (
        Section("", tuple(_top(name, source, base, language))),
        Section("dateline", tuple(_dateline(source, known, language))),
        Section("article", tuple(_article(source, known))),
        Section("related_items", tuple(_related(base))),
        Section("related_items.fields", tuple(_fields(source, base))),
    )
    return tuple(section for section in sections if section.settings)


def base_of(source: SourceSurvey, profiles: Profiles) -> Definition | None:
    """Return the profile that served most pages of the source; None when no more than `default` did."""
    served = source.profiles.most_common(1)
    by_name = {profile.name: profile.definition for profile in profiles.given}
    name = served[0][0] if served else profiles.default.name
    return by_name.get(name) if name != profiles.default.name else None


def profile_name(source: str) -> str:
    """Return a name for the profile of a source, one that no shipped profile has.

    >>> profile_name("www.quay-courier.example"), profile_name("."), profile_name("default")
    ('www-quay-courier-example', 'new-source', 'default-surveyed')
    """
    name = _NOT_IN_NAME.sub("-", source).strip("-").casefold() or "new-source"
    return f"{name}-surveyed" if name in shipped_names() else name


def _language(source: SourceSurvey, base: Definition | None) -> str:
    """Return the language of most articles, if it is known and CLDR has its names."""
    if base is not None:
        return base.language
    for language, count in source.languages.counts().items():
        if count * 2 > source.articles and _has_names(language):
            return language
    return "en"


def _has_names(language: str) -> bool:
    try:
        return bool(months(language))
    except UnknownLanguageError:
        return False


def _top(name: str, source: SourceSurvey, base: Definition | None, language: str) -> Iterator[Setting]:
    yield Setting("name", name, ("What the column `source` will say.",))
    yield Setting("language", language, ("Language of the names of months and weekdays.",))
    if base is not None and base.timezone is not None:
        yield Setting("timezone", base.timezone, (f"From the profile {base.name}.",))
    else:
        yield Setting("timezone", ZONE_TO_FILL_IN, tuple(_why_no_zone(source)), sure=False)
    if base is not None and base.base_url is not None:
        yield Setting("base_url", base.base_url, (f"From the profile {base.name}.",))
    else:
        why = "Address of the site, that paths of pictures are relative to."
        yield Setting("base_url", "https://www.example.org", (why,), sure=False)
    folder = _GLOB.sub(r"[\1]", source.name)
    # A host stands behind the scheme in the address of a record, and first in the name of a mirrored file.
    uri = (
        (f"{folder}/*", *([f"*://{folder}/*"] if source.by_address else [])) if source.name not in {".", OTHERS} else ()
    )
    text = base.match.text if base is not None else ()
    uris = tuple(dict.fromkeys([*(base.match.uri if base is not None else ()), *uri]))
    why = "Which documents it serves when several profiles are given; without it, all of them."
    if uris or text:
        yield Setting("match", {name: found for name, found in (("uri", uris), ("text", text)) if found}, (why,))
    else:
        yield Setting("match", {"uri": ["folder/*"]}, (why,), sure=False)


def _why_no_zone(source: SourceSurvey) -> Iterator[str]:
    yield "Zone of the source's clock, which no survey can tell. Without it a time without a zone gives no instant."
    if source.facts.offsets:
        seen = ", ".join(f"{name} on {tally.count}" for name, tally in source.facts.offsets.items())
        yield f"Offsets that its pages print: {seen}."
    if source.media_clocks:
        later, all_pages = source.media_clocks["later"], source.media_clocks.total()
        yield f"{all_pages} pages have a picture with a clock in its name; on {later} it is later than the page's."


def _dateline(source: SourceSurvey, known: Definition, language: str) -> Iterator[Setting]:
    decided = verdict(source.facts).order
    order = known.dateline.order or decided
    reader = StampReader((), order, language, known.dateline.century_from)
    formats: dict[str, str] = dict.fromkeys(known.dateline.formats, "")
    unknown: set[str] = set()
    for _, stamps in source.datelines.ranked()[:SHAPES_MOST]:
        unknown |= {stamp.zone for line in stamps.examples for stamp in reader.read_all(line) if stamp.zone is not None}
        form = infer(stamps.examples, reader, language)
        if form is not None and not formats.get(form):
            formats[form] = f"{form} reads {stamps.examples[0]}"
    guessed = {form: why for form, why in formats.items() if order is None and why and _has_an_order(form)}
    proven = {form: why for form, why in formats.items() if form not in guessed}
    if proven:
        yield Setting("formats", tuple(proven), tuple(filter(None, proven.values())))
    if guessed:
        why = "These read day and month in an order that is not proven."
        yield Setting("formats", tuple(formats), (why, *guessed.values()), sure=False)
    if order is not None:
        days = source.facts.orders.get(order)
        why = (
            f"Seen on {counted(days.count, 'page')}, and no other."
            if days is not None and decided
            else "From the profile."
        )
        yield Setting("order", order, (why,))
    elif source.facts.orders:
        seen = ", ".join(f"{name} on {counted(tally.count, 'page')}" for name, tally in source.facts.orders.items())
        yield Setting("order", next(iter(source.facts.orders)), (f"Not decided: {seen}.",), sure=False)
    zones = {name: zone for name, zone in known.dateline.zones.items() if name not in {"UTC", "GMT"}}
    if zones:
        yield Setting("zones", zones)
    unknown -= {*known.dateline.zones, "Z"}
    if unknown:
        why = "Abbreviations that the pages print and nobody knows the meaning of."
        yield Setting("zones", dict.fromkeys(sorted(unknown), ZONE_TO_FILL_IN), (why,), sure=False)


def _has_an_order(form: str) -> bool:
    """Whether a format tells which of two numbers is the day; a year in front leaves one way to go on."""
    return {"%d", "%m"} <= set(_DIRECTIVE.findall(form)) and not form.startswith("%Y")


def _article(source: SourceSurvey, known: Definition) -> Iterator[Setting]:
    found = {name: entry.count for name, entry in source.unread_flags.ranked() if entry.count > 1}
    flags = tuple(dict.fromkeys([*(known.article.flags or ()), *found]))
    why = tuple(f"{name} was met {count} times in the place of one." for name, count in found.items())
    yield Setting("flags", flags, ("Flag words of titles.", *why))
    enough = max(2, source.articles * MARKS_PERCENT // 100)
    marks = {shape: entry for shape, entry in source.marks.ranked() if entry.count >= enough}
    patterns = [known.article.sign_off or "", *map(mark_pattern, marks)]
    why = tuple(f"{entry.count} pages end with a line like {entry.examples[0]}" for entry in marks.values())
    yield Setting("sign_off", "|".join(filter(None, patterns)), ("Pattern of an editor's mark.", *why))
    lines = [
        (line, entry.count)
        for line, entry in source.lines.ranked()[:BOILERPLATE_MOST]
        if entry.count >= BOILERPLATE_PAGES
        and entry.count * 100 >= source.articles * BOILERPLATE_PERCENT
        and mark_mask(line) not in marks
    ]
    confirmed = known.article.boilerplate
    if confirmed:
        yield Setting("boilerplate", confirmed)
    if lines:
        why = ("Lines at head or foot of many pages. Confirm them: they are cut as soon as this stands here.",)
        why += tuple(f"on {count} of {source.articles} pages: {line}" for line, count in lines)
        yield Setting("boilerplate", (*confirmed, *(line for line, _ in lines)), why, sure=False)


def _related(base: Definition | None) -> Iterator[Setting]:
    if base is None:
        return
    related = base.related_items
    if related.items != "$":
        yield Setting("items", related.items)
    if related.media_base is not None:
        yield Setting("media_base", related.media_base, ("Address that paths of pictures are relative to.",))
    if related.clock is not None:
        yield Setting("clock", related.clock)


def _fields(source: SourceSurvey, base: Definition | None) -> Iterator[Setting]:
    """Yield the keys that fill columns: those that did, and those of lists that nothing was read from."""
    keys: dict[str, list[str]] = {}
    why: dict[str, tuple[str, ...]] = {}
    for told, entry in source.filled.ranked():
        key, _, column = told.rpartition(" = ")
        keys.setdefault(column, []).append(key)
        why[column] = (*why.get(column, ()), f"{key} on {entry.count} items")
    for column, key in _by_look(source, {key for found in keys.values() for key in found}).items():
        keys.setdefault(column, []).append(key)
        why[column] = (*why.get(column, ()), f"{key} by what its values look like: check it")
    for column, found in (base.related_items.fields if base is not None and keys else {}).items():
        names = [found] if isinstance(found, str) else found
        keys[column] = list(dict.fromkeys([*keys.get(column, []), *names]))
    for column in MAPPED_COLUMNS:
        if column in keys:
            names = keys[column]
            reason = "; ".join(why.get(column, ()))
            yield Setting(column, names[0] if len(names) == 1 else names, (f"{reason}.",) if reason else ())


LOOKS = {"title": "sentence", "media_path": "media", "url": "address", "published_raw": "date"}


def _by_look(source: SourceSurvey, read: set[str]) -> dict[str, str]:
    """Return keys of the longest list of objects that no title was read from, by what their values look like."""
    lists = [(entry.count, path) for path, entry in source.keys.objects.ranked() if path.endswith("[]")]
    for _, path in sorted(lists, key=lambda found: -found[0]):
        keys = source.keys.at(path)
        if read & keys.keys():
            continue
        found = {column: key for column, look in LOOKS.items() if (key := _first(keys, look)) is not None}
        if "title" not in found:
            continue
        identity = next((name for name, key in keys.items() if _is_identity(name, key)), None)
        return {**({"item_id": identity} if identity is not None else {}), **found}
    return {}


def _first(keys: Mapping[str, Key], look: str) -> str | None:
    return next((name for name, key in keys.items() if key.look == look), None)


def _is_identity(name: str, key: Key) -> bool:
    numbers = key.look == "integer" or key.types.most_common(1)[0][0] == "integer"
    return numbers and name.casefold().endswith("id") and len(key.examples) == min(key.count, 3)
