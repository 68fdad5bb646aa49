from __future__ import annotations

import pytest

from pipeline.dates import StampReader
from pipeline.survey.formats import infer


@pytest.mark.parametrize(
    ("examples", "language", "source"),
    [
        (["Sun Mar 27, 2016 11:55:38"], "en", "%a %b %d, %Y %H:%M:%S"),
        (["Sunday, 27 March 2016", "Monday, 28 March 2016"], "en", "%a, %d %b %Y"),
        (["27. März 2016 um 11:55 Uhr"], "de", "%d. %b %Y um %H:%M Uhr"),
        (["2016-03-27 11:55"], "en", "%Y-%m-%d %H:%M"),
        (["2016-03-27T11:55:38+04:30"], "en", "%Y-%m-%dT%H:%M:%S%z"),
        (["March 27, 2016 1:55 PM"], "en", "%b %d, %Y %I:%M %p"),
        # The first leaves three readings, the others one.
        (["11.11.2016 11:11", "12.11.2016 10:11", "13.11.2016 10:09"], "en", "%d.%m.%Y %H:%M"),
        (["27 March 2016 11:55 IRST"], "en", "%d %b %Y %H:%M %Z"),
        (["Published: 27 March 2016"], "en", "Published: %d %b %Y"),
    ],
)
def test_the_format_that_reads_all_examples(examples: list[str], language: str, source: str) -> None:
    assert infer(examples, StampReader((), None, language), language) == source


@pytest.mark.parametrize("line", ["03/04/2016", "Rain fell", "27 March", "31 Feb 2016", "三月"])
def test_what_is_not_one_time_gives_no_format(line: str) -> None:
    assert infer([line], StampReader()) is None


def test_an_order_that_is_known_gives_the_format_of_a_date_with_two_readings() -> None:
    assert infer(["03/04/2016"], StampReader((), "DMY")) == "%d/%m/%Y"
