"""Dumps of Xdebug and of Symfony's VarDumper, printed by the tools themselves, whole and damaged, in prose."""

from __future__ import annotations

import html
import json
import random
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.quality.figures import Figure, Section, at_least, at_most
from pipeline.stages import segments

VAR_DUMPER = Path("/usr/share/php/Symfony/Component/VarDumper/autoload.php")
"""Where distributions install VarDumper."""
MARK = "\x1e"
"""Stands between two dumps of one PHP process."""

CLASSES = """
class Ferry { public $a; protected ?array $b = null; private $c; public $d;
  static function of($a, $b, $c, $d) { $f = new self; $f->a = $a; $f->b = $b; $f->c = $c; $f->d = $d; return $f; } }
enum Tide: string { case High = 'high'; case Low = 'low'; }
"""
XDEBUG = "$print = function ($v) { var_dump($v); };"
SYMFONY = """require %s;
$cloner = new Symfony\\Component\\VarDumper\\Cloner\\VarCloner; $cloner->setMaxItems(-1);
$dumper = new Symfony\\Component\\VarDumper\\Dumper\\%sDumper(null, 'UTF-8', %d);
%s
$fresh = clone $dumper;
$print = function ($v) use ($cloner, &$dumper) { $dumper->dump($cloner->cloneVar($v)); };"""

BEFORE = (
    "Harbour Wall Reopens after Repairs\n\nThe council reopened the wall on Monday. Visitors walked it at once.",
    "Rain fell over the \u201cold town\u201d until noon, and the market's stalls stayed shut.",
)
AFTER = (
    "Crews will return in spring, the harbour master said; \u201cit's a start\u201d.",
    "Two ferries [the larger ones] stayed in port => none sailed. A fare costs 4.50 at most.",
)
WORDS = (
    "rain",
    "ferry's",
    'a "quoted" word',
    "été",
    "東京",
    "a & b",
    "<b>bold</b>",
    "x => 1",
    "]",
    "}",
    "1,5",
    "⛵ sea",
)
LEAST_WORDS = 24
"""Words of a dump that is cut short: half of a smaller one has no complete member, and proves nothing."""
STRAIGHT = str.maketrans("\u201c\u201d\u2018\u2019", "\"\"''")
NAMES = ("name", "первый", "été", "first_name", "x-y")
LINES = ("", "two\nlines", "a\n\nb\n", "tab\there", "  led by blanks")


@dataclass(frozen=True, slots=True)
class Printed:
    """A value in PHP and in the JSON form that it ought to have."""

    code: str
    xdebug: object
    symfony: object


def _string(rng: random.Random) -> str:
    if rng.randrange(7) == 0:
        return rng.choice(LINES)
    return " ".join(rng.choice(WORDS) for _ in range(rng.randrange(1, 6)))


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _scalar(rng: random.Random) -> Printed:
    match rng.choice(("null", "true", "int", "float", "string", "string")):
        case "null":
            return Printed("null", None, None)
        case "true":
            return Printed("true", xdebug=True, symfony=True)
        case "int":
            number = rng.choice((0, -7, rng.randrange(10**9), 2**63 - 1))
            return Printed(str(number), number, number)
        case "float":
            fraction = rng.choice((0.5, -2.25, 1.0, 3.14159, 1e22, -0.001))
            return Printed(repr(fraction), fraction, fraction)
        case _:
            text = _string(rng)
            return Printed(_quoted(text), text, text)


def value(rng: random.Random, depth: int) -> Printed:
    """Return a random value with at most ``depth`` levels below it."""
    kind = rng.choice(("scalar", "scalar", "structure", "structure", "structure", "scalar", "enum"))
    if depth == 0 or kind == "scalar":
        return _scalar(rng)
    if kind == "enum":
        case = rng.choice(("High", "Low"))
        shown = {"$class": "Tide", "name": case, "value": case.lower()}
        return Printed(f"Tide::{case}", {"$enum": f"Tide::{case}"}, shown)
    return structure(rng, depth)


def structure(rng: random.Random, depth: int, least: int = 0) -> Printed:
    """Return a random array or object with at least so many members."""
    kind = rng.choice(("list", "map", "stdClass", "Ferry"))
    size = rng.choice((0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4))
    members = [value(rng, depth - 1) for _ in range(max(size, least))]
    if kind == "Ferry":
        return _ferry([value(rng, depth - 1) for _ in "acd"])
    if kind == "list" or not members:
        code = "[" + ", ".join(member.code for member in members) + "]"
        return Printed(code, [member.xdebug for member in members], [member.symfony for member in members])
    starts = [rng.choice(NAMES) if kind == "stdClass" else _string(rng)[:20].strip() for _ in members]
    keys = [f"{start} {number}" for number, start in enumerate(starts)]
    pairs = ", ".join(f"{_quoted(key)} => {member.code}" for key, member in zip(keys, members, strict=True))
    named: dict[str, object] = {"$class": "stdClass"} if kind == "stdClass" else {}
    return Printed(
        f"(object) [{pairs}]" if named else f"[{pairs}]",
        named | dict(zip(keys, (member.xdebug for member in members), strict=True)),
        named | dict(zip(keys, (member.symfony for member in members), strict=True)),
    )


def _ferry(members: list[Printed]) -> Printed:
    head = {"$class": "Ferry", "b": None}
    return Printed(
        f"Ferry::of({members[0].code}, null, {members[1].code}, {members[2].code})",
        head | dict(zip("acd", (member.xdebug for member in members), strict=True)),
        head | dict(zip("acd", (member.symfony for member in members), strict=True)),
    )


# ------------------------------------------------------------------------------------------------------- damage


def untagged(dump: str) -> str:
    """Drop every tag and decode what is encoded, as the text of a page in a browser."""
    return html.unescape(re.sub(r"<[^<>]*>", "", dump)).strip()


def collapsed(dump: str) -> str:
    """Make one blank of each run of white space."""
    return " ".join(dump.split())


def trimmed(dump: str) -> str:
    """Trim each line."""
    return "\n".join(line.strip() for line in dump.split("\n"))


def crlf(dump: str) -> str:
    """End lines as Windows does."""
    return dump.replace("\n", "\r\n")


def encoded(dump: str) -> str:
    """Encode text as HTML."""
    return html.escape(dump)


def decoded(dump: str) -> str:
    """Decode HTML once."""
    return html.unescape(dump)


def curly(dump: str) -> str:
    """Make straight quotes curly, opening after white space or a bracket."""
    double = re.sub(r'(^|[\s(\[{])"', "\\1\u201c", dump).replace('"', "\u201d")
    return re.sub(r"(^|[\s(\[{])'", "\\1\u2018", double).replace("'", "\u2019")


Damage = Callable[[str], str]
DAMAGES: Mapping[str, Damage] = {
    "whole": str,
    "white space collapsed": collapsed,
    "lines trimmed": trimmed,
    "CRLF": crlf,
    "entities encoded": encoded,
    "entities decoded": decoded,
    "curly quotes": curly,
}


UNINDENTED = {"white space collapsed", "lines trimmed"}


def has_open_end(value: object) -> bool:
    """Whether a property of an object ends with an object: one that comes next may then belong to either.

    Xdebug's HTML tells neither how many properties an object has nor where it ends, except by their indents.

    >>> inner = {"$class": "Pier", "length": 5}
    >>> has_open_end({"$class": "Quay", "pier": [1, inner]}), has_open_end({"$class": "Quay", "pier": [inner, 1]})
    (True, False)
    """
    if isinstance(value, list):
        return any(map(has_open_end, value))
    if not isinstance(value, dict):
        return False
    is_object = "$class" in value
    return any((is_object and _ends_with_object(member)) or has_open_end(member) for member in value.values())


def _ends_with_object(value: object) -> bool:
    if isinstance(value, dict) and "$class" not in value:
        value = list(value.values())
    if isinstance(value, list):
        return bool(value) and _ends_with_object(value[-1])
    return isinstance(value, dict)


def same(read: object, printed: object) -> bool:
    """Whether two values are equal but for what a damage changes inside strings: white space and kinds of quotes."""
    return _plain(read) == _plain(printed)


def _shown_again(read: object, printed: object) -> object:
    """Return a value as printed, with an enum's case that was read as shown before where VarDumper shows it once."""
    if read == {"$recursion": True} and isinstance(printed, dict) and printed.get("$class") == "Tide":
        return read
    if isinstance(read, dict) and isinstance(printed, dict):
        return {key: _shown_again(read.get(key), member) for key, member in printed.items()}
    if isinstance(read, list) and isinstance(printed, list) and len(read) == len(printed):
        return [_shown_again(*pair) for pair in zip(read, printed, strict=True)]
    return printed


def _plain(any_value: object) -> object:
    if isinstance(any_value, str):
        text = any_value.translate(STRAIGHT)
        return " ".join(html.unescape(text).split())
    if isinstance(any_value, dict):
        return {_plain(key): _plain(member) for key, member in any_value.items()}
    return [_plain(member) for member in any_value] if isinstance(any_value, list) else any_value


# ------------------------------------------------------------------------------------------------- forms and figures


@dataclass(frozen=True, slots=True)
class Form:
    """One way of printing.

    Attributes:
        title: Heading of its section.
        tool: Attribute of :class:`Printed` with the JSON form.
        ini: Settings of PHP.
        code: PHP that makes ``$print``.
        change: What is done to each dump before any damage.
        damages: Which damages make sense.
        least: Members of a root at least.
        by_indent: Whether nothing but its indent tells which object a property belongs to.
        limited: Whether the tool leaves something out, so that only spans can be compared.
    """

    title: str
    tool: str
    ini: tuple[str, ...]
    code: str
    change: Damage = str.strip
    damages: tuple[str, ...] = tuple(name for name in DAMAGES if name != "entities decoded")
    least: int = 1
    limited: bool = False
    by_indent: bool = False


LIMITLESS = ("xdebug.var_display_max_depth=-1", "xdebug.var_display_max_data=-1", "xdebug.var_display_max_children=-1")
DEVELOP = ("xdebug.mode=develop", *LIMITLESS)
AS_HTML = (*DEVELOP, "html_errors=1")
NO_XDEBUG = ("xdebug.mode=off",)
TAGGED = tuple(name for name in DAMAGES if name != "curly quotes")


def _symfony(dumper: str, flags: int, more: str = "") -> str:
    return SYMFONY % (_quoted(str(VAR_DUMPER)), dumper, flags, more)


LIMITS = ("xdebug.mode=develop", *(f"xdebug.var_display_max_{what}=3" for what in ("depth", "data", "children")))
CUT_ITEMS = "$cloner->setMaxItems(3); $cloner->setMinDepth(1); $cloner->setMaxString(3);"
FORMS = (
    Form("Xdebug, text", "xdebug", (*DEVELOP, "html_errors=0"), XDEBUG),
    Form("Xdebug, HTML", "xdebug", AS_HTML, XDEBUG, damages=TAGGED, by_indent=True),
    Form("Xdebug, HTML without its tags", "xdebug", AS_HTML, XDEBUG, change=untagged, by_indent=True),
    Form("Xdebug, text, within its limits", "xdebug", (*LIMITS, "html_errors=0"), XDEBUG, limited=True),
    Form("Xdebug, HTML, within its limits", "xdebug", (*LIMITS, "html_errors=1"), XDEBUG, damages=TAGGED, limited=True),
    Form("VarDumper, text, within its limits", "symfony", NO_XDEBUG, _symfony("Cli", 0, CUT_ITEMS), limited=True),
    Form("VarDumper, text", "symfony", NO_XDEBUG, _symfony("Cli", 0)),
    Form("VarDumper, text with lengths", "symfony", NO_XDEBUG, _symfony("Cli", 2)),
    Form("VarDumper, light arrays", "symfony", NO_XDEBUG, _symfony("Cli", 1), damages=("whole", "CRLF"), least=2),
    Form("VarDumper, HTML", "symfony", NO_XDEBUG, _symfony("Html", 0, "$dumper->setDumpHeader('');"), damages=TAGGED),
    Form("VarDumper, HTML with its prologue", "symfony", NO_XDEBUG, _symfony("Html", 0), damages=TAGGED),
    Form("VarDumper, HTML without its tags", "symfony", NO_XDEBUG, _symfony("Html", 0), change=untagged),
)


def printed_by(form: Form, values: list[Printed]) -> list[str]:
    """Return what the tool prints for each value."""
    again = "$dumper = clone $fresh; " if "prologue" in form.title else ""
    lines = [f"{again}$print({each.code}); echo {_quoted(MARK)};" for each in values]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "page.php"
        script.write_text("<?php\n" + CLASSES + form.code + "\n" + "\n".join(lines), "utf-8")
        settings = [part for setting in form.ini for part in ("-d", setting)]
        output = subprocess.run(["php", *settings, str(script)], capture_output=True, check=True).stdout  # noqa: S607 - the machine's own PHP
    return [form.change(dump) for dump in output.decode("utf-8", "surrogateescape").split(MARK)[:-1]]


def measure(seed: int, size: int) -> list[Section]:
    """Measure every form that the tools of this machine print."""
    if shutil.which("php") is None:
        return [Section("Framework dumps", "not measured: PHP is not installed")]
    return [_section(form, seed, size) for form in FORMS]


def _installed(form: Form) -> str:
    """Return why a form cannot be printed here, or nothing."""
    if form.tool == "symfony":
        return "" if VAR_DUMPER.exists() else "Symfony's VarDumper is not installed"
    modules = subprocess.run(["php", "-m"], capture_output=True, check=True, text=True).stdout  # noqa: S607 - as above
    return "" if "xdebug" in modules.lower() else "Xdebug is not installed"


def _section(form: Form, seed: int, size: int) -> Section:
    if why := _installed(form):
        return Section(form.title, f"not measured: {why}")
    rng = random.Random(f"{seed} {form.title}")
    values = [structure(rng, rng.randrange(1, 5), form.least) for _ in range(size)]
    dumps = printed_by(form, values)
    figures: list[Figure] = []
    for name in form.damages:
        spans, right, lost, told = 0, 0, 0, 0
        for each, dump in zip(values, dumps, strict=True):
            damaged = DAMAGES[name](dump)
            span, equal, eaten = _read(damaged, getattr(each, form.tool), rng, exact=name == "whole")
            can_be_told = not (form.by_indent and name in UNINDENTED and has_open_end(getattr(each, form.tool)))
            spans, right, lost, told = spans + span, right + (equal and can_be_told), lost + eaten, told + can_be_told
        goals = (99.5, 99.5) if name == "whole" else (97.0, 93.0)
        figures.append(at_least(f"{name}: span", spans, len(dumps), goals[0]))
        if not form.limited:
            figures.append(at_least(f"{name}: value", right, told, goals[1]))
        figures.append(at_most(f"{name}: documents that lost prose", lost, len(dumps), 0))
    figures += _cut_short(dumps, rng)
    return Section(form.title, f"{len(dumps)} values in prose, printed by the tool itself", tuple(figures))


def _cut_short(dumps: list[str], rng: random.Random) -> list[Figure]:
    """Cut each dump at a random place, where the page ends and where prose goes on; there a mark must tell."""
    ended, marked, right, lost = 0, 0, 0, 0
    dumps = [dump for dump in dumps if len(dump.split()) >= LEAST_WORDS]
    for dump in dumps:
        mark = rng.choice(("", "\u2026", "..."))
        rest = dump[: rng.randrange(len(dump) // 2, len(dump))].rstrip() + mark
        before = rng.choice(BEFORE) + "\n\n"
        raw = (before + rest).encode("utf-8", "surrogateescape")
        start, stop = len(before.encode()), len(raw)
        claims = [claim for claim in segments.read(raw).claims if claim.is_cut]
        ended += bool(claims) and claims[0].span.start == start and claims[-1].span.stop == stop
        raw += b"\n\n" + rng.choice(AFTER).encode()
        claims = [claim for claim in segments.read(raw).claims if claim.is_cut]
        marked += bool(mark)
        right += bool(mark and claims) and claims[0].span.start == start and claims[-1].span.stop == stop
        lost += any(claim.span.start < start or claim.span.stop > stop for claim in claims)
    return [
        at_least("cut short by the end of the page: span", ended, len(dumps), 97),
        at_least("cut short in mid-page, with dots: span", right, marked, 97),
        at_most("cut short in mid-page: documents that lost prose", lost, len(dumps), 0),
    ]


def _read(dump: str, wanted: object, rng: random.Random, *, exact: bool) -> tuple[bool, bool, bool]:
    """Return whether the span of a dump in prose is exact, whether its value is, and whether prose was cut."""
    gap = rng.choice(("\n\n", "\n", " "))
    before, after = rng.choice(BEFORE) + rng.choice(("\n\n", "\n")), gap + rng.choice(AFTER)
    raw = (before + dump + after).encode("utf-8", "surrogateescape")
    start, stop = len(before.encode()), len((before + dump).encode("utf-8", "surrogateescape"))
    claims = [claim for claim in segments.read(raw).claims if claim.is_cut]
    eaten = any(claim.span.start < start or claim.span.stop > stop for claim in claims)
    if len(claims) != 1 or claims[0].span != (start, stop):
        return False, False, eaten
    found = json.loads(claims[0].value or "null")
    wanted = _shown_again(found, wanted)
    return True, found == wanted if exact else same(found, wanted), eaten
