from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import RejectedDocument, UsageError
from pipeline.store.discovery import Discovery, discover
from pipeline.store.inputs import Input, path_of, read_input, uri_of
from pipeline.store.readers import Form, form_of
from tests.corpus import in_time, write, write_odd

TEXT = b"Rain fell on the pier all day.\n"


def uris(discovery: Discovery) -> list[str]:
    return [item.source_uri for item in discovery.inputs]


def only(discovery: Discovery) -> Input:
    (item,) = discovery.inputs
    return item


def refusal_of(discovery: Discovery) -> str | None:
    """Return the code under which the one input there is cannot be read, if that is known without opening it."""
    item = only(discovery)
    return item.refusal[0] if item.refusal else None


def code_of(item: Input, max_bytes: int = 1000) -> str:
    """Return the code under which reading an input is refused."""
    with in_time(), pytest.raises(RejectedDocument) as refused:
        read_input(item, max_bytes)
    assert refused.value.stage == "read"
    assert refused.value.message
    return refused.value.code


# --------------------------------------------------------------------------------------------- what is found


def test_a_folder_is_walked_and_its_inputs_stand_in_order_of_their_uri(tmp_path: Path) -> None:
    names = ["b.txt", "a/z.txt", "a.txt", "a-b/c.txt", "B.txt", "é.txt", "a/deep/er/x.txt"]
    write(tmp_path, dict.fromkeys(names, TEXT))
    assert uris(discover([str(tmp_path)])) == sorted(names)
    assert {read_input(item) for item in discover([str(tmp_path)]).inputs} == {TEXT}


ENDINGS = ["", ".", ".txt", ".TXT", ".html", ".gz", ".txt.gz", ".tar.gz", ".jpg", ".jpg.txt"]


@settings(max_examples=60)
@given(st.sets(st.tuples(st.sampled_from(["", "a", "-a", ".a", "b.c", "/"]), st.sampled_from(ENDINGS)), min_size=1))
def test_each_file_of_a_folder_is_what_its_own_name_says(parts: set[tuple[str, str]]) -> None:
    names = {beginning.replace("/", "\\") + ending for beginning, ending in parts} - {"", "."}
    with TemporaryDirectory() as folder:
        write(Path(folder), dict.fromkeys(names, TEXT))
        found = discover([folder])
    forms = {uri_of(name): form_of(name) for name in names if not name.startswith(".")}
    known = {uri: form for uri, form in forms.items() if form is not None}
    assert {item.source_uri: item.form for item in found.inputs} == known
    assert uris(found) == sorted(known)
    assert found.ignored == len(names) - len(known)


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys([".hidden.txt", ".git/a.txt", "seen.txt"], TEXT))
    assert uris(discover([str(tmp_path)])) == ["seen.txt"]
    assert uris(discover([f"{tmp_path}/*.txt"])) == ["seen.txt"]
    assert uris(discover([f"{tmp_path}/**/*.txt"])) == ["seen.txt"]


def test_files_of_other_kinds_are_left_alone_and_counted(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(["a.txt", "B.TXT", "a.jpg", "deep/notes", "deep/a.txt.bak", "txt"], TEXT))
    found = discover([str(tmp_path)])
    assert uris(found) == ["B.TXT", "a.txt"]
    assert found.ignored == 4


@pytest.mark.parametrize("name", ["page.jpg", "page", ".page.txt", "[1].txt", "50% off?.txt"])
def test_a_file_named_outright_is_read_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: TEXT, "other.txt": TEXT})
    found = discover([str(tmp_path / name)])
    assert [(item.source_uri, item.path) for item in found.inputs] == [(name, str(tmp_path / name))]
    assert found.ignored == 0
    assert read_input(only(found)) == TEXT


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("pages/*.txt", ["a.txt", "b.txt"]),
        ("pages/?.txt", ["a.txt", "b.txt"]),
        ("pages/2*/c.txt", ["2015/c.txt", "2016/c.txt"]),
        ("pages/*/*.txt", ["2015/c.txt", "2016/c.txt", "2016/d.txt"]),
        ("pages/2016/[cd].txt", ["c.txt", "d.txt"]),
        ("pages/**/*.txt", ["2015/c.txt", "2016/c.txt", "2016/d.txt", "a.txt", "b.txt"]),
        ("pages/201*", ["2015/c.txt", "2016/c.txt", "2016/d.txt"]),
        ("*/2015", ["pages/2015/c.txt"]),
    ],
)
def test_a_pattern_is_relative_to_the_folder_before_its_first_wildcard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, expected: list[str]
) -> None:
    names = ["a.txt", "b.txt", "2015/c.txt", "2016/c.txt", "2016/d.txt"]
    write(tmp_path / "pages", dict.fromkeys(names, TEXT))
    assert uris(discover([str(tmp_path / pattern)])) == expected
    monkeypatch.chdir(tmp_path)
    assert uris(discover([pattern])) == expected


def test_a_pattern_for_everything_finds_what_the_folder_does(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(["a.txt", "deep/b.txt", "deep/cover.jpg", ".hidden.txt"], TEXT))
    assert uris(discover([f"{tmp_path}/**"])) == uris(discover([str(tmp_path)]))


@pytest.mark.parametrize("source", ["src", "src/", "src/*", "src/**", "src/**/*", "src/../src"])
def test_the_output_folder_inside_a_source_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    write(tmp_path, dict.fromkeys(["src/a.txt", "src/out/runs/b.txt", "src/out/c.txt", "src/outer/d.txt"], TEXT))
    monkeypatch.chdir(tmp_path)
    found = discover([source], exclude=Path("src/out"))
    assert uris(found) == ["a.txt", "outer/d.txt"]


def test_the_output_folder_is_known_through_a_link(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(["src/a.txt", "src/out/b.txt"], TEXT))
    (tmp_path / "link").symlink_to("src/out")
    assert uris(discover([str(tmp_path / "src")], exclude=tmp_path / "link")) == ["a.txt"]


@pytest.mark.parametrize("source", ["raw", "raw/a.txt", "raw/*.txt", "raw/**/*.txt", "r*"])
def test_a_source_inside_the_output_folder_is_read(tmp_path: Path, source: str) -> None:
    write(tmp_path, {"data/raw/a.txt": TEXT})
    found = discover([str(tmp_path / "data" / source)], exclude=tmp_path / "data")
    assert [read_input(item) for item in found.inputs] == [TEXT]


def test_a_source_that_is_the_output_folder_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": TEXT})
    with pytest.raises(UsageError, match="output"):
        discover([str(tmp_path)], exclude=tmp_path)


# ---------------------------------------------------------------------------------------------- two sources


def test_the_same_file_given_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a.txt": TEXT})
    monkeypatch.chdir(tmp_path)
    found = discover(["a.txt", str(tmp_path / "a.txt"), ".", str(tmp_path), "./*.txt"])
    assert uris(found) == ["a.txt"]


def test_two_files_with_one_uri_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"one/a.txt": TEXT, "two/a.txt": TEXT})
    with pytest.raises(UsageError) as refused:
        discover([str(tmp_path / "one"), str(tmp_path / "two")])
    for name in (tmp_path / "one/a.txt", tmp_path / "two/a.txt"):
        assert str(name) in str(refused.value)


def test_a_source_inside_another_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": TEXT, "deep/b.txt": TEXT})
    for sources in ([tmp_path, tmp_path / "deep"], [tmp_path / "deep/b.txt", tmp_path]):
        with pytest.raises(UsageError, match="twice"):
            discover([str(source) for source in sources])


def test_a_link_beside_its_target_is_read_with_two_sources_as_with_one(tmp_path: Path) -> None:
    write(tmp_path, {"one/a.txt": TEXT, "two/b.txt": TEXT})
    (tmp_path / "one/link.txt").symlink_to("a.txt")
    assert uris(discover([str(tmp_path / "one")])) == ["a.txt", "link.txt"]
    assert uris(discover([str(tmp_path / "one"), str(tmp_path / "two")])) == ["a.txt", "b.txt", "link.txt"]


def test_the_output_of_another_run_is_no_source_of_pages(tmp_path: Path) -> None:
    names = ["a.txt", "clean/.lock", "clean/snapshots/v000001/a.txt", "clean/notes.txt"]
    write(tmp_path, dict.fromkeys(names, TEXT))
    assert uris(discover([str(tmp_path)])) == ["a.txt"]


def test_sources_are_merged_in_order_of_uri(tmp_path: Path) -> None:
    write(tmp_path, {"one/b.txt": TEXT, "two/a.txt": TEXT, "two/c.txt": TEXT, "two/x.jpg": TEXT})
    found = discover([str(tmp_path / "one"), str(tmp_path / "two")])
    assert uris(found) == ["a.txt", "b.txt", "c.txt"]
    assert found.ignored == 1


# ------------------------------------------------------------------------------------------- what is not there


@pytest.mark.parametrize("source", ["nowhere", "nowhere/a.txt", "*.nothing", "nowhere/*", "ftp://host/pages"])
def test_a_source_that_is_not_there_is_refused_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    write(tmp_path, {"a.txt": TEXT})
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as refused:
        discover(["a.txt", source])
    assert source in str(refused.value)


def test_a_source_without_a_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a source is empty; is a shell variable not set"):
        discover([str(tmp_path), ""])


def test_an_empty_folder_has_no_inputs(tmp_path: Path) -> None:
    assert discover([str(tmp_path)]) == Discovery((), 0)


# ------------------------------------------------------------------------- what is never opened and never followed


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.txt")
    with in_time():
        found = discover([str(tmp_path)])
    assert refusal_of(found) == "not_a_file"
    assert code_of(only(found)) == "not_a_file"


def test_a_pipe_that_is_named_outright_is_read_as_standard_input_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "feed.html.gz")
    Thread(target=(tmp_path / "feed.html.gz").write_bytes, args=(TEXT,), daemon=True).start()  # waits for a reader
    with in_time():
        item = only(discover([str(tmp_path / "feed.html.gz")]))
    assert (item.source_uri, item.form, item.refusal) == ("feed.html.gz", form_of("feed.html.gz"), None)
    assert read_input(item) == TEXT


def test_a_pipe_that_a_shell_made_has_the_form_that_is_told(piped: Callable[[bytes], str]) -> None:
    first, second = piped(TEXT), piped(b"Fog.\n")  # as <(zcat a.gz) and <(zcat b.gz)
    found = discover([first, second], unknown=Form("jsonl"))
    by_uri = {item.source_uri: item for item in found.inputs}
    assert {uri: read_input(item) for uri, item in by_uri.items()} == {
        first.rpartition("/")[2]: TEXT,
        second.rpartition("/")[2]: b"Fog.\n",
    }
    assert {item.form for item in found.inputs} == {Form("jsonl")}


def test_a_pipe_that_a_pattern_matches_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.txt")
    with in_time():
        found = discover([f"{tmp_path}/*.txt"])
    assert refusal_of(found) == "not_a_file"


def test_a_socket_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("x.txt")
        assert refusal_of(discover([str(tmp_path)])) == "not_a_file"


def test_a_device_behind_a_link_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "x.txt").symlink_to("/dev/zero")
    assert refusal_of(discover([str(tmp_path)])) == "not_a_file"


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/a.txt": TEXT})
    (tmp_path / "src").mkdir()
    (tmp_path / "src/link.txt").symlink_to("../elsewhere/a.txt")
    found = discover([str(tmp_path / "src")])
    assert uris(found) == ["link.txt"]
    assert read_input(only(found)) == TEXT


@pytest.mark.parametrize("name", ["link", "link.txt"])
def test_a_link_to_a_folder_is_said_and_not_followed(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"elsewhere/a.txt": TEXT})
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / name).symlink_to("../elsewhere")
    found = discover([str(tmp_path / "src")])
    assert uris(found) == [name]
    assert refusal_of(found) == "not_followed"
    assert code_of(only(found)) == "not_followed"


def test_a_link_given_as_the_source_itself_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"real/a.txt": TEXT})
    (tmp_path / "link").symlink_to("real")
    assert uris(discover([str(tmp_path / "link")])) == ["a.txt"]


def test_a_dangling_link_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "x.txt").symlink_to("nowhere")
    found = discover([str(tmp_path)])
    assert refusal_of(found) == "unreadable"
    assert code_of(only(found)) == "unreadable"
    assert refusal_of(discover([str(tmp_path / "x.txt")])) == "unreadable"


def test_a_link_to_itself_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "x.txt").symlink_to("x.txt")
    assert refusal_of(discover([str(tmp_path)])) == "unreadable"


@pytest.mark.parametrize("source", ["", "/*", "/**", "/**/*.txt"])
def test_a_loop_of_links_is_not_walked(tmp_path: Path, source: str) -> None:
    write(tmp_path, {"deep/er/a.txt": TEXT})
    (tmp_path / "deep/er/loop").symlink_to("../..")
    (tmp_path / "deep/loop").symlink_to("er")
    with in_time():
        found = discover([f"{tmp_path}{source}"])
    readable = [item.source_uri for item in found.inputs if item.refusal is None]
    assert readable == ["deep/er/a.txt"]


def test_a_folder_that_cannot_be_listed_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"open/a.txt": TEXT, "shut/b.txt": TEXT})
    opened = os.open

    def refusing(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if Path(path).name == "shut":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opened(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refusing)
    found = discover([str(tmp_path)])
    assert uris(found) == ["open/a.txt", "shut/"]
    assert code_of(found.inputs[1]) == "unreadable"


def test_a_file_that_cannot_be_reached_costs_only_itself(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": TEXT})
    (tmp_path / "b.txt").symlink_to("b.txt")
    found = discover([str(tmp_path)])
    assert [item.refusal and item.refusal[0] for item in found.inputs] == [None, "unreadable"]


# --------------------------------------------------------------------------------------------------- names


def test_a_name_that_is_not_utf8_is_read(tmp_path: Path) -> None:
    write_odd(tmp_path, b"caf\xe9 \xff.txt", TEXT)
    found = discover([str(tmp_path)])
    assert uris(found) == [r"caf\xe9 \xff.txt"]
    assert read_input(only(found)) == TEXT
    assert os.fsencode(path_of(uris(found)[0])) == b"caf\xe9 \xff.txt"


@pytest.mark.parametrize("name", [b"a\nb.txt", b"a\tb \x1b[31m.txt", b"back\\slash.txt", b"%E9.txt", "ü.txt".encode()])
def test_any_other_name_is_taken_as_it_is(tmp_path: Path, name: bytes) -> None:
    write_odd(tmp_path, name, TEXT)
    found = discover([str(tmp_path)])
    assert uris(found) == [name.decode()]
    assert read_input(only(found)) == TEXT


@given(st.binary(max_size=12))
def test_a_uri_leads_back_to_the_name(name: bytes) -> None:
    uri = uri_of(os.fsdecode(name))
    assert os.fsencode(path_of(uri)) == name
    assert uri.encode().decode() == uri


def test_no_two_names_in_a_folder_come_out_as_one_uri(tmp_path: Path) -> None:
    write_odd(tmp_path, b"caf\xe9.txt", TEXT)
    write_odd(tmp_path, rb"caf\xe9.txt", TEXT)
    try:
        found = discover([str(tmp_path)])
    except UsageError as error:
        pytest.fail(ascii(error))
    assert len(set(uris(found))) == 2


# ------------------------------------------------------------------------------------------------- reading


def test_reading_gives_the_bytes_up_to_the_limit(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": TEXT, "empty.txt": b""})
    assert read_input(Input("a.txt", str(tmp_path / "a.txt")), len(TEXT)) == TEXT
    assert read_input(Input("empty.txt", str(tmp_path / "empty.txt"))) == b""


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a.txt": TEXT})

    def reading(*_: object) -> NoReturn:
        pytest.fail("it was read")

    monkeypatch.setattr(os, "read", reading)
    assert code_of(Input("a.txt", str(tmp_path / "a.txt")), len(TEXT) - 1) == "oversized"


@pytest.fixture
def one(tmp_path: Path) -> Input:
    """Return an input as it was found; what stands there can change before it is read."""
    write(tmp_path, {"a.txt": TEXT})
    return only(discover([str(tmp_path / "a.txt")]))


def test_a_file_that_vanished_is_refused(one: Input) -> None:
    Path(one.path).unlink()
    assert code_of(one) == "vanished"


def test_a_folder_that_vanished_with_its_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"deep/a.txt": TEXT})
    item = only(discover([str(tmp_path)]))
    (tmp_path / "deep/a.txt").unlink()
    (tmp_path / "deep").rmdir()
    (tmp_path / "deep").write_bytes(b"")
    assert code_of(item) in {"vanished", "unreadable"}


def test_a_folder_in_the_place_of_a_file_is_refused(one: Input) -> None:
    Path(one.path).unlink()
    Path(one.path).mkdir()
    assert code_of(one) == "not_a_file"


def test_a_pipe_in_the_place_of_a_file_does_not_hold_the_run(one: Input) -> None:
    Path(one.path).unlink()
    os.mkfifo(one.path)
    assert code_of(one) == "not_a_file"


def test_a_socket_in_the_place_of_a_file_is_refused(one: Input, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(one.path).unlink()
    monkeypatch.chdir(Path(one.path).parent)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("a.txt")
        assert code_of(one) in {"not_a_file", "unreadable"}


def test_a_device_in_the_place_of_a_file_is_refused(one: Input) -> None:
    Path(one.path).unlink()
    Path(one.path).symlink_to("/dev/zero")
    assert code_of(one) == "not_a_file"


def test_a_file_that_may_not_be_opened_is_refused(one: Input, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(path: str, *_: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(os, "open", refusing)
    assert code_of(one) == "unreadable"


def test_a_file_whose_disk_fails_is_refused(one: Input, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> NoReturn:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "read", failing)
    assert code_of(one) == "unreadable"


def grow(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"More.")


def shrink(path: Path) -> None:
    os.truncate(path, 5)


def rewrite(path: Path) -> None:
    path.write_bytes(TEXT.upper())
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize("change", [grow, shrink, rewrite])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_file_written_to_while_it_is_read_is_refused(
    one: Input, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], when: str
) -> None:
    read = os.read
    changed: list[bool] = []

    def reading(descriptor: int, size: int) -> bytes:
        if when == "before" and not changed:
            changed.append(True)
            change(Path(one.path))
        part = read(descriptor, size)
        if when == "after" and not changed:
            changed.append(True)
            change(Path(one.path))
        return part

    monkeypatch.setattr(os, "read", reading)
    assert code_of(one) == "changed_while_read"


def test_a_file_read_in_small_parts_is_whole(one: Input, monkeypatch: pytest.MonkeyPatch) -> None:
    read = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, size: read(descriptor, min(size, 7)))
    assert read_input(one) == TEXT
