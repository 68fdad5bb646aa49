"""Profiles: what is wrong with one is said with file and key, and what is left out comes from ``default``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from pipeline.errors import ConfigurationError
from pipeline.profiles import Profile, ProfileSource, load, load_sources, shipped_names


def profile(text: str) -> Profile:
    """Return the profile that a TOML text describes."""
    return load_sources([ProfileSource("site.toml", text)]).given[0]


def wrong(text: str) -> tuple[str, str, str]:
    """Return file, key and problem of a TOML text that is no profile."""
    with pytest.raises(ConfigurationError) as raised:
        profile(text)
    error = raised.value
    assert error.exit_code == 2
    assert str(error) == ": ".join(part for part in (error.file, error.key, error.problem) if part)
    return error.file, error.key, error.problem


# ---------------------------------------------------------------------------------------------- what may be wrong


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('name = "a"\ncolour = "red"', "colour"),
        ('name = "a"\n[dateline]\nformat = ["%Y"]', "dateline.format"),
        ('name = "a"\n[article]\nsignoff = "x"', "article.signoff"),
        ('name = "a"\n[artifacts]\nstripe = "all"', "artifacts.stripe"),
        ('name = "a"\n[related_items]\nitem = "$"', "related_items.item"),
        ('name = "a"\nmatch = { url = ["*"] }', "match.url"),
    ],
)
def test_an_unknown_key(text: str, key: str) -> None:
    file, of, problem = wrong(text)
    assert (file, of, problem.partition(";")[0]) == ("site.toml", key, "is not a key that a profile has")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('name = "a"\ntimzone = "UTC"', "did you mean timezone?"),
        ('name = "a"\norder = "MDY"', "did you mean dateline.order?"),
        ('name = "a"\n[dateline]\nformat = ["%Y"]', "did you mean dateline.formats?"),
        ('name = "a"\ntimezone = "europe/berlin"', "did you mean Europe/Berlin?"),
        ('name = "a"\ntimezone = "Tehran"', "did you mean Asia/Tehran?"),
        ('name = "a"\ntimezone = "Europe/Berlim"', "did you mean Europe/Berlin?"),
        ('name = "a"\nlanguage = "deu"', "write 'de'"),
        ("name = 'a'\n[article]\nsign_off = '\\(\\p{Ll{2,3}\\)'", "the property at position 2 is not closed"),
        ('name = "a"\n[related_items]\nfields = { media_path = 3 }', "expected a string or a list of strings"),
    ],
)
def test_what_was_meant_is_said(text: str, hint: str) -> None:
    assert hint in wrong(text)[2]


@pytest.mark.parametrize("pattern", [r"\(\p{Ll}{2,3}\)", r"\\p{2}", r"\P{^Lu}", r"\p{Script=Latin}+"])
def test_a_property_that_is_closed_is_taken(pattern: str) -> None:
    assert profile(f"name = 'a'\n[article]\nsign_off = '{pattern}'").sign_off is not None


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ("name = 5", "name", "expected a string, got a number"),
        ('name = "a"\ntimezone = true', "timezone", "expected a string, got true or false"),
        ('name = "a"\ndateline = "MDY"', "dateline", "expected a table, got a string"),
        ('name = "a"\n[dateline]\nformats = "%Y"', "dateline.formats", "expected a list, got a string"),
        ('name = "a"\n[dateline]\nformats = ["%Y-%m", 5]', "dateline.formats[1]", "expected a string, got a number"),
        (
            'name = "a"\n[dateline]\nzones = { UTC = "UTC", IRST = 5 }',
            "dateline.zones.IRST",
            "expected a string, got a number",
        ),
        ('name = "a"\n[article]\nflags = [1]', "article.flags[0]", "expected a string, got a number"),
        ('name = "a"\nmatch = { uri = "*" }', "match.uri", "expected a list, got a string"),
        (
            'name = "a"\n[related_items]\nfields = { title = 5 }',
            "related_items.fields.title",
            "expected a string or a list of strings, got a number",
        ),
        (
            'name = "a"\n[related_items.fields]\nitem_id = "id"\ntitle = ["t", 5]',
            "related_items.fields.title[1]",
            "expected a string, got a number",
        ),
    ],
)
def test_a_wrong_type(text: str, key: str, problem: str) -> None:
    assert wrong(text) == ("site.toml", key, problem)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('name = ""', "name"),
        ('name = "a"\nlanguage = ""', "language"),
        ('name = "a"\n[dateline]\nformats = [""]', "dateline.formats[0]"),
    ],
)
def test_an_empty_text(text: str, key: str) -> None:
    file, found, problem = wrong(text)
    assert (file, found) == ("site.toml", key)
    assert "length >= 1" in problem


@pytest.mark.parametrize(
    ("key", "choice", "choices"),
    [("dateline.order", "YDM", ("MDY", "DMY", "YMD")), ("artifacts.strip", "some", ("leaks", "all", "none"))],
)
def test_a_word_that_is_no_choice(key: str, choice: str, choices: tuple[str, ...]) -> None:
    file, found, problem = wrong(f'name = "a"\n{key} = "{choice}"')
    assert (file, found) == ("site.toml", key)
    assert all(word in problem for word in (choice, *choices))


@pytest.mark.parametrize("key", ["base_url", "related_items.media_base"])
@pytest.mark.parametrize(
    "address", ["quay.example", "ftp://quay.example", "https://", "/media", "https://[quay", "https://a b"]
)
def test_an_address_that_is_none(key: str, address: str) -> None:
    assert wrong(f'name = "a"\n{key} = "{address}"')[:2] == ("site.toml", key)


def test_a_file_may_begin_with_the_mark_of_byte_order(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('name = "a"\n', "utf-8-sig")
    assert load([str(file)]).given[0].name == "a"


def test_a_missing_name() -> None:
    assert wrong('language = "en"') == ("site.toml", "name", "is missing")
    assert wrong("") == ("site.toml", "name", "is missing")


def test_a_bad_pattern() -> None:
    file, key, problem = wrong('name = "a"\n[article]\nsign_off = "[A-Z"')
    assert (file, key) == ("site.toml", "article.sign_off")
    assert problem


@pytest.mark.parametrize("name", ["Tehran", "Asia/Teheran", "GMT+3:30", "../UTC", "leapseconds"])
def test_a_bad_zone(name: str) -> None:
    file, key, problem = wrong(f'name = "a"\ntimezone = "{name}"')
    assert (file, key) == ("site.toml", "timezone")
    assert problem


def test_a_bad_zone_of_an_abbreviation() -> None:
    file, key, problem = wrong('name = "a"\n[dateline]\nzones = { UTC = "UTC", IRST = "Persia" }')
    assert (file, key) == ("site.toml", "dateline.zones.IRST")
    assert "'Persia'" in problem


@pytest.mark.parametrize("source", ["%Y-%m-%d %q", "%Y-%Y-%m", "%H:%M", "%"])
def test_a_bad_format(source: str) -> None:
    file, key, problem = wrong(f'name = "a"\n[dateline]\nformats = ["%Y-%m-%d", "{source}"]')
    assert (file, key) == ("site.toml", "dateline.formats[1]")
    assert "%" in problem


def test_an_unknown_language() -> None:
    file, key, problem = wrong('name = "a"\nlanguage = "klingon"')
    assert (file, key) == ("site.toml", "language")
    assert "'klingon'" in problem


def test_an_unknown_family() -> None:
    file, key, problem = wrong('name = "a"\n[artifacts]\nfamilies = ["php_dump", "perl_dump"]')
    assert (file, key) == ("site.toml", "artifacts.families")
    assert "'perl_dump'" in problem
    assert "php_dump" in problem.partition(";")[2]


def test_an_unknown_column() -> None:
    file, key, problem = wrong('name = "a"\n[related_items.fields]\ntitle = "t"\nheadline = "h"')
    assert (file, key) == ("site.toml", "related_items.fields.headline")
    assert "item_id" in problem


@pytest.mark.parametrize("path", ["items", "$items", "$.", "$..a", "$.a[b]", "$[-1]", "$.a.", "$ .a"])
def test_a_bad_path(path: str) -> None:
    file, key, problem = wrong(f'name = "a"\n[related_items]\nitems = "{path}"')
    assert (file, key) == ("site.toml", "related_items.items")
    assert f"{path!r} is not a path" in problem


def test_bad_toml() -> None:
    file, key, problem = wrong('name = "a"\nlanguage = en')
    assert (file, key) == ("site.toml", "")
    assert problem.startswith("is not valid TOML: ")
    assert "line 2" in problem


def test_no_such_file() -> None:
    with pytest.raises(ConfigurationError) as raised:
        load(["no/such/site.toml"])
    assert raised.value.file == "no/such/site.toml"
    assert "there is no such file" in raised.value.problem
    assert all(name in raised.value.problem for name in shipped_names())


def test_a_name_of_nothing() -> None:
    with pytest.raises(ConfigurationError):
        load([""])


def test_a_folder_is_no_profile(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load([str(tmp_path)])
    assert (raised.value.file, raised.value.key) == (str(tmp_path), "")
    assert raised.value.problem


def test_a_file_that_is_not_utf8_cannot_be_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'name = "caf\xe9"')
    with pytest.raises(ConfigurationError) as raised:
        load([str(latin)])
    assert raised.value.file == str(latin)
    assert raised.value.problem.startswith("cannot be read: ")


def test_two_profiles_of_one_name() -> None:
    sources = [ProfileSource("a.toml", 'name = "a"'), ProfileSource("b.toml", 'name = "a"')]
    with pytest.raises(ConfigurationError) as raised:
        load_sources(sources)
    assert raised.value.file in {"a.toml", "b.toml"}
    assert (raised.value.key, raised.value.problem) == ("name", "two profiles of this run are called 'a'")
    with pytest.raises(ConfigurationError):
        load(["alalam-en", "alalam-en"])


# -------------------------------------------------------------------------------------------- what a profile gives


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_profile_loads_and_is_called_as_its_file(name: str) -> None:
    assert load([name]).given[0].name == name


def test_the_shipped_profiles() -> None:
    assert {"default", "alalam-en"} <= set(shipped_names())


def test_what_is_left_out_comes_from_default() -> None:
    default, least = load().default, profile('name = "least"')
    assert least.definition.article == default.definition.article
    assert least.fields == default.fields
    assert (least.zone, least.stamps.order, least.items, least.media_base) == (None, None, (), None)
    assert least.definition.artifacts.strip == "leaks"
    assert least.definition.artifacts.families is None


def test_what_is_written_replaces_what_default_says() -> None:
    written = profile(
        'name = "a"\n[article]\nflags = ["GALLERY"]\nsign_off = "--"\n[related_items.fields]\ntitle = "t"'
    )
    assert written.definition.article.flags == ("GALLERY",)
    assert written.is_sign_off("--")
    assert not written.is_sign_off("S/SH 11")
    assert written.fields == {"title": ("t",)}


def test_an_empty_setting_is_written_and_not_left_out() -> None:
    bare = profile('name = "a"\n[article]\nflags = []\nsign_off = ""')
    assert bare.definition.article.flags == ()
    assert not bare.is_sign_off("S/SH 11")
    assert not bare.is_sign_off("")


def test_declared_formats_come_first_then_the_names_of_the_language_then_all_others() -> None:
    german = profile('name = "a"\nlanguage = "de"\n[dateline]\nformats = ["Stand: %d.%m.%Y"]')
    assert german.stamps.formats[0].source == "Stand: %d.%m.%Y"
    assert german.is_stamp("Stand: 03.04.2016")
    assert german.is_stamp("3. Mai 2016")
    assert german.is_stamp("May 3, 2016")
    assert german.is_stamp("3 mai 2016")
    assert load().default.is_stamp("3. Mai 2016")
    assert not load().default.is_stamp("Stand und Mai 2016: was bleibt?")


def test_a_path_leads_through_keys_and_positions() -> None:
    assert profile('name = "a"\n[related_items]\nitems = "$.data.items[0].list"').items == ("data", "items", 0, "list")
    assert profile('name = "a"\n[related_items]\nitems = "$[12]"').items == (12,)


def test_media_are_relative_to_their_own_base_else_to_the_site() -> None:
    site = 'name = "a"\nbase_url = "https://site.example"\n'
    assert profile(site).media_base == "https://site.example"
    assert profile(site + '[related_items]\nmedia_base = "https://media.example"').media_base == "https://media.example"


def test_a_sign_off_is_a_whole_line_and_a_short_one() -> None:
    anything = profile('name = "a"\n[article]\nsign_off = ".+"')
    assert anything.is_sign_off("x" * 40)
    assert not anything.is_sign_off("x" * 41)
    assert not load(["alalam-en"]).given[0].is_sign_off("S/SH 11 and more")


# --------------------------------------------------------------------------------------------------- which serves

BY_URI = ProfileSource("uri.toml", 'name = "uri"\nmatch = { uri = ["*site.example*", "exact.txt"] }')
BY_TEXT = ProfileSource("text.toml", 'name = "text"\nmatch = { text = ["/größe_6", "[x]"] }')
EITHER = ProfileSource("either.toml", 'name = "either"\nmatch = { uri = ["*.html"], text = ["mark"] }')


@pytest.mark.parametrize(
    ("uri", "raw", "name"),
    [
        ("www.site.example/a.txt", b"", "uri"),
        ("exact.txt", b"", "uri"),
        ("not-exact.txt", b"", "default"),
        ("a.txt", "see /größe_6".encode(), "text"),
        ("a.txt", b"see [x]", "text"),
        ("a.txt", b"x", "default"),
        ("a.html", b"", "either"),
        ("a.txt", b"mark", "either"),
        ("www.site.example/a.txt", b"mark [x]", "uri"),
        ("A.HTML", b"", "default"),
    ],
)
def test_the_first_profile_that_fits_serves_a_document(uri: str, raw: bytes, name: str) -> None:
    assert load_sources([BY_URI, BY_TEXT, EITHER]).choose(uri, raw).name == name


def test_one_profile_given_alone_serves_every_document() -> None:
    assert load_sources([BY_URI]).choose("elsewhere.txt", b"").name == "uri"


def test_no_profile_given_means_default() -> None:
    assert load().choose("a.txt", b"").name == "default"


def test_a_profile_without_a_match_serves_every_document_that_comes_to_it() -> None:
    profiles = load(["alalam-en", "default"])
    assert profiles.choose("a.txt", b"/alalam_6").name == "alalam-en"
    assert profiles.choose("a.txt", b"").name == "default"


# --------------------------------------------------------------------------------------------- what they say as bytes


def test_profiles_that_say_the_same_have_the_same_bytes() -> None:
    one = load_sources([ProfileSource("a.toml", 'name = "a"\nlanguage = "en"')])
    other = load_sources([ProfileSource("b.toml", '# a comment\nname = "a"')])
    assert one.canonical() == other.canonical()


@pytest.mark.parametrize(
    "line", ['language = "de"', 'timezone = "UTC"', 'artifacts = { strip = "all" }', 'match = { uri = ["*"] }']
)
def test_profiles_that_say_something_else_have_other_bytes(line: str) -> None:
    one = load_sources([ProfileSource("a.toml", 'name = "a"')])
    other = load_sources([ProfileSource("a.toml", f'name = "a"\n{line}')])
    assert one.canonical() != other.canonical()


def test_the_order_of_profiles_is_part_of_what_they_say() -> None:
    assert load_sources([BY_URI, BY_TEXT]).canonical() != load_sources([BY_TEXT, BY_URI]).canonical()


def test_a_declared_century_lets_a_format_hold_a_year_of_two_digits() -> None:
    declared = profile('name = "a"\n[dateline]\ncentury_from = 1970\nformats = ["%d.%m.%y"]')
    stamp = declared.stamps.read("27.03.71")
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("exact", datetime(1971, 3, 27))  # noqa: DTZ001 - wall clock
    with pytest.raises(ConfigurationError, match=r"dateline.formats\[0\].*%y"):
        profile('name = "a"\n[dateline]\nformats = ["%d.%m.%y"]')
    with pytest.raises(ConfigurationError, match=r"dateline\.century_from"):
        profile('name = "a"\n[dateline]\ncentury_from = 70')
