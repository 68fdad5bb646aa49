"""Names of months and weekdays, as CLDR gives them, whatever else was read before."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.dates.names import UnknownLanguageError, months, weekdays

ROOT = Path(__file__).resolve().parents[2]

PRINT_NAMES = """
import json, sys
from pipeline.dates.names import months, weekdays
*before, last = sys.argv[1:]
for language in before:
    months(language), weekdays(language)
print(json.dumps([dict(months(last)), dict(weekdays(last))]))
"""


def names_read_after(*languages: str) -> object:
    """Return the names of the last language, as a fresh process that first reads the others sees them."""
    command = [sys.executable, "-c", PRINT_NAMES, *languages]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def test_months_are_1_to_12_and_weekdays_0_to_6_from_monday() -> None:
    assert (months("en")["january"], months("en")["dec"]) == (1, 12)
    assert (weekdays("en")["monday"], weekdays("en")["sun"]) == (0, 6)
    assert set(months("fa").values()) == set(range(1, 13))
    assert set(weekdays("fa").values()) == set(range(7))


def test_names_have_no_full_stop_and_no_capitals() -> None:
    assert months("de")["sept"] == 9
    assert all(name == name.casefold().rstrip(".") for name in months("de"))


@pytest.mark.parametrize("language", ["pt-BR", "pt_BR"])
def test_a_region_may_be_written_either_way(language: str) -> None:
    assert months(language)["março"] == 3


@pytest.mark.parametrize("language", ["xx", "english", "en US", "../en", "1"])
def test_a_language_that_cldr_does_not_know(language: str) -> None:
    with pytest.raises(UnknownLanguageError, match="is not a language that CLDR knows"):
        months(language)


@pytest.mark.parametrize(("before", "language"), [("ja", "de"), ("fy", "af")])
def test_the_names_of_a_language_do_not_depend_on_what_was_read_before(before: str, language: str) -> None:
    assert names_read_after(before, language) == names_read_after(language)
