"""Take the pictures of the pages in a real browser: the report of the sample, and what a terminal shows.

``make pictures`` calls it, where there is a chromium.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from markupsafe import Markup
from PIL import Image

import pipeline
from pipeline.inspect import Fragment, Stopwatch, View, as_lines
from pipeline.model import Record
from pipeline.profiles import load
from pipeline.report import write
from pipeline.stages import Cleaner

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "data/raw"
PAGE = "alalam-style/mid-paragraph-dump-marathon.txt"
COLOURS = 255
"""Colours of a picture: letters stay sharp, and the file small."""

TERMINAL = Markup(
    """<!DOCTYPE html><meta charset="utf-8"><style>
body {{ margin: 0; background: #16191d; color: #d8dee4; }}
pre {{ margin: 0; padding: 18px 22px; font: 14px/1.38 "DejaVu Sans Mono", monospace; }}
.heading {{ font-weight: bold; color: #fff; }} .field, .body {{ color: #7fc98b; }}
.title {{ color: #6fd0d8; font-weight: bold; }}
.stamp {{ color: #7aa8f0; }} .sign_off {{ color: #d190dc; }} .artifact {{ color: #ef7d72; }}
.kept, .warning {{ color: #e3bd5b; }} .blank, .mark {{ color: #76808a; }}
</style><pre>{}</pre>"""
)


def main() -> int:
    """Take every picture again; return the exit code."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        print("no chromium here, so no pictures are taken")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        pipeline.run(SAMPLE, work / "clean", pipeline.Options(profiles=["alalam-en", "default"]))
        write(pipeline.open_snapshot(work / "clean"), work / "report.html")
        (work / "terminal.html").write_text(terminal(), "utf-8")
        dark = "--blink-settings=preferredColorScheme=0"
        light = "--blink-settings=preferredColorScheme=1"
        take(browser, (work / "report.html").as_uri(), "report.png", (1040, 1250), light)
        page = (work / "report.html").read_text("utf-8")
        (work / "gallery.html").write_text(re.sub(r'<section id="(?!gallery)', r'<section hidden id="', page), "utf-8")
        take(browser, (work / "gallery.html").as_uri(), "gallery.png", (1040, 960), dark)
        take(browser, (work / "terminal.html").as_uri(), "inspect.png", (880, 800), light)
    return 0


def terminal() -> str:
    """Return what ``descrape inspect`` shows of a page on a terminal, as HTML."""
    raw = (SAMPLE / PAGE).read_bytes()
    watch = Stopwatch()
    document = Cleaner(load(["alalam-en"])).clean(Record(f"data/raw/{PAGE}", 0, raw), watch)
    lines = as_lines(document, watch.seconds, View(width=100))
    return str(TERMINAL.format(Markup("\n").join(Markup("").join(map(_span, line)) for line in lines)))


def _span(fragment: Fragment) -> Markup:
    return Markup('<span class="{}">{}</span>').format(fragment.style, fragment.text)


def take(browser: str, address: str, name: str, size: tuple[int, int], scheme: str) -> None:
    """Take one picture."""
    target = HERE / "images" / name
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", scheme]
        own = [f"--window-size={size[0]},{size[1]}", f"--user-data-dir={profile}", f"--screenshot={target}"]
        subprocess.run([browser, *flags, *own, address], check=True, capture_output=True, timeout=120)
    Image.open(target).convert("RGB").quantize(COLOURS).save(target, optimize=True)
    print(f"docs/images/{name}: {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
