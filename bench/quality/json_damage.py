"""Ways in which JSON comes to harm between a server and a corpus, each with what can be known of the document after it.

A kind of damage takes a document and gives the bytes that are left of it, with the truth: all of it, or the items that
are still complete. Documents are made up here, with titles in several scripts, so that no case was ever seen before.
"""

from __future__ import annotations

import html
import json
import random
import textwrap
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote, quote_plus

Item: TypeAlias = dict[str, Any]


class Case(NamedTuple):
    """Damaged bytes, and the document as far as it can be known. ``truth`` is empty where nothing is complete."""

    raw: bytes
    truth: Any


WORDS = [
    *("harbour", "ferry", "council", "winter", "bridge", "lantern", "orchard", "railway", "museum", "choir", "tide"),
    *("market", "station", "library", "storm", "pilot", "cinema", "garden", "harvest", "tunnel", "island", "clock"),
    *("baker", "reading", "river", "castle", "festival", "school", "captain", "village"),
]
ACCENTED = ["café", "Müller", "señor", "naïve", "Škoda", "crème", "Łódź", "façade", "Århus", "über", "œuvre", "l’été"]
SCRIPTS = [
    "Новый мост открыт для движения",
    "متحف الميناء يفتح أبوابه",
    "قطار شب به ایستگاه رسید",
    "港口渡轮今日停航",
    "Η γέφυρα άνοιξε ξανά",
    "저녁 시장이 다시 열렸다",
]
SELDOM, OFTEN = 0.25, 0.5
"""How likely a trait is in a document that is made up."""
FLAGS = ["VIDEO: ", "PHOTO: ", "URGENT: ", "", "", ""]
KEYS = {
    "id": ["id", "nid", "guid", "articleId", "@id"],
    "title": ["title", "headline", "name", "text"],
    "media": ["pic", "image", "thumb", "img_url"],
    "sort": ["sort", "order", "weight", "score"],
    "more": ["type", "section", "date", "contenttypeid", "author"],
}


def title(rng: random.Random, *, ascii_only: bool = False) -> str:
    """Return a made-up title."""
    if not ascii_only and rng.random() < SELDOM:
        return rng.choice(SCRIPTS)
    words = [rng.choice(WORDS) for _ in range(rng.randint(3, 9))]
    if not ascii_only and rng.random() < OFTEN:
        words[rng.randrange(len(words))] = rng.choice(ACCENTED)
    if rng.random() < SELDOM:
        words[rng.randrange(len(words))] += rng.choice([",", ":", " -", "'s", " (new)", " & co", " 7/8", " #3"])
    text = rng.choice(FLAGS) + " ".join(words).capitalize()
    return text + rng.choice(["", "", "", "?", "!", ", say officials"])


def items(rng: random.Random, *, ascii_only: bool = False, least: int = 3) -> list[Item]:
    """Return a list of related items, all with the same keys."""
    names = {role: rng.choice(keys) for role, keys in KEYS.items()}
    as_text = rng.random() < OFTEN
    nested = rng.random() < SELDOM
    order = list(names)
    rng.shuffle(order)
    made = []
    for _ in range(rng.randint(least, 10)):
        number = rng.randint(1000, 9_999_999)
        sort = rng.choice([rng.randint(1, 99_999), round(rng.random(), 4)])
        values: Item = {
            "id": str(number) if as_text else number,
            "title": title(rng, ascii_only=ascii_only),
            "media": f"/2016/03/{rng.randint(10, 28)}/pic_{rng.randint(10**6, 10**7)}.{rng.choice(['jpg', 'mp4'])}",
            "sort": str(sort) if as_text else sort,
            "more": rng.choice(["21", "news", 21, True, None, "2016-03-27"]),
        }
        item = {names[role]: values[role] for role in order}
        if nested:
            item["place"] = {"city": rng.choice(WORDS).capitalize(), "tags": [rng.choice(WORDS), rng.choice(WORDS)]}
        made.append(item)
    return made


def dump(data: Any, rng: random.Random) -> str:  # noqa: ANN401 - any JSON there is
    """Return JSON as servers print it: dense or loose, with or without escapes."""
    separators = rng.choice([(",", ":"), (", ", ": "), (" ,", ":")])
    text = json.dumps(data, ensure_ascii=rng.random() < OFTEN, separators=separators)
    return text.replace("/", "\\/") if rng.random() < OFTEN else text


def plain(data: Any) -> str:  # noqa: ANN401 - any JSON there is
    """Return dense JSON without escapes."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def title_key(made: list[Item]) -> str:
    """Return the key that holds the titles."""
    return next(key for key in KEYS["title"] if key in made[0])


Damage: TypeAlias = Callable[[random.Random], Case]
LAST_BRACKETS = 4
"""Characters at the end of an item without which it is still whole: every value is there."""
MARK = "\ue000"
"""Stands for a quote until the document is printed."""


def _wrapped(make: Callable[[str], str]) -> Damage:
    """Return a damage that surrounds a sound document or changes it as a whole."""

    def damage(rng: random.Random) -> Case:
        made = items(rng)
        return Case(make(dump(made, rng)).encode(), made)

    return damage


def _quoted(place: Callable[[list[str], random.Random], list[str]]) -> Damage:
    """Return a damage that leaves quotes unescaped inside a title."""

    def damage(rng: random.Random) -> Case:
        made = items(rng)
        key = title_key(made)
        for item in rng.sample(made, rng.randint(1, 2)):
            item[key] = " ".join(place(title(rng).split(), rng))
        text = plain(made).replace(MARK, '"')
        return Case(text.encode(), json.loads(json.dumps(made).replace("\\ue000", '\\"')))

    return damage


def _quote_words(words: list[str], first: int, last: int) -> list[str]:
    words[first] = MARK + words[first]
    words[last] += MARK
    return words


def _middle(words: list[str], rng: random.Random) -> list[str]:
    words = ["The", *words, "again"]
    first = rng.randrange(1, len(words) - 1)
    return _quote_words(words, first, rng.randrange(first, len(words) - 1))


def _comma(words: list[str], rng: random.Random) -> list[str]:
    words = ["The", *words, "again"]
    at = rng.randrange(1, len(words) - 1)
    words[at] = f"{MARK}{words[at]}{MARK},"
    return words


def _outside_strings(text: str) -> list[int]:
    """Return the places of JSON that stand in no string; its strings have no quotes inside."""
    places: list[int] = []
    inside = False
    for place, mark in enumerate(text):
        if not inside:
            places.append(place)
        inside ^= mark == '"'
    return places


def _between(change: Callable[[str, random.Random], str], *, after: str) -> Damage:
    """Return a damage at one place between two tokens, behind a mark of this kind."""

    def damage(rng: random.Random) -> Case:
        made = items(rng)
        text = plain(made)
        places = [place for place in _outside_strings(text)[1:] if text.startswith(after, place)]
        place = rng.choice(places) + len(after)
        head, tail = text[: place - len(after)], text[place:]
        return Case((head + change(after, rng) + tail).encode(), made)

    return damage


def _cut(choose: Callable[[list[str], random.Random], tuple[int, int]]) -> Damage:
    """Return a damage that ends the document inside an item."""

    def damage(rng: random.Random) -> Case:
        made = items(rng)
        pieces = [plain(item) for item in made]
        whole, keep = choose(pieces, rng)
        text = "[" + ",".join(pieces[:whole]) + ("," if whole else "") + pieces[whole][:keep]
        return Case(text.encode("utf-8"), made[:whole])

    return damage


def _anywhere(pieces: list[str], rng: random.Random) -> tuple[int, int]:
    whole = rng.randrange(len(pieces))
    return whole, rng.randrange(1, len(pieces[whole]) - LAST_BRACKETS)


def _in_a_number(rng: random.Random) -> Case:
    made = [{"title": title(rng), "sort": rng.randint(10**5, 10**7)} for _ in range(rng.randint(3, 8))]
    whole = rng.randrange(1, len(made))
    text = plain(made[: whole + 1])[:-2]
    return Case(text[: -rng.randint(0, 3) or None].encode(), made[:whole])


def _after_an_item(rng: random.Random) -> Case:
    made = items(rng)
    whole = rng.randrange(1, len(made))
    return Case((plain(made[:whole])[:-1] + rng.choice(["", ",", ", "])).encode(), made[:whole])


def _head_lost(rng: random.Random) -> Case:
    made = items(rng)
    first = plain(made[0])
    return Case((first[rng.randrange(2, len(first) - 1) :] + "," + plain(made[1:])[1:]).encode(), made[1:])


def _in_place_of_a_value(put: str, truth: object) -> Damage:
    def damage(rng: random.Random) -> Case:
        made = items(rng)
        item = rng.choice(made)
        key = rng.choice([key for key in item if key != "place"])
        item[key] = MARK
        text = plain(made).replace(f'"{MARK}"', put)
        item[key] = truth
        return Case(text.encode(), made)

    return damage


def _in_a_title(put: str, truth: str) -> Damage:
    """Return a damage that puts something raw between two words of a title."""

    def damage(rng: random.Random) -> Case:
        made = items(rng)
        item, key = rng.choice(made), title_key(made)
        words = title(rng).split()
        at = rng.randrange(1, len(words)) if len(words) > 1 else 0
        item[key] = " ".join(words[:at]) + MARK + " ".join(words[at:])
        text = plain(made).replace(MARK, put)
        item[key] = item[key].replace(MARK, truth)
        return Case(text.encode(), made)

    return damage


def _php_string(text: str) -> str:
    return f'string({len(text.encode())}) "{text}"'


def _php_cut(rng: random.Random) -> Case:
    made = items(rng)
    whole = rng.randrange(1, len(made))
    text = plain(made)
    cut = len(plain(made[:whole])) + rng.randrange(2, len(plain(made[whole])) - LAST_BRACKETS)
    return Case(_php_string(text)[: len(f'string({len(text.encode())}) "') + cut].encode(), made[:whole])


def _mojibake(encoding: str) -> Damage:
    def damage(rng: random.Random) -> Case:
        while True:
            made = items(rng)
            key = title_key(made)
            for item in made[:3]:
                item[key] = f"{rng.choice(ACCENTED)} {title(rng)}"
            text = plain(made)
            if encoding == "cp1252":
                try:
                    return Case(text.encode().decode("cp1252").encode(), made)
                except UnicodeDecodeError:
                    continue
            return Case(text.encode().decode(encoding).encode(), made)

    return damage


def _stripped(rng: random.Random) -> Case:
    made = items(rng)
    key = title_key(made)
    for item in made[:3]:
        item[key] = f"Le {rng.choice(ACCENTED)} de {rng.choice(ACCENTED)} {rng.choice(WORDS)}"
    return Case(json.dumps(made).replace("\\", "").encode(), made)


def _without_quotes(rng: random.Random) -> Case:
    made = items(rng)
    text = plain(made)
    for key in {key for item in made for key in item if key.isidentifier()} | {"city", "tags"}:
        text = text.replace(f'"{key}":', f"{key}:")
    return Case(text.encode(), made)


def _lost_quote(which: str) -> Damage:
    """Return a damage that loses one quote of a key or of a text."""

    def damage(rng: random.Random) -> Case:
        made = items(rng)
        at = rng.randrange(len(made))
        item = made[at]
        keys = [key for key, value in item.items() if isinstance(value, str)]
        key = rng.choice(keys)
        member = plain({key: item[key]})[1:-1]
        value = plain(item[key])
        broken = {
            "the opening quote of a key": member[1:],
            "the closing quote of a key": f'"{key}:{value}',
            "the opening quote of a text": f'"{key}":{value[1:]}',
            "the closing quote of a text": f'"{key}":{value[:-1]}',
        }[which]
        pieces = [plain(one) for one in made]
        pieces[at] = pieces[at].replace(member, broken, 1)
        return Case(f"[{','.join(pieces)}]".encode(), made)

    return damage


def _lost_quote_of_an_address(rng: random.Random) -> Case:
    made = items(rng)
    for item in made:
        item["seen"] = [f"https://{rng.choice(WORDS)}.example/{rng.randint(1, 999)}" for _ in range(rng.randint(2, 5))]
    address = rng.choice(rng.choice(made)["seen"])
    return Case(plain(made).replace(plain(address), plain(address)[1:], 1).encode(), made)


def _windows_path(rng: random.Random) -> Case:
    made = items(rng)
    item = rng.choice(made)
    item["file"] = r"C:\Users\Web\Data\Kit.jpg"
    return Case(plain(made).replace("\\\\", "\\").encode(), made)


def _escaped_apostrophe(rng: random.Random) -> Case:
    made = items(rng)
    rng.choice(made)[title_key(made)] = f"The {rng.choice(WORDS)}'s {title(rng)}"
    return Case(plain(made).replace("'", "\\'").encode(), made)


def _backslash_at_the_end(rng: random.Random) -> Case:
    made = items(rng)
    item = rng.choice(made)
    at = next(iter(item))
    value = str(item[at]) + "\\"
    item[at] = value
    return Case(plain(made).replace("\\\\", "\\").encode(), made)


def _odd_keys(make: Callable[[list[Item], list[str], random.Random], str]) -> Damage:
    """Return a damage to items with keys that have blanks, or that PHP writes with escapes."""

    def damage(rng: random.Random) -> Case:
        odd = rng.choice(['the "{}"', "é{}", "a/{}", "the {}", "App\\{}"])
        made = [{odd.format(key): value for key, value in item.items()} for item in items(rng)]
        encode = rng.choice([plain, _escaped])
        return Case(make(made, [encode(item) for item in made], rng).encode(), made)

    return damage


def _escaped(data: Any) -> str:  # noqa: ANN401 - any JSON there is
    return json.dumps(data, separators=(",", ":")).replace("/", "\\/")


def _unreadable(made: list[Item], pieces: list[str], rng: random.Random) -> str:
    at = rng.randrange(1, len(made))
    del made[at]
    pieces[at] = f"{pieces[at].partition(':')[0]}:7,!!}}"
    return f"[{','.join(pieces)}]"


def _by_number(rng: random.Random) -> Case:
    """Print items as an object, under a number each, and make one of them impossible to read."""
    made = items(rng, least=4)
    pieces = [plain(item) for item in made]
    numbers = [str(number) for number in sorted(rng.sample(range(1000, 9999), len(made)))]
    at = rng.randrange(2, len(made))
    pieces[at] = f"{pieces[at].partition(':')[0]}:7,!!}}"
    text = ",".join(f'"{number}":{piece}' for number, piece in zip(numbers, pieces, strict=True))
    kept = {number: item for number, item in zip(numbers, made, strict=True) if number != numbers[at]}
    return Case(f"{{{text}}}".encode(), kept)


def _unclosed(made: list[Item], pieces: list[str], rng: random.Random) -> str:
    at = rng.randrange(len(made))
    item = made[at]
    value = rng.choice([value for value in item.values() if isinstance(value, str)])
    pieces[at] = next(
        pieces[at].replace(encoded, encoded[:-1], 1)
        for encoded in (plain(value), _escaped(value))
        if encoded in pieces[at]
    )
    return f"[{','.join(pieces)}]"


def _one_after_the_other(rng: random.Random) -> Case:
    made = items(rng)
    return Case(rng.choice(["\n", " ", "", ",\n"]).join(map(plain, made)).encode(), made)


def _two_lists(rng: random.Random) -> Case:
    first, second = items(rng), items(rng)
    return Case((plain(first) + rng.choice(["", "\n", " "]) + plain(second)).encode(), first + second)


def _invalid_utf8(rng: random.Random) -> Case:
    made = items(rng)
    item, key = rng.choice(made), title_key(made)
    item[key] = f"Caf{MARK} {title(rng)}"
    raw = plain(made).encode().replace(MARK.encode(), b"\xe9")
    item[key] = item[key].replace(MARK, "\ufffd")
    return Case(raw, made)


def _hard_wrapped(rng: random.Random) -> Case:
    made = items(rng)
    lines = textwrap.wrap(plain(made), 70, break_long_words=False, break_on_hyphens=False, drop_whitespace=True)
    return Case("\n".join(lines).encode(), made)


def _lost_brace(rng: random.Random) -> Case:
    made = items(rng)
    pieces = [plain(item) for item in made]
    at = rng.randrange(len(pieces) - 1)
    pieces[at] = pieces[at][:-1]
    return Case(f"[{','.join(pieces)}]".encode(), made)


def _missing_end(rng: random.Random) -> Case:
    made = items(rng)
    text = plain(made)[: -rng.randint(1, 2)]
    # Of a number at the very end it cannot be known whether more digits followed.
    return Case(text.encode(), made[:-1] if text[-1].isdigit() else made)


def _object(rng: random.Random) -> Case:
    """Leave quotes unescaped in an object with a list of items inside it."""
    rows = items(rng)
    rng.choice(rows)[title_key(rows)] = " ".join(_middle(title(rng).split(), rng))
    made = {"status": "ok", "data": {"total": 3, "items": rows}, "next": None}
    truth = json.loads(json.dumps(made).replace("\\ue000", '\\"'))
    return Case(plain(made).replace(MARK, '"').encode(), truth)


def _tail_lost(rng: random.Random) -> Case:
    rows = items(rng)
    whole = rng.randrange(1, len(rows))
    truth = {"status": "ok", "items": rows[:whole]}
    text = plain(truth)[:-2] + "," + plain(rows[whole])[: rng.randrange(2, 20)]
    return Case(text.encode(), truth)


def _as(make: Callable[[list[Item], random.Random], str]) -> Damage:
    """Return a damage that prints the items in a way of its own."""

    def damage(rng: random.Random) -> Case:
        made = items(rng)
        return Case(make(made, rng).encode(), made)

    return damage


def _curly(made: list[Item], _: random.Random) -> str:
    pieces = plain(made).split('"')
    return "".join(piece + ("“" if number % 2 == 0 else "”") for number, piece in enumerate(pieces[:-1])) + pieces[-1]


def _set(made: list[Item], _: random.Random) -> str:
    """Return JSON with its quotes as a page sets them: by what stands before each."""
    text = plain(made)
    before = dict(zip("[{(", "“““", strict=True)) | dict.fromkeys("0123456789", "″")
    return "".join(before.get(last, "”") if mark == '"' else mark for last, mark in zip("[" + text, text, strict=False))


def _string_cut(rng: random.Random) -> Case:
    case = _cut(_anywhere)(rng)
    return Case(json.dumps(case.raw.decode(), ensure_ascii=False)[:-1].encode(), case.truth)


def _laid_out(made: list[Item], rng: random.Random) -> str:
    text = json.dumps(made, indent=2, ensure_ascii=False)
    text = html.escape(text) if rng.random() < OFTEN else text
    return "<br />\n".join("&nbsp;" * (len(line) - len(line.lstrip())) + line.lstrip() for line in text.splitlines())


SOUND: Damage = _wrapped(lambda text: text)

DAMAGES: Mapping[str, Damage] = {
    "inner quotes": _quoted(_middle),
    "inner quotes and a comma": _quoted(_comma),
    "inner quotes at the start": _quoted(lambda words, _: _quote_words([*words, "again"], 0, 0)),
    "inner quotes at the end": _quoted(lambda words, _: _quote_words(["The", *words], -1, -1)),
    "inner quotes around the whole": _quoted(lambda words, _: _quote_words(words, 0, -1)),
    "one inner quote": _quoted(lambda words, _: ["A", *words, f"5{MARK}", "pipe"]),
    "inner quotes deeper in": _object,
    "a comma behind the last member": _between(lambda _after, rng: rng.choice([",}", ", }", "\n,}"]), after="}"),
    "a comma behind the last item": _wrapped(lambda text: f"{text[:-1]},]"),
    "two commas": _between(lambda _after, _: ',,"', after=',"'),
    "no comma between members": _between(lambda _after, rng: rng.choice([" ", "", "\n"]) + '"', after=',"'),
    "no comma between items": _between(lambda _after, rng: "}" + rng.choice([" ", "", "\n"]) + "{", after="},{"),
    "single quotes of Python": _as(lambda made, _: repr(made)),
    "single quotes throughout": _as(lambda made, _: plain(made).replace('"', "'")),
    "curly quotes": _as(_curly),
    "quotes set by what stands before them": _as(_set),
    "the same as entities": _as(
        lambda made, rng: _set(made, rng).translate({ord(mark): f"&#{ord(mark)};" for mark in "“”″"})
    ),
    "percent signs": _wrapped(lambda text: quote(text, safe="")),
    "percent signs, as a form sends it": _wrapped(quote_plus),
    "a string of a script": _wrapped(
        lambda text: "JSON.parse('" + text.replace("\\", "\\\\").replace("'", "\\'") + "');"
    ),
    "quotes doubled": _wrapped(lambda text: text.replace('"', '""')),
    "laid out with tags": _as(_laid_out),
    "entities": _wrapped(html.escape),
    "entities of numbers": _wrapped(lambda text: text.replace("&", "&#38;").replace('"', "&#34;")),
    "entities twice": _wrapped(lambda text: html.escape(html.escape(text))),
    "JSON in a JSON string": _wrapped(json.dumps),
    "JSON in a JSON string, twice": _wrapped(lambda text: json.dumps(json.dumps(text))),
    "slashes before quotes": _wrapped(lambda text: text.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'")),
    "slashes before quotes, twice": _wrapped(
        lambda text: text.replace("\\", "\\" * 4).replace('"', '\\\\\\"').replace("'", "\\\\\\'")
    ),
    "JSON in a JSON string, cut": _string_cut,
    "cut anywhere in an item": _cut(_anywhere),
    "cut in a number": _in_a_number,
    "cut behind an item": _after_an_item,
    "cut deeper in": _tail_lost,
    "the head is lost": _head_lost,
    "the end is lost": _missing_end,
    "a brace is lost": _lost_brace,
    "NaN": _in_place_of_a_value("NaN", None),
    "undefined": _in_place_of_a_value("undefined", None),
    "Infinity": _in_place_of_a_value("-Infinity", None),
    "None of Python": _in_place_of_a_value("None", None),
    "True of Python": _in_place_of_a_value("True", True),  # noqa: FBT003 - the truth of the case
    "no value": _in_place_of_a_value("", None),
    "a comment in a block": _between(lambda _after, _: ',/* related */"', after=',"'),
    "a comment to the end of the line": _between(lambda _after, _: "}, // next\n{", after="},{"),
    "a comment of HTML": _between(lambda _after, _: "},<!-- next -->{", after="},{"),
    "a line break in a string": _in_a_title("\n", "\n"),
    "a tab in a string": _in_a_title("\t", "\t"),
    "a control in a string": _in_a_title("\x0b", "\x0b"),
    "a NUL in a string": _in_a_title("\0", "\0"),
    "a PHP string": _as(lambda made, rng: _php_string(dump(made, rng))),
    "a PHP string, cut": _php_cut,
    "a serialised PHP string": _wrapped(lambda text: f's:{len(text.encode())}:"{text}";'),
    "a PHP array of one string": _as(lambda made, _: f"array(1) {{\n  [0]=>\n  {_php_string(plain(made))}\n}}\n"),
    "one object after the other": _one_after_the_other,
    "one list after the other": _two_lists,
    "a byte-order mark": _wrapped(lambda text: "\ufeff" + text),
    "a byte-order mark decoded wrongly": _wrapped(lambda text: "ï»¿" + text),
    "blanks without width": _wrapped(lambda text: f"\u200b{text}\u200b"),
    "blanks that do not break": _between(lambda _after, _: ',\u00a0"', after=',"'),
    "decoded as Windows-1252": _mojibake("cp1252"),
    "decoded as Latin-1": _mojibake("latin-1"),
    "bytes that are not UTF-8": _invalid_utf8,
    "an assignment": _wrapped(lambda text: f"var related = {text};"),
    "an assignment to a member": _wrapped(lambda text: f'window.app["data"] = {text};\n</script>'),
    "a callback": _wrapped(lambda text: f"/**/ jsonp_{len(text)}({text});"),
    "an argument among others": _wrapped(lambda text: f"jQuery.extend(Drupal.settings, {text});"),
    "a guard against reading": _wrapped(lambda text: f")]}}',\n{text}"),
    "a loop against reading": _wrapped(lambda text: f"while(1);{text}"),
    "a script element": _wrapped(lambda text: f'<script type="application/json">{text}</script>'),
    "keys without quotes": _without_quotes,
    "arrows for colons": _as(lambda made, _: plain(made).replace('":', '"=>')),
    "a Windows path": _windows_path,
    "an escaped apostrophe": _escaped_apostrophe,
    "a backslash at the end of a string": _backslash_at_the_end,
    "escapes without their backslash": _stripped,
    "wrapped at 70 columns": _hard_wrapped,
    "words between items": _between(
        lambda _after, rng: rng.choice(["},Read more:{", "} ... ,{", "}, [Ad] {"]), after="},{"
    ),
    "tags between items": _between(lambda _after, rng: rng.choice(["},<br />\n{", "},</p>\n<p>{"]), after="},{"),
    "keys with escapes, and an item that cannot be read": _odd_keys(_unreadable),
    "items by their numbers, and one that cannot be read": _by_number,
    "keys with escapes, and the closing quote of a text is lost": _odd_keys(_unclosed),
    "the opening quote of a key is lost": _lost_quote("the opening quote of a key"),
    "the closing quote of a key is lost": _lost_quote("the closing quote of a key"),
    "the opening quote of a text is lost": _lost_quote("the opening quote of a text"),
    "the closing quote of a text is lost": _lost_quote("the closing quote of a text"),
    "the opening quote of an address in a list is lost": _lost_quote_of_an_address,
}
"""Every kind of damage by name."""
