"""A suggested profile is one that `run` takes as it is, and under it no field is lost."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RejectedDocument
from pipeline.model import Document, Record
from pipeline.profiles import Profiles, ProfileSource, load, load_sources
from pipeline.stages import Cleaner
from pipeline.survey import SourceSurvey, survey
from pipeline.survey.gather import Stamps
from pipeline.survey.masks import mark_mask, mark_pattern
from pipeline.survey.profile_writer import toml_string, write_profile
from tests.corpus import ROOT, clean, write
from tests.survey.quay import IMPRINT, MENU, ferry, surveyed

SHARED = ROOT.parent / "shared"


def loaded(text: str) -> Profiles:
    return load_sources([ProfileSource("suggested.toml", text)])


def suggested(folder: Path, profiles: Sequence[str] = ("alalam-en", "default")) -> str:
    """Return the profile that the one source in a folder suggests."""
    known = load(profiles)
    (source,) = survey([str(folder)], known).sources.values()
    return write_profile(source, known)


def documents(folder: Path, profiles: Profiles) -> Iterator[Document]:
    cleaner = Cleaner(profiles)
    for path in sorted(folder.rglob("*.txt")):
        try:
            yield cleaner.clean(Record(path.relative_to(folder).as_posix(), 0, path.read_bytes()))
        except RejectedDocument:
            continue


def fields(document: Document) -> dict[str, object]:
    """Return everything that a profile has a say in, as far as it is known."""
    article, dateline = document.article, document.dateline
    found: dict[str, object] = {name: getattr(article, name) for name in ("title", "headline", "title_flags", "body")}
    found |= {name: getattr(article, name) for name in ("kicker", "deck", "dateline_raw", "sign_off")}
    found |= {name: getattr(dateline, name) for name in ("status", "published_local", "published_at", "timezone")}
    found["cuts"] = [(claim.span, claim.status) for claim in document.claims]
    for place, item in enumerate(document.related):
        names = (
            "item_id",
            "sort_key",
            "content_type_id",
            "title",
            "headline",
            "title_flags",
            "media_url",
            "media_ticks",
        )
        found |= {f"{place} {name}": getattr(item, name) for name in names}
    return {name: value for name, value in found.items() if value is not None and value != ()}


def lost(folder: Path, text: str, shipped: str) -> list[str]:
    """Return the fields that a shipped profile gives and a suggested one does not, by page."""
    pairs = zip(documents(folder, load([shipped])), documents(folder, loaded(text)), strict=True)
    return [
        f"{one.record.source_uri}: {name}"
        for one, other in pairs
        for name, value in fields(one).items()
        if fields(other).get(name) != value
    ]


def test_on_the_sample_the_suggested_profile_gives_all_that_the_shipped_one_gives() -> None:
    folder = ROOT / "data/raw/alalam-style"
    assert lost(folder, suggested(folder), "alalam-en") == []


def test_without_the_shipped_profile_only_what_no_page_says_is_missing() -> None:
    folder = ROOT / "data/raw/alalam-style"
    missing = {
        found.partition(": ")[2].split()[-1] for found in lost(folder, suggested(folder, ["default"]), "alalam-en")
    }
    # No page says where its clock stands or where its pictures are, and one mark of its kind proves nothing.
    assert missing == {"published_at", "timezone", "media_url", "sign_off", "body"}
    marks = [found for found in lost(folder, suggested(folder, ["default"]), "alalam-en") if "sign_off" in found]
    assert len(marks) == 1


@pytest.mark.shared
def test_on_the_seed_the_suggested_profile_gives_all_that_the_shipped_one_gives() -> None:
    seeds = SHARED / "seeds"
    if not list(seeds.glob("*.txt")):
        pytest.skip("the seed page is not here: there is no ../shared/seeds beside this checkout")
    assert lost(seeds, suggested(seeds), "alalam-en") == []
    without = lost(seeds, suggested(seeds, ["default"]), "alalam-en")
    assert {found.rpartition(" ")[2] for found in without} <= {"published_at", "timezone", "media_url"}


def test_a_paper_that_nobody_knows_is_read_by_what_its_pages_show(tmp_path: Path) -> None:
    found = surveyed(tmp_path)
    text = write_profile(found.sources["bote"], found.profiles)
    written = tomllib.loads(text)
    assert written["match"] == {"uri": ["bote/*"]}
    assert written["dateline"] == {"formats": ["%d.%m.%Y, %H:%M Uhr"], "order": "DMY"}
    assert "FOTO" in written["article"]["flags"]
    assert written["related_items"]["fields"] == {"item_id": "nid", "title": "zeile", "media_path": "bild"}
    assert f'#   "{IMPRINT}",\n' in text or f'"{IMPRINT}"' in text
    document = Cleaner(loaded(text)).clean(Record("bote/1.txt", 0, ferry(1)))
    assert [item.item_id for item in document.related] == ["51", "91"]
    assert document.related[0].title_flags == ("FOTO",)


def test_what_a_person_confirms_takes_effect(tmp_path: Path) -> None:
    found = surveyed(tmp_path)
    lines = write_profile(found.sources["bote"], found.profiles).splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("# boilerplate = "))
    stop = next(place for place in range(start, len(lines)) if lines[place].endswith("]"))
    confirmed = [line.removeprefix("# ") for line in lines[start : stop + 1]]
    text = "\n".join([*lines[:start], *confirmed, *lines[stop + 1 :]])
    assert {MENU, IMPRINT} <= set(tomllib.loads(text)["article"]["boilerplate"])
    article = Cleaner(loaded(text)).clean(Record("bote/1.txt", 0, ferry(1))).article
    assert (article.title, article.kicker) == ("[FOTO] Alte Fähre fährt wieder, Teil 1", None)
    assert IMPRINT not in article.body


def test_an_order_that_was_not_decided_is_not_set(tmp_path: Path) -> None:
    found = surveyed(tmp_path)
    text = write_profile(found.sources["post"], found.profiles)
    assert tomllib.loads(text).get("dateline", {}) == {}
    assert '# formats = ["%d/%m/%Y %H:%M %z"' in text, "a format would have chosen an order by the way"
    assert '# Not decided: DMY on 1 page.\n# order = "DMY"\n' in text
    assert "# Offsets that its pages print: +03:30 on 1." in text


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=30), max_size=5), st.text(min_size=1, max_size=20))
def test_whatever_stands_in_the_pages_the_file_is_one_that_loads(name: str, lines: Sequence[str], mark: str) -> None:
    source = SourceSurvey(name, name)
    source.documents = 4
    for line in lines:
        for _ in range(3):
            source.lines.saw(line)
            source.unread_flags.saw(line)
            source.filled.saw(f"{line} = title")
            source.datelines.saw(line).add("a.txt", line, "exact")
            if (shape := mark_mask(mark)) is not None:
                source.marks.saw(shape).add("a.txt", mark, "not read")
    profile = loaded(write_profile(source, load())).given[0]
    if lines and mark_mask(mark) is not None:
        assert profile.sign_off is not None


@given(st.text())
def test_a_string_comes_back_as_it_was(text: str) -> None:
    assert tomllib.loads(f"key = {toml_string(text)}")["key"] == text


@given(st.text(alphabet="ABab12/()-. *[]^$|\\+?{}é\n", min_size=1, max_size=12))
def test_the_pattern_of_a_mark_reads_the_mark(mark: str) -> None:
    shape = mark_mask(mark)
    if shape is not None and "\n" not in mark:
        profile = loaded(f"name = 'quay'\narticle.sign_off = {toml_string(mark_pattern(shape))}\n").given[0]
        assert profile.is_sign_off(mark)


def test_stamps_hold_few_examples() -> None:
    stamps = Stamps()
    for number in range(99):
        stamps.add(f"{number}.txt", f"{number}", "exact")
    assert (len(stamps.examples), stamps.uri) == (8, "0.txt")


def test_the_profile_of_a_host_serves_the_records_with_its_address(tmp_path: Path) -> None:
    lines = [
        {"text": f"Pier {number}\n\nRain fell on the pier.", "url": f"https://quay.example/{number}"}
        for number in range(4)
    ]
    crawl = write(tmp_path / "heap", {"crawl.jsonl": "".join(json.dumps(line) + "\n" for line in lines).encode()})
    found = survey([str(crawl)], load(["default"]))
    file = tmp_path / "quay.toml"
    file.write_text(write_profile(found.sources["quay.example"], found.profiles), "utf-8")
    outcome = clean(crawl, tmp_path / "clean", profiles=[str(file), "default"])
    assert outcome.counts["sources"] == {"quay-example": 4}
