from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import Record
from pipeline.store.readers.parquet import ParquetReader
from pipeline.store.readers.reading import Entry, ReadSettings
from tests.containers import foot, parquet, saying
from tests.store.readers.conftest import Reading

TEXTS = [b"Rain fell on day %d." % number for number in range(10)]


def written(made: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(made, out)
    return out.getvalue()


@pytest.mark.parametrize("fields", [None, ("n",)])
def test_names_that_stand_twice_lose_no_field(read: Reading, fields: tuple[str, ...] | None) -> None:
    made = pa.table([pa.array(["Rain."]), pa.array([1]), pa.array([2]), pa.array(["Fog."])], ["text", "n", "n", "text"])
    (found,) = read("a.parquet", written(made), source_fields=fields).found
    assert isinstance(found, Record)
    expected = '{"n":1,"n.2":2,"text.3":"Fog."}' if fields is None else '{"n":1}'
    assert (found.raw, found.origin.fields) == (b"Rain.", expected)


def test_words_of_a_dictionary_need_not_be_utf_8(read: Reading) -> None:
    words = pa.Array.from_buffers(pa.string(), 2, pa.array([b"Rain.", b"M\xfcller"]).buffers())
    made = pa.table({"text": pa.DictionaryArray.from_arrays(pa.array([1, 0, None], pa.int32()), words)})
    found = read("a.parquet", written(made))
    assert (found.texts, found.rejects) == ([b"M\xfcller", b"Rain."], [(2, "no_text")])


def test_every_column_is_kept_as_json(read: Reading) -> None:
    moment = datetime(2016, 3, 27, 8, 25, tzinfo=UTC)
    columns = {
        "text": ["Rain."],
        "url": ["u"],
        "fetched_at": pa.array([moment], pa.timestamp("ns", "UTC")),
        "share": pa.array([float("nan")]),
        "price": pa.array([Decimal("1.50")]),
        "thumb": pa.array([b"\xff"]),
        "tags": pa.array([["a", None]]),
        "at": pa.array([{"x": 1}]),
        "kind": pa.array(["news"]).dictionary_encode(),
        "nothing": pa.nulls(1),
    }
    (found,) = read("a.parquet", written(pa.table(columns))).found
    assert found.raw == b"Rain."
    assert found.origin.fetched_at == "2016-03-27T08:25:00+00:00"
    assert found.origin.fields == (
        '{"share":{"$float":"NAN"},"price":"1.50","thumb":{"$bytes":"/w=="},"tags":["a",null],"at":{"x":1},'
        '"kind":"news","nothing":null}'
    )


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()])
def test_text_may_be_a_string_or_bytes_and_need_not_be_utf_8(read: Reading, kind: pa.DataType) -> None:
    raw = [b"Rain.", b"M\xfcller"]
    made = pa.table({"text": pa.array(raw, pa.binary()).cast(pa.large_binary()).view(pa.large_binary())})
    made = pa.table({"text": pa.array(raw, pa.large_binary())}) if "large" in str(kind) else made
    assert read("a.parquet", written(made)).texts == raw
    text = pa.StringArray.from_buffers(2, *pa.array(raw, pa.binary()).buffers()[1:])
    assert read("a.parquet", written(pa.table({"text": text}))).texts == raw


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        (pa.array([10**8], pa.int32()).cast(pa.date32()), "100000000"),
        (pa.array([2**62], pa.timestamp("us")), str(2**62)),
        (pa.array([2**60], pa.timestamp("ms", "UTC")), str(2**60)),
        (pa.array([0], pa.timestamp("us", "Mars/Olympus")), "0"),
        (pa.array([2**62], pa.duration("s")), str(2**62)),
        (pa.array([[0, 2**62]], pa.list_(pa.timestamp("us"))), f'["1970-01-01T00:00:00",{2**62}]'),
        (
            pa.array([{"at": 2**62, "n": 1}], pa.struct({"at": pa.timestamp("us"), "n": pa.int8()})),
            f'{{"at":{2**62},"n":1}}',
        ),
        (
            pa.array([[b"pier", b"\xff"]], pa.list_(pa.binary())).view(pa.list_(pa.string())),
            '["pier",{"$bytes":"/w=="}]',
        ),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_a_value_that_python_has_no_name_for_is_kept_as_it_is_stored(
    read: Reading, values: pa.Array, kept: str
) -> None:
    columns = {"text": ["Rain.", "Fog."], "more": pa.concat_arrays([values, pa.nulls(1, values.type)])}
    first, second = read("a.parquet", written(pa.table(columns))).found
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.origin.fields, second.origin.fields) == (f'{{"more":{kept}}}', '{"more":null}')


NANOSECONDS = 1_490_000_000_123_456_789
CLOCK = '"2017-03-20T08:53:20.123456"'


@pytest.mark.parametrize(
    ("value", "kind", "kept"),
    [
        (NANOSECONDS, pa.timestamp("ns"), CLOCK),
        (1_500_000_001, pa.duration("ns"), '"0:00:01.500000"'),
        ([NANOSECONDS], pa.list_(pa.timestamp("ns")), f"[{CLOCK}]"),
        ([NANOSECONDS], pa.large_list(pa.timestamp("ns")), f"[{CLOCK}]"),
        ([NANOSECONDS], pa.list_(pa.timestamp("ns"), 1), f"[{CLOCK}]"),
        ([("tide", NANOSECONDS)], pa.map_(pa.string(), pa.timestamp("ns")), f'[["tide",{CLOCK}]]'),
        (
            {"at": [NANOSECONDS], "n": 1},
            pa.struct({"at": pa.list_(pa.timestamp("ns")), "n": pa.int8()}),
            f'{{"at":[{CLOCK}],"n":1}}',
        ),
    ],
    ids=str,
)
def test_nanoseconds_are_cut_off_at_any_depth(read: Reading, value: object, kind: pa.DataType, kept: str) -> None:
    columns = {"text": ["Rain.", "Fog."], "more": pa.array([value, None], kind)}
    first, second = read("a.parquet", written(pa.table(columns))).found
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.origin.fields, second.origin.fields) == (f'{{"more":{kept}}}', '{"more":null}')


def test_text_may_stand_inside_a_struct(read: Reading) -> None:
    made = pa.table({"doc": [{"body": "Rain.", "n": 1}]})
    (found,) = read("a.parquet", written(made), text_field="doc.body", source_fields=()).found
    assert (found.raw, found.origin.fields) == (b"Rain.", None)


def test_only_the_columns_that_are_asked_for_are_read(read: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str] | None] = []
    reading = pq.ParquetFile.iter_batches

    def noted(self: pq.ParquetFile, *args: object, columns: list[str] | None = None, **more: object) -> object:
        seen.append(columns)
        return reading(self, *args, columns=columns, **more)

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", noted)
    raw = written(pa.table({"text": ["Rain."], "url": ["u"], "vector": [[1.0] * 9], "n": [1]}))
    (found,) = read("a.parquet", raw, source_fields=("n",)).found
    assert (seen, found.origin.fields) == ([["text", "url", "n"]], '{"n":1}')


def test_a_row_without_text_costs_itself(read: Reading) -> None:
    found = read("a.parquet", written(pa.table({"text": ["Rain.", None, "Fog."], "n": [1, 2, 3]})))
    assert (found.texts, found.rejects) == ([b"Rain.", b"Fog."], [(1, "no_text")])
    assert "row 1" in found.messages
    assert "text, n" in found.messages


@pytest.mark.parametrize("fields", [None, (), ("url",)])
@pytest.mark.parametrize("field", ["text", "doc.text"])
def test_a_file_without_a_column_for_the_text_is_told_once(
    read: Reading, fields: tuple[str, ...] | None, field: str
) -> None:
    found = read("a.parquet", written(pa.table({"n": [1, 2, 3]})), source_fields=fields, text_field=field)
    assert found.rejects == [(0, "no_text")]
    assert f"{field!r} is not there; its fields are: n; see --text-field" in found.messages


def test_a_large_text_that_many_rows_have_is_held_once() -> None:
    text = "Fog. " * 60_000
    out = io.BytesIO()
    pq.write_table(pa.table({"text": [text, *["Rain."] * 3000, *[text] * 99]}), out, store_schema=False)
    out.seek(0)
    before, most, count = pa.total_allocated_bytes(), 0, 0
    for found in ParquetReader().read(out, ReadSettings()):
        assert isinstance(found, Entry)
        count += len(found.raw) == len(text)
        most = max(most, pa.total_allocated_bytes() - before)
    assert count == 100
    assert most < 16 * len(text)


def test_what_grows_when_it_is_read_is_bounded(read: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.readers.row_groups.UNSUSPICIOUS", 10_000)
    raw = written(pa.table({"text": ["Rain. " * 1000] * 2000}))
    assert len(raw) * 400 < 2000 * 6000
    found = read("a.parquet", raw)
    assert found.rejects[-1] == (len(found.texts), "bomb")
    assert len(found.texts) == len(raw) * 400 // 6000
    assert len(read("a.parquet", written(pa.table({"text": ["Rain. " * 1000] * 20}))).texts) == 20


def test_a_row_group_that_ends_early_costs_its_own_rows(read: Reading) -> None:
    texts = [b"Rain fell on day %d." % number for number in range(2 * 4099)]
    found = read("a.parquet", saying(parquet(texts, rows=4099), 4099, 4101))
    assert found.texts == texts
    assert found.rejects == [(number, "corrupt") for number in (4099, 4100, 8200, 8201)]
    assert "ends there" in found.messages


def test_a_damaged_row_group_costs_its_own_rows(read: Reading) -> None:
    raw = bytearray(parquet(TEXTS, rows=4))
    column = pq.read_metadata(io.BytesIO(raw)).row_group(1).column(0)
    stop = column.dictionary_page_offset + column.total_compressed_size
    raw[stop - 3 : stop] = bytes(byte ^ 0xFF for byte in raw[stop - 3 : stop])
    found = read("a.parquet", bytes(raw))
    assert found.texts == [*TEXTS[:4], *TEXTS[8:]]
    assert found.rejects == [(number, "corrupt") for number in range(4, 8)]
    assert "row group 1" in found.messages
    assert found.whole


def test_rows_that_a_damaged_row_group_only_says_it_has_are_not_counted(read: Reading) -> None:
    number = 4_099
    made = pa.table({"text": [b"Rain fell on day %d." % day for day in range(number)]})
    out = io.BytesIO()
    pq.write_table(made, out, use_dictionary=False, compression="none")
    raw = saying(out.getvalue(), number, 10**12)
    found = read("a.parquet", raw[:4] + b"\xff" * 500 + raw[504:])
    assert found.rejects == [(0, "corrupt")]
    assert "row group 0" in found.messages
    assert found.whole


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda raw: raw[: len(raw) // 2], "truncated"),
        (lambda raw: raw[:-1], "truncated"),
        (lambda raw: raw[:4], "truncated"),
        (lambda raw: raw.replace(foot(raw), b"\xff" * len(foot(raw))), "corrupt"),
        (lambda raw: raw[:-8] + b"\xff\xff\xff\x7fPAR1", "corrupt"),
        (lambda _: b"", "empty"),
        (lambda _: b'{"text": "Rain"}\n', "mislabelled"),
        (lambda _: b"PAR1PAR1", "truncated"),
    ],
)
def test_a_file_whose_foot_cannot_be_read_is_refused(read: Reading, change: object, code: str) -> None:
    assert callable(change)
    found = read("a.parquet", change(parquet(TEXTS)))
    assert found.rejects == [(0, code)]
    assert found.whole


def test_a_text_that_is_larger_than_allowed_costs_itself(read: Reading) -> None:
    found = read("a.parquet", written(pa.table({"text": ["x" * 11, "y" * 10]})), max_record_bytes=10)
    assert (found.texts, found.rejects) == ([b"y" * 10], [(0, "oversized")])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_damage_anywhere_breaks_nothing(read: Reading, data: st.DataObject) -> None:
    raw = bytearray(parquet(TEXTS))
    for _ in range(3):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    found = read("a.parquet", bytes(raw))
    assert found.whole
    assert "internal_error" not in dict(found.rejects).values()
