"""Names of months in calendars other than the Gregorian, which CLDR's data in Babel leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Calendar = Literal["gregorian", "jalali", "hijri", "hebrew", "ethiopic"]

MONTHS: Mapping[Calendar, tuple[str, ...]] = {
    "jalali": (
        "فروردین|وری|حمل|farvardin|خاکەلێوە",
        "اردیبهشت|غویی|ثور|ordibehesht|گوڵان",
        "خرداد|غبرگولی|جوزا|khordad|جۆزەردان",
        "تیر|چنگاښ|سرطان|tir|پووشپەڕ",
        "مرداد|امرداد|زمری|اسد|mordad|گەلاوێژ",
        "شهریور|وږی|سنبله|shahrivar|خەرمانان",
        "مهر|تله|میزان|mehr|ڕەزبەر",
        "آبان|لړم|عقرب|aban|گەڵاڕێزان",
        "آذر|لیندی|قوس|azar|سەرماوەز",
        "دی|مرغومی|جدی|dey|بەفرانبار",
        "بهمن|سلواغه|دلو|bahman|ڕێبەندان",
        "اسفند|کب|حوت|esfand|ڕەشەمە",
    ),
    "hijri": (
        "محرم|المحرم|muharram|muharrem|мухаррам",
        "صفر|safar|sefer|сафар",
        "ربيع الأول|ربيع الاول|ربيع اول|rabi al awwal|rabi' al-awwal|rabiulawal|rebiülevvel",
        "ربيع الآخر|ربيع الثاني|ربيع ثاني|rabi al thani|rabi' al-thani|rabiulakhir|rebiülahir",
        "جمادى الأولى|جمادى الاولى|جمادي الاول|jumada al ula|jumada al-awwal|jamadilawal|cemaziyelevvel",
        (
            "جمادى الآخرة|جمادى الثانية|جمادى الثاني|جمادي الثاني|jumada al akhirah|jumada al-thani|jamadilakhir|"
            "cemaziyelahir"
        ),
        "رجب|rajab|recep|раджаб",
        "شعبان|sha'ban|shaban|syaaban|şaban",
        "رمضان|ramadan|ramazan|ramadhan|рамадан",
        "شوال|shawwal|syawal|şevval",
        "ذو القعدة|ذي القعدة|ذوالقعدة|ذيقعده|dhu al qadah|dhu al-qi'dah|zulkaedah|zilkade",
        "ذو الحجة|ذي الحجة|ذوالحجة|ذيحجه|dhu al hijjah|zulhijjah|zilhicce",
    ),
    # From Nisan, as pyluach counts; in a year of twelve months Adar is the twelfth, and in one of thirteen either.
    "hebrew": (
        "ניסן|nisan|nissan",
        "אייר|iyar|iyyar",
        "סיון|סיוון|sivan",
        "תמוז|tammuz|tamuz",
        "אב|av|menachem av",
        "אלול|elul",
        "תשרי|tishrei|tishri",
        "חשון|חשוון|מרחשון|cheshvan|heshvan|marcheshvan",
        "כסלו|kislev",
        "טבת|tevet|teveth",
        "שבט|shevat|shvat",
        "אדר|אדר א|אדר ראשון|adar|adar i|adar rishon",
        "אדר|אדר ב|אדר שני|adar|adar ii|adar sheni",
    ),
    "ethiopic": (
        "መስከረም|meskerem",
        "ጥቅምት|ጥቅምቲ|tikimt",
        "ኅዳር|ህዳር|ሕዳር|hidar",
        "ታኅሣሥ|ታህሳስ|ታሕሳስ|tahsas",
        "ጥር|ጥሪ|tir",
        "የካቲት|ለካቲት|yekatit",
        "መጋቢት|megabit",
        "ሚያዝያ|miyazya",
        "ግንቦት|ጉንበት|ginbot",
        "ሰኔ|ሰነ|sene",
        "ሐምሌ|ሓምለ|hamle",
        "ነሐሴ|ነሓሰ|nehase",
        "ጳጉሜን|ጳጉሜ|pagume",
    ),
}

GREGORIAN_BY_ETHIOPIC: tuple[int, ...] = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8)
"""Month of the Gregorian calendar that newsrooms mean where they print an Ethiopic name for it."""

ERAS: Mapping[str, str] = {
    "hijri": "هـ|هجري|هجرية|هجریه|ه ق|هجری قمری|قمری|ق|ah|hijri",
    "jalali": "ش|ه ش|هجری شمسی|خورشیدی|شمسی",
    "gregorian": "م|ميلادي|ميلادية|میلادی|ad|ce|p c n|西元|公元|ค ศ|คศ",
    "buddhist": "พ ศ|พศ|be|b e",
    "minguo": "民國|民国|roc",
    "reiwa": "令和",
    "heisei": "平成",
    "showa": "昭和",
    "taisho": "大正",
    "meiji": "明治",
}
"""Marks that say in which calendar, or from which year, a date counts."""
