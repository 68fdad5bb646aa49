from __future__ import annotations

import pickle
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines.held import stamps_of
from pipeline.engines.sameness import work_of
from pipeline.engines.task import ShardTask
from pipeline.plan import plan
from pipeline.store import shards
from pipeline.store.discovery import discover
from pipeline.store.entries import InputEntry
from pipeline.store.files import Files, together
from pipeline.store.inputs import STAMP, Input
from pipeline.store.readers import PLAIN_FORM, Form
from pipeline.store.seen import UNSEEN, settled
from tests.corpus import write

TEXT = b"Rain fell on the pier all day.\n"
HTML = Form("html")

names = st.text("ab/.\\x\xff", min_size=1, max_size=6)
stamps = st.builds(STAMP.pack, *[st.integers(0, 2**64 - 1)] * 2, *[st.integers(0, 2**62)] * 3)


@st.composite
def batches(draw: st.DrawFn) -> list[Files[Input] | tuple[Input, ...]]:
    """Return inputs in batches, no two of one name: columns of several forms and folders, and inputs by themselves."""
    uris = draw(st.lists(names, unique=True, max_size=20))
    found: list[Files[Input] | tuple[Input, ...]] = []
    while uris:
        count = draw(st.integers(1, len(uris)))
        own, uris = uris[:count], uris[count:]
        if draw(st.booleans()):
            looks = b"".join(draw(st.lists(stamps, min_size=count, max_size=count)))
            root, form = draw(st.sampled_from(["pages/", "more/"])), draw(st.sampled_from([PLAIN_FORM, HTML]))
            found.append(Files(root, form, own, looks))
        else:
            found.append(tuple(Input(uri, f"pages/{uri}", ("unreadable", "it is shut")) for uri in own))
    return found


def by_uri(found: list[Files[Input] | tuple[Input, ...]]) -> list[Input]:
    """Return the inputs of all batches in order, one by one."""
    return sorted((item for batch in found for item in batch), key=lambda item: item.source_uri)


@given(batches())
def test_columns_hold_what_was_put_together_in_order(found: list[Files[Input] | tuple[Input, ...]]) -> None:
    files = together(found)
    assert list(files) == by_uri(found)
    assert files.uris == [item.source_uri for item in files]
    assert len(files.stamps) == len(files) * STAMP.size


@given(batches(), st.data())
def test_columns_are_taken_apart_as_a_list_is(
    found: list[Files[Input] | tuple[Input, ...]], data: st.DataObject
) -> None:
    files, items = together(found), by_uri(found)
    start, stop = data.draw(st.integers(-25, 25)), data.draw(st.integers(-25, 25))
    part = files[start:stop]
    assert list(part) == items[start:stop]
    looks = [files.stamps[at : at + STAMP.size] for at in range(0, len(files.stamps), STAMP.size)]
    assert part.stamps == b"".join(looks[start:stop])
    assert list(pickle.loads(pickle.dumps(part))) == list(part)  # noqa: S301 - so it travels to workers
    for place in range(-len(items), len(items)):
        assert files[place] == items[place]
    with pytest.raises(IndexError):
        files[len(items)]


def test_files_that_do_not_stand_side_by_side_are_not_taken_together() -> None:
    files: Files[Input] = Files("pages/", PLAIN_FORM, ["a.txt", "b.txt"], bytes(2 * STAMP.size))
    with pytest.raises(ValueError, match="side by side"):
        files[::2]


def test_most_files_of_a_folder_become_columns_and_the_others_stand_among_them(tmp_path: Path) -> None:
    write(tmp_path, {"b/1.txt": TEXT, "b/2.txt": TEXT, "b.txt": TEXT, "a/1.html": TEXT, "b/.x.txt": TEXT, "c.md": TEXT})
    (tmp_path / "b/gone.txt").symlink_to("nowhere")
    found = discover([str(tmp_path)])
    files = found.inputs
    assert isinstance(files, Files)
    assert files.form == PLAIN_FORM
    assert files.uris == ["a/1.html", "b.txt", "b/1.txt", "b/2.txt", "b/gone.txt"]
    assert {files.uris[place] for place in files.others} == {"a/1.html", "b/gone.txt"}
    assert found.ignored == 2
    for item in files:
        assert item.path == str(tmp_path / item.source_uri)
        if item.refusal is None:
            status = Path(item.path).stat()
            looks = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
            assert STAMP.unpack(item.stamp) == looks
            assert (item.size, item.modified) == (status.st_size, max(looks[3:]) / 1e9)


@given(batches(), st.integers(1, 4))
def test_columns_are_cut_into_the_same_shards_as_a_list_is(
    found: list[Files[Input] | tuple[Input, ...]], mean: int
) -> None:
    with mock.patch.object(shards, "MEAN", mean), mock.patch.object(shards, "MOST", 4 * mean):
        for several in ([files] for files in found):
            of_columns, of_list = plan(together(several)).tasks, plan(tuple(by_uri(several))).tasks
            assert [list(task.items) for task in of_columns] == [list(task.items) for task in of_list]
            assert [work_of(task) for task in of_columns] == [work_of(task) for task in of_list]


@given(batches(), st.data())
def test_of_columns_the_same_looks_are_noted_as_of_a_list(
    found: list[Files[Input] | tuple[Input, ...]], data: st.DataObject
) -> None:
    files = together(found)
    count = len(files)
    same = data.draw(st.none() | st.lists(st.sampled_from([True, False, None]), min_size=count, max_size=count))
    digests = data.draw(st.lists(st.none() | st.just("5e" * 32), min_size=count, max_size=count))
    held = [InputEntry(uri, digest, None, 0) for uri, digest in zip(files.uris, digests, strict=True)]
    began, since = data.draw(st.floats(0, 2**33)), data.draw(st.none() | st.floats(0, 2**33))

    task = ShardTask(0, files, same=tuple(same) if same is not None else None)
    assert b"".join(stamps_of([task], held, began=began, since=since)) == b"".join(
        files.stamp(place) if same is not None and same[place] else noted_alone(item, held[place], began, since)
        for place, item in enumerate(files)
    )


def noted_alone(item: Input, entry: InputEntry, began: float, since: float | None) -> bytes:
    """Return what is noted of one input that was read."""
    believed = since is not None and item.modified is not None and item.modified < since
    return UNSEEN if entry.sha256 is None or believed else settled(item, began)
