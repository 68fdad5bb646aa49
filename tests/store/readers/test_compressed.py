from __future__ import annotations

import io
import random
import time
from typing import BinaryIO

import pytest

from pipeline.errors import RejectedDocument
from pipeline.store.readers import compression
from pipeline.store.readers.compression import COMPRESSIONS as KNOWN
from pipeline.store.readers.compression import opened
from tests.containers import COMPRESSIONS, jsonl
from tests.store.readers.conftest import Reading

LINES = [random.Random(number).randbytes(60).hex().encode() for number in range(3000)]  # noqa: S311 - hardly shrinks

pytestmark = pytest.mark.parametrize("name", COMPRESSIONS)


def test_what_is_compressed_comes_out_whatever_the_size_of_the_pieces(name: str) -> None:
    raw = b"\n".join(LINES)
    for size in (1, 7, 4096, 10**7):
        file = io.BufferedReader(io.BytesIO(COMPRESSIONS[name](raw)), 16)
        unpacked = opened(file, name)
        some = unpacked.read(size)
        assert some + unpacked.read() == raw


def test_several_streams_in_a_row_are_one(name: str, read: Reading) -> None:
    pack = COMPRESSIONS[name]
    raw = pack(jsonl(LINES[:2])) + pack(b"") + pack(jsonl(LINES[2:4]))
    assert read(f"a.jsonl.{name}", raw).texts == LINES[:4]
    if name in compression.PADDED:
        assert read(f"a.jsonl.{name}", pack(jsonl(LINES[:2])) + bytes(512)).texts == LINES[:2]


def test_frames_that_are_to_be_skipped_are(name: str, read: Reading) -> None:
    between = b"\x5e\x2a\x4d\x18\x04\0\0\0tide" if name == "zst" else b""  # the others have none
    packed = between.join(COMPRESSIONS[name](jsonl([line])) for line in LINES[:3])
    found = read(f"a.jsonl.{name}", between + between + packed + between)
    assert (found.texts, found.rejects) == (LINES[:3], [])


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_of_a_truncated_file_what_can_be_read_stays_and_one_reject_tells_the_rest(
    name: str, read: Reading, share: float
) -> None:
    packed = COMPRESSIONS[name](jsonl(LINES))
    found = read(f"a.jsonl.{name}", packed[: int(len(packed) * share)])
    assert found.texts == LINES[: len(found.texts)]
    assert found.rejects == [(len(found.texts), "truncated")]
    assert "byte" in found.messages
    assert found.whole, "its bytes are known, so that the next run need not read it again"
    assert not share or len(found.texts) > len(LINES) * share / 2 - 1700  # bzip2 gives blocks of 900 kB


def test_a_truncated_page_is_no_article_and_its_beginning_is_kept(name: str, read: Reading) -> None:
    text = random.Random(7).randbytes(2_500_000)  # noqa: S311 - hardly shrinks
    packed = COMPRESSIONS[name](text)
    found = read(f"a.txt.{name}", packed[: len(packed) * 9 // 10])
    assert found.rejects == [(0, "truncated")]
    assert text.startswith(found.found[0].raw or b"")
    assert len(found.found[0].raw or b"") > len(text) // 3


def test_damage_costs_what_stands_behind_it(name: str, read: Reading) -> None:
    packed = bytearray(COMPRESSIONS[name](jsonl(LINES)))
    packed[len(packed) // 2] ^= 0x55
    found = read(f"a.jsonl.{name}", bytes(packed))
    assert found.rejects
    assert {code for _, code in found.rejects} <= {"corrupt", "truncated", "bad_json"}
    assert found.texts[: len(found.texts) // 3] == LINES[: len(found.texts) // 3]


def test_what_stands_behind_the_last_stream_is_told(name: str, read: Reading) -> None:
    found = read(f"a.jsonl.{name}", COMPRESSIONS[name](jsonl(LINES[:2])) + b"no stream at all, and more of it")
    assert found.texts == LINES[:2]
    assert [code for _, code in found.rejects] == ["corrupt"]


def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, read: Reading) -> None:
    assert read(f"a.jsonl.{name}", jsonl(LINES[:2])).rejects == [(0, "mislabelled")]
    found = read("a.jsonl", COMPRESSIONS[name](jsonl(LINES[:2])))
    assert found.rejects == [(0, "mislabelled")]
    assert f"compressed with {name}" in found.messages
    other = "gz" if name != "gz" else "xz"
    assert read(f"a.jsonl.{other}", COMPRESSIONS[name](jsonl(LINES[:2]))).rejects == [(0, "mislabelled")]


def exhaust(file: BinaryIO) -> None:
    while file.read(2**16):
        pass


def test_a_bomb_is_stopped_before_it_costs_much(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "UNSUSPICIOUS", 2**22)
    packed = COMPRESSIONS[name](bytes(2**26))
    unpacked = opened(io.BufferedReader(io.BytesIO(packed)), name)
    began = time.process_time()
    with pytest.raises(RejectedDocument) as refused:
        exhaust(unpacked)
    assert refused.value.code == "bomb"
    assert unpacked.tell() <= max(2**22, compression.RATIO * len(packed)) + compression.OUTPUT
    assert time.process_time() - began < 10


def test_a_page_that_becomes_larger_than_allowed_is_refused(name: str, read: Reading) -> None:
    assert read(f"a.txt.{name}", COMPRESSIONS[name](b"x" * 5000), max_record_bytes=4999).rejects == [(0, "oversized")]
    assert read(f"a.txt.{name}", COMPRESSIONS[name](b"x" * 5000), max_record_bytes=5000).texts == [b"x" * 5000]


def test_every_compression_has_its_magic(name: str) -> None:
    assert COMPRESSIONS[name](b"rain").startswith(KNOWN[name].magic)
    assert KNOWN.keys() == COMPRESSIONS.keys()
