from __future__ import annotations

import io
import random
import stat
import struct
import tarfile
import time
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import Record
from pipeline.store.readers import compression
from tests.containers import COMPRESSIONS, jsonl, numbered, parquet, table, tar, zipped
from tests.store.readers.conftest import Reading

TEXTS = [b"Rain fell on day %d.\n" % number * (number + 1) for number in range(8)]
ARCHIVES = {"tar": tar, "zip": zipped}

both = pytest.mark.parametrize("name", ARCHIVES)


def origins(found: object) -> list[str | None]:
    assert isinstance(found, list)
    return [each.origin.member for each in found]


# ------------------------------------------------------------------------------------------------- both of them


@both
def test_members_of_every_form_are_read_in_order(read: Reading, name: str) -> None:
    members = {
        "a/0.txt": TEXTS[0],
        "a/1.jsonl": jsonl(TEXTS[1:3], url="u"),
        "a/cover.jpg": b"\xff\xd8",
        "b/2.txt.gz": COMPRESSIONS["gz"](TEXTS[3]),
        "b/3.csv.zst": COMPRESSIONS["zst"](table(TEXTS[4:5])),
        "b/4.parquet": parquet(TEXTS[5:7]),
        "b/.hidden.txt": b"x",
        "__MACOSX/b/4.txt": b"x",
        "inner.tar": tar({"z.txt": b"x"}),
        "inner.zip": zipped({"z.txt": b"x"}),
        "last.TXT": TEXTS[7],
    }
    found = read(f"a.{name}", ARCHIVES[name](members))
    assert found.texts == TEXTS
    assert origins(found.found) == [
        "a/0.txt", "a/1.jsonl", "a/1.jsonl", "b/2.txt.gz", "b/3.csv.zst", "b/4.parquet", "b/4.parquet", "last.TXT",
    ]  # fmt: skip
    assert found.found[1].origin.url == "u"


@both
@pytest.mark.parametrize(
    "hostile",
    ["../../etc/passwd.txt", "/etc/passwd.txt", "a/../../b.txt", "C:\\a.txt", "a\nb\x1b[2J.txt", "x" * 250 + ".txt"],
)
def test_a_name_is_data_whatever_it_says(read: Reading, name: str, hostile: str) -> None:
    found = read(f"a.{name}", ARCHIVES[name]({hostile: TEXTS[0], "b.txt": TEXTS[1]}))
    assert found.texts == TEXTS[:2]
    assert found.found[0].origin.member is not None


@both
def test_a_bad_member_costs_itself(read: Reading, name: str) -> None:
    members = {
        "0.txt": TEXTS[0],
        "1.jsonl": jsonl(TEXTS[1:2]) + b"{bad\n" + jsonl(TEXTS[2:3]),
        "2.jsonl.gz": COMPRESSIONS["gz"](jsonl(TEXTS * 9))[:-9],
        "3.parquet": b"PAR1",
        "4.txt.xz": b"no such thing",
        "5.csv": b"no,such,field\n1,2,3\n",
        "6.txt": b"x" * 100_000,
        "7.txt": TEXTS[3],
    }
    found = read(f"a.{name}", ARCHIVES[name](members), max_record_bytes=50_000)
    assert found.texts[0] == TEXTS[0]
    assert found.texts[-1] == TEXTS[3]
    assert [code for _, code in found.rejects] == [
        "bad_json", "truncated", "truncated", "mislabelled", "no_text", "oversized",
    ]  # fmt: skip
    assert "member 1.jsonl: line 2, byte" in found.messages


@both
@pytest.mark.parametrize("raw", [b"no archive at all", b"\x00" * 5, jsonl(TEXTS)])
def test_what_is_no_archive_is_refused(read: Reading, name: str, raw: bytes) -> None:
    found = read(f"a.{name}", raw)
    assert len(found.rejects) == 1
    assert found.rejects[0][1] in {"mislabelled", "truncated"}


@both
def test_an_archive_without_a_document_is_said_to_be_empty(read: Reading, name: str) -> None:
    assert read(f"a.{name}", b"").rejects == [(0, "empty")]
    assert read(f"a.{name}", ARCHIVES[name]({})).rejects == [(0, "empty")]
    assert read(f"a.{name}", ARCHIVES[name]({"a.jpg": b"x"})).rejects == [(0, "empty")]


@both
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_damage_anywhere_breaks_nothing(read: Reading, name: str, data: st.DataObject) -> None:
    raw = bytearray(ARCHIVES[name](numbered(TEXTS[:4])))
    for _ in range(3):
        raw[data.draw(st.integers(0, min(len(raw), 4000) - 1))] = data.draw(st.integers(0, 255))
    found = read(f"a.{name}", bytes(raw[: data.draw(st.integers(1, len(raw)))]))
    assert found.whole
    assert "internal_error" not in dict(found.rejects).values()


# ------------------------------------------------------------------------------------------------------- tar


@pytest.mark.parametrize("cut", [1, 511, 513, 1023, 1024, 1025, 2000, 2048, 2049])
def test_of_a_truncated_tar_what_can_be_read_stays_and_one_reject_tells_the_rest(read: Reading, cut: int) -> None:
    found = read("a.tar", tar(numbered(TEXTS))[:cut])
    assert found.texts == TEXTS[: len(found.texts)]
    assert len(found.rejects) == 1
    assert found.rejects[0][1] in {"truncated", "mislabelled"}
    if cut > 1100:
        assert len(found.texts) >= 1


def test_a_truncated_tar_gives_the_beginning_of_its_last_member_to_its_reject(read: Reading) -> None:
    raw = random.Random(1).randbytes(300_000)  # noqa: S311 - only to be of some length
    found = read("a.tar", tar({"a.txt": raw})[:200_512])
    assert (found.rejects, found.found[0].raw) == ([(0, "truncated")], raw[: len(found.found[0].raw or b"")])
    assert len(found.found[0].raw or b"") > 100_000


def test_what_stands_behind_the_end_of_a_tar_is_told(read: Reading) -> None:
    first, second = tar({"a.txt": b"Rain."}), tar({"b.txt": b"Fog."})
    found = read("a.tar", first + second)
    assert (found.texts, found.rejects) == ([b"Rain."], [(1, "corrupt")])
    assert "behind the mark of its end" in found.messages
    assert read("a.tar", first + bytes(10**6)).rejects == []


def test_a_damaged_header_ends_the_reading_and_is_told(read: Reading) -> None:
    raw = bytearray(tar(numbered(TEXTS)))
    raw[1024 + 3] ^= 1
    found = read("a.tar", bytes(raw))
    assert (found.texts, found.rejects) == (TEXTS[:1], [(1, "corrupt")])
    assert "before byte 1536" in found.messages


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_never_followed(read: Reading, kind: bytes) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
        text = tarfile.TarInfo("b.txt")
        text.size = len(TEXTS[0])
        archive.addfile(text, io.BytesIO(TEXTS[0]))
    found = read("a.tar", out.getvalue())
    assert (found.texts, found.rejects) == (TEXTS[:1], [(0, "not_a_file")])


def header(name: bytes, size: bytes, kind: bytes = b"0") -> bytes:
    """Return the header of a member with a proper checksum, whatever it says."""
    block = bytearray(512)
    block[0 : len(name)] = name
    block[124 : 124 + len(size)] = size
    block[156:157] = kind
    block[257:265] = b"ustar\x0000"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\x00 " % sum(block)
    return bytes(block)


HUGE = struct.pack(">I", 0x80000000) + struct.pack(">Q", 2**62)
NEGATIVE = b"\xff" * 12


@pytest.mark.parametrize(
    "raw",
    [
        header(b"a.txt", b"77777777777"),
        header(b"a.txt", HUGE),
        header(b"a.txt", NEGATIVE),
        header(b"a.txt", b"x"),
        header(b"L", b"77777777777", b"L"),
        header(b"L", HUGE, b"L") + b"x" * 10_000,
        header(b"x", b"77777777777", b"x"),
        header(b"x", b"00000200000", b"x") + b"1" * 65_536,
        header(b"x", b"00000001000", b"x") + b"10 a=b\n" + b"0" * 505,
        header(b"S", b"00000001000", b"S") + b"0" * 512,
        header(b"x", b"00000001000", b"x") + b"30 GNU.sparse.major=1\n" * 23,
    ],
)
def test_hostile_headers_cost_neither_memory_nor_time(read: Reading, raw: bytes) -> None:
    began = time.process_time()
    found = read("a.tar", tar({"good.txt": TEXTS[0]})[:1024] + raw)
    assert found.texts == TEXTS[:1]
    assert len(found.rejects) == 1
    assert found.rejects[0][1] in {"truncated", "corrupt", "not_a_file"}
    assert time.process_time() - began < 3


def test_names_that_are_not_utf_8_are_escaped(read: Reading) -> None:
    raw = header(b"caf\xe9.txt", b"%011o" % len(TEXTS[0])) + TEXTS[0].ljust(512, b"\0") + bytes(1024)
    (found,) = read("a.tar", raw).found
    assert (found.origin.member, found.raw) == (r"caf\xe9.txt", TEXTS[0])


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_kind_of_tar_is_read_with_its_long_names(read: Reading, form: int) -> None:
    out = io.BytesIO()
    name = (
        "/".join(["städte" * 3] * 9) + "/a.txt" if form != tarfile.USTAR_FORMAT else "b" * 80 + "/" + "c" * 60 + ".txt"
    )
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        member = tarfile.TarInfo(name)
        member.size = len(TEXTS[0])
        archive.addfile(member, io.BytesIO(TEXTS[0]))
    (found,) = read("a.tar", out.getvalue()).found
    assert isinstance(found, Record)
    assert found.origin.member == name


# ------------------------------------------------------------------------------------------------------- zip


def test_a_name_may_be_of_digits_alone(read: Reading) -> None:
    name = "7" * 120 + ".txt"
    assert read("a.tar", tar({name: TEXTS[0]})).texts == TEXTS[:1]


def test_joined_zips_are_told(read: Reading) -> None:
    found = read("a.zip", zipped({"a.txt": TEXTS[0]}) + zipped({"b.txt": TEXTS[1]}))
    assert (found.texts, found.rejects) == (TEXTS[1:2], [(1, "corrupt")])
    assert "joined" in found.messages


def test_a_backslash_parts_the_names_of_a_zip_too(read: Reading) -> None:
    names = {".\\pages\\a.txt": TEXTS[0], "pages\\.b.txt": TEXTS[1], "__MACOSX\\c.txt": TEXTS[2]}
    assert read("a.zip", zipped(names)).texts == TEXTS[:1]


@pytest.mark.parametrize(
    "compression_of", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_every_way_to_compress_a_zip_is_read(read: Reading, compression_of: int) -> None:
    assert read("a.zip", zipped(numbered(TEXTS), compression_of)).texts == TEXTS


def patched(raw: bytes, of: int, at: int, to: bytes) -> bytes:
    """Return a zip archive in which some bytes of one entry of its directory are others."""
    place = -1
    for _ in range(of + 1):
        place = raw.index(b"PK\x01\x02", place + 1)
    return raw[: place + at] + to + raw[place + at + len(to) :]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda raw: patched(raw, 1, 8, b"\x01\x00"), "encrypted"),
        (lambda raw: patched(raw, 1, 10, b"\x63\x00"), "corrupt"),
        (lambda raw: patched(raw, 1, 16, b"\x00\x00\x00\x00"), "corrupt"),
        (lambda raw: patched(raw, 1, 42, b"\xff\xff\xff\x00"), "corrupt"),
        (lambda raw: patched(raw, 1, 38, struct.pack("<I", (stat.S_IFLNK | 0o777) << 16)), "not_a_file"),
    ],
)
def test_an_entry_that_cannot_be_read_costs_itself(read: Reading, change: Callable[[bytes], bytes], code: str) -> None:
    found = read("a.zip", change(zipped(numbered(TEXTS))))
    assert (found.texts, found.rejects) == ([TEXTS[0], *TEXTS[2:]], [(1, code)])


def test_a_truncated_zip_has_no_directory_and_is_refused(read: Reading) -> None:
    found = read("a.zip", zipped(numbered(TEXTS))[:-30])
    assert (found.texts, found.rejects) == ([], [(0, "truncated")])


def test_members_that_share_their_bytes_are_a_bomb(read: Reading) -> None:
    raw = zipped({"0.txt": bytes(10**6)}, zipfile.ZIP_STORED)
    at = raw.index(b"PK\x01\x02")
    kernel, entry = raw[:at], raw[at : raw.index(b"PK\x05\x06")]
    directory = entry * 9
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 9, 9, len(directory), len(kernel), 0)
    found = read("a.zip", kernel + directory + end)
    assert found.rejects[-1][1] in {"bomb", "corrupt"}
    assert len(found.texts) <= 1


def test_a_member_from_which_too_much_comes_is_a_bomb(read: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.readers.zipped.UNSUSPICIOUS", 2**17)
    raw = zipped({"a.jsonl": b"\n" * 2**20, "b.txt": TEXTS[0]})
    found = read("a.zip", raw)
    assert (found.texts, found.rejects) == (TEXTS[:1], [(0, "bomb")])
    assert compression.RATIO < 1000
