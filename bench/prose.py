"""``python -m bench.prose``: put prose around leaks in every way there is, and look for words that go with them.

A page is words of prose, a leak, and words of prose again, with anything between them that a page may have there:
nothing, a blank, punctuation, an entity, a tag, a line break. The leak is whole, breaks off, or has lost its head. Some
pages have their lines joined or ended with returns. Every word that is cut is printed with its page, and the exit code
is then 1.
"""

from __future__ import annotations

import json
import random
import secrets
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import click
import regex

from bench.quality import php_errors
from bench.quality.leak_pages import BEHIND, CLOSE, OPEN, Form
from bench.quality.leaks import FORMS
from bench.quality.php_values import NoPhpError, print_strings, print_values
from pipeline.families.php_error.tokens import SEVERITIES
from pipeline.model import Claim, Span
from pipeline.stages import segments

CASES = Path(__file__).resolve().parents[1] / "tests/cases"
LONGEST = 3000
"""Bytes of the longest leak that is tried: prose is lost at the ends of one, so longer ones only take longer."""
WRITTEN_EACH, PRINTED = 6, 150
"""How many leaks are written in each form, and how many values a PHP prints."""
BREAKING_OFF, PARAGRAPH_BEFORE, PARAGRAPH_BEHIND, RETURNS, JOINED, FROM_BENCH = 0.3, 0.4, 0.6, 0.15, 0.15, 0.2
"""Shares of pages on which a leak breaks off, prose has another paragraph, lines end with returns or are joined."""

WORDS = (
    "Quovendel",
    "ostrilla",
    "VANTOR",
    "größtal",
    "Ковреля",
    "غورفال",
    "鮏港",
    "תופרין",
    "कोवरी",
    "7th",
    "O'Vendel",
)
"""Words that no leak has."""
SHAPES = (
    "{0}",
    "{0} {1}",
    "{0}, {1} {2}.",
    "“{0} {1},” she said; {2}.",
    '"{0}", said {1}',
    "({0} {1})",
    "[{0}] {1}",
    "{0}: {1} {2}",
    "The {0} of {1} reopened on Monday. {2} came.",
    "12 {0} sank",
    "in {0} on line with {1}",
    "Array of {0}, NULL and {1}",
    "{{{0}}} {1}; {2}",
    "'{0}' => {1}",
    "#{0} @{1} 100% {2}",
    "{0}! Who {1}? Nobody {2}.",
    "« {0} », dit {1}",
    "「{0}」と{1}",
    "a: {0}, s: {1}",
    "object of {0}",
    "string of {0} (5)",
    "from {0} where {1} and {2}",
    "at {0} (see {1})",
    "Notice: {0} is {1}.",
)
"""What stands around a leak; the numbers are places of words."""
JOINTS = (
    *("", "", "", " ", " ", "\n", "\n", "\n\n", "\n\n", "\t", "  ", "\r\n"),
    *("&nbsp;", "\u00a0", "<br>", "<br />\n", "<br/><br/>", "</p>\n<p>", "<p>", "</div>", "<b>", "</b> ", "&lt;br&gt;"),
    *(
        ", ",
        ". ",
        ": ",
        "; ",
        " – ",
        " - ",
        "—",
        "(",
        ")",
        " (",
        ") ",
        "“",
        "”",
        '"',
        "'",
        "&quot;",
        "&#8221;",
        "&amp; ",
    ),
    *("/", "...", "… ", "|", " | ", "*", ">", "<", "=", "\u200b", "\n\t", "\n    ", "!", "? ", "\\"),
)
"""What stands between words and a leak."""


LINES = (b"\n", b"\n\n", b"\r\n", b"<br>", b"</p>\n<p>")
PARAGRAPHS = (b"\n\n", b"\r\n\r\n", b"</p>\n<p>")


BEHIND_JOINTS = tuple(joint.encode() for joint in JOINTS)


class Part(NamedTuple):
    """A stretch of a page; of prose, every byte that is not white is to stay."""

    text: bytes
    is_prose: bool


class Leak(NamedTuple):
    """A leak as it was written, perhaps with prose of its own inside."""

    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page in parts, and what it was made of."""

    name: str
    parts: tuple[Part, ...]

    @property
    def raw(self) -> bytes:
        """The page."""
        return b"".join(part.text for part in self.parts)

    def shown(self) -> str:
        """Return the page with brackets around what is no prose."""
        return b"".join(
            part.text if part.is_prose else b"\xe2\x9f\xa6" + part.text + b"\xe2\x9f\xa7" for part in self.parts
        ).decode("utf-8", "replace")


class Loss(NamedTuple):
    """Bytes of prose that were cut, and by which claim."""

    text: bytes
    claim: Claim


def losses(page: Page) -> Iterator[Loss]:
    """Give every stretch of prose that the cuts of a page share with it."""
    raw = page.raw
    cuts = [claim for claim in segments.read(raw).claims if claim.is_cut and claim.family != "html"]
    start = 0
    for part in page.parts:
        stop = start + len(part.text)
        for claim in cuts if part.is_prose else ():
            both = Span(max(start, claim.span.start), min(stop, claim.span.stop))
            if both.start < both.stop and _WORD.search(_TAG.sub(b"", both.of(raw))):
                yield Loss(both.of(raw), claim)
        start = stop


_WORD = regex.compile(rb"[A-Za-z0-9\xc3-\xf4]")
_TAG = regex.compile(rb"(?:<|&lt;)/?[a-z]+ ?/?(?:>|&gt;)|&[a-z]+;|&#[0-9]+;")
"""What a page puts between words; it may go with a leak."""
_NAME_FIRST = regex.compile(
    rb"(?!(?:" + rb"|".join(SEVERITIES) + rb"|Array|array|string|object)\b|[aO]:[0-9])[A-Za-z_$\\]"
)
_IN_NAME = regex.compile(rb"(?:[\w$]|[\xc2-\xf4][\x80-\xbf]+)[.\\/:>$@'-]{0,2}\Z")
_OPERATORS = (b",", b"-", b"*", b"/")
_FREE_LAST = regex.compile(
    rb"(?:\b\w*(?:Error|Exception|Gone)\b|ORA-[0-9]{5}|SQLSTATE\[|SQLITE_\w+|Liquid (?:syntax )?error"
    rb"|error '[0-9a-f]{8}'"
    rb"|\]\[|^ERROR: |\b(?:FROM(?: [a-z]+)?|ON|WHERE|BY|AND|=)\s*\Z|^[a-z]+\.[A-Z])(?![^\r\n]*\{main\})[^\r\n]*\Z",
    regex.MULTILINE,
)
"""A message in words of its own: nothing but the end of its line tells it from prose."""


def parts_of(text: str) -> tuple[Part, ...]:
    """Return the parts of a leak that was written with marks; all of it is leak where there are none."""
    if OPEN not in text:
        return (Part(text.encode(), is_prose=False),)
    parts: list[Part] = []
    inside = False
    for piece in regex.split(f"([{OPEN}{CLOSE}])", text):
        if piece in {OPEN, CLOSE}:
            inside = piece == OPEN
        elif piece:
            parts.append(Part(piece.encode(), is_prose=not inside))
    return tuple(parts)


def written(rng: random.Random, times: int) -> Iterator[Leak]:
    """Give leaks of every form that this benchmark writes."""
    forms: Mapping[str, Mapping[str, Form]] = {**FORMS, "php_error": php_errors.FORMS}
    for family, makes in forms.items():
        for form, make in makes.items():
            for _ in range(times):
                yield Leak(f"{family}: {form}", parts_of(make(rng).strip("\n")))


def printed(seed: int, size: int) -> Iterator[Leak]:
    """Give dumps of random values, printed by the PHP of this machine.

    Raises:
        NoPhpError: No ``php`` is on the path, or it failed.
    """
    for value in (*print_values(seed, size), *print_strings(seed, size // 3)):
        for form, dump in value.dumps.items():
            if len(dump) <= LONGEST:
                yield Leak(f"printed: {form}", (Part(dump.rstrip(b"\n"), is_prose=False),))


def of_cases() -> Iterator[Leak]:
    """Give what the cases of the tests have cut."""
    for told in sorted(CASES.glob("*/*/*.json")):
        raw = told.with_suffix(".raw").read_bytes()
        for artifact in json.loads(told.read_text("utf-8"))["artifacts"]:
            text = raw[artifact["start"] : artifact["stop"]].strip(b"\r\n")
            if artifact["status"] in {"exact", "repaired", "ambiguous"} and text and len(text) <= LONGEST:
                family = told.parts[-3]
                yield Leak(f"{family}: {artifact['rule']}, {told.stem}", (Part(text, is_prose=False),))


def prose(rng: random.Random) -> bytes:
    """Return words of prose."""
    if rng.random() < FROM_BENCH:
        return rng.choice(BEHIND).encode()
    return rng.choice(SHAPES).format(*rng.sample(WORDS, 3)).encode()


def _before(name: str, head: bytes, joint: bytes, leak: bytes) -> bytes:
    """Return what stands between words and a leak: nothing that would make its first name a longer one, or a value."""
    if _NAME_FIRST.match(leak) and _IN_NAME.search(head + joint):
        joint += b" "
    is_assigned = joint.endswith(b"=") and name.startswith(("script", "embedded_json"))
    return joint + b" . " if is_assigned else joint


def _goes_on(text: bytes, said: bytes) -> bool:
    """Whether the first word of prose would be the end of a word, of a number or of a text in quotes."""
    last, first = text[-2:].decode("utf-8", "replace"), said.decode()[:1]
    is_word = last[-1:].isalnum() and first.isalnum()
    return is_word or (last[:1].isalnum() and last[1:] == "." and first.isalnum()) or last[-1:] == first


def page_of(rng: random.Random, leak: Leak, *, breaks_off: bool) -> Page:
    """Write a page around a leak.

    What nothing can tell apart is kept apart: a word and a name or number right beside it, a message in words of its
    own and words on its line, an operand and an operator of a statement. A leak that breaks off has a paragraph of
    whole sentences behind it.
    """
    parts = (_broken(rng, leak),) if breaks_off else leak.parts
    first, last = parts[0].text, parts[-1].text
    head, said = prose(rng), rng.choice(BEHIND).encode() if breaks_off else prose(rng)
    before = _before(leak.name, head, rng.choice(JOINTS).encode(), first)
    is_free = _FREE_LAST.search(last) is not None
    behind = rng.choice(PARAGRAPHS if breaks_off else LINES if is_free else BEHIND_JOINTS)
    if behind.strip() in _OPERATORS and leak.name.startswith("sql_error"):
        behind = b". "
    if _goes_on(last, behind + said):
        behind = b" " + behind
    page = [Part(head + before, is_prose=True), *parts, Part(behind + said, is_prose=True)]
    if rng.random() < PARAGRAPH_BEFORE:
        page.insert(0, Part(prose(rng) + b"\n\n", is_prose=True))
    if breaks_off or rng.random() < PARAGRAPH_BEHIND:
        page.append(Part(rng.choice((b"\n", b"\n\n")) + prose(rng), is_prose=True))
    if rng.random() < RETURNS:
        page = [Part(part.text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), part.is_prose) for part in page]
    elif rng.random() < JOINED and not (breaks_off or is_free):
        page = [Part(b" ".join(part.text.split(b"\n")), part.is_prose) for part in page]
    return Page(leak.name, tuple(page))


def _broken(rng: random.Random, leak: Leak) -> Part:
    """Return a leak that breaks off at any character."""
    whole = b"".join(part.text for part in leak.parts if not part.is_prose).decode("utf-8", "ignore")
    return Part(whole[: rng.randint(min(1, len(whole)), len(whole))].encode(), is_prose=False)


def leaks_of(seed: int, size: int) -> dict[str, list[Leak]]:
    """Return leaks by form: those that this benchmark writes, those of the cases, and those that a PHP printed."""
    found = [*written(random.Random(seed), WRITTEN_EACH), *of_cases()]
    try:
        found += printed(seed, size)
    except NoPhpError as missing:
        print(f"prose: {missing}")
    forms: dict[str, list[Leak]] = {}
    for one in found:
        forms.setdefault(one.name, []).append(one)
    return forms


@click.command()
@click.option("--pages", type=click.IntRange(min=1), default=20_000, show_default=True, help="How many pages to try.")
@click.option("--seed", type=int, default=None, help="Seed of the pages; a fresh one when left out.")
@click.option("--only", default="", help="Try leaks whose name holds this, such as 'php_error: ' or 'printed'.")
def main(pages: int, seed: int | None, only: str) -> None:
    """Look for words of prose that are cut with a leak; exit with 0 when there are none."""
    seed = secrets.randbelow(2**32) if seed is None else seed
    forms = [leaks for name, leaks in sorted(leaks_of(seed, PRINTED).items()) if only in name]
    if not forms:
        raise click.BadParameter("no leak has such a name", param_hint="--only")
    print(f"seed {seed}, {pages} pages with {sum(map(len, forms))} leaks of {len(forms)} forms", flush=True)
    rng = random.Random(seed)
    lost = 0
    for _ in range(pages):
        page = page_of(rng, rng.choice(rng.choice(forms)), breaks_off=rng.random() < BREAKING_OFF)
        found = list(losses(page))
        lost += bool(found)
        for text, claim in found:
            print(
                f"\n{page.name}: {claim.family} {claim.rule} {claim.status} takes {text.decode('utf-8', 'replace')!r}"
            )
            print(f"  {page.shown()!r}", flush=True)
    print(f"{lost} of {pages} pages lost prose")
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
