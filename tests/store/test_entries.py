"""Inputs go from manifest to manifest as the lines they stand in, and only those of shards that changed are decoded."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pipeline import open_snapshot
from pipeline.errors import SnapshotError
from pipeline.job import Outcome, replay
from pipeline.store.entries import Entries, EntryLines, InputEntry, Outline
from pipeline.store.manifest import Manifest, read_manifest
from pipeline.verify import verify
from tests.corpus import PAGES, clean, small_shards, write
from tests.tampering import write_manifest

SNOW = {"town/plain.txt": b"Snow fell on the town all day. Nobody minded.\n"}

entries = st.builds(
    InputEntry,
    uri=st.text(max_size=6),
    sha256=st.none() | st.just("5e" * 32),
    size=st.none() | st.integers(0, 2**40),
    shard=st.integers(0, 3),
    vanished=st.booleans(),
    form=st.sampled_from(["", "html", "jsonl.gz"]),
    first=st.integers(0, 9),
    refusal=st.none() | st.just(("unreadable", 'it is "shut"\n')),
)


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    small_shards(monkeypatch)
    monkeypatch.setattr("pipeline.store.seen.CLOCK_SLACK", -3600.0)  # as if pages had been written long ago


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[InputEntry]:
    """Return the list of entries that are decoded from now on."""
    found: list[InputEntry] = []
    decode = msgspec.json.Decoder(tuple[InputEntry, ...]).decode

    class Watched:
        def decode(self, raw: bytes) -> tuple[InputEntry, ...]:
            made = decode(raw)
            found.extend(made)
            return made

    monkeypatch.setattr("pipeline.store.entries._decoder", Watched())
    return found


def encoded_anew(manifest: Manifest) -> bytes:
    """Return a manifest as it is encoded when each of its inputs is."""
    return structs.replace(manifest, inputs=tuple(manifest.inputs)).encode()


@given(st.lists(st.lists(entries, min_size=1, max_size=4), max_size=4))
def test_lines_say_what_entries_do_however_they_are_divided(shards: list[list[InputEntry]]) -> None:
    every = [entry for shard in shards for entry in shard]
    outlines = [Outline.of(number, EntryLines(shard)) for number, shard in enumerate(shards)]
    written = b"".join(Entries(map(EntryLines, shards)).written())
    assert tuple(EntryLines.written(written)) == tuple(every)
    assert pickle.loads(pickle.dumps(EntryLines.written(written))) == every  # noqa: S301 - what was pickled one call before
    again = Entries([EntryLines.written(memoryview(written))])
    divided = again.divided(outlines)
    assert [list(part) for part in divided or ()] == shards
    assert again.divided([*outlines, *outlines[:1]]) is None
    parts = Entries(divided or ())
    assert [parts[place] for place in range(-len(parts), len(parts))] == every * 2
    assert parts == again == every


def test_a_manifest_with_lines_of_the_last_one_is_what_it_would_be_without(pages: Path, out: Path) -> None:
    clean(pages, out)
    clean(write(pages, SNOW), out)
    raw = (out / "current/manifest.json").read_bytes()
    assert encoded_anew(read_manifest(out / "current")) == raw


def test_only_inputs_of_shards_that_changed_are_decoded(pages: Path, out: Path, decoded: list[InputEntry]) -> None:
    clean(pages, out)
    shards = {
        entry.uri: {other.uri for other in own}
        for _, group in groupby(open_snapshot(out).manifest.inputs, lambda entry: entry.shard)
        for own in [list(group)]
        for entry in own
    }
    decoded.clear()
    clean(pages, out)
    assert not decoded
    clean(write(pages, SNOW), out)
    assert {entry.uri for entry in decoded} == shards["town/plain.txt"] < {*PAGES}


def test_a_note_of_another_manifest_is_not_believed(pages: Path, out: Path, decoded: list[InputEntry]) -> None:
    clean(pages, out)
    snapshot = open_snapshot(out)
    first, *others = snapshot.manifest.inputs
    write_manifest(snapshot, inputs=[structs.replace(first, sha256="0" * 64), *others])
    decoded.clear()
    clean(write(pages, SNOW), out)
    assert {entry.uri for entry in decoded} == {*PAGES}


def test_a_manifest_that_is_not_as_it_was_written_is_decoded_at_once(pages: Path, out: Path) -> None:
    clean(pages, out)
    path = out / "current/manifest.json"
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b'"size":', b'"size":"', 1))
    with pytest.raises(SnapshotError, match=r"manifest\.json: is damaged"):
        read_manifest(out / "current")


@pytest.mark.parametrize("line", [b'{"uri":"a.txt"', b'{"uri":"\xff"}'])
def test_a_line_that_is_none_is_said_to_be_damage(line: bytes) -> None:
    with pytest.raises(SnapshotError, match="is damaged where it lists inputs"):
        list(EntryLines.written(line, 1))


@pytest.mark.parametrize("harm", [(b'"shard":0', b'"shard":99'), (b'{"uri":"', b'{"uri":"\xff')])
def test_damage_that_the_digest_does_not_tell_is_said_and_gone_with_a_rebuild(
    pages: Path, out: Path, harm: tuple[bytes, bytes]
) -> None:
    clean(pages, out)
    path = out / "current/manifest.json"
    raw = path.read_bytes().replace(*harm, 1)
    path.write_bytes(raw)
    path.with_name("manifest.json.sha256").write_text(f"{hashlib.sha256(raw).hexdigest()}  manifest.json\n")
    with pytest.raises(SnapshotError, match=r"v000001: .*is damaged where it lists inputs.*--rebuild"):
        clean(pages, out)
    assert clean(pages, out, rebuild=True).version == "v000002"
    assert {entry.uri for entry in open_snapshot(out).manifest.inputs} == {*PAGES}


def flipped(raw: bytes) -> bytes:
    return raw.replace(b'"articles": ', b'"articles": 1', 1)


@pytest.mark.parametrize(
    ("name", "harm", "told"),
    [
        ("manifest.json", flipped, r"manifest\.json: its bytes are not those that manifest\.json\.sha256 says"),
        ("manifest.json.sha256", lambda raw: b"0" + raw[1:], r"manifest\.json: its bytes are not those"),
        ("manifest.json.sha256", None, r"manifest\.json\.sha256: cannot be read"),
    ],
)
def test_nothing_is_built_on_a_manifest_that_may_not_be_what_was_committed(
    pages: Path, out: Path, name: str, harm: Callable[[bytes], bytes] | None, told: str
) -> None:
    clean(pages, out)
    path = out / "current" / name
    raw = path.read_bytes()
    path.unlink()
    if harm is not None:
        path.write_bytes(harm(raw))
        assert path.read_bytes() != raw
    assert len(verify(open_snapshot(out)).breaches) >= 1
    assert open_snapshot(out).arrow("articles").num_rows > 0, "readers still read"
    works: list[Callable[[], Outcome]] = [lambda: clean(write(pages, SNOW), out), lambda: replay(out)]
    for work in works:
        with pytest.raises(SnapshotError, match=rf"{told}.*--rebuild") as refused:
            work()
        assert refused.value.exit_code == 1
    assert open_snapshot(out).version == "v000001"
    assert clean(pages, out, rebuild=True).version == "v000002"
    assert verify(open_snapshot(out)).breaches == ()


def test_an_input_of_a_shard_that_is_none_is_found(pages: Path, out: Path) -> None:
    clean(pages, out)
    snapshot = open_snapshot(out)
    first, *others = snapshot.manifest.inputs
    inputs = Entries([EntryLines([structs.replace(first, shard=99), *others])])
    write_manifest(snapshot, inputs=inputs)
    assert [breach.where for breach in verify(snapshot).breaches] == ["manifest.json"]


def test_inputs_of_one_part_are_had_without_decoding_the_others(decoded: list[InputEntry]) -> None:
    parts = [[InputEntry(f"{shard}{number}.txt", None, None, shard) for number in range(3)] for shard in range(2)]
    lines = Entries(EntryLines.written(bytes(EntryLines(part).lines()), len(part)) for part in parts)
    assert list(lines[4:6]) == parts[1][1:]
    assert decoded == parts[1]
    assert list(lines[2:5]) == [parts[0][2], *parts[1][:2]]
    assert list(lines[5:9]) == parts[1][2:]
    assert [list(lines[3:3]), list(lines[6:9])] == [[], []]
