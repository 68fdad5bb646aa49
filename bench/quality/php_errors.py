"""Errors of PHP in prose: how many are cut with their exact span, and how much prose goes with them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.quality.figures import SHARED_CASES, Figure, Section, at_least
from pipeline.model import Span
from pipeline.stages import segments

_EXACT = 99.5
_KIND = "php_error"

_NAMES = ("user", "page_id", "lang", "itemCount", "sort", "q", "media", "token", "theme", "städte")
_FUNCTIONS = ("mysqli_query", "file_get_contents", "array_merge", "Cache\\Pool::fetch", "strpos", "Feed->load", "count")
_CLASSES = ("RuntimeException", "TypeError", "Shop\\Cart\\Missing", "PDOException", "ValueError", "Paper\\Gone")
_FOLDERS = (
    "/var/www/html",
    "/home/user7/public_html/wp-content/plugins/gallery lite",
    "/srv/sites/made in town/htdocs",
    "C:\\inetpub\\wwwroot\\site",
    "D:/Web Sites/daily",
    "\\\\nas\\web",
    "phar:///opt/tools/build.phar/src",
)
_FILES = ("index.php", "lib/db.inc", "class.feed.php", "views/page.phtml", "modules/poll/poll.module", "a b.php")
_CODE = ("", "", "", "", "(12) : eval()'d code", " : eval()'d code", "(7) : runtime-created function")
_NAMELESS = ("Unknown", "Command line code", "Standard input code")
_NAMELESS_SHARE = 0.05
_MESSAGES: tuple[tuple[str, str], ...] = (
    ("Notice", "Undefined index: {name}"),
    ("Warning", 'Undefined array key "{name}"'),
    ("Warning", "Undefined variable ${name}"),
    ("Deprecated", "{function}(): Passing null to parameter #{n} (${name}) of type string is deprecated"),
    ("Strict Standards", "Only variables should be passed by reference"),
    ("Warning", "{function}(): open_basedir restriction in effect in {function}"),
    ("Warning", "{function}(./cache/{name}.html): failed to open stream: No such file or directory"),
    ("Fatal error", "Allowed memory size of {n}34217728 bytes exhausted (tried to allocate {n} bytes)"),
    ("Fatal error", "Call to undefined function {function}()"),
    ("Parse error", "syntax error, unexpected '}}', expecting ',' or ';'"),
    ("Recoverable fatal error", "Object of class {class_} could not be converted to string"),
    ("Catchable fatal error", "Argument {n} passed to {function}() must be an instance of {class_}, none given"),
    ("Warning", "Cannot modify header information - headers already sent by (output started at /tmp/{name}.php:{n})"),
    ("Notice", "Import of <b>{name}</b> stopped in stage {n}: nothing in reach"),
    ("Warning", "Two lines were read:\n{name} = {n}\nand no more"),
    ("Unknown error", "{name}"),
)
_PROSE = (
    "The council met on Thursday and put off the vote on the new quay until the spring.",
    "Nobody had warned the anglers; a notice in the harbour office said only that the pier was shut.",
    "“We waited in line for two hours,” said Ana Petrov, who had come from the island in the morning.",
    "Warning: ice on the harbour wall, read the sign that greeted walkers on Sunday.",
    "El puente volverá a abrir en marzo, dijo la alcaldesa, que no quiso dar más detalles.",
    "Der Fahrplan bleibt bis auf Weiteres, wie er ist, teilte die Reederei am Montag mit.",
    "Prices rose by 3.4 per cent in a year, the third rise in a row, the bank said on line and in print.",
)


def _place(rng: random.Random) -> str:
    if rng.random() < _NAMELESS_SHARE:
        return rng.choice(_NAMELESS)
    folder, file = rng.choice(_FOLDERS), rng.choice(_FILES)
    separator = "\\" if "\\" in folder else "/"
    return f"{folder}{separator}{file.replace('/', separator)}{rng.choice(_CODE)}"


@dataclass(frozen=True, slots=True)
class _Error:
    severity: str
    message: str
    file: str
    line: int

    def plain(self) -> str:
        return f"{self.severity}: {self.message} in {self.file} on line {self.line}"

    def html(self) -> str:
        return f"<br />\n<b>{self.severity}</b>:  {self.message} in <b>{self.file}</b> on line <b>{self.line}</b><br />"

    def log(self) -> str:
        return f"PHP {self.severity}:  {self.message} in {self.file} on line {self.line}"


def _error(rng: random.Random) -> _Error:
    severity, message = rng.choice(_MESSAGES)
    slots = {
        "name": rng.choice(_NAMES),
        "function": rng.choice(_FUNCTIONS),
        "class_": rng.choice(_CLASSES),
        "n": rng.randint(1, 9),
    }
    return _Error(severity, message.format(**slots), _place(rng), rng.randint(1, 4000))


def _rows(rng: random.Random, file: str) -> str:
    calls = [f"{rng.choice(_FUNCTIONS)}('{rng.choice(_NAMES)}', Array)" for _ in range(rng.randint(0, 4))]
    rows = [f"#{place} {file}({rng.randint(1, 900)}): {call}" for place, call in enumerate(calls)]
    return "\n".join([*rows, f"#{len(rows)} {{main}}"])


def _exception(rng: random.Random, file: str) -> str:
    line = rng.randint(1, 900)
    message = rng.choice(("", ": No seat in row 7", ": SQLSTATE[42S02]: no such table", ": Cart is\nempty"))
    return f"{rng.choice(_CLASSES)}{message} in {file}:{line}\nStack trace:\n{_rows(rng, file)}"


def _chain(rng: random.Random) -> tuple[str, str]:
    file = rng.choice(_FOLDERS[:3]) + "/" + rng.choice(_FILES)
    return "\n\nNext ".join(_exception(rng, file) for _ in range(rng.choice((1, 1, 2)))), file


def _uncaught(rng: random.Random) -> str:
    chain, file = _chain(rng)
    return f"Fatal error: Uncaught {chain}\n  thrown in {file} on line {rng.randint(1, 900)}"


def _call_stack(rng: random.Random) -> str:
    rows = [f"    0.000{place}     39{place}624   {place}. f($a = {place}) /srv/a.php:{place}" for place in range(1, 4)]
    return _error(rng).plain() + "\n\nCall Stack:\n" + "\n".join(rows[: rng.randint(1, 3)])


def _table(rng: random.Random) -> str:
    rows = [f"{place}\t0.000{place}\t39{place}624\tf( $a = {place} )\t.../a.php:{place}" for place in range(1, 4)]
    head = f"( ! ) {_error(rng).plain()}\nCall Stack\n#\tTime\tMemory\tFunction\tLocation\n"
    return head + "\n".join(rows[: rng.randint(1, 3)])


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _dropped(text: str, by: str) -> str:
    for tag in ("<br />", "<b>", "</b>"):
        text = text.replace(tag, by)
    return text.strip()


def _encoded(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _stamped(rng: random.Random) -> str:
    return f"[{rng.randint(1, 28):02}-Mar-2016 11:55:{rng.randint(0, 59):02} UTC] {_error(rng).log()}"


FORMS: Mapping[str, Callable[[random.Random], str]] = {
    "plain": lambda rng: _error(rng).plain(),
    "html": lambda rng: _error(rng).html(),
    "html, tags dropped": lambda rng: _dropped(_error(rng).html(), ""),
    "html, tags became blanks": lambda rng: _dropped(_error(rng).html(), " "),
    "html, tags became line breaks": lambda rng: _dropped(_error(rng).html(), "\n"),
    "html, encoded": lambda rng: _encoded(_error(rng).html()),
    "log": _stamped,
    "log, no clock": lambda rng: _error(rng).log(),
    "uncaught": _uncaught,
    "printed exception": lambda rng: _chain(rng)[0],
    "xdebug": _call_stack,
    "xdebug table": _table,
}


def one(rng: random.Random) -> str:
    """Return an error as PHP prints it into a page, in any form but that of its log."""
    return FORMS[rng.choice(("plain", "html", "html, tags dropped", "uncaught", "xdebug"))](rng)


def prose(rng: random.Random) -> str:
    """Return paragraphs without any error, some with words of warning."""
    return "\n\n".join(rng.sample(_PROSE, rng.randint(2, len(_PROSE))))


@dataclass(frozen=True, slots=True)
class _Page:
    raw: bytes
    errors: tuple[Span, ...]


def _page(rng: random.Random, make: Callable[[random.Random], str], *, collapsed: bool) -> _Page:
    """Return prose with errors before, between, behind or (collapsed) within its sentences."""
    at = rng.randrange(5)
    parts: list[tuple[str, bool]] = [(text, False) for text in rng.sample(_PROSE, 4)]
    parts[at:at] = [(make(rng), True) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    raw, errors = b"", []
    for place, (text, is_error) in enumerate(parts):
        if place:
            joined = is_error and parts[place - 1][1]
            raw += b" " if collapsed else b"\n" if joined else b"\n\n"
        said = (_collapsed(text) if collapsed else text).encode()
        if is_error:
            errors.append(Span(len(raw), len(raw) + len(said)))
        raw += said
    return _Page(raw, tuple(errors))


@dataclass(slots=True)
class _Tally:
    errors: int = 0
    exact: int = 0
    prose_lost: int = 0

    def add(self, page: _Page) -> None:
        cuts = [claim.span for claim in segments.read(page.raw).claims if claim.is_cut]
        self.errors += len(page.errors)
        self.exact += len(set(page.errors) & set(cuts))
        self.prose_lost += lost(page.raw, page.errors, cuts)


def lost(raw: bytes, errors: tuple[Span, ...], cuts: list[Span]) -> int:
    """Return how many bytes that are neither white nor part of an error were cut.

    >>> lost(b"one two three", (Span(4, 7),), [Span(2, 9)])
    2
    """
    kept = bytearray(raw)
    for span in errors:
        kept[span.start : span.stop] = b" " * (span.stop - span.start)
    return sum(len(b"".join(bytes(kept[span.start : span.stop]).split())) for span in cuts)


def measure(seed: int, size: int) -> list[Section]:
    """Measure errors in prose, and those of real pages where they stand beside the checkout."""
    rng = random.Random(seed)
    figures: list[Figure] = []
    prose_lost = 0
    for form, make in FORMS.items():
        for collapsed in (False, True):
            tally = _Tally()
            while tally.errors < size:
                tally.add(_page(rng, make, collapsed=collapsed))
            what = f"exact span: {form}{', in one line' if collapsed else ''}"
            figures.append(at_least(what, tally.exact, tally.errors, _EXACT))
            prose_lost += tally.prose_lost
    figures.append(Figure("prose bytes lost", str(prose_lost), "0", prose_lost == 0))
    note = "errors from templates of this benchmark, alone or several in a row, at head, foot and within prose"
    return [Section("PHP errors", note, tuple(figures)), _real()]


def _real() -> Section:
    folder = SHARED_CASES / "leaks"
    if not folder.is_dir():
        return Section("PHP errors of real pages", f"not measured: there is no folder {folder}")
    found = total = 0
    for page in _pages(folder):
        cuts = [claim.span for claim in segments.read(page.raw).claims if claim.is_cut]
        total += len(page.errors)
        found += len(set(page.errors) & set(cuts))
    return Section("PHP errors of real pages", f"pages of {folder}", (at_least("exact span", found, total, _EXACT),))


def _pages(folder: Path) -> Iterator[_Page]:
    for row in map(json.loads, (folder / "index.jsonl").read_text("utf-8").splitlines()):
        if row["kind"] != _KIND:
            continue
        raw = (folder / row["file"]).read_bytes()
        text = raw.decode()
        spans = [Span(len(text[:start].encode()), len(text[:stop].encode())) for start, stop in row["spans"]]
        yield _Page(raw, tuple(spans))
