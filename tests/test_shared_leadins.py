"""Stories of a newsroom as pages: lead-ins are told from titles and prose, and their parts are apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.model import Record
from pipeline.profiles import load
from pipeline.stages import Cleaner

STORIES = Path(__file__).resolve().parents[2] / "shared/cases/reuters.jsonl"
CLEANER = Cleaner(load())
RIGHT = 0.975


@pytest.mark.shared
def test_the_lead_ins_of_a_newsroom_leave_the_body() -> None:
    if not STORIES.is_file():
        pytest.skip(f"{STORIES.name} does not stand beside this checkout")
    with STORIES.open(encoding="utf-8") as lines:
        stories = [story for story in map(json.loads, lines) if story["dateline"] and story["title"] and story["body"]]
    assert stories
    right = 0
    for story in stories:
        printed = story["dateline"].strip()
        page = f"{story['title'].strip()}\n\n{story['dateline']}{story['body']}"
        document = CLEANER.clean(Record("story.txt", 0, page.encode()))
        place = printed.split(",")[0]
        right += (
            document.article.lead_raw == printed
            and document.article.body.startswith(story["body"].strip()[:20].partition("\n")[0].rstrip())
            and document.lead.place == place
        )
    assert right >= RIGHT * len(stories)
