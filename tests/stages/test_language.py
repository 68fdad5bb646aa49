"""The language of a body: two sentences are enough, and what is not sure is not told."""

from __future__ import annotations

import pytest

from pipeline.stages import language

SENTENCES = {
    "en": "The old ferry sailed again on Sunday after eleven years at the quay.",
    "de": "Die alte Fähre hat am Sonntag nach elf Jahren wieder abgelegt.",
    "fr": "Le vieux bac a repris la mer dimanche après onze années à quai.",
    "es": "El viejo transbordador volvió a zarpar el domingo después de once años.",
    "pl": "Stary prom znów wypłynął w niedzielę po jedenastu latach przy nabrzeżu.",
    "tr": "Eski feribot on bir yıl sonra pazar günü yeniden denize açıldı.",
    "ru": "Старый паром снова вышел в море в воскресенье после одиннадцати лет.",
    "ar": "عادت العبارة القديمة إلى البحر يوم الأحد بعد أحد عشر عاما على الرصيف.",
    "fa": "کشتی قدیمی یکشنبه پس از یازده سال دوباره به دریا رفت.",
    "he": "המעבורת הישנה הפליגה שוב ביום ראשון אחרי אחת עשרה שנים ברציף.",
    "hi": "पुरानी नौका ग्यारह साल बाद रविवार को फिर समुद्र में उतरी।",
    "zh": "旧渡轮在码头停了十一年后周日再次启航。船上有四十名乘客。",
    "ja": "古いフェリーは十一年ぶりに日曜日に出航した。乗客は四十人だった。",
    "no": "Den gamle ferja seilte igjen på søndag etter elleve år ved kaia. Førti passasjerer var om bord.",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_tells_its_language(code: str) -> None:
    assert language.read(SENTENCES[code]) == code


@pytest.mark.parametrize("body", ["", "OK", "R/TO 11", "12 34 56 78 90", "http://ferry.example/a", "Mr Torrow 12:30"])
def test_marks_numbers_and_names_are_of_no_language(body: str) -> None:
    assert language.read(body) is None


def test_a_body_in_two_languages_is_of_neither() -> None:
    assert language.read(SENTENCES["ru"] + "\n\n" + SENTENCES["fr"]) is None


def test_control_characters_do_no_harm() -> None:
    assert language.read("\0\x01" + SENTENCES["de"] + "\ufffe\x7f") == "de"
