"""Damaged JSON: how much of it is recovered, how much is silently wrong, and what other libraries make of the same.

White space inside a text counts as one blank, for which of them a line break has replaced cannot be known.
"""

from __future__ import annotations

import gc
import html
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec
import pyarrow as pa

from bench.quality.figures import SHARED_CASES, Figure, Section, at_least, at_most
from bench.quality.json_damage import DAMAGES, SOUND, Case, items, plain, title
from pipeline.items import ItemMap, ListedItems, read_sound
from pipeline.model import ItemList, ItemSource, Listed
from pipeline.profiles import load
from pipeline.recovery import recover
from pipeline.store.related import build

Outcome: TypeAlias = Literal["exact", "exact, flagged", "wrong, flagged", "silently wrong", "rejected"]

CASES_OF_A_KIND = 60
"""Of each kind at most: the other libraries take a millisecond for each."""
EXACT, WRONG = 93.0, 0.5
"""Targets in per cent: recovered as it was, at least; wrong and not flagged, at most."""
STRICT_FACTOR = 3.0
"""How many times as long as a bare typed decode a sound document may take until its items are records."""
ROUNDS, LISTS, ITEMS = 20, 400, 10
CUT = 100
"""Bytes that a list lacks which is cut short."""


class Verdict(NamedTuple):
    """What a library made of a case, and by which rung of the ladder, if it has one."""

    outcome: Outcome
    rung: str = ""


Library: TypeAlias = Callable[[Case], Verdict]


def measure(seed: int, size: int) -> list[Section]:
    """Return what is recovered of fresh damage and of shared cases, and what a sound document costs."""
    return [_generated(seed, min(size, CASES_OF_A_KIND)), _shared(), _speed(seed)]


def _generated(seed: int, size: int) -> Section:
    cases = [
        damage(rng)
        for name, damage in {"nothing": SOUND, **DAMAGES}.items()
        for rng in [random.Random(f"{seed} {name}")]
        for _ in range(size)
    ]
    note = f"{len(cases)} cases made up from this seed: {len(DAMAGES)} kinds of damage, and sound documents"
    return Section("JSON recovery: generated damage", note, tuple(_figures(cases)))


def _shared() -> Section:
    path = SHARED_CASES / "json_damage.jsonl"
    title = "JSON recovery: shared cases"
    if not path.exists():
        return Section(title, f"not measured: there is no {path.name} beside this checkout")
    with path.open("rb") as lines:
        rows = [json.loads(line) for line in lines]
    cases = [Case(row["text"].encode("utf-8", "surrogatepass"), row["truth"]) for row in rows]
    return Section(title, f"{len(cases)} documents of public pages, damaged by others", tuple(_figures(cases)))


def _figures(cases: list[Case]) -> Iterable[Figure]:
    verdicts, milliseconds = _judge(_ladder, cases)
    counts = Counter(verdict.outcome for verdict in verdicts)
    exact = counts["exact"] + counts["exact, flagged"]
    yield at_least("exact", exact, len(cases), EXACT)
    yield at_most("silently wrong", counts["silently wrong"], len(cases), WRONG)
    first_rungs = [verdict for verdict in verdicts if verdict.rung in ("strict", "envelope")]
    wrong = sum("wrong" in verdict.outcome for verdict in first_rungs)
    yield Figure("wrong on the rungs strict and envelope", f"{wrong} of {len(first_rungs)}", "0", wrong == 0)
    for outcome in ("exact, flagged", "wrong, flagged", "rejected"):
        yield Figure(outcome, _share(counts[outcome], len(cases)))
    yield Figure("processor time", f"{milliseconds:.2f} ms a case")
    for name, library in _others().items():
        verdicts, milliseconds = _judge(library, cases)
        counts = Counter(verdict.outcome for verdict in verdicts)
        told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in ("exact", "silently wrong", "rejected"))
        yield Figure(f"beside it: {name}", f"{told}; {milliseconds:.2f} ms")


def _share(number: int, of: int) -> str:
    return f"{100 * number / of:.2f} % ({number} of {of})"


def _judge(library: Library, cases: list[Case]) -> tuple[list[Verdict], float]:
    start = time.thread_time()
    verdicts = [library(case) for case in cases]
    return verdicts, (time.thread_time() - start) / len(cases) * 1e3


def _ladder(case: Case) -> Verdict:
    found = recover(case.raw)
    if found.json is None:
        return Verdict("exact" if case.truth == [] else "rejected")
    if _same(found.data, case.truth):
        return Verdict("exact, flagged" if found.suspect else "exact", found.recovery)
    return Verdict("wrong, flagged" if found.suspect else "silently wrong", found.recovery)


def _others() -> dict[str, Library]:
    """Return the libraries that mend JSON and are installed."""
    found: dict[str, Library] = {"msgspec": _judged(msgspec.json.decode)}
    try:
        import chompjs
        import json_repair
    except ImportError:
        return found
    found["json_repair"] = _judged(json_repair.loads)
    found["chompjs"] = _judged(chompjs.parse_js_object)
    return found


def _judged(load: Callable[[str], Any]) -> Library:
    """Return the judgement of a library that gives data or fails; none of them flags."""

    def judge(case: Case) -> Verdict:
        try:
            data = load(case.raw.decode("utf-8", "replace"))
        except Exception:  # noqa: BLE001 - each library has failures of its own, and any of them is one
            return Verdict("rejected")
        if not isinstance(data, (list, dict)) or not data:
            return Verdict("exact" if case.truth == [] else "rejected")
        return Verdict("exact" if _same(data, case.truth) else "silently wrong")

    return judge


def _same(found: Any, truth: Any) -> bool:  # noqa: ANN401 - any JSON there is
    return bool(_plain(found) == _plain(truth))


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON there is
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value


def _speed(seed: int) -> Section:
    rng = random.Random(seed)
    document = b""
    while not 1700 <= len(document) <= 2100:  # noqa: PLR2004 - the size of the payloads this is promised for
        document = plain(items(rng, least=ITEMS)).encode()
    alike, mixed = ([_list(rng, mixed=mixed) for _ in range(LISTS)] for mixed in (False, True))
    wider = [text.replace(b'"sort"', b'"paragraphs"') for text in alike]
    profile = load().choose("page.txt", b"")
    known, unknown = (
        ItemMap(profile.fields, media_base="https://media.example", flags=profile.flags, by_shape=True)
        for _ in range(2)
    )

    def again(text: bytes) -> Listed | None:
        return read_sound(bytes(bytearray(text)), known)  # as another page has it

    def new(text: bytes) -> Listed | None:
        unknown.lists.clear()
        return read_sound(text, unknown)

    def rows(texts: Iterable[bytes]) -> None:
        _rows(map(new, texts), unknown.source)

    bare_document, ladder = _in_turn((_bare(document), [document] * LISTS), (recover, [document] * LISTS))
    bare, met, first, first_wider, first_mixed = _in_turn(
        (_bare(alike[0]), alike), (again, alike), (new, alike), (new, wider), (new, mixed)
    )
    in_a_table, *all_rows = (
        each / LISTS for each in _in_turn((_table, [alike]), (rows, [alike]), (rows, [wider]), (rows, [mixed]))
    )
    damaged = {
        "cut short": [text[:-CUT] for text in alike],
        "with entities": [html.escape(text.decode()).encode() for text in alike],
        "with slashes": [text.replace(b'"', b'\\"') for text in alike],
        "in a JSON string": [json.dumps(text.decode()).encode() for text in alike],
    }
    damages = dict(zip(damaged, _in_turn(*((recover, texts) for texts in damaged.values())), strict=True))
    size = sum(map(len, alike)) // len(alike)
    most = f"≤ {STRICT_FACTOR:g} ×"
    return Section(
        "JSON recovery: a sound document",
        f"{size} bytes, {ITEMS} items, the best of {ROUNDS} rounds of {LISTS} different ones, processor time",
        (
            Figure("msgspec, any document into a record for each item", f"{bare_document:.1f} µs"),
            Figure("the ladder", f"{ladder:.1f} µs", most, ladder <= STRICT_FACTOR * bare_document),
            Figure("msgspec, lists into records", f"{bare:.1f} µs"),
            Figure("a list met before", f"{met:.1f} µs", most, met <= STRICT_FACTOR * bare),
            Figure("a new list, read", f"{first:.1f} µs", most, first <= STRICT_FACTOR * bare),
            Figure("a new list, with a key that fills no column", f"{first_wider:.1f} µs"),
            Figure("a new list, of mixed types, not all of which fit", f"{first_mixed:.1f} µs"),
            Figure("msgspec, lists into records, and their values into a table", f"{in_a_table:.1f} µs"),
            Figure("a new list, read and in a table with all that is derived", f"{all_rows[0]:.1f} µs"),
            Figure("the same, with a key that fills no column", f"{all_rows[1]:.1f} µs"),
            Figure("the same, of mixed types", f"{all_rows[2]:.1f} µs"),
            *(Figure(f"a list {how}, recovered", f"{cost:.1f} µs") for how, cost in damages.items()),
        ),
    )


def _table(texts: Sequence[bytes]) -> None:
    """Decode lists, and put their values into columns: the least that rows of them cost."""
    records = list(chain.from_iterable(map(_bare(texts[0]), texts)))
    for name in records[0].__struct_fields__:
        pa.array(list(map(attrgetter(name), records)), pa.string())


def _list(rng: random.Random, *, mixed: bool) -> bytes:
    """Return items as sites print them most: every value a text; of mixed ones some are numbers, and not all fit."""
    made: list[dict[str, Any]] = []
    for place in range(ITEMS):
        number, ticks = rng.randint(10**6, 10**7), 635_946_336_000_000_000 + rng.randrange(864 * 10**9)
        sort: Any = rng.choice([str(number), number, 1.5]) if mixed else str(number)
        made.append(
            {
                "id": number if mixed and place % 2 else str(number),
                "sort": sort,
                "contenttypeid": str(rng.randint(1, 30)),
                "pic": f"/2016/03/27/harbour_{ticks}_25f_4x3.{rng.choice(['jpg', 'mp4'])}",
                "title": title(rng),
            }
        )
    return plain(made).encode()


def _bare(text: bytes) -> Callable[[bytes], list[Any]]:
    names = [
        (f"column_{number}", Any, msgspec.field(name=name)) for number, name in enumerate(msgspec.json.decode(text)[0])
    ]
    return msgspec.json.Decoder(list[msgspec.defstruct("Item", names)]).decode  # type: ignore[misc]


def _rows(lists: Iterable[Listed | None], source: ItemSource) -> None:
    documents = [ListedItems([ItemList(0, "strict", source, given)]) for given in lists if given is not None]
    build(documents, [f"{place:032}" for place in range(len(documents))])


def _in_turn(*asked: tuple[Callable[[Any], object], Sequence[Any]]) -> list[float]:
    """Return the microseconds of processor time that each call takes for one of its texts, in its cheapest round.

    The garbage collector rests, as it does while a run cleans a batch: it would go through all cases of the bench.
    """
    best = [float("inf")] * len(asked)
    gc.disable()
    try:
        for _ in range(ROUNDS):
            for place, (call, texts) in enumerate(asked):
                start = time.thread_time_ns()
                for text in texts:
                    call(text)
                best[place] = min(best[place], (time.thread_time_ns() - start) / len(texts) / 1000)
    finally:
        gc.enable()
    return best
