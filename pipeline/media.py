"""What the path of a media file tells: its address, its kind, the day in its folders, the clock in its name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import regex

KINDS = {
    "image": {"avif", "bmp", "gif", "heic", "jpeg", "jpg", "png", "svg", "tif", "tiff", "webp"},
    "video": {"3gp", "avi", "flv", "m3u8", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "ogv", "webm", "wmv"},
    "audio": {"aac", "flac", "m4a", "mp3", "oga", "ogg", "opus", "wav", "wma"},
    "document": {"doc", "docx", "epub", "pdf", "ppt", "pptx", "xls", "xlsx"},
}
_KIND_OF = {extension: kind for kind, extensions in KINDS.items() for extension in extensions}

DATE_IN_PATH = regex.compile(r"(?:^|/)([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})/")
TICKS_IN_NAME = regex.compile(r"(?<![0-9])[0-9]{18}(?![0-9])")

TICKS_PER_DAY = 864_000_000_000
EPOCH_TICKS = 621_355_968_000_000_000
"""1970-01-01 in .NET ticks: 100-nanosecond steps since 0001-01-01 (System.DateTime.Ticks)."""


@dataclass(frozen=True, slots=True)
class Media:
    """What a media path tells. ``ticks`` is on the wall clock of the site."""

    url: str | None = None
    kind: str | None = None
    date: date | None = None
    ticks: int | None = None
    warning: str | None = None


def read_media(path: str, base: str | None = None) -> Media:
    """Return what a path tells; ``base`` is the address it is relative to.

    A number in the file name counts as a clock only when it falls on the day in the path, or next to it.

    >>> read_media("/2021/05/04/pier_637557264000000000_4x3.jpg", "https://media.example").kind
    'image'
    """
    bare = path.partition("?")[0].partition("#")[0]
    name = bare.rpartition("/")[2]
    kind = _KIND_OF.get(name.rpartition(".")[2].lower()) if "." in name else None
    day = _day(bare)
    ticks, warning = _ticks(name, day)
    return Media(_url(path, base), kind, day, ticks, warning)


def epoch_nanoseconds(ticks: int) -> int | None:
    """Return ticks as nanoseconds since 1970; None outside the years a 64-bit count of nanoseconds can hold.

    >>> epoch_nanoseconds(621_355_968_000_000_001)
    100
    """
    nanoseconds = (ticks - EPOCH_TICKS) * 100
    return nanoseconds if -(2**63) <= nanoseconds < 2**63 else None


def _url(path: str, base: str | None) -> str | None:
    if path.startswith(("http://", "https://")):
        return path
    if base is None or not path or path.startswith("//"):
        return None
    return f"{base.rstrip('/')}/{path.lstrip('/')}"


def _day(path: str) -> date | None:
    found = DATE_IN_PATH.search(path)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _ticks(name: str, day: date | None) -> tuple[int | None, str | None]:
    found = TICKS_IN_NAME.search(name)
    if found is None or day is None:
        return None, None
    ticks = int(found[0])
    of_clock = date(1, 1, 1) + timedelta(days=ticks // TICKS_PER_DAY)
    if abs((of_clock - day).days) > 1:
        return None, "media_clock_contradicts_path"
    return ticks, None
