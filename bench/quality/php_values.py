"""Random nested PHP values, printed by a real ``php``: each dump beside what the value truly is.

Values are written as PHP expressions. One ``php`` process prints all of them in every form and says what each is, by
reflection (``php_oracle.php``), so the truth owes nothing to the readers that are judged by it.
"""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from bench.quality.php_strings import DUMP_LIKE, FOREIGN, HTML, QUOTED, RAW, WHITE, WORDS

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"
Form = Literal["var_dump", "debug_zval_dump", "print_r", "var_export", "serialize", "xdebug", "xdebug_html"]
FORMS: tuple[Form, ...] = get_args(Form)
OWN_FORMS = FORMS[:5]
"""The forms that need nothing but PHP itself."""

ORACLE = Path(__file__).with_name("php_oracle.php")
DEEPEST = 4
"""Levels of containers in a generated value."""
WIDEST = 5
"""Members of a generated container."""


class NoPhpError(Exception):
    """There is no ``php`` on the path, or it cannot print the values."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One value as PHP printed it.

    Attributes:
        source: The PHP expression that makes it.
        dumps: The output of each function that can print it; closures, for example, cannot be serialized.
        values: What it is, as much of it as each function can tell, in the mapping of the data dictionary.
    """

    source: str
    dumps: Mapping[Form, bytes]
    values: Mapping[Form, JSON]

    @property
    def is_container(self) -> bool:
        """Whether it is an array or an object, and no scalar."""
        return self.dumps["var_dump"].startswith((b"array(", b"object("))


def print_values(seed: int, size: int) -> list[Printed]:
    """Return ``size`` random values, printed.

    Raises:
        NoPhpError: No ``php`` is on the path, or it failed.
    """
    writer = ValueWriter(random.Random(seed))
    return print_sources([writer.root() for _ in range(size)])


def print_strings(seed: int, size: int) -> list[Printed]:
    """Return ``size`` random strings, printed.

    Raises:
        NoPhpError: No ``php`` is on the path, or it failed.
    """
    writer = ValueWriter(random.Random(seed))
    return print_sources([writer.string() for _ in range(size)])


def print_sources(sources: list[str]) -> list[Printed]:
    """Return the values of PHP expressions, printed by one ``php`` without any settings of this machine.

    Raises:
        NoPhpError: No ``php`` is on the path, or it failed.
    """
    php = shutil.which("php")
    if php is None:
        raise NoPhpError("no php here: install php-cli (Debian, Ubuntu: apt install php-cli)")
    script = ORACLE.read_text("utf-8") + "".join(f"emit(static fn () => {source});\n" for source in sources) + "}\n"
    plain = _run([php, "-n"], script)
    if len(plain) != len(sources):
        raise NoPhpError(f"php printed {len(plain)} of {len(sources)} values")
    overloaded = _run([php, "-n", *_XDEBUG], script)
    if len(overloaded) != len(sources) or not overloaded[0].keys() <= {"xdebug", "xdebug_html"}:
        overloaded = [{}] * len(sources)
    return [_printed(source, one | other) for source, one, other in zip(sources, plain, overloaded, strict=True)]


_XDEBUG = [
    word
    for setting in (
        "display_startup_errors=0",
        "zend_extension=xdebug",
        "xdebug.mode=develop",
        "xdebug.var_display_max_depth=-1",
        "xdebug.var_display_max_data=-1",
        "xdebug.var_display_max_children=-1",
    )
    for word in ("-d", setting)
]
"""What loads Xdebug, where it is installed, and has it print whole values; where it is not, nothing is said."""


def _run(php: list[str], script: str) -> list[dict[Form, tuple[bytes, JSON]]]:
    """Return what ``php`` prints of each value.

    Some forms name the file of the script; it gets a name that does not change from run to run.
    """
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder).resolve() / "page.php"
        page.write_text(script, "utf-8")
        command = [*php, "-d", "memory_limit=1G", str(page)]
        done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise NoPhpError(f"php failed on the generated values: {(done.stderr or done.stdout)[-500:]!r}")
    where = str(page.parent).encode()
    rows: list[dict[Form, tuple[str, JSON]]] = [json.loads(row) for row in done.stdout.splitlines()]
    return [
        {form: (base64.b64decode(text).replace(where, b"/var/www/site"), value) for form, (text, value) in row.items()}
        for row in rows
    ]


def _printed(source: str, row: dict[Form, tuple[bytes, JSON]]) -> Printed:
    dumps = {form: text for form, (text, _) in row.items()}
    return Printed(source, dumps, {form: value for form, (_, value) in row.items()})


class ValueWriter:
    """Writes random values as PHP expressions."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def root(self) -> str:
        """Return a value as it may be leaked: mostly an array or an object, sometimes a string."""
        if self.rng.random() < 0.2:  # noqa: PLR2004 - a share
            return self.string()
        return self.container(0)

    def value(self, depth: int) -> str:
        """Return any value that may stand inside a container of this depth."""
        if depth < DEEPEST and self.rng.random() < 0.3:  # noqa: PLR2004 - a share
            return self.container(depth)
        return self.rng.choices(
            (self.string(), self.integer(), self.floating(), self.constant(), self.enum(), self.resource()),
            (50, 20, 10, 12, 5, 2),
        )[0]

    def container(self, depth: int) -> str:
        """Return an array or an object."""
        return self.array(depth) if self.rng.random() < 0.6 else self.object(depth)  # noqa: PLR2004 - a share

    def array(self, depth: int) -> str:
        """Return a list, a map, a mixed one, or one with references in it."""
        kind = self.rng.choices(("list", "map", "mixed", "reference", "circular", "same"), (40, 35, 15, 4, 2, 2))[0]
        if kind in {"reference", "circular", "same"}:
            call = {"reference": "shared_reference", "circular": "circular_array", "same": "same_object"}[kind]
            return f"{call}({self.value(depth + 1)})"
        fewest = 1 if depth == 0 and self.rng.random() < 0.9 else 0  # noqa: PLR2004 - empty roots are few, and hold no data
        members = [self.value(depth + 1) for _ in range(self.rng.randint(fewest, WIDEST))]
        if kind == "list":
            return "[" + ", ".join(members) + "]"
        keys = [self.text() if self.rng.random() < 0.05 else self.name() for _ in members]  # noqa: PLR2004 - a share
        if kind == "mixed":
            keys = [str(self.rng.randint(-9, 2000)) if self.rng.random() < 0.5 else key for key in keys]  # noqa: PLR2004
        return "[" + ", ".join(f"{key} => {member}" for key, member in zip(keys, members, strict=True)) + "]"

    def object(self, depth: int) -> str:
        """Return an object of one of the classes the oracle knows."""
        one, two, three, four = (self.value(depth + 1) for _ in range(4))
        named = [f"{self.name()} => {self.value(depth + 1)}" for _ in range(self.rng.randint(int(depth == 0), 4))]
        day = f"2016-03-{self.rng.randint(1, 28):02} 11:55:38"
        return self.rng.choice(
            (
                f"record([{', '.join(named)}])",
                f"record(['5' => {one}, 'x' => {two}])",
                f"new Vessel({one}, {two}, {three})",
                f"new Ferry({one}, {two}, {three}, {four})",
                f"new Stop({self.integer()})",
                f"new Ticket({self.integer()}, {one})",
                f"new \\Harbour\\Model\\Berth({one}, {two}, {three})",
                f"circular({one})",
                f"anonymous({one})",
                self.rng.choice(
                    ("static fn () => 1", "static fn (int $a, ?Node &$b = null) => 1", "static fn (...$rest) => 1")
                ),
                f"new DateTimeImmutable('{day}', new DateTimeZone('Asia/Tehran'))",
            )
        )

    def integer(self) -> str:
        """Return an integer, the outermost ones included."""
        return self.rng.choice(("0", "-1", "PHP_INT_MAX", "PHP_INT_MIN", str(self.rng.randint(-(10**6), 10**12))))

    def floating(self) -> str:
        """Return a float of any kind."""
        return self.rng.choice(
            (
                *("1.0", "-0.0", "0.1 + 0.2", "1e15", "123456789012345678.0", "1e22", "1e100", "5e-324", "INF", "-INF"),
                *("NAN", repr(self.rng.uniform(-1000, 1000)), f"{self.rng.uniform(-1, 1):.3e}"),
            )
        )

    def constant(self) -> str:
        """Return null or a boolean."""
        return self.rng.choice(("null", "true", "false"))

    def enum(self) -> str:
        """Return a case of an enumeration: pure, of strings, of integers."""
        return self.rng.choice(("Tide::Ebb", "Flag::Green", "Lock::Shut"))

    def resource(self) -> str:
        """Return an open or a closed resource."""
        return self.rng.choice(("fopen('php://memory', 'r')", "closed()"))

    def name(self) -> str:
        """Return a key as programs choose them."""
        return _literal(self.rng.choice((*WORDS[:6], "id", "title", "pic", "größe", "x-y", "a b", "")).encode())

    def string(self) -> str:
        """Return a string: plain, or one that is hard to find the end of."""
        if self.rng.random() < 0.03:  # noqa: PLR2004 - a share
            return _literal(self.rng.choice(RAW))
        if self.rng.random() < 0.06:  # noqa: PLR2004 - a share
            return _literal(self.related_items().encode())
        return self.text()

    def text(self) -> str:
        """Return a string of words that is valid UTF-8."""
        pools: list[tuple[str, ...]] = [WORDS]
        for pool, share in ((FOREIGN, 0.33), (QUOTED, 0.25), (DUMP_LIKE, 0.15), (HTML, 0.12), (WHITE, 0.12)):
            if self.rng.random() < share:
                pools.append(pool)
        words = [self.rng.choice(self.rng.choice(pools)) for _ in range(self.rng.choice((0, 1, 1, 2, 4, 9)))]
        return _literal(self.rng.choice((" ", " ", "")).join(words).encode())

    def related_items(self) -> str:
        """Return a list of related items in JSON, as news sites put it into a string."""
        items = [
            {
                "id": str(self.rng.randint(10**5, 10**7)),
                "sort": self.rng.randint(1, 10**6),
                "pic": f"/2016/03/{self.rng.randint(1, 28):02}/pier_{self.rng.randint(10**5, 10**6)}.jpg",
                "title": " ".join(self.rng.choices((*WORDS, *FOREIGN, *QUOTED, *HTML), k=5)),
            }
            for _ in range(self.rng.randint(1, 3))
        ]
        return json.dumps(items, ensure_ascii=self.rng.random() < 0.5)  # noqa: PLR2004 - a share


def _literal(raw: bytes) -> str:
    r"""Return a PHP literal of any bytes.

    >>> _literal(b'a"$\n')
    '"\\x61\\x22\\x24\\x0a"'
    """
    return '"' + "".join(f"\\x{byte:02x}" for byte in raw) + '"'
