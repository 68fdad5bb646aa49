"""Pages made from a seed: a news site's articles of 1 to 20 kB, and as many of them leaking as is asked for.

Four shapes of page (a wire report, a magazine piece, a page in German, one of plain text with line breaks of Windows)
and four of leak, most of them the one that is met most: a list of related pages as JSON in a dumped string. As on a
real site, pages that stand near each other list the same related pages.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, lru_cache
from itertools import accumulate

import regex

SMALLEST, LARGEST = 1_000, 20_000
"""Bytes of a page; most are small, as on a news site."""
SKEW = 1.9
"""How strongly small pages outnumber large ones; pages have about 4,000 bytes on average."""
FOLDER = 1_000
"""Pages a folder."""

SEED = "lanterns"

VOCABULARY = 6_000
"""Different words of a language; a few of them are most of a text, as in any."""
SYLLABLES = regex.findall(
    r"\p{L}+", "an ber ca dor el fen ga har is ket la mo ner or pil qua ra sel tan ul ver wy zor th st in on er"
)
UMLAUT_SYLLABLES = regex.findall(
    r"\p{L}+", "än ber dör ei fen grü hau is köt la mün ner or pfl quä rö schel tan über ver wie zür ßen st ung"
)
SMALL_WORDS = regex.findall(r"\p{L}+", "the of to and a in for is on that by with as at from was were had")
SMALL_UMLAUT_WORDS = regex.findall(r"\p{L}+", "der die und in den von zu das mit für über nach wird wurde später")
GERMAN_MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli")
PLACES = ("VANTRY", "CRANNOCK", "ULMET", "HESPERBY", "OSKERRA", "BELQUAY")
FLAGS = ("VIDEO: ", "URGENT: ", "PHOTO: ", "", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus of so many pages, of which a share leaks.

    Attributes:
        documents: How many pages.
        leaking: Share of pages with a leak, from 0 to 1.
        seed: What they are made from.
    """

    documents: int
    leaking: float
    seed: str = SEED
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"{self.documents}-{self.leaking:.0%}-{self.seed}".replace("%", ""))

    def pages(self) -> Iterator[tuple[str, bytes]]:
        """Yield each page with the name it stands under."""
        for number in range(self.documents):
            yield f"{number // FOLDER:04d}/{number % FOLDER:03d}.txt", self.page(number)

    def page(self, number: int) -> bytes:
        """Return one page: the same for the same number, whatever the size of the corpus."""
        return self.page_and_leak(number)[0]

    def page_and_leak(self, number: int) -> tuple[bytes, bytes]:
        """Return one page, and what leaked into it, which is nothing on most."""
        chance = random.Random(f"{self.seed}/{number}")
        size = int(SMALLEST * (LARGEST / SMALLEST) ** (chance.random() ** SKEW))
        leak = _leak(chance, self.seed, number) if chance.random() < self.leaking else b""
        shape = chance.choices(SHAPES, (6, 2, 1, 1))[0]
        return shape(chance, max(size - len(leak), SMALLEST // 2), leak), leak


def _wire(chance: random.Random, size: int, leak: bytes) -> bytes:
    when = _moment(chance)
    head = f"{chance.choice(FLAGS)}{_title(chance)}\n\n{when:%a %b %d, %Y %H:%M:%S}\n\n"
    foot = f"\n\n{chance.choice('RT')}{chance.choice('AB')}/{chance.choice('PQ')}K {chance.randrange(10, 99)}\n\n"
    return (head + _prose(chance, size - len(head), _language("plain")) + foot).encode() + leak


def _magazine(chance: random.Random, size: int, leak: bytes) -> bytes:
    when = _moment(chance)
    lead = f"{chance.choice(PLACES)}, {when:%B} {when.day} (AP) — "
    head = f"{_title(chance)}\n\nBy {_title(chance, 2)}\n\n{when:%Y-%m-%d %H:%M}\n\n{lead}"
    paragraphs = _prose(chance, size - len(head), _language("plain")).encode().split(b"\n\n")
    if leak:
        paragraphs.insert(len(paragraphs) // 2, leak)
    return head.encode() + b"\n\n".join(paragraphs) + b"\n"


def _german(chance: random.Random, size: int, leak: bytes) -> bytes:
    language = _language("umlauts")
    day = f"{chance.randrange(1, 29)}. {chance.choice(GERMAN_MONTHS)} {chance.randrange(2013, 2020)}"
    clock = f"{chance.randrange(24):02d}:{chance.randrange(60):02d}"
    head = f"{_sentence(chance, language)[:-1]}\n\n{day}, {clock}\n\n"
    return (head + _prose(chance, size - len(head), language)).encode() + b"\n\n" + leak


def _plain(chance: random.Random, size: int, leak: bytes) -> bytes:
    return _prose(chance, size, _language("plain")).replace("\n\n", "\r\n").encode() + b"\r\n\r\n" + leak


SHAPES: tuple[Callable[[random.Random, int, bytes], bytes], ...] = (_wire, _magazine, _german, _plain)


def _leak(chance: random.Random, seed: str, number: int) -> bytes:
    # A page lists those before it, as its neighbours do.
    items = [_item(seed, number + place) for place in range(chance.randrange(5, 11))]
    return chance.choices(LEAKS, (85, 5, 5, 5))[0](items)


def _dumped_string(items: list[dict[str, str]]) -> bytes:
    text = "[" + " ,".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in items) + " ]"
    return f'string({len(text.encode())}) "{text}"\n'.encode()


def _dumped_array(items: list[dict[str, str]]) -> bytes:
    lines = [f"array({len(items)}) {{"]
    for place, item in enumerate(items):
        lines += [f"  [{place}]=>", f"  array({len(item)}) {{"]
        for key, value in item.items():
            lines += [f'    ["{key}"]=>', f'    string({len(value.encode())}) "{value}"']
        lines.append("  }")
    return ("\n".join([*lines, "}"]) + "\n").encode()


def _printed_array(items: list[dict[str, str]]) -> bytes:
    lines = ["Array", "("]
    for place, item in enumerate(items):
        lines += [f"    [{place}] => Array", "        ("]
        lines += [f"            [{key}] => {value}" for key, value in item.items()]
        lines += ["        )", ""]
    return ("\n".join([*lines, ")"]) + "\n").encode()


def _warning(items: list[dict[str, str]]) -> bytes:
    place = "/srv/site/modules/related.php"
    return f"\nWarning: Undefined array key {len(items)} in {place} on line {len(items) * 7}\n".encode()


LEAKS: tuple[Callable[[list[dict[str, str]]], bytes], ...] = (_dumped_string, _dumped_array, _printed_array, _warning)


@lru_cache(maxsize=64)
def _item(seed: str, number: int) -> dict[str, str]:
    """Return a related page of the site, by the clock of its picture."""
    chance = random.Random(f"{seed}/item/{number}")
    when = _moment(chance)
    ticks = (when - datetime(1, 1, 1)) // timedelta(microseconds=1) * 10 + chance.randrange(10)  # noqa: DTZ001 - a wall clock
    suffix = chance.choice(("jpg", "jpg", "jpg", "png", "mp4"))
    return {
        "id": str(1_800_000 + number),
        "sort": str(3_500_000 + number),
        "contenttypeid": str(chance.randrange(20, 25)),
        "pic": f"/{when:%Y/%m/%d}/harbour_{ticks}_25f_4x3.{suffix}",
        "title": chance.choice(FLAGS) + _title(chance),
    }


def _moment(chance: random.Random) -> datetime:
    seconds, micro = chance.randrange(4 * 365 * 86_400), chance.randrange(10**6)
    return datetime(2013, 1, 1) + timedelta(seconds=seconds, microseconds=micro)  # noqa: DTZ001 - a wall clock


def _title(chance: random.Random, words: int = 7) -> str:
    return _language("plain").some(chance, words).title()


@dataclass(frozen=True, slots=True)
class _Language:
    """Words of a language, the commonest first, and how common each is, added up."""

    words: list[str]
    weights: list[float]

    def some(self, chance: random.Random, count: int) -> str:
        """Return so many words."""
        return " ".join(chance.choices(self.words, cum_weights=self.weights, k=count))


@cache
def _language(name: str) -> _Language:
    """Return an invented language; the words of a rank have a share of one over the rank (Zipf)."""
    chance = random.Random(name)
    syllables, words = (SYLLABLES, SMALL_WORDS) if name == "plain" else (UMLAUT_SYLLABLES, SMALL_UMLAUT_WORDS)
    made = {"".join(chance.choices(syllables, k=chance.randrange(1, 4))): None for _ in range(2 * VOCABULARY)}
    ranked = [*words, *made][:VOCABULARY]
    return _Language(ranked, list(accumulate(1 / rank for rank in range(1, len(ranked) + 1))))


def _prose(chance: random.Random, size: int, language: _Language) -> str:
    paragraphs: list[str] = []
    length = 0
    while length < size or not paragraphs:
        paragraphs.append(" ".join(_sentence(chance, language) for _ in range(chance.randrange(1, 5))))
        length += len(paragraphs[-1]) + 2
    return "\n\n".join(paragraphs)


def _sentence(chance: random.Random, language: _Language) -> str:
    text = language.some(chance, chance.randrange(8, 20))
    return f"{text[0].upper()}{text[1:]}."
