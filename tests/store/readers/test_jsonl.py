from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import NOWHERE, Origin, Record
from pipeline.store.inputs import Input
from pipeline.store.parts import split
from pipeline.store.readers import Form
from pipeline.store.readers.reading import ReadSettings
from tests.containers import jsonl
from tests.store.readers.conftest import Reading

GOOD = [b"Rain fell.", b"Fog came.", b"Snow melted."]


@pytest.mark.parametrize(
    ("record", "what"),
    [
        (b'{"text":42}', "is a number, and no text"),
        (b'{"text":["Rain"]}', "is a list, and no text"),
        (b'{"text":true}', "is true or false, and no text"),
        (b'{"text":null}', "is null;"),
        (b'{"body":"Rain"}', "is not there;"),
    ],
)
def test_what_stands_in_place_of_text_is_said(read: Reading, record: bytes, what: str) -> None:
    found = read("a.jsonl", record + b"\n")
    assert found.rejects == [(0, "no_text")]
    assert f"field 'text' {what}" in found.messages


def test_a_number_of_hundreds_of_digits_is_no_time(read: Reading) -> None:
    raw = b'{"text":"Rain.","fetched_at":1%s}\n{"text":"Fog.","date":1e999}\n{"text":"Snow."}\n' % (b"0" * 400)
    assert read("a.jsonl", raw).texts == [b"Rain.", b"Fog.", b"Snow."]


def test_a_bad_line_costs_itself_and_is_told_by_line_and_byte(read: Reading) -> None:
    lines = jsonl(GOOD).splitlines(keepends=True)
    lines[1:1] = [b'{"text": "Hail\n', b'{"text": 1}\n', b"\n", b"[]\n"]
    found = read("a.jsonl", b"".join(lines))
    assert found.texts == GOOD
    assert found.rejects == [(1, "bad_json"), (2, "no_text"), (3, "bad_json")]
    assert "line 2, byte 23" in found.messages
    assert "line 5, byte 51" in found.messages
    assert found.whole
    assert found.found[1].raw == lines[1]


def test_the_byte_at_which_a_line_is_no_json_is_told_as_one_of_the_record(read: Reading) -> None:
    lines = [b'{"text": "Hail', b'{"text": "Sleet" x}', b"\xef\xbb\xbf[1 x]", b'{"text": "Fog"']
    assert read("a.jsonl", b"\n".join(lines)).messages.splitlines() == [
        "line 1, byte 0: is not valid JSON: invalid character (byte 14 of the record)",
        "line 2, byte 15: is not valid JSON: expected ',' or '}' (byte 17 of the record)",
        "line 3, byte 35: is not valid JSON: expected ',' or ']' (byte 3 of the record)",
        "line 4, byte 44: is not valid JSON: Input data was truncated",
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{}", "no_text"),
        (b'{"text": null}', "no_text"),
        (b'{"text": ["a"]}', "no_text"),
        (b'{"text": "a"} x', "bad_json"),
        (b"{'text': 'a'}", "bad_json"),
        (b'{"text": NaN}', "no_text"),
        (b'{"text": "\xff"}', "bad_json"),
        (b'"text"', "bad_json"),
        (b"\x00", "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"a":' * 100_000, "bad_json"),
        *((b'{"text": "a", "b": ' + b"[" * depth + b"]" * depth + b"}", "bad_json") for depth in (101, 300, 900)),
        ('{"text": "a"}'.encode("utf-16"), "bad_json"),
        (b'{"text": "' + b"x" * 600_000 + b'"}', "oversized"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_whatever_stands_in_a_line_the_lines_behind_it_are_read(read: Reading, line: bytes, code: str) -> None:
    found = read("a.jsonl", jsonl(GOOD[:1]) + line + b"\n" + jsonl(GOOD[1:]), max_record_bytes=500_000)
    assert (found.texts, found.rejects[0]) == (GOOD, (1, code))


def test_a_line_is_read_up_to_the_limit(read: Reading) -> None:
    line = b'{"text": "abcdef"}'
    assert read("a.jsonl", line + b"\n", max_record_bytes=len(line)).texts == [b"abcdef"]
    assert read("a.jsonl", line + b"\n", max_record_bytes=len(line) - 1).rejects == [(0, "oversized")]


@pytest.mark.parametrize("raw", [b"", b"\n \n\t\r\n"])
def test_a_file_without_a_record_is_said_to_be_empty(read: Reading, raw: bytes) -> None:
    assert read("a.jsonl", raw).rejects == [(0, "empty")]


def test_a_byte_order_mark_and_dos_line_ends_are_no_content(read: Reading) -> None:
    assert read("a.ndjson", b"\xef\xbb\xbf" + jsonl(GOOD).replace(b"\n", b"\r\n")).texts == GOOD
    assert read("a.ndjson", b"\xef\xbb\xbf" + jsonl(GOOD[:1]) + b"\xef\xbb\xbf" + jsonl(GOOD[1:])).texts == GOOD


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_file_in_utf_16_is_refused_as_a_whole(
    read: Reading, encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = ("\ufeff" * (encoding != "utf-16") + jsonl(GOOD).decode()).encode(encoding)
    found = read("a.jsonl", raw)
    assert found.rejects == [(0, "mislabelled")]
    assert "UTF-16" in found.messages
    monkeypatch.setattr("pipeline.store.parts.LEAST_BYTES", 20)
    item = Input("a.jsonl", str(tmp_path / "a.jsonl"), size=len(raw), form=Form("jsonl"))
    assert list(split([item], ReadSettings())) == [item]  # no part of it would be read otherwise


def test_fields_that_have_a_meaning_are_told_and_the_others_kept(read: Reading) -> None:
    record = {
        "doc": {"body": "Rain fell.", "lang": "en"},
        "url": " https://pier.example/1 ",
        "fetched_at": 1459067138,
        "date": "2016-03-27",
        "tags": ["a", 1.5, None],
    }
    (found,) = read("a.jsonl", json.dumps(record).encode(), text_field="doc.body").found
    assert isinstance(found, Record)
    assert found.origin == Origin(
        url="https://pier.example/1",
        fetched_at="1459067138",
        date="2016-03-27",
        fields='{"doc":{"lang":"en"},"tags":["a",1.5,null]}',
    )


def test_a_field_whose_name_has_a_dot_comes_before_a_path(read: Reading) -> None:
    assert read("a.jsonl", b'{"a.b": "Rain.", "a": {"b": "Fog."}}', text_field="a.b").texts == [b"Rain."]


@pytest.mark.parametrize("value", [{"at": 1}, ["x"], True, "", "two\nlines"])
def test_what_is_no_single_value_is_no_address_and_stays_among_the_others(read: Reading, value: object) -> None:
    (found,) = read("a.jsonl", json.dumps({"text": "Rain.", "url": value}).encode()).found
    assert found.origin.url is None
    assert json.loads(found.origin.fields or "") == {"url": value}


def test_only_the_fields_that_are_asked_for_are_kept(read: Reading) -> None:
    raw = b'{"text": "Rain.", "url": "u", "a": 1, "b": 2}'
    (some,) = read("a.jsonl", raw, source_fields=("b",)).found
    (none,) = read("a.jsonl", raw, source_fields=()).found
    assert (some.origin.fields, none.origin.fields, none.origin.url) == ('{"b":2}', None, "u")


def test_a_lone_surrogate_is_no_text_and_breaks_nothing(read: Reading) -> None:
    assert read("a.jsonl", b'{"text": "a\\ud800"}').rejects == [(0, "no_text")]
    (found,) = read("a.jsonl", b'{"text": "a", "url": "\\ud83d", "n": "\\udfff"}').found
    assert isinstance(found, Record)
    assert (found.raw, found.origin.url) == (b"a", None)
    assert json.loads(found.origin.fields or "") == {"url": "\\ud83d", "n": "\\udfff"}


@pytest.mark.parametrize(
    ("written", "kept"),
    [(b"NaN", '{"$float":"NAN"}'), (b"-Infinity", '{"$float":"-INF"}'), (b"1e999", '{"$float":"INF"}')],
)
def test_numbers_that_only_programs_write_cost_no_page(read: Reading, written: bytes, kept: str) -> None:
    (found,) = read("a.jsonl", b'{"text": "Rain.", "score": ' + written + b"}").found
    assert isinstance(found, Record)
    assert found.origin.fields == f'{{"score":{kept}}}'


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_the_text_of_a_record_is_its_utf_8_bytes(read: Reading, texts: list[str]) -> None:
    whole = [text.encode("utf-8", "surrogatepass") for text in texts]
    raw = b"".join(json.dumps({"text": text}).encode() + b"\n" for text in texts)
    assert read("a.jsonl", raw).texts == whole


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading(read: Reading, raw: bytes) -> None:
    found = read("a.jsonl", raw)
    assert found.whole
    records = sum(bool(line.strip()) for line in raw.split(b"\n"))
    assert len(found.found) == (1 if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else max(1, records))
    assert all(
        each.origin == NOWHERE for each in found.found if not isinstance(each, Record) and each.code == "bad_json"
    )
