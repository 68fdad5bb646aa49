from __future__ import annotations

import csv
import io
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import Record
from pipeline.store.readers.delimited import CsvReader
from pipeline.store.readers.reading import Entry, ReadSettings
from tests.containers import table
from tests.corpus import in_processor_time
from tests.store.readers.conftest import Reading

GOOD = [b"Rain fell.", b'Fog, said "the captain".\r\n\r\nIt came; at night.', b"Snow\tmelted | slowly."]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_the_dialect_is_told_by_the_file_itself(read: Reading, delimiter: str, quoting: int) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type] # one of the constants
    writer.writerow(["n", "text", "url"])
    writer.writerows([number, text.decode(), f"u,{number};"] for number, text in enumerate(GOOD))
    found = read("a.csv", out.getvalue().encode())
    assert found.texts == GOOD
    assert [each.origin.url for each in found.found] == ["u,0;", "u,1;", "u,2;"]
    assert found.found[0].origin.fields == '{"n":"0"}'


def test_quotes_may_be_escaped_by_a_backslash(read: Reading) -> None:
    raw = b'text,n\n"She said \\"rain\\", and left",1\n"Fog",2\n'
    assert read("a.csv", raw).texts == [b'She said "rain", and left', b"Fog"]
    assert read("a.csv", b'text\n"She said \\"rain\\", and left"\n').texts == [b'She said "rain", and left']


def test_a_backslash_escapes_quotes_alone(read: Reading) -> None:
    raw = b'text,n\n"He typed \\"dir C:\\new\\", and left",1\nC:\\tmp,2\n"C:\\\\",3\n'
    expected = [b'He typed "dir C:\\new", and left', b"C:\\tmp", b"C:\\\\"]
    assert read("a.csv", raw).texts == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_single_quotes_may_stand_around_fields(read: Reading, delimiter: str, quoting: int) -> None:
    texts = [*GOOD, b"He said 'fog, rain',\nand left, at last, alone, on foot,\nin rain.", b"'Twas dry."]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quotechar="'", quoting=quoting)  # type: ignore[arg-type] # likewise
    writer.writerow(["n", "text", "url"])
    writer.writerows([number, text.decode(), "u"] for number, text in enumerate(texts))
    assert read("a.csv", out.getvalue().encode()).texts == texts


def test_a_single_quote_that_is_text_stays(read: Reading) -> None:
    texts = [b"'Twas dry.", b"'Rain', he said.", b"'Fog'", b'"\'"', b"dogs'"]
    assert read("a.csv", table(texts, n="1")).texts == texts
    assert read("a.csv", table(texts)).texts == texts


def test_a_quote_may_be_escaped_by_a_backslash_inside_single_quotes(read: Reading) -> None:
    assert read("a.csv", b"text,n\n'It\\'s dry, \"he\" said',1\n'Fog',2\n").texts == [b'It\'s dry, "he" said', b"Fog"]


@pytest.mark.parametrize("line", [b"sep=;\n", b"sep=;\r\n", b'"sep=;"\r\n', b"\xef\xbb\xbfsep=;\n"])
def test_a_line_for_excel_says_the_delimiter_and_is_no_header(read: Reading, line: bytes) -> None:
    found = read("a.csv", line + b"text;n\nRain, fog;1\n;2;3\n")
    assert (found.texts, found.rejects) == ([b"Rain, fog"], [(1, "bad_csv")])
    assert "line 4" in found.messages
    assert read("a.csv", line.replace(b";", b"^") + b"text^n\nRain; fog^1\n").texts == [b"Rain; fog"]


@pytest.mark.parametrize("text", [b'{\\"id\\":\\"1\\"}', b"C:\\pier\\", b'\\" is a quote', b'\\"', b"\\"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_a_backslash_that_is_text_stays(read: Reading, text: bytes, quoting: int) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=quoting)  # type: ignore[arg-type] # one of the constants
    writer.writerows([["text", "n"], [text.decode(), "1"], ["Fog", "2"]])
    assert read("a.csv", out.getvalue().encode()).texts == [text, b"Fog"]


def test_a_blank_may_stand_behind_each_delimiter(read: Reading) -> None:
    found = read("a.csv", b'url, text\n"u, 1", "Rain, fog"\nu2, Snow\n')
    assert found.texts == [b"Rain, fog", b"Snow"]
    assert [each.origin.url for each in found.found] == ["u, 1", "u2"]
    assert read("a.csv", b"text,n\n Rain, 1\n").texts == [b" Rain"]


def test_a_single_column_needs_no_delimiter(read: Reading) -> None:
    assert read("a.csv", b"text\nRain fell; fog came\n\nSnow\n").texts == [b"Rain fell; fog came", b"Snow"]


def test_a_byte_order_mark_belongs_to_no_name(read: Reading) -> None:
    assert read("a.csv", b"\xef\xbb\xbf" + table(GOOD)).texts == GOOD


def test_bytes_that_are_not_utf_8_stay_what_they_are(read: Reading) -> None:
    (found,) = read("a.csv", b"text,by\nM\xfcller,J\xfcrg\n").found
    assert isinstance(found, Record)
    assert found.raw == b"M\xfcller"
    assert found.origin.fields == '{"by":"J\\\\udcfcrg"}'


@pytest.mark.parametrize(
    ("row", "where"),
    [(b"Rain,1,2", "3 fields"), (b"Rain", "1 fields"), (b'"Rain"x,1', "expected"), (b"Ra\rin,1", "new-line")],
)
def test_a_bad_row_costs_itself_and_is_told_by_line_and_byte(read: Reading, row: bytes, where: str) -> None:
    found = read("a.csv", b"text,n\nFog,1\n" + row + b"\nSnow,3\n")
    assert found.texts == [b"Fog", b"Snow"]
    assert found.rejects == [(1, "bad_csv")]
    assert "line 3, byte 13" in found.messages
    assert where in found.messages
    assert found.found[1].raw == row + b"\n"


def test_a_quote_without_end_costs_what_stands_behind_it(read: Reading) -> None:
    found = read("a.csv", b'text,n\nFog,1\n"Rain,2\nSnow,3\n')
    assert (found.texts, found.rejects) == ([b"Fog"], [(1, "truncated")])
    assert "line 3, byte 13" in found.messages


def test_a_field_that_is_too_long_ends_the_reading(read: Reading) -> None:
    raw = b'text,n\nFog,1\n"' + b"rain\n" * 40_000 + b'",2\nSnow,3\n'
    assert read("a.csv", raw, max_record_bytes=300_000).texts[1] == b"rain\n" * 40_000
    raw = b"text,n\nFog,1\n" + b"rain " * 40_000 + b",2\nSnow,3\n"
    found = read("a.csv", raw, max_record_bytes=100_000)
    assert (found.texts, found.rejects) == ([b"Fog"], [(1, "bad_csv")])


def test_huge_fields_are_read(read: Reading) -> None:
    text = b"The tide was high, again.\n" * 100_000
    assert read("a.csv", table([text, *GOOD], n="1")).texts == [text, *GOOD]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"text,n\n", "empty"),
        (b"body,n\nRain,1\n", "no_text"),
        (b"body\nRain\n", "no_text"),
        ("gr\xf6\xdfe;k\xf6rper\n1;Regen\n".encode("cp1252"), "no_text"),
        (b"text,n\rRain,1\rFog,2\r", "mislabelled"),
        (b"<html><p>Rain</p></html>\n", "mislabelled"),
        (b'{"text": "Rain"}\n', "mislabelled"),
        ("text,n\nRain,1\n".encode("utf-16"), "mislabelled"),
        (b"PK\x03\x04\x00\x00", "mislabelled"),
        (b"\x00" * 1000, "mislabelled"),
    ],
)
def test_a_file_that_is_no_table_with_that_field_is_refused(read: Reading, raw: bytes, code: str) -> None:
    assert read("a.csv", raw).rejects == [(0, code)]


def test_a_header_without_the_text_field_is_told_once_with_its_names(read: Reading) -> None:
    found = read("a.csv", b"body,url\n" + b"Rain,u\n" * 99)
    assert found.rejects == [(0, "no_text")]
    assert "its fields are: body, url; see --text-field" in found.messages


def test_names_that_stand_twice_lose_no_field(read: Reading) -> None:
    (found,) = read("a.csv", b"text,n,n\nRain,1,2\n").found
    assert found.origin.fields == '{"n":"1","n.2":"2"}'
    (found,) = read("a.csv", b"text,n,n,n.2\nRain,1,2,3\n").found
    assert found.origin.fields == '{"n":"1","n.2":"2","n.2.3":"3"}'


def test_a_header_costs_time_in_proportion_to_its_length(read: Reading) -> None:
    with in_processor_time(20):
        assert read("a.csv", b"text" + b",n" * 300_000).rejects == [(0, "empty")]
        assert read("a.csv", b",".join(b"n%d" % number for number in range(300_000))).rejects == [(0, "no_text")]


def test_a_row_without_end_holds_no_more_than_a_few_records(read: Reading) -> None:
    found = read("a.csv", b'text,n\nFog,1\n"' + b'rain\n","' * 40_000, max_record_bytes=100_000)
    assert (found.texts, found.rejects) == ([b"Fog"], [(1, "bad_csv")])
    assert "line 3, byte 13" in found.messages


def test_a_row_of_many_short_lines_takes_memory_in_proportion_to_its_bytes() -> None:
    raw = b'text,n\n"' + b"\n" * 250_000 + b'",1\n'
    tracemalloc.start()
    try:
        (found,) = CsvReader().read(io.BytesIO(raw), ReadSettings())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(found, Entry)
    assert len(found.raw) == 250_000
    assert most < 2**24 + 16 * len(raw)


@pytest.mark.parametrize("unit", [b'"', b'""', b'",', b'\\"', b",", b'"\n', b"\n", b"a,\n"])
def test_hostile_files_take_time_in_proportion_to_their_length(read: Reading, unit: bytes) -> None:
    with in_processor_time(20):
        read("a.csv", b"text,n\n" + unit * (400_000 // len(unit)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_what_the_csv_module_writes_comes_back(read: Reading, texts: list[str]) -> None:
    raw = [text.encode() for text in texts]
    assert read("a.csv", table(raw, n="1")).texts == raw


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading(read: Reading, raw: bytes) -> None:
    found = read("a.csv", b"text,n\n" + raw)
    assert found.whole
    assert "internal_error" not in dict(found.rejects).values()
