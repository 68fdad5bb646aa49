"""What a real PHP prints is what the readers read: random nested values, in prose, whole and damaged.

The values, and what each of them is, come from ``bench.quality.php_values``: PHP itself prints them and says by
reflection what they are. These seeds stay the same; ``make bench-quality`` measures the same on fresh ones.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator

import pytest

from bench.quality.damage import CUTS, DAMAGES, Damage
from bench.quality.php_judge import Judge, can_be_told
from bench.quality.php_pages import PLACES, Page, text_columns, write_page
from bench.quality.php_values import OWN_FORMS, Form, NoPhpError, Printed, print_sources, print_values
from pipeline.families import FAMILIES
from pipeline.model import Document, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner

CheckLaws = Callable[[Cleaner, Record], Document | None]

SEED = 635946683
VALUES = 150
DAMAGED = 20
"""How many of the values are damaged, each in every way."""

SHARE_OF_PRINT_R = 0.97

READ = [form for form in OWN_FORMS if form in {grammar.rule for family in FAMILIES for grammar in family.grammars}]
INVERTIBLE: list[Form] = [form for form in READ if form != "print_r"]
"""The forms that tell types and ends, so that each value comes back exactly."""

CLEANER = Cleaner(load())


@pytest.fixture(scope="module")
def printed() -> list[Printed]:
    """Return arrays and objects as PHP prints them."""
    try:
        found = [one for one in print_values(SEED, VALUES) if one.is_container]
    except NoPhpError as missing:
        pytest.skip(str(missing))
    for form in READ:
        assert sum(form in one.dumps for one in found[:DAMAGED]) > DAMAGED // 2, f"{form} is held to next to nothing"
    return found


def pages_of(
    form: Form, printed: list[Printed], change: Callable[[str], str], places: tuple[str, ...] = PLACES
) -> Iterator[tuple[Page, Printed]]:
    """Give a page for each value that the form can print, with its dump changed."""
    rng = random.Random(SEED)  # noqa: S311 - the same pages each time
    for one in printed:
        if form not in one.dumps:
            continue
        text = one.dumps[form].removesuffix(b"\n").decode("utf-8", "surrogateescape")
        dump = change(text).encode("utf-8", "surrogateescape")
        ends_line = form not in {"var_export", "serialize"}
        yield write_page([dump], rng.choice(places), rng, ends_line=ends_line), one


@pytest.mark.parametrize("form", INVERTIBLE)
def test_every_value_php_prints_comes_back_exactly(form: Form, printed: list[Printed]) -> None:
    judge = Judge(DAMAGES["none"], form)
    for page, one in pages_of(form, printed, DAMAGES["none"].apply):
        document = CLEANER.clean(Record("page.txt", 0, page.raw))
        cuts = [claim for claim in document.claims if claim.is_cut]
        assert [claim.span for claim in cuts] == list(page.dumps), one.source
        (cut,) = cuts
        assert cut.value is not None
        assert judge.alike(one.values[form], json.loads(cut.value)), one.source
        assert cut.status in {"exact", "ambiguous"}
        assert text_columns(document) == page.prose()


@pytest.mark.skipif("print_r" not in READ, reason="no grammar reads print_r")
def test_print_r_comes_back_as_far_as_it_tells_its_value(printed: list[Printed]) -> None:
    """A key or string of several lines is not always told from the members around it, so a few may be left."""
    judge = Judge(DAMAGES["none"], "print_r")
    told = right = 0
    for page, one in pages_of("print_r", printed, judge.damage.apply):
        if not can_be_told("print_r", one.values["print_r"], judge.damage):
            continue
        document = CLEANER.clean(Record("page.txt", 0, page.raw))
        cuts = [claim for claim in document.claims if claim.is_cut]
        told += 1
        right += (
            [cut.span for cut in cuts] == list(page.dumps)
            and judge.alike(one.values["print_r"], json.loads(cuts[0].value or "null"))
            and text_columns(document) == page.prose()
        )
    assert right >= SHARE_OF_PRINT_R * told > 0


@pytest.mark.parametrize("form", READ)
def test_every_law_holds_whatever_php_prints(form: Form, printed: list[Printed], check_laws: CheckLaws) -> None:
    for page, one in pages_of(form, printed, DAMAGES["none"].apply):
        document = check_laws(CLEANER, Record("page.txt", 0, page.raw))
        assert document is None or page.prose_lost(document.claims) == 0, one.source


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
@pytest.mark.parametrize("form", READ)
def test_no_damage_costs_a_byte_of_prose(
    form: Form, damage: Damage, printed: list[Printed], check_laws: CheckLaws
) -> None:
    for page, one in pages_of(form, printed[:DAMAGED], damage.apply):
        document = check_laws(CLEANER, Record("page.txt", 0, page.raw))
        assert document is None or page.prose_lost(document.claims) == 0, one.source


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS.keys())
@pytest.mark.parametrize("form", READ)
def test_a_dump_that_breaks_off_takes_no_prose_with_it(
    form: Form, cut: Callable[[random.Random, str], str], printed: list[Printed], check_laws: CheckLaws
) -> None:
    rng = random.Random(SEED)  # noqa: S311 - the same breaks each time
    for page, one in pages_of(form, printed[:DAMAGED], lambda text: cut(rng, text), ("at the end",)):
        document = check_laws(CLEANER, Record("page.txt", 0, page.raw))
        assert document is None or page.prose_lost(document.claims) == 0, one.source


# ------------------------------------------------------------------------------------------------ of the oracle itself


NONE_YET = {"$uninitialized": "?int"}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("[1, 1.0, true, null, 'x']", [1, 1.0, True, None, "x"]),
        ("[1 => 'x']", {"1": "x"}),
        ("[NAN, -INF]", [{"$float": "NAN"}, {"$float": "-INF"}]),
        ('["caf\\xe9"]', [{"$bytes": "Y2Fm6Q=="}]),
        ("[Tide::Ebb]", [{"$enum": "Tide::Ebb"}]),
        ("circular(1)", {"$class": "Node", "self": {"$recursion": True}, "value": 1}),
        ("shared_reference(2)", {"first": 2, "second": 2}),
        ("static fn (int $a) => 1", {"$class": "Closure", "parameter": {"$a": "<required>"}}),
        ("new Stop(7)", {"$class": "Stop", "number": 7, "next": NONE_YET}),
        (
            "new Ferry(1, 2, 3, 4)",
            {"$class": "Ferry", "name": 1, "cargo": 2, "log": 3, "Ferry::log": 4, "decks": NONE_YET},
        ),
    ],
)
def test_the_oracle_says_what_a_value_is(source: str, value: object) -> None:
    try:
        (one,) = print_sources([source])
    except NoPhpError as missing:
        pytest.skip(str(missing))
    assert one.values["var_dump"] == value
