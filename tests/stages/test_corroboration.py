"""What JSON-LD says of its page, held against the page."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from pipeline.model import Article, Dateline, Payload, Precision
from pipeline.stages import corroboration


def differences(
    described: object,
    title: str | None = "Ferry Back",
    published: datetime | None = None,
    at: datetime | None = None,
    precision: Precision = "second",
) -> tuple[str, ...]:
    """Return in what a description differs from a page of this title and date."""
    dateline = Dateline("exact", published, precision if published else None, at)
    article = Article("Rain fell.", title=title, headline=title)
    return corroboration.read([Payload(json.dumps(described).encode(), "strict")], article, dateline)


def described(**more: object) -> dict[str, object]:
    """Return the description of an article."""
    return {"@context": "https://schema.org", "@type": "NewsArticle", **more}


@pytest.mark.parametrize(
    ("headline", "title", "differs"),
    [
        ("Ferry Back", "Ferry Back", False),
        ("  ferry back!", "Ferry Back", False),
        ("Tram Back", "Ferry Back", True),
        ("Tram Back", None, False),
        (None, "Ferry Back", False),
        (["Tram"], "Ferry Back", False),
    ],
)
def test_a_title_is_compared_by_its_letters(headline: object, title: str | None, differs: bool) -> None:  # noqa: FBT001 - a column of the table
    assert differences(described(headline=headline), title) == (
        (f"json_ld_title_differs: {headline}",) if differs else ()
    )


LOCAL = datetime(2016, 3, 27, 11, 55, 38)  # noqa: DTZ001 - a wall-clock time has no zone
UTC = datetime(2016, 3, 27, 7, 25, 38)  # noqa: DTZ001 - in the model, an instant is UTC without saying so


@pytest.mark.parametrize(
    ("text", "at", "precision", "differs"),
    [
        ("2016-03-27T11:55:38+04:30", UTC, "second", False),
        ("2016-03-27T07:25:38Z", UTC, "second", False),
        ("2016-03-27T07:26:00Z", UTC, "minute", False),
        ("2016-03-27T11:55:38Z", UTC, "second", True),
        ("2016-03-27T11:55:38", None, "second", False),
        ("2016-03-27T12:55:38", None, "second", True),
        ("2016-03-27", None, "second", False),
        ("2016-03-28", UTC, "second", True),
        ("2016-03-28T01:00:00Z", None, "day", True),
        ("last week", UTC, "second", False),
    ],
)
def test_a_date_is_compared_as_far_as_both_are_known(
    text: str,
    at: datetime | None,
    precision: Precision,
    differs: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = differences(described(datePublished=text), published=LOCAL, at=at, precision=precision)
    assert found == ((f"json_ld_date_differs: {text}",) if differs else ())


def test_a_page_without_a_date_contradicts_none() -> None:
    assert differences(described(datePublished="2016-03-27")) == ()


@pytest.mark.parametrize(
    "data",
    [
        [described(headline="Tram Back")],
        {"@context": "https://schema.org", "@graph": [{"@type": ["NewsArticle"], "headline": "Tram Back"}]},
        described(headline="Tram Back", **{"@type": "BlogPosting"}),
    ],
)
def test_the_article_is_found_at_the_root_and_in_the_graph(data: object) -> None:
    assert differences(data) == ("json_ld_title_differs: Tram Back",)


@pytest.mark.parametrize(
    ("author", "told"),
    [
        ("Ana Petrov", ("json_ld_author_not_printed: Ana Petrov",)),
        ({"@type": "Person", "name": "Ana Petrov"}, ("json_ld_author_not_printed: Ana Petrov",)),
        ([{"name": "Ana Petrov"}, {"name": "Lee  Quay"}], ("json_ld_author_not_printed: Ana Petrov, Lee Quay",)),
        ([{"name": "Ana Petrov"}, {"name": "RAIN"}], ()),
        ({"@type": "Organization", "name": "Harbour Press"}, ()),
        ({"@type": "Person"}, ()),
        ([None, 7, ""], ()),
    ],
)
def test_an_author_is_looked_for_in_the_text(author: object, told: tuple[str, ...]) -> None:
    assert differences(described(author=author)) == told


def test_what_a_page_says_of_itself_outside_its_text_counts_if_it_is_sound() -> None:
    article = Article("Rain fell.", title="Ferry Back", headline="Ferry Back")
    documents = [json.dumps(described(headline="Tram&nbsp;Back")).encode(), b'{"@context":"x","@type":"NewsArticle",']
    found = corroboration.read([], article, Dateline("none"), documents)
    assert found == ("json_ld_title_differs: Tram Back",)


@pytest.mark.parametrize(
    "data",
    [
        [described(headline="Tram Back"), described(headline="Storm Over")],
        described(headline="Tram Back", **{"@type": "Organization"}),
        {"@type": "NewsArticle", "headline": "Tram Back"},
        {"@context": "x", "list": [{"@type": "NewsArticle", "headline": "Tram Back"}]},
    ],
)
def test_what_does_not_describe_the_page_alone_says_nothing(data: object) -> None:
    assert differences(data) == ()
