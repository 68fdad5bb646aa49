"""When a page shows code on purpose, and when nothing on it speaks of code."""

from __future__ import annotations

import pytest

from pipeline.families.quoting_signs import FAMILIES_OF_CODE
from pipeline.stages import segments

CODE = {
    "php_source": "<?php seat(7); ?>",
    "shortcode": '[gallery ids="7"]',
    "template_tag": "{{ seat.row }}",
    "html": '<p class="seat">',
}
PROSE = "The last ferry of the day left at nine."


def reasons(page: str) -> list[str]:
    """Return why each piece of code on a page was kept; an empty string for each that was cut."""
    claims = [claim for claim in segments.read(page.encode()).claims if claim.family in FAMILIES_OF_CODE]
    return [claim.reason if claim.status == "kept" else "" for claim in claims]


def test_every_family_of_code_is_tried() -> None:
    assert set(CODE) == FAMILIES_OF_CODE


@pytest.mark.parametrize("code", CODE.values(), ids=CODE)
@pytest.mark.parametrize(
    "page",
    [
        "{}",
        f"{PROSE}\n\n{{}}\n\n{PROSE}",
        f"{PROSE} {{}} {PROSE}",
        f"{PROSE}\n\nShare this: {{}}",
        f"{PROSE}\n\nSource: {{}}",
        f"{{}}\n\n{PROSE}\n\nPowered by WordPress and the Paper theme. Valid XHTML and CSS.",
        f"{PROSE} He set an example. {{}}",
        f"{PROSE}\n\nWrite to desk@harbour.example {{}}",
        f"{PROSE}\n\nYou may use these HTML tags and attributes in a comment.\n\n{{}}",
    ],
)
def test_what_no_word_of_the_page_knows_of_is_a_leak(page: str, code: str) -> None:
    assert reasons(page.replace("{}", code)) == [""]


@pytest.mark.parametrize("code", CODE.values(), ids=CODE)
@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("PHP reads the source code first.\n\n{}\n\nThen it answers.", "about code"),
        ("Run `seat` once.\n\n{}\n\nGitHub has the rest.", "about code"),
        ("How do I hide {} on my website? The plugin shows it.", "question about code"),
        ("The following tag:\n\n{}\n\nSave it.", "announce it"),
        ("Example 2\n\n{}\n\nSave it.", "announce it"),
        ("{}\n\nOutput:\n\n7", "heading"),
        ("Few pages have the {} tag today.", "call it a piece of code"),
        ('The page began with "{}" on Friday.', "inverted commas"),
    ],
)
def test_what_tells_that_a_page_shows_it(page: str, reason: str, code: str) -> None:
    (why,) = reasons(page.replace("{}", code))
    assert reason in why


def test_where_one_is_shown_the_others_on_its_line_are_too() -> None:
    first, second, third = reasons(f"The <blink> tag, and {CODE['php_source']} too.\n\n{CODE['shortcode']}")
    assert "call it" in first
    assert "beside it" in second
    assert not third


def test_source_that_prints_a_dump_is_a_lesson() -> None:
    page = "<?php var_dump([7]); ?>\n\narray(1) {\n  [0]=>\n  int(7)\n}"
    assert reasons(page) == ["the page shows code together with what it prints"]


def test_tags_stay_with_what_stays() -> None:
    assert reasons("<pre>array(2) {\n  [0]=>\n  int(7)\n}</pre>") == ["it stands around what is left in the text"] * 2


def test_a_look_alike_inside_code_does_not_hold_it_in_the_text() -> None:
    page = f"{PROSE}\n\n<?php $a = 'array(2) {{ [0]=> int(1) }}'; seat($a); ?>\n\n{PROSE}"
    assert [claim.status for claim in segments.read(page.encode(), "all").claims] == ["exact"]
    assert reasons(page) == [""]
