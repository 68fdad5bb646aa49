"""What the path of a media file tells."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.media import TICKS_PER_DAY, Media, read_media
from pipeline.model import Clock

BASE = "https://media.example/news"
SAMPLE = "/2016/03/27/alalam_635946683600318058_25f_4x3.mp4"


def test_a_path_of_the_sample() -> None:
    assert read_media(SAMPLE, BASE) == Media(
        url=BASE + SAMPLE, kind="video", date=date(2016, 3, 27), ticks=635_946_683_600_318_058
    )


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.jpg", "image"),
        ("a.JPEG", "image"),
        ("a.b.png", "image"),
        ("a.mp4", "video"),
        ("a.mp3", "audio"),
        ("a.pdf", "document"),
        ("a.jpg?width=855", "image"),
        ("a.jpg#top", "image"),
        ("/x.mp4/a.jpg", "image"),
        ("/x.mp4/a", None),
        ("a.php", None),
        ("a.", None),
        ("mp4", None),
        ("", None),
        ("a?file=b.jpg", None),
    ],
)
def test_the_kind_is_told_by_the_extension(path: str, kind: str | None) -> None:
    assert read_media(path).kind == kind


@pytest.mark.parametrize(
    ("path", "base", "url"),
    [
        ("/a.jpg", BASE, f"{BASE}/a.jpg"),
        ("a.jpg", BASE, f"{BASE}/a.jpg"),
        ("/a.jpg", BASE + "/", f"{BASE}/a.jpg"),
        ("/a.jpg", None, None),
        ("https://other.example/a.jpg", BASE, "https://other.example/a.jpg"),
        ("http://other.example/a.jpg", None, "http://other.example/a.jpg"),
        ("HTTPS://other.example/a.jpg", BASE, "HTTPS://other.example/a.jpg"),
        ("//other.example/a.jpg", BASE, "https://other.example/a.jpg"),
        ("//other.example/a.jpg", None, None),
        ("//other.example/a.jpg", "/media", None),
        ("data:image/png;base64,AAAA", BASE, None),
        ("javascript:void(0)", BASE, None),
        ("/at 12:30.jpg", BASE, f"{BASE}/at 12:30.jpg"),
        ("", BASE, None),
    ],
)
def test_the_address_is_relative_to_the_base(path: str, base: str | None, url: str | None) -> None:
    assert read_media(path, base).url == url


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2016/03/27/a.jpg", date(2016, 3, 27)),
        ("2016/3/7/a.jpg", date(2016, 3, 7)),
        ("/img/2016/03/27/a.jpg", date(2016, 3, 27)),
        ("/2016/02/29/a.jpg", date(2016, 2, 29)),
        ("/2015/02/29/a.jpg", None),
        ("/2016/13/01/a.jpg", None),
        ("/0000/01/01/a.jpg", None),
        ("/x2016/03/27/a.jpg", None),
        ("/2016/03/27", None),
        ("/2016/03/a.jpg", None),
        ("/a.jpg?/2016/03/27/", None),
    ],
)
def test_the_day_stands_in_the_folders(path: str, day: date | None) -> None:
    assert read_media(path).date == day


def ticks_on(day: date, offset: int = 0) -> int:
    """Return the ticks of a day's beginning, and so many more."""
    return (day - date(1, 1, 1)).days * TICKS_PER_DAY + offset


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_clock_on_the_day_of_the_path_or_next_to_it_counts(days: int) -> None:
    ticks = ticks_on(date(2016, 3, 27) + timedelta(days), 5)
    assert read_media(f"/2016/03/27/a_{ticks}.jpg").ticks == ticks


@pytest.mark.parametrize("days", [-400, -2, 2, 400])
def test_a_clock_that_contradicts_the_path_is_said_and_not_used(days: int) -> None:
    ticks = ticks_on(date(2016, 3, 27) + timedelta(days), 5)
    media = read_media(f"/2016/03/27/a_{ticks}.jpg")
    assert (media.ticks, media.warnings) == (None, ("media_clock_contradicts_path",))


@pytest.mark.parametrize(
    "path",
    [
        "/a_635946683600318058.jpg",
        "/2016/03/27/a_63594668360031805.jpg",
        "/2016/03/27/a_6359466836003180581.jpg",
        "/2016/03/27/635946683600318058/a.jpg",
        "/2016/03/27/a_٦٣٥٩٤٦٦٨٣٦٠٠٣١٨٠٥٨.jpg",
    ],
)
def test_without_a_day_or_with_another_length_a_number_is_no_clock(path: str) -> None:
    media = read_media(path)
    assert (media.ticks, media.warnings) == (None, ())


def test_the_largest_number_of_that_length_is_no_error() -> None:
    assert read_media(f"/2016/03/27/a_{'9' * 18}.jpg").warnings == ("media_clock_contradicts_path",)


@pytest.mark.parametrize(
    ("name", "clock", "at"),
    [
        ("pier_1459070360.jpg", "unix", datetime(2016, 3, 27, 9, 19, 20, tzinfo=UTC)),
        ("pier_1459070360031.jpg", "java", datetime(2016, 3, 27, 9, 19, 20, 31000, tzinfo=UTC)),
        ("56f7a518aa00bb11cc22dd33.jpg", "mongo", datetime(2016, 3, 27, 9, 17, 12, tzinfo=UTC)),
        ("pier_1459070360.jpg", None, None),
        ("pier_1459070360.jpg", "java", None),
        ("pier_0000000001.jpg", "unix", None),
        ("pier_99999999999.jpg", "unix", None),
    ],
)
def test_other_clocks_are_read_where_the_profile_names_them(
    name: str, clock: Clock | None, at: datetime | None
) -> None:
    assert read_media(f"/2016/03/27/{name}", clock=clock).at == at
    assert read_media(f"/{name}", clock=clock).at == at


def test_another_clock_that_contradicts_the_path_is_said_and_not_used() -> None:
    media = read_media("/2016/03/30/pier_1459070360.jpg", clock="unix")
    assert (media.at, media.warnings) == (None, ("media_clock_contradicts_path",))


def test_the_clock_of_an_identity_is_read() -> None:
    media = read_media("/pier.jpg", clock="mongo", item_id="56f7a518aa00bb11cc22dd33")
    assert media.at == datetime(2016, 3, 27, 9, 17, 12, tzinfo=UTC)


def test_two_clocks_that_disagree_are_said() -> None:
    media = read_media("/2016/03/27/a_635947547400318058.jpg", clock="mongo", item_id="56f4a518aa00bb11cc22dd33")
    assert media.warnings == ("media_clock_contradicts_path",)
    near = read_media("/2016/03/27/a_635947547400318058.jpg", clock="mongo", item_id="56f64a18aa00bb11cc22dd33")
    assert near.warnings == ("media_clocks_disagree",)


def test_ticks_need_no_day_in_the_path_where_the_profile_names_them() -> None:
    assert read_media("/a_635946683600318058.jpg", clock="dotnet").ticks == 635946683600318058


@pytest.mark.parametrize(
    ("path", "key", "kind", "warnings"),
    [
        ("/a", "video", "video", ()),
        ("/a", "podcast_url", "audio", ()),
        ("/a", "thumb", "image", ()),
        ("/a.mp4", "pic", "video", ()),
        ("/a.mp4", "thumbnail", "video", ("media_kind_contradicts_key",)),
        ("/a.jpg", "video", "image", ("media_kind_contradicts_key",)),
        ("/a.jpg", "image", "image", ()),
    ],
)
def test_the_key_tells_the_kind_where_no_extension_does(
    path: str, key: str, kind: str, warnings: tuple[str, ...]
) -> None:
    media = read_media(path, key=key)
    assert (media.kind, media.warnings) == (kind, warnings)


@pytest.mark.parametrize("path", ["/2016/03/27/x/2017/01/01/a.jpg", "/1234/05/06/a.jpg", "/9016/03/27/a.jpg"])
def test_numbers_that_are_no_day_or_two_different_ones_tell_none(path: str) -> None:
    assert read_media(path).date is None


def test_a_day_that_stands_twice_is_that_day() -> None:
    assert read_media("/2016/03/27/x/2016/3/27/a.jpg").date == date(2016, 3, 27)
