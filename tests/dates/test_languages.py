"""Timestamp lines of each family of languages and each calendar, as a page of no known source prints them."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.dates import StampReader

NOBODY = StampReader()


def at(text: str) -> datetime:
    """Return a wall-clock time."""
    return datetime.fromisoformat(text)


def local(text: str, language: str = "en") -> datetime | None:
    stamp = (NOBODY if language == "en" else StampReader(language=language)).read(text)
    assert stamp is not None, text
    assert stamp.status == "exact", stamp
    return stamp.local


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Sunday 27th March 2016, 11.55 am", "2016-03-27 11:55"),
        ("Sonntag, den 27. März 2016 um 11:55 Uhr", "2016-03-27 11:55"),
        ("zondag 27 maart 2016 11:55 uur", "2016-03-27 11:55"),
        ("söndag 27 mars 2016 kl. 11.55", "2016-03-27 11:55"),
        ("dimanche 27 mars 2016 à 11h55", "2016-03-27 11:55"),
        ("1er août 2016", "2016-08-01"),
        ("domingo, 27 de marzo de 2016 a las 11:55", "2016-03-27 11:55"),
        ("domingo, 27 de março de 2016 às 11h55", "2016-03-27 11:55"),
        ("domenica 27 marzo 2016 alle ore 11:55", "2016-03-27 11:55"),
        ("duminică, 27 martie 2016, 11:55", "2016-03-27 11:55"),
        ("27 d’abril de 2016", "2016-04-27"),
        ("воскресенье, 27 марта 2016 г., 11:55", "2016-03-27 11:55"),
        ("неділя, 27 березня 2016 р. о 11:55", "2016-03-27 11:55"),
        ("niedziela, 27 marca 2016, godz. 11:55", "2016-03-27 11:55"),
        ("neděle 27. března 2016 v 11:55", "2016-03-27 11:55"),
        ("27. ožujka 2016. u 11:55", "2016-03-27 11:55"),
        ("Κυριακή, 27 Μαρτίου 2016, 11:55 π.μ.", "2016-03-27 11:55"),
        ("27 ΜΑΡΤΙΟΥ 2016", "2016-03-27"),
        ("sunnuntai 27. maaliskuuta 2016 klo 11.55", "2016-03-27 11:55"),
        ("2016. március 27., vasárnap 11:55", "2016-03-27 11:55"),
        ("2016 m. kovo 27 d. 11:55", "2016-03-27 11:55"),
        ("27 KASIM 2016 PAZAR 11:55", "2016-11-27 11:55"),
        ("2016 წლის 27 მარტი, 11:55", "2016-03-27 11:55"),
        ("27 Machi 2016", "2016-03-27"),
        ("Minggu, 27 Maret 2016 11:55 WIB", "2016-03-27 11:55"),
        ("Chủ nhật, 27/3/2016, 11:55", "2016-03-27 11:55"),
        ("27 tháng 3 năm 2016", "2016-03-27"),
        ("रविवार, 27 मार्च 2016, 11:55 अपराह्न", "2016-03-27 23:55"),
        ("২৭ মার্চ ২০১৬, ১১:৫৫", "2016-03-27 11:55"),
        ("27 மார்ச், 2016", "2016-03-27"),
        ("27 มีนาคม 2559 เวลา 11:55 น.", "2016-03-27 11:55"),
        ("2016年3月27日（日）11時55分38秒", "2016-03-27 11:55:38"),
        ("2016年3月27日星期日 下午3:05", "2016-03-27 15:05"),
        ("2016년 3월 27일 일요일 오후 3시 5분", "2016-03-27 15:05"),
        ("الأحد 27 مارس/آذار 2016، 11:55 صباحا", "2016-03-27 11:55"),
        ("الأحد ٢٧ مارس ٢٠١٦ - ١١:٥٥ م", "2016-03-27 23:55"),
        ("الأحد 27 مارس 2016م 10:05", "2016-03-27 10:05"),
        ("الأحد 27 مارس 2016 م 10:05", "2016-03-27 10:05"),
        ("יום ראשון, 27 במרץ 2016, 11:55", "2016-03-27 11:55"),
        ("۲۷ مارس ۲۰۱۶، ۱۱:۵۵", "2016-03-27 11:55"),
    ],
)
def test_languages_that_nobody_declared(text: str, means: str) -> None:
    assert local(text) == at(means)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3 май 2016 5:05 следобед", "bg"),
        ("3. мај 2016. 5:05 поподне", "sr"),
        ("3. května 2016 5:05 odpoledne", "cs"),
        ("3. toukokuuta 2016 klo 5.05 ip.", "fi"),
        ("3. mai 2016 17:05", "et"),
        ("2016. gada 3. maijs, 17:05", "lv"),
        ("2016 m. gegužės 3 d. 17:05", "lt"),
        ("E martë, 3 maj 2016 5:05 pasdite", "sq"),
        ("3 მაისი, 2016, 17:05", "ka"),
        ("3 մայիսի 2016, 17:05", "hy"),
        ("3 мамыр 2016 17:05", "kk"),
        ("3-may 2016, 17:05", "uz"),
        ("3 may 2016 17:05", "az"),
        ("منگل 3 مئی 2016 5:05 شام", "ur"),
        ("मंगलवार, 3 मई 2016 शाम 5:05 बजे", "hi"),
        ("৩ মে ২০১৬, বিকাল ৫:০৫", "bn"),
        ("3 મે 2016 સાંજે 5:05", "gu"),
        ("3 మే 2016 సాయంత్రం 5:05", "te"),
        ("3 ಮೇ 2016 ಸಂಜೆ 5:05", "kn"),
        ("3 மே 2016 மாலை 5:05", "ta"),
        ("3 Mei 2016 5:05 petang", "ms"),
        ("3 tháng 5, 2016 lúc 5:05 chiều", "vi"),
        ("3 Mayıs 2016 öğleden sonra 5:05", "tr"),
        ("۱۳۹۵/۲/۱۴ ۵:۰۵ ب.ظ", "fa"),
        ("الثلاثاء 3 أيار 2016 5:05 مساء", "ar"),
        ('יום שלישי 3 במאי 2016 5:05 אחה"צ', "he"),
        ("ማክሰኞ ሚያዝያ 25 2008 17:05", "am"),
        ("3 พฤษภาคม 2559 17:05 น.", "th"),
        ("2016/05/03 下午 05:05", "zh-Hant"),
        ("2016年5月3日 下午5点05分", "zh"),
        ("2016年5月3日(火) 午後5時05分", "ja"),
        ("2016년 5월 3일 오후 5시 5분", "ko"),
    ],
)
def test_one_moment_in_languages_that_a_profile_declares(text: str, language: str) -> None:
    assert local(text, language) == at("2016-05-03 17:05")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Martes, Mayo 3, 2016", "fil"),
        ("3 Bealtaine 2016", "ga"),
        ("3 Mai 2016", "cy"),
        ("2016ko maiatzaren 3a", "eu"),
        ("2016 оны 5-р сарын 3", "mn"),
        ("၃ မေ ၂၀၁၆", "my"),
        ("3 ພຶດສະພາ 2016", "lo"),
        ("3 ឧសភា 2016", "km"),
        ("۱۴ ثور ۱۳۹۵", "ps"),
        ("14 Ordibehesht 1395", "en"),
        ("26/07/1437", "ar"),
        ("25 Nisan 5776", "en"),
        ("3 May 2559 BE", "en"),
        ("วันอังคารที่ 3 พฤษภาคม พ.ศ. 2559", "th"),
        ("民國105年5月3日", "zh"),
        ("平成28年5月3日", "ja"),
    ],
)
def test_one_day_in_languages_and_calendars_that_a_profile_declares(text: str, language: str) -> None:
    assert local(text, language) == at("2016-05-03")


@pytest.mark.parametrize(
    ("text", "means"),
    [("昭和64年1月7日", "1989-01-07"), ("大正15年12月25日", "1926-12-25"), ("明治45年7月29日", "1912-07-29")],
)
def test_eras_of_japan(text: str, means: str) -> None:
    assert local(text, "ja") == at(means)


@pytest.mark.parametrize(
    ("text", "language", "means"),
    [
        ("یکشنبه ۸ فروردین ۱۳۹۵ - ۱۱:۵۵", "fa", "2016-03-27 11:55"),
        ("یک‌شنبه هشتم فروردین ۱۳۹۵ ساعت ۱۱:۵۵", "fa", "2016-03-27 11:55"),
        ("۱۳۹۵/۰۱/۰۸ ۱۱:۵۵", "fa", "2016-03-27 11:55"),
        ("۳۰ اسفند ۱۳۹۵", "fa", "2017-03-20"),  # a leap year
        ("۸ وری ۱۳۹۵", "ps", "2016-03-27"),
        ("18 جمادى الآخرة 1437هـ", "ar", "2016-03-27"),
        ("18/06/1437 هـ 11:55", "ar", "2016-03-27 11:55"),
        ("17 Adar II 5776", "en", "2016-03-27"),
        ("15 Nisan 5776", "en", "2016-04-23"),
        ("3 Adar I 5776", "en", "2016-02-12"),
        ("3 Adar 5777", "en", "2017-03-01"),  # a year of twelve months
        ("Sunday, 3 Adar 5776", "en", "2016-03-13"),
        ("جمعه 13 فروردین 95", "fa", "2016-04-01"),
        ("27 มี.ค. 2559", "th", "2016-03-27"),
        ("平成28年3月27日", "ja", "2016-03-27"),
        ("令和元年5月1日", "ja", "2019-05-01"),
        ("民國105年3月27日", "zh", "2016-03-27"),
    ],
)
def test_calendars(text: str, language: str, means: str) -> None:
    assert local(text, language) == at(means)


@pytest.mark.parametrize(
    ("text", "language", "means"),
    [
        ("۸ فروردین ۱۳۹۵ - ۲۷ مارس ۲۰۱۶", "fa", "2016-03-27"),
        ("18 جمادى الآخرة 1437هـ الموافق 27 مارس 2016م", "ar", "2016-03-27"),
        ("17 جمادى الآخرة 1437هـ الموافق 27 مارس 2016م", "ar", "2016-03-27"),  # the moon was seen a day later
        ("27/3/2016 - 18/6/1437هـ", "ar", "2016-03-27"),
    ],
)
def test_of_two_calendars_that_agree_the_gregorian_one_is_taken(text: str, language: str, means: str) -> None:
    assert local(text, language) == at(means)


def test_two_calendars_that_contradict_each_other_give_no_date() -> None:
    stamp = StampReader(language="fa").read("۸ فروردین ۱۳۹۵ - ۲۹ مارس ۲۰۱۶")
    assert stamp is not None
    assert (stamp.status, stamp.local, stamp.warnings) == ("inconsistent", None, ("dateline_calendars_contradict",))


def test_an_era_that_was_over_gives_no_date() -> None:
    stamp = StampReader(language="ja").read("平成40年3月27日")
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("inconsistent", None)


def test_an_ethiopic_month_may_stand_for_a_gregorian_one() -> None:
    stamp = NOBODY.read("መጋቢት 18, 2008")
    assert stamp is not None
    assert (stamp.status, stamp.warnings) == ("ambiguous", ("dateline_reading_unknown:2016-03-27|2008-03-18",))
    assert local("እሑድ መጋቢት 18, 2008", "am") == at("2016-03-27")  # the weekday decides


@pytest.mark.parametrize(("text", "language"), [("5 listopada 2015", "en"), ("5 lip 2015", "en")])
def test_a_name_that_is_another_month_elsewhere_is_in_doubt_until_the_language_is_known(
    text: str, language: str
) -> None:
    stamp = StampReader(language=language).read(text)
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("ambiguous", None)
    assert local("5 listopada 2015", "pl") == at("2015-11-05")
    assert local("5 listopada 2015", "hr") == at("2015-10-05")
    assert local("ponedjeljak, 5 listopada 2015") == at("2015-10-05")
    assert local("czwartek, 5 listopada 2015") == at("2015-11-05")


@pytest.mark.parametrize(
    ("text", "offset", "zone"),
    [
        ("27 March 2016 11:55 GMT+3", "+03:00", None),
        ("27 March 2016, 11:55 (UTC-05:00)", "-05:00", None),
        ("27 March 2016 11:55:38 +0430", "+0430", None),
        ("2016-03-27T11:55:38.123Z", "Z", None),
        ("27 March 2016 11:55 GMT", None, "GMT"),
        ("الأحد 27 مارس 2016 - 11:55 بتوقيت غرينتش", None, "GMT"),
        ("Sun Mar 27 11:55:38 IRDT 2016", None, "IRDT"),
        ("10:55 EDT, 27 March 2016", None, "EDT"),
    ],
)
def test_offsets_and_zones_are_given_as_printed(text: str, offset: str | None, zone: str | None) -> None:
    stamp = NOBODY.read(text)
    assert stamp is not None
    assert (stamp.status, stamp.offset, stamp.zone) == ("exact", offset, zone)


@pytest.mark.parametrize(
    ("text", "status", "warning"),
    [
        ("27.03.45", "partial", "dateline_century_unknown:45-03-27"),
        ("Tuesday 23 May 16", "partial", "dateline_century_unknown:16-05-23"),  # 1916, or a slip of the weekday
        ("03/04/16", "ambiguous", "dateline_order_unknown:16-04-03|16-03-04|03-04-16"),
        ("Sunday 27 March, 11:55", "partial", "dateline_year_unknown"),
        ("30 February 2016", "inconsistent", "dateline_impossible_date"),
        ("27 March 2016 25:10", "inconsistent", "dateline_impossible_date"),
        ("29/02/2023", "inconsistent", "dateline_impossible_date"),
        ("2023-02-29 10:00", "inconsistent", "dateline_impossible_date"),
        ("29 February 1500", "inconsistent", "dateline_year_out_of_range"),
        ("27 March 1616", "inconsistent", "dateline_year_out_of_range"),
        ("Monday 27 March 2016", "inconsistent", "dateline_weekday_contradicts_date"),
        ("Monday 03/04/2017", "exact", ""),
        ("Tuesday 03/04/2017", "inconsistent", "dateline_weekday_contradicts_date"),
        ("3 hours ago", "partial", "dateline_relative_time"),
    ],
)
def test_what_is_wrong_is_said(text: str, status: str, warning: str) -> None:
    stamp = NOBODY.read(text)
    assert stamp is not None
    assert (stamp.status, "".join(stamp.warnings)) == (status, warning)


def test_a_weekday_decides_the_order_and_the_century() -> None:
    assert local("Sunday 03/04/2016") == at("2016-04-03")
    assert local("Friday 03/04/2016") == at("2016-03-04")
    assert local("Sunday 27 March 16") == at("2016-03-27")


@pytest.mark.parametrize(
    ("text", "language"),
    [("3 Adar 5776", "en"), ("13 فروردین 95", "fa"), ("13 Farvardin 95", "en"), ("95/01/13", "fa")],
)
def test_a_month_that_is_twice_and_a_year_without_its_century_are_in_doubt(text: str, language: str) -> None:
    stamp = StampReader(language=language).read(text)
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("ambiguous", None)


def test_a_declared_century_is_one_of_every_calendar() -> None:
    stamp = StampReader((), language="fa", century_from=1990).read("13 فروردین 95")
    assert stamp is not None
    assert stamp.local == at("2016-04-01")


@pytest.mark.parametrize(("century_from", "day"), [(1950, "1950-04-02"), (1951, "2050-04-02")])
def test_of_another_calendar_just_one_year_begins_in_a_declared_century(century_from: int, day: str) -> None:
    stamp = StampReader((), language="fa", century_from=century_from).read("13 فروردین 29")
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("exact", at(day))


def test_a_declared_century_completes_two_digits() -> None:
    reader = StampReader((), "DMY", century_from=1970)
    assert [found.local for text in ("27.03.16", "27.03.71") if (found := reader.read(text))] == [
        at("2016-03-27"),
        at("1971-03-27"),
    ]


def test_midnight_at_the_end_of_a_day_and_a_leap_second() -> None:
    assert local("27 March 2016 24:00") == at("2016-03-28 00:00")
    stamp = NOBODY.read("31 December 2016 23:59:60")
    assert stamp is not None
    assert (stamp.local, stamp.warnings) == (at("2016-12-31 23:59:59"), ("dateline_leap_second",))


@pytest.mark.parametrize(
    "text",
    [
        "Published: 27 March 2016, 11:55 Updated: 28 March 2016, 12:00",
        "Veröffentlicht am 27. März 2016, 11:55 Uhr | Aktualisiert: 28. März 2016, 12:00 Uhr",
        "Publié le 27/03/2016 à 11h55 - Mis à jour le 28/03/2016 à 12h00",
        "Опубликовано: 27 марта 2016, 11:55. Обновлено: 28 марта 2016, 12:00",
        "입력 2016.03.27 11:55 수정 2016.03.28 12:00",
        "27 March 2016, 11:55 (updated 28 March 2016, 12:00)",
    ],
)
def test_a_line_may_tell_two_times(text: str) -> None:
    found = [(stamp.kind, stamp.local) for stamp in NOBODY.read_all(text)]
    assert found == [("published", at("2016-03-27 11:55")), ("updated", at("2016-03-28 12:00"))]


@pytest.mark.parametrize(
    "text",
    [
        "In March 2016 the council met on 27 days",
        "10 goals 2016",
        "March 2016",
        "2016",
        "27 March 2016 - 30 March 2016",
        "27 March 2016 - 30 March",
        "27 March 2016, 8 am, 30 March",
        "12:30",
        "192.168.10.16",
        "Version 3.4.2016",
        "By Ann Lee, 27 March 2016",
        "Top 5 May 2016 films",
        "1.2.3.4",
        "+49 30 1234567",
        "27/03-2016",
        "Chapter 3 March 2016",
    ],
)
def test_what_is_more_or_less_than_a_timestamp_line(text: str) -> None:
    assert NOBODY.read(text) is None


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("By Ann Lee | 27 March 2016 | 4 comments", "27 March 2016"),
        ("Ann Lee２７ March 2016 11:55 Share", "２７ March 2016 11:55"),
    ],
)
def test_a_timestamp_among_other_words_is_found_where_it_stands(text: str, where: str) -> None:
    found = NOBODY.find(text)
    assert [text[one.start : one.stop] for one in found] == [where]


def test_a_relative_time_counts_from_the_reference_and_from_nothing_else() -> None:
    reference = at("2016-03-27 11:55:38")
    for text in ("5 minutes ago", "vor 5 Minuten", "5 минут назад", "5分钟前", "منذ 5 دقائق"):
        stamp = NOBODY.read(text, reference)
        assert stamp is not None, text
        assert (stamp.status, stamp.local, stamp.precision) == ("exact", at("2016-03-27 11:50"), "minute")


@pytest.mark.parametrize(
    ("text", "precision", "local"),
    [
        ("3 hours ago", "day", "2016-03-27"),
        ("vor 3 Stunden", "day", "2016-03-27"),
        ("11 hours ago", "month", "2016-03-01"),  # today or yesterday
        ("2 days ago", "month", "2016-03-01"),
        ("1 week ago", "month", "2016-03-01"),
        ("vor 2 Wochen", "month", "2016-03-01"),
        ("1 month ago", "year", "2016-01-01"),
        ("5 months ago", "year", "2015-01-01"),
        ("il y a 5 mois", "year", "2015-01-01"),
        ("5个月前", "year", "2015-01-01"),
        ("/ 5 months ago", "year", "2015-01-01"),
        ("3 months ago", None, None),  # this year or the last
        ("2 years ago", None, None),
        ("99999 years ago", None, None),
    ],
)
def test_a_relative_time_is_no_more_exact_than_whoever_rounded_it(
    text: str, precision: str | None, local: str | None
) -> None:
    stamp = NOBODY.read(text, at("2016-03-27 11:55:38"))
    if text.startswith("99999"):
        assert stamp is None
        return
    assert stamp is not None
    assert (stamp.precision, stamp.local) == (precision, at(local) if local else None)
    assert stamp.status == ("exact" if local else "partial")


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2016年5月4日 中午11:30", "2016-05-04 11:30"),
        ("2016年5月4日 中午12:05", "2016-05-04 12:05"),
        ("4 Mei 2016 pukul 10.30 siang", "2016-05-04 10:30"),
        ("4 Mei 2016 pukul 2.30 siang", "2016-05-04 14:30"),
        ("2016年5月4日 晚上8:05", "2016-05-04 20:05"),
        ("2016年5月4日 晚上23:05", "2016-05-04 23:05"),
        ("4 mayo 2016 9:30 de la noche", "2016-05-04 21:30"),
        ("4. Mai 2016, 7.30 Uhr abends", "2016-05-04 19:30"),
    ],
)
def test_a_part_of_the_day_says_which_half_an_hour_is_in(text: str, local: str) -> None:
    stamp = NOBODY.read(text)
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("exact", at(local))


@pytest.mark.parametrize(
    "text",
    [
        "2016年5月4日 晚上12:05",
        "4 mayo 2016 12:30 de la noche",
        "४ मई २०१६ रात 2:30",
        "4 Mei 2016 pukul 1.30 malam",
        "4. Mai 2016, 12.30 Uhr abends",
        "2016年5月4日 中午8:05",
    ],
)
def test_an_hour_that_its_part_of_the_day_leaves_in_doubt_is_no_time(text: str) -> None:
    stamp = NOBODY.read(text)
    assert stamp is None or stamp.local is None
