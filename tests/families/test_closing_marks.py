"""A leak behind a quotation is no part of it, also where the mark that closes it opens one in other languages."""

from __future__ import annotations

import pytest

from pipeline.stages import segments

LEAKS = (
    'string(9) "left over"',
    "Warning: Division by zero in /srv/www/a.php on line 3",
    "{'section': 'harbour', 'paid': False}",
    "Liquid error: Could not find asset snippets/teaser.liquid",
    "window.dataLayer = window.dataLayer || [];",
    '[gallery ids="3,4"]',
    "<style>.a{color:red}</style>",
)
CLOSED = (
    "Der Trainer sagte: „Das war schwer.“",
    "Der Trainer sagte: &bdquo;Das war schwer.&ldquo;",
    "Træneren sagde: »Det var svært.«",
    "Er nannte es ‚schwer‘",
)
OPENED = ("The screen went white and showed “", "« C’est dur », a-t-il dit. «", "„Ja“, sagte er. Dann kam „")


def cut(page: str) -> list[str]:
    """Return what is cut of a page."""
    raw = page.encode()
    return [claim.span.of(raw).decode() for claim in segments.read(raw).claims if claim.is_cut]


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("apart", ["\n\n", "\n"])
@pytest.mark.parametrize("sentence", CLOSED)
def test_a_leak_behind_a_closed_quotation_is_cut(sentence: str, apart: str, leak: str) -> None:
    assert "".join(cut(f"{sentence}{apart}{leak}\n\nDas Spiel ist aus.")) in {leak, leak.rstrip(";")}


@pytest.mark.parametrize("leak", ['string(9) "left over"', '[gallery ids="3,4"]', "<style>.a{color:red}</style>"])
@pytest.mark.parametrize("sentence", CLOSED)
def test_a_leak_glued_to_a_closed_quotation_is_cut(sentence: str, leak: str) -> None:
    assert "".join(cut(f"{sentence}{leak}\n\nDas Spiel ist aus.")) == leak


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("sentence", OPENED)
def test_what_a_quotation_shows_is_kept(sentence: str, leak: str) -> None:
    assert cut(f"{sentence}{leak}”»\n\nDas Spiel ist aus.") == []


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u202f"])
def test_french_quotation_marks_have_blanks_beside_them(leak: str, blank: str) -> None:
    assert cut(f"L’écran affichait «{blank}{leak}{blank}» et rien de plus.\n\nLa mairie est fermée.") == []


@pytest.mark.parametrize("leak", ['string(9) "left over"', '[gallery ids="3,4"]'])
def test_a_leak_between_two_quotations_is_cut(leak: str) -> None:
    assert cut(f"»Ja,« sagde han, og »nej« {leak} »måske« senere.") == [leak]


@pytest.mark.parametrize("leak", ['string(9) "left over"', '[gallery ids="3,4"]', LEAKS[1]])
@pytest.mark.parametrize(
    "sentence",
    ["Die Anzeige zeigte »{}« und sonst nichts.", "屏幕上显示「{}」。", "画面に『{}』と出た。", "信的开头是《{}》。"],
)
def test_quotation_marks_of_other_languages_are_known(sentence: str, leak: str) -> None:
    assert cut(f"{sentence.format(leak)}\n\nDas Spiel ist aus.") == []


@pytest.mark.parametrize("leak", ['string(9) "left over"', '[gallery ids="3,4"]'])
def test_a_leak_glued_between_two_french_quotations_is_cut(leak: str) -> None:
    assert cut(f"Il a dit «oui»{leak} «peut-être» plus tard.") == [leak]
