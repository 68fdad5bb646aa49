"""Encodings: what is known, what is declared, what is guessed, and the way back to the bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.decoding import ENCODINGS, codec_of, damaged, guessed, known

PAGES = {
    "windows-1252": "Die alte Fähre hat am Sonntag wieder abgelegt. „Endlich“, sagte der Bürgermeister.",
    "windows-1251": "Старый паром снова вышел в море в воскресенье после одиннадцати лет у причала.",
    "koi8-r": "Старый паром снова вышел в море в воскресенье после одиннадцати лет у причала.",
    "windows-1253": "Το παλιό πορθμείο απέπλευσε ξανά την Κυριακή μετά από έντεκα χρόνια.",
    "windows-1255": "המעבורת הישנה הפליגה שוב ביום ראשון אחרי אחת עשרה שנים ברציף",
    "windows-1256": "عادت العبارة القديمة إلى البحر يوم الأحد بعد أحد عشر عاما على الرصيف وكان على متنها أربعون راكبا",
    "windows-1254": "Eski feribot on bir yıl sonra pazar günü yeniden denize açıldı. Kaptan şöyle dedi.",
    "iso-8859-2": "Stary prom znów wypłynął w niedzielę po jedenastu latach. Na pokładzie była także żona kapitana.",
    "gb18030": "旧渡轮在码头停了十一年后周日再次启航。船上有四十名乘客，船长说终于开航了。",
    "big5": "舊渡輪在碼頭停了十一年後週日再次啟航。船上有四十名乘客，船長說終於開航了。",
    "shift_jis": "古いフェリーは十一年ぶりに日曜日に出航した。乗客は四十人だった。",
    "euc-jp": "古いフェリーは十一年ぶりに日曜日に出航した。乗客は四十人だった。",
    "euc-kr": "낡은 여객선이 십일 년 만에 일요일에 다시 출항했다. 승객은 마흔 명이었다.",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_its_own_script_is_guessed(name: str) -> None:
    raw = PAGES[name].encode(codec_of(name) or "")
    assert known(raw) is None
    found = guessed(raw, raw)
    assert found is not None
    assert (found.encoding, found.text.decode()) == (name, PAGES[name])
    assert found.confidence is not None
    assert 0.8 <= found.confidence <= 1


@pytest.mark.parametrize(
    "raw", [b"\xff", b"caf\xe9", b"\xc3", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01", bytes(range(128, 256))]
)
def test_what_no_encoding_fits_is_not_guessed(raw: bytes) -> None:
    assert guessed(raw, raw) is None


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_a_byte_order_mark_is_believed(codec: str) -> None:
    mark = "" if codec in ("utf-16", "utf-32", "utf-8-sig") else "\ufeff"
    found = known((mark + "Rain fell. Ünd wie 🚒").encode(codec), ["windows-1252"])
    assert found is not None
    assert found.text.decode().lstrip("\ufeff") == "Rain fell. Ünd wie 🚒"
    assert found.confidence is None


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_known_by_its_nul_bytes(codec: str) -> None:
    found = known("The old ferry sailed again on Sunday.".encode(codec))
    assert found is not None
    assert found.encoding == codec


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        "Жители вышли на набережную в понедельник.",
        "أعلن مجلس المدينة إغلاق المرفأ.",
        "शहर में मंगलवार को बारिश हुई।",
        "สภา ลงมติเมื่อวันอังคาร",
    ],
)
def test_utf16_without_a_mark_is_known_by_the_number_of_its_script(text: str, codec: str) -> None:
    found = known(text.encode(codec))
    assert found is not None
    assert (found.encoding, found.text.decode()) == (codec, text)


@pytest.mark.parametrize(
    "raw",
    [
        b"\n\n\0\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
        b'O:4:"Quay":1:{s:7:"\0*\0tide";i:4;}',
        b"\t\t\t\tRain\0\t\t\t\tfell\t\t\t\ton",
    ],
)
def test_control_characters_and_a_nul_byte_make_no_utf16(raw: bytes) -> None:
    found = known(raw)
    assert found is not None
    assert found.encoding == "utf-8"


def test_a_nul_byte_alone_makes_no_utf16() -> None:
    found = known(b"Rain\0fell\0on the pier")
    assert found is not None
    assert found.encoding == "utf-8"


@pytest.mark.parametrize(
    ("label", "raw", "encoding"),
    [
        ("ISO-8859-1", b"\x93caf\xe9\x94", "windows-1252"),
        ("latin1", b"caf\xe9", "windows-1252"),
        ("x-sjis", "雨".encode("cp932"), "shift_jis"),
        ("GB2312", "雨".encode("gbk"), "gb18030"),
        ("iso-2022-jp", "雨が降る".encode("iso-2022-jp"), "iso-2022-jp"),
        ("utf-16le", "雨".encode("utf-16-le"), "utf-16-le"),
        ("windows-1252", "Fähre".encode(), "utf-8"),  # wrongly labelled: valid UTF-8 is no accident
        ("us-ascii", "Fähre".encode(), "utf-8"),
        ("windows-1252", b"plain", "utf-8"),
        ("utf-16", b"plain text", "utf-8"),
        ("utf-16be", b"plain text", "utf-8"),
        ("utf-32le", b"plain text.", "utf-8"),
        ("utf-16le", "plain".encode("utf-16-le"), "utf-16-le"),
    ],
)
def test_a_declared_encoding_is_read_as_browsers_do(label: str, raw: bytes, encoding: str) -> None:
    found = known(raw, [None, label])
    assert found is not None
    assert found.encoding == encoding


@pytest.mark.parametrize(
    "label", ["", "rot13", "no-such", "idna", "utf-7", "unicode_escape", "zip", "hex", "a\0b", "\ud800"]
)
def test_a_label_that_names_no_encoding_of_pages_is_passed_over(label: str) -> None:
    assert codec_of(label) is None
    assert known(b"caf\xe9", [label]) is None


def test_a_declared_encoding_that_does_not_fit_is_passed_over() -> None:
    assert known(b"\x81\x8d caf\xe9", ["utf-8", "windows-1252"]) is None


def test_a_page_of_utf8_with_a_few_bad_bytes_keeps_the_good_ones() -> None:
    raw = "Köln, Düren".encode() + b"\xe2\x80 und J\xc3\xbclich \xff"
    found = damaged(raw, [(0, len(raw))])
    assert found is None  # three bad bytes for three good characters
    raw += "Zülpich, Brühl, Hürth, Würselen".encode()
    found = damaged(raw, [(0, len(raw))])
    assert found is not None
    assert found.text.decode().count("\ufffd") == 3
    assert len(found.replaced) == 3
    assert found.places([0, len(found.text)]) == {0: 0, len(found.text): len(raw)}


TEXT = st.text(st.sampled_from("aÖé雨🚒я\n \ufeff"), max_size=20)


@given(
    text=TEXT, codec=st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le", "gb18030", "cp1251", "cp932", "euc_jp"])
)
def test_every_character_has_its_place_in_the_bytes(text: str, codec: str) -> None:
    text = text.encode(codec, "ignore").decode(codec)
    raw = text.encode(codec)
    found = known(raw, [codec])
    if found is None or found.encoding == "utf-8":
        return
    edges = [len(text[:number].encode()) for number in range(len(text) + 1)]
    places = found.places(edges)
    assert [places[edge] for edge in edges] == [len(text[:number].encode(codec)) for number in range(len(text) + 1)]


def test_every_encoding_that_is_guessed_can_be_declared_by_the_name_that_is_told() -> None:
    assert {codec_of(name) for name in ENCODINGS.values()} == set(ENCODINGS)
