"""What takes long to read is read once: a file keeps it, which nobody has to trust or to have."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import msgspec
import pytest

from pipeline.dates import names
from pipeline.dates.every_language import Index, read_index
from pipeline.dates.kept import UNUSED_DAYS, cache_folder, kept


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder below which things are kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "descrape"


@pytest.fixture
def made() -> list[int]:
    """Return what was made, one number each time."""
    return []


@pytest.fixture
def make(made: list[int]) -> Callable[[], dict[str, int]]:
    """Return what makes a thing, and takes note of it."""

    def anew() -> dict[str, int]:
        made.append(len(made))
        return {"quay": 7}

    return anew


Make = Callable[[], dict[str, int]]


def test_a_thing_is_made_once(home: Path, make: Make, made: list[int]) -> None:
    assert [kept("tides", dict[str, int], make, [b"code"]) for _ in range(3)] == [{"quay": 7}] * 3
    assert made == [0]
    assert [path.name.partition("-")[0] for path in home.iterdir()] == ["tides"]


@pytest.mark.usefixtures("home")
def test_other_code_makes_it_anew(make: Make, made: list[int]) -> None:
    for code in ([b"code"], [b"co", b"de"], [b"other"]):
        kept("tides", dict[str, int], make, code)
    assert len(made) == 3


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda data: data[:-1], id="cut short"),
        pytest.param(lambda data: data[:-1] + bytes([data[-1] ^ 1]), id="a bit flipped"),
        pytest.param(lambda _data: b"", id="empty"),
    ],
)
def test_a_file_that_is_not_whole_is_made_anew(
    home: Path, make: Make, made: list[int], harm: Callable[[bytes], bytes]
) -> None:
    kept("tides", dict[str, int], make, [b"code"])
    (file,) = home.iterdir()
    whole = file.read_bytes()
    file.write_bytes(harm(whole))
    assert kept("tides", dict[str, int], make, [b"code"]) == {"quay": 7}
    assert len(made) == 2
    assert file.read_bytes() == whole


def aged(file: Path, days: int) -> Path:
    """Have a file look as if it was last touched so many days ago."""
    then = time.time() - days * 24 * 3600
    os.utime(file, (then, then))
    return file


def test_what_no_code_asked_for_in_a_long_time_goes(home: Path, make: Make) -> None:
    for code in (b"old", b"recent"):
        kept("tides", dict[str, int], make, [code])
    digest = "0123456789abcdef" * 2
    part = home / f"tides-{digest}.msgpack.x7_q"  # of a process that died while it wrote
    part.touch()
    foreign = [home / "notes.txt", home / "tides-old.msgpack", home / f"x.tides-{digest}.msgpack"]
    for file in foreign:
        file.touch()
    folder = home / f"charts-{digest}.msgpack"
    folder.mkdir()
    (link := home / f"moons-{digest}.msgpack").symlink_to("notes.txt")
    for file in home.iterdir():
        aged(file, UNUSED_DAYS + 1)
    kept("tides", dict[str, int], make, [b"recent"])
    kept("tides", dict[str, int], make, [b"new"])
    left = set(home.iterdir())
    assert {*foreign, folder, link} < left
    assert part not in left
    assert len(left - {*foreign, folder, link}) == 2  # what was asked for today, and what is new


def test_what_is_asked_for_from_time_to_time_stays(home: Path, make: Make, made: list[int]) -> None:
    kept("tides", dict[str, int], make, [b"code"])
    (file,) = home.iterdir()
    for code in (b"one", b"other"):
        aged(file, UNUSED_DAYS - 1)
        kept("tides", dict[str, int], make, [b"code"])
        kept("tides", dict[str, int], make, [code])
    assert file.exists()
    assert made == [0, 1, 2]


def test_a_file_that_cannot_be_removed_holds_nothing_up(
    home: Path, make: Make, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept("tides", dict[str, int], make, [b"old"])
    (file,) = home.iterdir()
    aged(file, UNUSED_DAYS + 1)
    monkeypatch.setattr(Path, "unlink", refusing)
    assert kept("tides", dict[str, int], make, [b"new"]) == {"quay": 7}
    assert (made, len(list(home.iterdir()))) == ([0, 1], 2)


def test_a_file_of_somebody_else_is_read_all_the_same(
    home: Path, make: Make, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept("tides", dict[str, int], make, [b"code"])
    (file,) = home.iterdir()
    aged(file, UNUSED_DAYS - 1)
    monkeypatch.setattr(os, "utime", refusing)
    assert kept("tides", dict[str, int], make, [b"code"]) == {"quay": 7}
    assert made == [0]


def refusing(*_given: object, **_named: object) -> NoReturn:
    raise PermissionError(errno.EACCES, "nobody may")


def test_where_nothing_can_be_written_nothing_is_kept(home: Path, make: Make, made: list[int]) -> None:
    home.write_bytes(b"a file where the folder should be")
    assert [kept("tides", dict[str, int], make, [b"code"]) for _ in range(2)] == [{"quay": 7}] * 2
    assert len(made) == 2


def test_a_pipe_in_the_place_of_the_file_holds_nothing_up(home: Path, make: Make, made: list[int]) -> None:
    kept("tides", dict[str, int], make, [b"code"])
    (file,) = home.iterdir()
    file.unlink()
    os.mkfifo(file)
    assert kept("tides", dict[str, int], make, [b"code"]) == {"quay": 7}
    assert made == [0, 1]
    assert file.is_file()


@pytest.mark.parametrize("given", ["relative", "{}/not-there", "{}/file"])
def test_a_home_that_is_no_folder_of_this_machine_is_not_made(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Make
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", given.format(tmp_path))
    assert cache_folder() is None
    assert kept("tides", dict[str, int], make, [b"code"]) == {"quay": 7}
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_names_of_all_languages_come_back_as_they_were_read() -> None:
    index = read_index()
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(index), type=Index)
    assert again == index
    assert list(again.words) == list(index.words)


@pytest.mark.parametrize("language", ["en", "ar", "pt-BR", "bn", "zh"])
def test_what_is_kept_of_a_language_is_what_babel_says(home: Path, language: str) -> None:
    read = names._tables.__wrapped__
    assert read(language) == read(language) == names._read_tables(language)
    assert len([*home.iterdir()]) == 1


def test_of_a_language_that_cldr_does_not_know_nothing_is_kept(home: Path) -> None:
    with pytest.raises(names.UnknownLanguageError):
        names._tables.__wrapped__("../xx")
    assert not home.exists()
