"""Pages of two invented papers, one of which no shipped profile knows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.profiles import load
from pipeline.survey import Survey, survey
from tests.corpus import dump, write

MENU, IMPRINT = "Heim | Hafen | Wetter", "Alle Rechte beim Fährboten"


def items(number: int) -> str:
    """Return a list of related pages as the paper prints it: by keys that no shipped profile knows."""
    rows = [
        {
            "nid": 50 + number,
            "zeile": f"[FOTO] Das Dock im Winter, Teil {number}",
            "bild": f"/2016/03/2{number}/dock.jpg",
        },
        {"nid": 90 + number, "zeile": f"Der Kran steht wieder, Teil {number}", "bild": None, "wer": {"kurz": "ah"}},
    ]
    return json.dumps({"items": rows}, ensure_ascii=False)


def ferry(number: int) -> bytes:
    """Return a page of the paper."""
    head = f"{MENU}\n\n[FOTO] Alte Fähre fährt wieder, Teil {number}\n\n{13 + number}.03.2016, 11:{10 + number} Uhr"
    prose = f"Nach {number} Jahren am Kai hat die alte Fähre wieder abgelegt.\n\nVierzig Fahrgäste waren an Bord."
    return f"{head}\n\n{prose}\n\n(ah)\n\n{IMPRINT}\n\n".encode() + dump(items(number))


POST: Mapping[str, bytes] = {
    "post/a.txt": b"Pier\n\n13/03/2016 10:00 +03:30\n\nThe pier is open. Nobody came.\n",
    "post/b.txt": b'Quay\n\n03/04/2016 10:00\n\nThe quay is open. Everybody came.\n\nstring(4) "rain\n',
    "post/empty.txt": b"\n",
    "post/notes.md": b"no page",
}

PAGES: Mapping[str, bytes] = {**{f"bote/{number}.txt": ferry(number) for number in range(1, 7)}, **POST}


def surveyed(folder: Path, profiles: Sequence[str] = ("alalam-en", "default"), sample: int | None = None) -> Survey:
    """Return the survey of both papers, whose pages are written to the folder."""
    return survey([str(write(folder, PAGES))], load(profiles), sample=sample)
