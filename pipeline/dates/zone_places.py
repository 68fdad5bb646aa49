"""Zones that newsrooms name by a capital, an adjective or a country where CLDR names another city.

Each phrase stands for a place that has kept one clock: whatever is several zones at once is not here.
"""

from __future__ import annotations

from collections.abc import Mapping

CAPITALS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "Beijing": "Asia/Shanghai",
        "Delhi": "Asia/Kolkata",
        "New Delhi": "Asia/Kolkata",
        "Washington": "America/New_York",
        "Ottawa": "America/Toronto",
        "Canberra": "Australia/Sydney",
        "Ankara": "Europe/Istanbul",
        "Abu Dhabi": "Asia/Dubai",
        "Mecca": "Asia/Riyadh",
        "Makkah": "Asia/Riyadh",
        "Islamabad": "Asia/Karachi",
        "Hanoi": "Asia/Ho_Chi_Minh",
        "Kyiv": "Europe/Kyiv",
    },
    "zh": {"北京": "Asia/Shanghai", "台北": "Asia/Taipei", "臺北": "Asia/Taipei", "美东": "America/New_York"},
    "ar": {"مكة المكرمة": "Asia/Riyadh", "السعودية": "Asia/Riyadh", "القدس": "Asia/Jerusalem"},
    "fa": {"ایران": "Asia/Tehran"},
    "ru": {"Московское": "Europe/Moscow", "московскому": "Europe/Moscow", "киевскому": "Europe/Kyiv"},
    "de": {
        "Berliner": "Europe/Berlin",
        "Wiener": "Europe/Vienna",
        "Zürcher": "Europe/Zurich",
        "Londoner": "Europe/London",
        "Pariser": "Europe/Paris",
        "Moskauer": "Europe/Moscow",
        "Kiewer": "Europe/Kyiv",
        "New Yorker": "America/New_York",
        "Pekinger": "Asia/Shanghai",
        "deutscher": "Europe/Berlin",
        "österreichischer": "Europe/Vienna",
        "Schweizer": "Europe/Zurich",
    },
    "pt": {"Brasília": "America/Sao_Paulo"},
}
"""What stands for a city in the forms of a language: capitals, adjectives, countries."""

FORMS: Mapping[str, tuple[str, ...]] = {
    "en": ("%s local time",),
    "zh": ("%s時間", "%s时间"),
    "ar": ("بتوقيت %s", "توقيت %s"),
    "fa": ("به وقت %s",),
    "ru": ("%s время", "по %s времени"),
    "de": ("%s Zeit",),
    "fr": ("heure de %s",),
    "it": ("ora di %s",),
    "es": ("hora de %s",),
    "pt": ("hora de %s", "horário de %s"),
}
"""What stands around a city, beyond the one form that CLDR has."""

PHRASES: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "heure française": "Europe/Paris",
        "heure belge": "Europe/Brussels",
        "heure suisse": "Europe/Zurich",
        "heure algérienne": "Africa/Algiers",
        "heure tunisienne": "Africa/Tunis",
        "heure marocaine": "Africa/Casablanca",
    },
    "it": {"ora italiana": "Europe/Rome", "ora svizzera": "Europe/Zurich"},
    "es": {
        "hora peninsular": "Europe/Madrid",
        "hora peninsular española": "Europe/Madrid",
        "hora canaria": "Atlantic/Canary",
        "hora de Colombia": "America/Bogota",
        "hora colombiana": "America/Bogota",
        "hora peruana": "America/Lima",
        "hora venezolana": "America/Caracas",
        "hora cubana": "America/Havana",
    },
    "nl": {"Nederlandse tijd": "Europe/Amsterdam", "Belgische tijd": "Europe/Brussels"},
    "pl": {"czasu polskiego": "Europe/Warsaw", "czasu warszawskiego": "Europe/Warsaw"},
    "sv": {"svensk tid": "Europe/Stockholm"},
    "nb": {"norsk tid": "Europe/Oslo"},
    "no": {"norsk tid": "Europe/Oslo"},
    "da": {"dansk tid": "Europe/Copenhagen"},
    "fi": {"Suomen aikaa": "Europe/Helsinki"},
    "tr": {"Türkiye saatiyle": "Europe/Istanbul", "Türkiye saati ile": "Europe/Istanbul"},
    "el": {"ώρα Ελλάδος": "Europe/Athens", "ώρα Κύπρου": "Asia/Nicosia"},
    "ko": {"한국시간": "Asia/Seoul", "한국 시간": "Asia/Seoul"},
}
"""Zones that a language names without a city."""
