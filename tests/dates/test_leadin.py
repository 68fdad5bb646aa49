"""Lead-ins: place, region, day and agency before the first sentence, and sentences that only look like it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import LeadReader
from pipeline.dates.leadin_day import PrintedDay, complete, month
from pipeline.dates.leadin_parts import LeadIn

READER = LeadReader()

Parts = tuple[str | None, str | None, tuple[int | None, ...] | None, str | None]


def parts(found: LeadIn | None) -> Parts | None:
    """Return place, region, day and agency of a lead-in."""
    if found is None:
        return None
    return found.place, found.region, found.day[:3] if found.day is not None else None, found.agency


# ----------------------------------------------------------------------------------------------------------- agencies

# What stands left of the bar is the lead-in, what stands right of it begins the sentence.
SHAPES: dict[str, Parts] = {
    "DUNMARROW, Maine, March 27 (AP) —| Rain fell.": ("DUNMARROW", "Maine", (27, 3, None), "AP"),
    "CASTLEBRAE, Mont. (AP) --| Rain fell.": ("CASTLEBRAE", "Mont.", None, "AP"),
    "(AP) CASTLEBRAE, Mont. —| Rain fell.": ("CASTLEBRAE", "Mont.", None, "AP"),
    "CASTLEBRAE, Greece (AP) _| Rain fell.": ("CASTLEBRAE", "Greece", None, "AP"),
    "OSTRAVEL, Feb 26 -| Rain fell.": ("OSTRAVEL", None, (26, 2, None), None),
    "OSTRAVEL, N.J., Feb 26 -| Rain fell.": ("OSTRAVEL", "N.J.", (26, 2, None), None),
    "ELK BEND VALLEY, ILL., Mar 2 -| Rain fell.": ("ELK BEND VALLEY", "ILL.", (2, 3, None), None),
    "DERUNAH, FEb 9 -| Rain fell.": ("DERUNAH", None, (9, 2, None), None),
    "DERUNAH, mArch 9 -| Rain fell.": ("DERUNAH", None, (9, 3, None), None),
    "DERUNAH, Mach 9 -| Rain fell.": ("DERUNAH", None, (9, 3, None), None),
    "DERUNAH, Narch 9 -| Rain fell.": ("DERUNAH", None, (9, 3, None), None),
    "DERUNAH, March 9/PRNewswire/ --| Rain fell.": ("DERUNAH", None, (9, 3, None), "PRNewswire"),
    "DERUNAH, March 9, Reuter -| Rain fell.": ("DERUNAH", None, (9, 3, None), "Reuter"),
    "AUGUSTA, Maine, June 2 -| Rain fell.": ("AUGUSTA", "Maine", (2, 6, None), None),
    "DERUNAH March 13 -| Rain fell.": ("DERUNAH", None, (13, 3, None), None),
    "DERUNAH,\nMarch 13 -|\n26 weeks ended": ("DERUNAH", None, (13, 3, None), None),
    "DERUNAH, May 3 (Reuters)\n-| Rain fell.": ("DERUNAH", None, (3, 5, None), "Reuters"),
    "Toronto, March 12 -| Rain fell.": ("Toronto", None, (12, 3, None), None),
    "Derunah, N.J., March 12 -| Rain fell.": ("Derunah", "N.J.", (12, 3, None), None),
    "DERUNAH, March 12 -| 1,200 people came.": ("DERUNAH", None, (12, 3, None), None),
    "TAUPO, New Zealand -| Rain fell.": ("TAUPO", "New Zealand", None, None),
    "WASHINGTON —| Rain fell.": ("WASHINGTON", None, None, None),
    "Washington D.C., May 3 (ANI):| Rain fell.": ("Washington", "D.C.", (3, 5, None), "ANI"),
    "(Reuters) -| Rain fell.": (None, None, None, "Reuters"),
    "(Reuters) -| UPDATE - The pier is closed.": (None, None, None, "Reuters"),
    "(Reuters) -| OPEC - the cartel - met.": (None, None, None, "Reuters"),
    "(AP) - PARIS -| Rain fell.": ("PARIS", None, None, "AP"),
    "ROSSHAVEN (AP)|\nRain fell.": ("ROSSHAVEN", None, None, "AP"),
    "Damascus, SANA|\nRain fell.": ("Damascus", None, None, "SANA"),
    "LONDON/PARIS, May 3 (Reuters) -| Rain fell.": ("LONDON/PARIS", None, (3, 5, None), "Reuters"),
    "RAFAH, Gaza Strip/CAIRO, May 3 (Reuters) -| Rain fell.": ("RAFAH/CAIRO", "Gaza Strip", (3, 5, None), "Reuters"),
    "OSTRAVEL, N.J./CAIRO, Egypt, May 3 (Reuters) -| Rain.": ("OSTRAVEL/CAIRO", "N.J.", (3, 5, None), "Reuters"),
    "SAN FRANCISCO (March 3, 2016) —| Rain fell.": ("SAN FRANCISCO", None, (3, 3, 2016), None),
    "ROMA, 27 MAR - (ANSA) -| Piove.": ("ROMA", None, (27, 3, None), "ANSA"),
    "SAN FRANCISCO--(BUSINESS WIRE)--|Rain fell.": ("SAN FRANCISCO", None, None, "BUSINESS WIRE"),
    "London (BBC) -| Rain fell.": ("London", None, None, "BBC"),
    "QYS, May 3 (Reuters) -| Rain fell.": ("QYS", None, (3, 5, None), "Reuters"),
    "LONDON and PARIS, 31 December (Reuters) –| Rain.": ("LONDON and PARIS", None, (31, 12, None), "Reuters"),
    "DERUNAH, 3 JAN 90 (ACAN-EFE) --| [TEXT]": ("DERUNAH", None, (3, 1, 90), "ACAN-EFE"),
    "DERUNAH (SELHAN), 3 JAN 90 (RADIO SELHAN) --| [TEXT]": ("DERUNAH", "SELHAN", (3, 1, 90), "RADIO SELHAN"),
    "Damascus, SANA –| Rain fell.": ("Damascus", None, None, "SANA"),
    "TEHRAN, Mar. 27 (MNA) –| Rain fell.": ("TEHRAN", None, (27, 3, None), "MNA"),
    "Tehran, May 3, IRNA –| Rain fell.": ("Tehran", None, (3, 5, None), "IRNA"),
    "BEIJING, March 27 (Xinhua) --| Rain fell.": ("BEIJING", None, (27, 3, None), "Xinhua"),
    "SEOUL, March 27 (Yonhap) --| Rain fell.": ("SEOUL", None, (27, 3, None), "Yonhap"),
    "KUWAIT, May 3 (KUNA) --| Rain fell.": ("KUWAIT", None, (3, 5, None), "KUNA"),
    "ABU DHABI, 3rd May, 2020 (WAM) --| Rain fell.": ("ABU DHABI", None, (3, 5, 2020), "WAM"),
    "New Delhi, May 3 (PTI)| Rain fell.": ("New Delhi", None, (3, 5, None), "PTI"),
    "New Delhi [India], May 3 (ANI):| Rain fell.": ("New Delhi", "India", (3, 5, None), "ANI"),
    "GENEVA, Tuesday, May 3 (UN) -| Rain fell.": ("GENEVA", None, (3, 5, None), "UN"),
    "MOSCOW, March 27. /TASS/.| Rain fell.": ("MOSCOW", None, (27, 3, None), "TASS"),
    "MOSCOW. March 27 (Interfax) -| Rain fell.": ("MOSCOW", None, (27, 3, None), "Interfax"),
    "LONDON, May 3, 2016 /PRNewswire/ --| Rain fell.": ("LONDON", None, (3, 5, 2016), "PRNewswire"),
    "COEUR d'ALENE, Idaho, May 3 -| Rain fell.": ("COEUR d'ALENE", "Idaho", (3, 5, None), None),
    "PORT-AU-PRINCE, Haiti, Jan. 13 (UPI) --| Rain fell.": ("PORT-AU-PRINCE", "Haiti", (13, 1, None), "UPI"),
    "Berlin (dpa) -| Es regnet.": ("Berlin", None, None, "dpa"),
    "Berlin/Wien (dpa/tmn) -| Es regnet.": ("Berlin/Wien", None, None, "dpa/tmn"),
    "Grünsee, 3. März (APA) -| Es regnet.": ("Grünsee", None, (3, 3, None), "APA"),
    "PARIS, 27 mars 2016 (AFP) -| Il pleut.": ("PARIS", None, (27, 3, 2016), "AFP"),
    "Saint-Rémy de la Baie, 3 mai (AFP) -| Il pleut.": ("Saint-Rémy de la Baie", None, (3, 5, None), "AFP"),
    "Madrid, 27 mar (EFE).-| Llueve.": ("Madrid", None, (27, 3, None), "EFE"),
    "MADRID, 27 Mar. (EUROPA PRESS) -| Llueve.": ("MADRID", None, (27, 3, None), "EUROPA PRESS"),
    "Punta Ceniza, 3 de mayo de 2016 (EFE).-| Llueve.": ("Punta Ceniza", None, (3, 5, 2016), "EFE"),
    "(ANSA) - ROMA, 27 MAR -| Piove.": ("ROMA", None, (27, 3, None), "ANSA"),
    "Roma, 27 mar. (Adnkronos) -| Piove.": ("Roma", None, (27, 3, None), "Adnkronos"),
    "Lisboa, 27 mar 2016 (Lusa) -| Chove.": ("Lisboa", None, (27, 3, 2016), "Lusa"),
    "SÃO BENTO, SP (FOLHAPRESS) -| Chove.": ("SÃO BENTO", "SP", None, "FOLHAPRESS"),
    "Warszawa, 3 maja (PAP) -| Pada.": ("Warszawa", None, (3, 5, None), "PAP"),
    "ANKARA (AA) -| Yağmur yağdı.": ("ANKARA", None, None, "AA"),
    "İSTANBUL, 3 Mayıs (DHA) -| Yağmur yağdı.": ("İSTANBUL", None, (3, 5, None), "DHA"),
    "Jakarta (ANTARA) -| Hujan turun.": ("Jakarta", None, None, "ANTARA"),
    "МОСКВА, 27 марта. /ТАСС/.| Идёт дождь.": ("МОСКВА", None, (27, 3, None), "ТАСС"),
    "МОСКВА, 27 мар — РИА Новости.| Идёт дождь.": ("МОСКВА", None, (27, 3, None), "РИА Новости"),
    "Москва. 27 марта 2016 г. INTERFAX.RU -| Идёт дождь.": ("Москва", None, (27, 3, 2016), "INTERFAX.RU"),
    "КИЇВ. 27 березня. УНН.| Іде дощ.": ("КИЇВ", None, (27, 3, None), "УНН"),
    "دمشق-سانا|\nهطل المطر.": ("دمشق", None, None, "سانا"),
    "القاهرة (أ ف ب) -| هطل المطر.": ("القاهرة", None, None, "أ ف ب"),
    "القاهرة - رويترز -| هطل المطر.": ("القاهرة", None, None, "رويترز"),
    "أبوظبي في 3 مايو / وام /| هطل المطر.": ("أبوظبي", None, (3, 5, None), "وام"),
    "دمشق، ٣ أيار ٢٠١٦ -| هطل المطر.": ("دمشق", None, (3, 5, 2016), None),
    "الكويت - 3 - 5 (كونا) --| هطل المطر.": ("الكويت", None, None, "كونا"),
    "تهران- ایرنا-| باران بارید.": ("تهران", None, None, "ایرنا"),
    "新华社北京3月27日电（记者王五）|下雨了。": ("北京", None, (27, 3, None), "新华社"),
    "中新网3月27日电| 下雨了。": (None, None, (27, 3, None), "中新网"),
    "（中央社記者王五台北27日電）|下雨了。": ("台北", None, (27, None, None), "中央社"),
    "【東京共同】|雨が降った。": ("東京", None, None, "共同"),
    "[東京 27日 ロイター] -| 雨が降った。": ("東京", None, (27, None, None), "ロイター"),
    "【ワシントン=山田太郎】|雨が降った。": ("ワシントン", None, None, None),
    "(서울=연합뉴스) 홍길동 기자 =| 비가 내렸다.": ("서울", None, None, "연합뉴스"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_lead_in_is_read(shape: str) -> None:
    printed, _, sentence = shape.partition("|")
    found = READER.read(printed + sentence)
    assert parts(found) == SHAPES[shape]
    assert found is not None
    assert printed[: found.stop] == printed


@pytest.mark.parametrize("shape", SHAPES)
def test_a_lead_in_says_the_same_without_its_sentence(shape: str) -> None:
    printed = shape.partition("|")[0]
    assert parts(READER.read(printed)) == SHAPES[shape]


# ---------------------------------------------------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Paris, May 3 was a sunny day.",
        "Paris, May 3 - 5 was the time of the fair.",
        "PARIS, MAY 3 - 5",
        "Paris, May 3 – a day nobody forgot – began with rain.",
        "PARIS — the city of light — was dark.",
        "Paris — The city was dark.",
        "Rain fell on Paris (France) – The city was dark.",
        "FERRY NEWS — The pier is closed.",
        "UPDATE, MAY 3 - The pier is closed.",
        "In Paris, May 3 — The city was dark.",
        "Tuesday, May 3 - The pier is closed.",
        "Dienstag, 3. Mai – Der Pier ist zu.",
        "March, May 3 - The pier is closed.",
        "PARIS (sources close to the mayor) — Rain fell.",
        "PARIS (3-2) - Rain fell.",
        "TAUPO, New Zealand (weather news) - Rain fell.",
        "TORROW (March 3, 1950) — The keeper of the light.",
        "PARIS - RAIN AT LAST",
        "Ansel Torrow (BBC) - The pier is closed.",
        "Ansel Torrow (CNN) : The pier is closed.",
        "QYS, May 3 - Shares fell.",
        "DIENSTAG (dpa) - Der Pier ist zu.",
        "Πέμπτη, 3 Μαΐου – Η προβλήτα έκλεισε.",
        "الثلاثاء 3 مايو 2016 - هطل المطر.",
        "يوم الاربعاء 3 مايو - هطل المطر.",
        "الثلاثاء - سانا - هطل المطر.",
        "سه‌شنبه ۳ مه ۲۰۱۶ - باران بارید.",
        "Ansel Torrow (CDU) – Der Mann vom Pier.",
        "Ansel Torrow (42) - The keeper.",
        "Quayside Holdings (QYSD) - Shares fell.",
        "OSTRAVEL (QYSD) - Shares fell.",
        "Associated Press (AP) — The agency was founded long ago.",
        "Reuters, AFP — The agencies said so.",
        "London (AP) reporters said so.",
        "Berlin (dpa) meldet Regen.",
        "(Updated) - The pier is closed.",
        "(Reuters) Oil Prices Rise",
        "Apollo 13 - The film.",
        "Rain on the Pier (Reuters)\nRain fell.",
        "Ansel Torrow, AP\nRain fell.",
        "旅行社北京3月27日电话通知。",
        "(사진=연합뉴스) 비가 내렸다.",
        "【写真=共同】雨が降った。",
        "Derunah, March 12 - Rain fell.",
        "Fixtures, March 12 - The pier is closed.",
        "HARBOUR NEWS, MARCH 12 - The pier is closed.",
        "Toronto, March 12 - 14 is when the fair takes place.",
        "OSTRAVEL, Juny 3 - The pier is closed.",
        "OSTRAVEL, Feb 31 - The pier is closed.",
        "Moscow, March 27. Rain fell.",
        "The Hague. Rain fell.",
        "New York-based Quayside fell - Shares were cheap.",
        "rain (AP) - The pier",
        "دمشق مدينة جميلة - قال الرجل.",
        "قال مصدر (مسؤول) - إن المطر هطل.",
        "北京3月27日下雨了。",
        "【速報】雨が降った。",
        "(서울) 비가 내렸다.",
        '"LONDON, May 3 (AP) — Rain fell."',
    ],
)
def test_what_only_begins_with_a_place_is_a_sentence(text: str) -> None:
    assert READER.read(text) is None


pieces = st.sampled_from(
    [
        *[
            "LONDON",
            "Rosshaven",
            "PARIS",
            "Rain",
            "the",
            "Syria",
            "N.Y.",
            "AP",
            "dpa",
            "SANA",
            "May",
            "Mach",
            "3",
            "31",
        ],
        *["2016", "90", "(AP)", "(", ")", "/TASS/", "/", ",", ".", ":", "-", "--", "—", "\n", " ", "  ", "de", "سانا"],
        *["دمشق", "新华社", "北京3月27日电", "【", "】", "서울=", "\u00a0", "İ", "ß", "١", "February", "_", "[", "]"],
    ]
)
texts = st.one_of(st.lists(pieces, max_size=14).map(" ".join), st.lists(pieces, max_size=14).map("".join), st.text())


@given(text=texts)
def test_any_text_has_a_lead_in_that_stands_by_itself_or_none(text: str) -> None:
    found = READER.read(text)
    if found is not None:
        assert 0 < found.stop <= len(text)
        assert READER.read(text[: found.stop]) == found


# -------------------------------------------------------------------------------------------------------------- months


def test_months_are_those_of_the_language_before_any_other() -> None:
    assert (month("listopad", "pl"), month("listopad", "hr"), month("listopad", "en")) == (11, 10, None)
    assert (month("Sept.", "en"), month("Août", "en"), month("мая", "en"), month("آذار", "en")) == (9, 8, 5, 3)


@pytest.mark.parametrize(("word", "number"), [("Mach", 3), ("Narch", 3), ("Mrach", 3), ("Marchh", 3), ("Otcober", 10)])
def test_a_month_may_be_one_slip_of_the_hand_away(word: str, number: int) -> None:
    assert month(word, "en") == number


@pytest.mark.parametrize("word", ["Juny", "Apl", "Marmalade", "Sunday"])
def test_a_word_that_is_near_to_no_month_or_to_two_is_none(word: str) -> None:
    assert month(word, "en") is None


# --------------------------------------------------------------------------------------------------------------- years

REFERENCE = date(2016, 1, 2)


@pytest.mark.parametrize(
    ("printed", "reference", "day", "contradicts"),
    [
        (PrintedDay(2, 1), REFERENCE, REFERENCE, False),
        (PrintedDay(30, 12), REFERENCE, date(2015, 12, 30), False),
        (PrintedDay(29, 12), REFERENCE, date(2015, 12, 29), True),
        (PrintedDay(5, 1), REFERENCE, date(2016, 1, 5), False),
        (PrintedDay(2, 6), REFERENCE, None, True),
        (PrintedDay(29, 2), date(2015, 3, 1), None, True),
        (PrintedDay(29, 2), date(2016, 3, 1), date(2016, 2, 29), False),
        (PrintedDay(2, 1, 16), REFERENCE, REFERENCE, False),
        (PrintedDay(2, 1, 90), REFERENCE, None, True),
        (PrintedDay(2, 1, 90), None, None, False),
        (PrintedDay(2, 1), None, None, False),
        (PrintedDay(2, 1, 2016), None, REFERENCE, False),
        (PrintedDay(2, 1, 2014), REFERENCE, date(2014, 1, 2), True),
        (PrintedDay(31), REFERENCE, date(2015, 12, 31), False),
        (PrintedDay(31), date(2016, 2, 15), date(2016, 1, 31), True),
    ],
)
def test_a_year_comes_from_the_nearest_day_and_is_never_mended(
    printed: PrintedDay,
    reference: date | None,
    day: date | None,
    contradicts: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    assert complete(printed, reference) == (day, contradicts)


@given(reference=st.dates(date(1801, 1, 1), date(2099, 12, 31)), away=st.integers(-45, 45))
def test_every_day_within_45_days_is_found_again(reference: date, away: int) -> None:
    day = date.fromordinal(reference.toordinal() + away)
    found = complete(PrintedDay(day.day, day.month), reference)
    assert found == (day, abs(away) > 3)


@pytest.mark.parametrize(
    ("text", "language", "reference", "day"),
    [
        ("تهران، ۱۳ فروردین (ایرنا) — باران بارید.", "fa", "2016-04-02", "2016-04-01"),
        ("CASTLEBRAE, 13 Farvardin (IRNA) — Rain fell.", "en", "2016-04-02", "2016-04-01"),
        ("CASTLEBRAE, 29 Esfand (IRNA) — Rain fell.", "en", "2016-03-21", "2016-03-19"),
        ("CASTLEBRAE, 13 Farvardin 1395 (IRNA) — Rain fell.", "en", None, "2016-04-01"),
    ],
)
def test_a_jalali_day_is_completed_in_its_own_calendar(
    text: str, language: str, reference: str | None, day: str
) -> None:
    found = LeadReader(language).read(text)
    assert found is not None
    assert found.day is not None
    completed = complete(found.day, date.fromisoformat(reference) if reference else None)
    assert completed.day == date.fromisoformat(day)


def test_a_jalali_month_has_its_own_length() -> None:
    assert PrintedDay(31, 6, None, "jalali").exists
    assert not PrintedDay(31, 7, None, "jalali").exists


def test_a_year_in_a_chinese_lead_in_counts() -> None:
    found = READER.read("新华社北京2016年5月3日电 下雨了。")
    assert found is not None
    assert found.day == PrintedDay(3, 5, 2016)


@pytest.mark.parametrize(
    "text",
    [
        "MAJESTIC, April 15, 1912 — the night that the lights went out.",
        "DERUNAH, March 16 - 18 were sunny days.",
        "DERUNAH, YESTERDAY, May 3 — Rain fell.",
        "DERUNAH, EXCLUSIVE, May 3 — Rain fell.",
        "ANN LEE, Staff Reporter, May 3 — Rain fell.",
    ],
)
def test_what_goes_on_in_small_letters_or_names_no_region_is_no_lead_in(text: str) -> None:
    assert READER.read(text) is None


def test_a_weekday_is_no_region() -> None:
    assert parts(READER.read("LONDON, Sunday (AP) — Rain fell.")) == ("LONDON", None, None, "AP")
    assert parts(READER.read("DOVER, IN, May 3 — Rain fell.")) == ("DOVER", "IN", (3, 5, None), None)


def test_a_day_is_no_part_of_an_agencys_name() -> None:
    assert READER.read("DERUNAH, March 9/AP -- Rain fell.") is None
