"""What the path of a media file tells: its address, its kind, the day in its folders, the clocks in its name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import regex

from pipeline.model import Clock
from pipeline.patterns import lazy_compile

KINDS = {
    "image": {"avif", "bmp", "gif", "heic", "jpeg", "jpg", "png", "svg", "tif", "tiff", "webp"},
    "video": {"3gp", "avi", "flv", "m3u8", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "ogv", "webm", "wmv"},
    "audio": {"aac", "flac", "m4a", "mp3", "oga", "ogg", "opus", "wav", "wma"},
    "document": {"doc", "docx", "epub", "pdf", "ppt", "pptx", "xls", "xlsx"},
}
KIND_OF = {extension: kind for kind, extensions in KINDS.items() for extension in extensions}

KIND_IN_KEY = {
    "video": lazy_compile(r"video|film|movie|clip", regex.IGNORECASE),
    "audio": lazy_compile(r"audio|podcast|sound", regex.IGNORECASE),
    "image": lazy_compile(r"image|img|photo|picture|thumb|poster|cover", regex.IGNORECASE),
}
"""Keys that name a kind. `pic` and `media` do not: sources put films there as well."""

DATE_IN_PATH = lazy_compile(r"(?:^|/)([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})/")
SCHEME = lazy_compile(r"([A-Za-z][A-Za-z0-9+.\-]{0,30}):")
TICKS_DIGITS = 18
TICKS_IN_NAME = lazy_compile(r"(?<![0-9])[0-9]{18}(?![0-9])")
SECONDS_IN_NAME = lazy_compile(r"(?<![0-9A-Za-z])[0-9]{10}(?![0-9A-Za-z])")
MILLISECONDS_IN_NAME = lazy_compile(r"(?<![0-9A-Za-z])[0-9]{13}(?![0-9A-Za-z])")
MONGO_ID = lazy_compile(r"(?<![0-9A-Za-z])([0-9a-f]{8})[0-9a-f]{16}(?![0-9A-Za-z])")
KEPT_LONGEST = 256
"""Characters of a folder, or of a key, whose meaning is remembered."""
YEARS = range(1990, 2100)
"""Years that a folder, or a clock in a name, can tell of; a number that falls outside is neither."""

TICKS_PER_DAY = 864_000_000_000
EPOCH_TICKS = 621_355_968_000_000_000
"""1970-01-01 in .NET ticks: 100-nanosecond steps since 0001-01-01 (System.DateTime.Ticks)."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Media(NamedTuple):
    """What a media path tells. ``ticks`` is on the wall clock of the site, ``at`` an instant in UTC."""

    url: str | None = None
    kind: str | None = None
    date: date | None = None
    ticks: int | None = None
    at: datetime | None = None
    warnings: tuple[str, ...] = ()


NO_MEDIA = Media()


def read_media(
    path: str,
    base: str | None = None,
    *,
    key: str = "",
    clock: Clock | None = None,
    item_id: str | None = None,
) -> Media:
    """Return what a path tells.

    A number in the file name counts as a clock only when it falls on the day in the path, or next to it; where the
    path has no day, only when the source is known to write that clock.

    Args:
        path: The path or address.
        base: The address it is relative to.
        key: The key it stood under; it may name a kind.
        clock: What the numbers in the source's names count; None for .NET ticks that the path confirms.
        item_id: The identity of the item, which may hold a Mongo clock.

    >>> read_media("/2021/05/04/pier_637557264000000000_4x3.jpg", "https://media.example").kind
    'image'
    >>> read_media("/2021/05/04/pier-1620086400.jpg", clock="unix").at
    datetime.datetime(2021, 5, 4, 0, 0, tzinfo=datetime.timezone.utc)
    """
    bare = _without_query(path) if "?" in path or "#" in path else path
    split = bare.rfind("/") + 1
    name = bare[split:]
    day = day_in(bare[:split])
    by_extension, by_key = _by_extension(name), kind_by_key(key)
    doubts: list[str] = []
    if by_extension and by_key and by_extension != by_key:
        doubts.append("media_kind_contradicts_key")
    ticks = _ticks(name)
    of_ticks = None
    if ticks is not None:
        of_ticks = date.fromordinal(1 + ticks // TICKS_PER_DAY)
        if day is None:
            ticks = ticks if clock == "dotnet" else None
        elif not _near(of_ticks, day):
            ticks = None
            doubts.append("media_clock_contradicts_path")
    at = _instant(name, item_id, clock) if clock is not None else None
    if at is not None and not _near(at.date(), day):
        at = None
        doubts.append("media_clock_contradicts_path")
    if at is not None and ticks is not None and not _near(at.date(), of_ticks):
        doubts.append("media_clocks_disagree")
    warnings = tuple(dict.fromkeys(doubts)) if doubts else ()
    return Media(address(path, base), by_extension or by_key, day, ticks, at, warnings)


def kind_of(path: str) -> str | None:
    """Return the kind of media by the extension of a path or address.

    >>> kind_of("/a/b.jpeg?w=9"), kind_of("/a/b")
    ('image', None)
    """
    return _by_extension(_without_query(path).rpartition("/")[2])


def _without_query(path: str) -> str:
    return path.partition("?")[0].partition("#")[0]


def address(path: str, base: str | None) -> str | None:
    """Return the address of a path, or of all paths that begin with it; None when it has none.

    >>> address("/2021/pier.jpg", "https://media.example"), address("data:image/png", "https://media.example")
    ('https://media.example/2021/pier.jpg', None)
    """
    if not path.startswith("/") and (scheme := SCHEME.match(path)):
        return path if scheme[1].lower() in ("http", "https") else None
    if base is None or not path:
        return None
    if path.startswith("//"):
        scheme = SCHEME.match(base)
        return f"{scheme[1]}:{path}" if scheme else None
    return f"{base.rstrip('/')}/{path.lstrip('/')}"


def day_in(folder: str) -> date | None:
    """Return the day in a folder; many pictures lie in the same one."""
    return _day_in(folder) if len(folder) <= KEPT_LONGEST else _day_in.__wrapped__(folder)


@lru_cache(maxsize=8192)
def _day_in(folder: str) -> date | None:
    found = {tuple(map(int, day.groups())) for day in DATE_IN_PATH.finditer(folder, overlapped=True)}
    if len(found) != 1:  # of two different days nobody knows which is meant
        return None
    year, month, day = found.pop()
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _by_extension(name: str) -> str | None:
    return KIND_OF.get(name.rpartition(".")[2].lower()) if "." in name else None


def kind_by_key(key: str) -> str | None:
    """Return the kind of media that the name of a key tells."""
    return _kind_in(key) if len(key) <= KEPT_LONGEST else _kind_in.__wrapped__(key)


@lru_cache(maxsize=1024)
def _kind_in(key: str) -> str | None:
    return next((kind for kind, pattern in KIND_IN_KEY.items() if pattern.search(key)), None)


def _near(day: date | None, other: date | None) -> bool:
    """Whether two days are the same or next to each other, as far as both are known."""
    return day is None or other is None or abs((day - other).days) <= 1


def _ticks(name: str) -> int | None:
    found = TICKS_IN_NAME.search(name) if len(name) >= TICKS_DIGITS else None
    return int(found[0]) if found else None


def _instant(name: str, item_id: str | None, clock: Clock) -> datetime | None:
    """Return the instant that a name tells by a clock that counts from 1970."""
    seconds: float | None = None
    if clock == "unix" and (found := SECONDS_IN_NAME.search(name)):
        seconds = int(found[0])
    elif clock == "java" and (found := MILLISECONDS_IN_NAME.search(name)):
        seconds = int(found[0]) / 1000
    elif clock == "mongo" and (found := MONGO_ID.search(name) or MONGO_ID.search(item_id or "")):
        seconds = int(found[1], 16)
    if seconds is None:
        return None
    at = EPOCH + timedelta(seconds=seconds)
    return at if at.year in YEARS else None
