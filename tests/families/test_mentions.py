"""Sentences that speak of a piece of code keep it; a leak that fell into a sentence, or was to complete it, is cut."""

from __future__ import annotations

import pytest

from pipeline import clean
from pipeline.families.mentions import WHY
from pipeline.stages import segments

BEFORE = "The ferry to Oskerra will sail again on Monday, the harbour office said.\n\n"
BEHIND = "\n\nThe council meets again in March to talk about the cost of repairs.\n"


def cut(sentence: str) -> list[str]:
    """Return what is cut of a sentence on a page of news."""
    raw = (BEFORE + sentence + BEHIND).encode()
    return [claim.span.of(raw).decode() for claim in segments.read(raw).claims if claim.is_cut]


@pytest.mark.parametrize(
    "sentence",
    [
        "The tag <blockquote> is the one to use.",
        "The element <marquee> was removed from the standard in 2014.",
        "Put <nobr> around the name.",
        "Browsers still know <blink> and <marquee>, which nobody has used for years.",
        "Insert the code <!--more--> where the summary ends.",
        "A comment like <!-- begin footer --> marks the place.",
        "The code [gallery] shows every picture of the album.",
        "Write {{ user.name }} in the template and the reader sees his own name.",
        "The filter {% raw %} stops the engine.",
        "With the command {{#if admin}} the box appears.",
        "The worm put <?php eval($x); ?> into the first line of each page.",
        'The attack begins with a string like a:1:{i:0;s:1:"x";} in the address.',
        "Every visitor was greeted with Array ( [0] => 1 ) instead of the timetable.",
        "The mail opened with *|FNAME|* instead of a name.",
        "Readers got a mail that began with Dear {{ first_name }} instead of their own name.",
        "Instead of the weather, readers found {{ weather.today }} on the front page.",
        "The screen showed Warning: Division by zero in /srv/www/a.php on line 3 for an hour.",
        "The console shows TypeError: x is not a function at foo.js:3:4 and stops.",
        "A hidden <iframe> loaded the virus, and the page had no <title> and no <h1> at all.",
        'The newspaper printed string(4) "NULL" where the name of the mayor should have been.',
        "The words Array ( [0] => 1 ) appeared on every page.",
        'The machine returned {"error": "no ticket", "code": 404} for every ticket.',
        "Departure boards displayed Fatal error: Out of memory in /srv/a.php on line 3 for hours.",
        "L’écran affichait Warning: Division by zero in /srv/www/a.php on line 3 pendant une heure.",
        "Au lieu de la météo, les lecteurs voyaient {{ weather.today }} sur la page.",
        "La pantalla mostraba Array ( [0] => 1 ) en lugar del horario.",
        "Вместо погоды читатели видели {{ weather.today }} на странице.",
        "Tickets with {{ seat.row }} in place of a number were refused.",
        'The invitation read "Dear {{first_name}}" and was signed by the mayor.',
        "The new sign reads Array ( [0] => 1 ) and nobody knows why.",
        "The server wrote Warning: Division by zero in /srv/www/a.php on line 3 into every letter.",
        "The hacker left <!-- hello --> on the front page.",
        "Das Element <blockquote> ist das richtige.",
        "Fügen Sie den Code <!--more--> an der Stelle ein.",
        "La balise <blockquote> est celle qu’il faut.",
        "Le code court [gallery] montre les images.",
        "La etiqueta <blockquote> es la correcta.",
        "El código <!--more--> corta el texto.",
        "Il tag <blockquote> è quello giusto.",
        "Тег <blockquote> здесь подходит лучше всего.",
        "The thief typed <script>alert(1)</script> into the search box.",
        "Somebody had injected <script>window.x = 1;</script> into the page of the school.",
        "The letter began “Dear {{ first_name }}” and was signed by the mayor.",
        "The badge carried %%first_name%% instead of a name.",
    ],
)
def test_a_sentence_that_speaks_of_code_keeps_it(sentence: str) -> None:
    assert cut(sentence) == []
    body = clean((BEFORE + sentence + BEHIND).encode()).article.body
    assert sentence in body
    assert clean(body.encode()).article.body == body


@pytest.mark.parametrize(
    ("sentence", "leaks"),
    [
        ("Use the code {{ coupon.code }} at the desk before Friday.", ["{{ coupon.code }}"]),
        ("Add {{ product.name }} to your basket.", ["{{ product.name }}"]),
        ("Now {{ price.value }} instead of 12 euros.", ["{{ price.value }}"]),
        ("The price was {{ price.value }} instead of 12 euros.", ["{{ price.value }}"]),
        ("Type {{ event.kind }} in Vantry", ["{{ event.kind }}"]),
        ("Dear {{ user.name }}, the ferry sails on Monday.", ["{{ user.name }}"]),
        ('Use the code string(4) "NOON" at the desk.', ['string(4) "NOON"']),
        ('The harbour string(4) "NOON" appeared in the fog.', ['string(4) "NOON"']),
        ("She saw the <h1>harbour of the island.", ["<h1>"]),
        ("The card reads {{ card.text }} and no more.", ["{{ card.text }}"]),
        ("“We waited for {{ wait.hours }}” said the guard.", ["{{ wait.hours }}"]),
        ("He put the hat <br> on the shelf and left <br> on foot.", ["<br>", "<br>"]),
        ("The boat <iframe> sails.", ["<iframe>"]),
        ("He went home <iframe> and slept.", ["<iframe>"]),
        ("The postal code <br> of the island is new.", ["<br>"]),
        ("The element <b>iron</b> rusts in salt water.", ["<b>", "</b>"]),
        ("The string <em> quartet </em> played on.", ["<em>", "</em>"]),
        ("The <em>Iliad</em> and <em>Odyssey</em> are long.", ["<em>", "</em>", "<em>", "</em>"]),
        ("Add <strong>salt</strong> to the water.", ["<strong>", "</strong>"]),
        ('Posts with the tag <a href="/tag/ferry">ferry</a> are new.', ['<a href="/tag/ferry">', "</a>"]),
        ('Use [button size="7"] the ferry [/button] twice.', ['[button size="7"]', "[/button]"]),
        (
            "The harbour is at Warning: Division by zero in /srv/www/a.php on line 3 degrees.",
            ["Warning: Division by zero in /srv/www/a.php on line 3"],
        ),
        ("Add <script>window.x = 1;</script> salt to the water.", ["<script>window.x = 1;</script>"]),
        ("He typed all day.<script>window.x = 1;</script> In the end", ["<script>window.x = 1;</script>"]),
        ("The committee said <br> nothing in the house.", ["<br>"]),
        ("The code of the harbour\n<!--more-->\nis old.", ["<!--more-->"]),
        ("A string array(1) { [0]=> int(7) } of pearls was found.", ["array(1) { [0]=> int(7) }"]),
        ("The sign reads array(1) {\n  [0]=>\n  int(7)\n}\nsince May.", ["array(1) {\n  [0]=>\n  int(7)\n}"]),
    ],
)
def test_what_a_sentence_does_not_speak_of_is_cut(sentence: str, leaks: list[str]) -> None:
    assert cut(sentence) == leaks


def test_the_reason_is_told() -> None:
    raw = (BEFORE + "The tag <blockquote> is the one to use." + BEHIND).encode()
    assert [claim.reason for claim in segments.read(raw).claims] == [WHY]
