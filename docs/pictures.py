"""Draw the pictures of the pages: what commands print on a terminal, and the report of the sample in a browser.

``make pictures`` writes them again. Terminals take the extra ``progress``, whose library draws. Their pictures hold
their text as text, so that tests can read it, and load nothing from anywhere. The report takes a chromium.
"""

from __future__ import annotations

import io
import os
import pty
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import regex

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs/pictures"
COLOURS = 255
"""Colours of a picture of the report: letters stay sharp, and the file small."""


class Terminal(NamedTuple):
    """What is typed, on a terminal of so many columns, in light or in dark."""

    command: str
    width: int = 92
    light: bool = False


TERMINALS: Mapping[str, Terminal] = {
    "inspect": Terminal("descrape inspect data/raw/alalam-style/mid-paragraph-dump-marathon.txt --profile alalam-en"),
    "inspect-kept": Terminal("descrape inspect data/raw/code-blog/question-warning-headers.txt", light=True),
    "inspect-narrow": Terminal("descrape inspect data/raw/broken-server/perl-error-map.txt", width=40),
    "survey": Terminal("descrape survey data/raw/alalam-style --rows 3"),
}
"""Pictures of terminals by name."""

_FONT = regex.compile(r"@font-face \{.*?\}\s*", regex.DOTALL)
_PHONES = """<!doctype html><meta charset="utf-8"><body style="margin:0;display:flex;gap:20px;background:#777">
<iframe src="report.html" width="420" height="900" style="border:0"></iframe>
<iframe src="gallery.html#gallery" width="420" height="900" style="border:0"></iframe>"""
_OTHER_SECTION = regex.compile(r'<section id="(?!gallery)')


def prompt(terminal: Terminal) -> str:
    """Return the line that is typed, broken to the terminal's width."""
    lines = textwrap.wrap(f"$ {terminal.command}", terminal.width, subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join(lines)


def output(terminal: Terminal, **shell: str) -> str:
    """Return what the command prints on the terminal."""
    _, *arguments = terminal.command.split()
    inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment = inherited | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": str(terminal.width)} | shell
    driver, screen = pty.openpty()
    words = [sys.executable, "-m", "pipeline", *arguments]
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=screen) as ran:
        os.close(screen)
        parts: list[bytes] = []
        while part := _part(driver):
            parts.append(part)
    os.close(driver)
    if ran.returncode:
        raise SystemExit(f"{terminal.command} failed with {ran.returncode}")
    return b"".join(parts).decode().replace("\r\n", "\n")


def _part(driver: int) -> bytes:
    try:
        return os.read(driver, 65536)
    except OSError:  # how Linux says that the other end is closed
        return b""


def draw(name: str, terminal: Terminal) -> str:
    """Return the picture of a terminal."""
    from rich.console import Console
    from rich.terminal_theme import DEFAULT_TERMINAL_THEME, SVG_EXPORT_THEME
    from rich.text import Text

    console = Console(
        record=True, width=terminal.width, file=io.StringIO(), force_terminal=True, color_system="standard"
    )
    console.print(Text.from_ansi(f"{prompt(terminal)}\n{output(terminal)}"))
    theme = DEFAULT_TERMINAL_THEME if terminal.light else SVG_EXPORT_THEME
    # Without the fonts that a reader's machine would be made to fetch.
    return _FONT.sub("", console.export_svg(title="descrape", unique_id=name, theme=theme))


def photograph(browser: str) -> None:
    """Take the pictures of pages: the report's top in light, its gallery in dark, both on a phone, and a survey."""
    import pipeline
    from pipeline.profiles import load
    from pipeline.report import write
    from pipeline.survey import survey
    from pipeline.survey.render_html import as_html

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        pipeline.run(ROOT / "data/raw", work / "clean", pipeline.Options(profiles=["alalam-en", "default"]))
        write(pipeline.open_snapshot(work / "clean"), work / "report.html")
        take(browser, work / "report.html", "report", (1040, 1250), dark=False)
        page = (work / "report.html").read_text("utf-8")
        (work / "gallery.html").write_text(_OTHER_SECTION.sub('<section hidden id="', page), "utf-8")
        take(browser, work / "gallery.html", "gallery", (1040, 960), dark=True)
        # A browser without a window is never as narrow as a phone, a frame in it is.
        (work / "phone.html").write_text(_PHONES, "utf-8")
        take(browser, work / "phone.html", "phone", (860, 900), dark=False)
        (work / "survey.html").write_text(
            as_html(survey([str(ROOT / "data/raw")], load(["alalam-en", "default"]))), "utf-8"
        )
        take(browser, work / "survey.html", "survey-page", (1040, 1100), dark=False)


def take(browser: str, page: Path, name: str, size: tuple[int, int], *, dark: bool) -> None:
    """Take one picture of a page."""
    from PIL import Image

    target = PICTURES / f"{name}.png"
    with tempfile.TemporaryDirectory() as profile:
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
        own = [f"--window-size={size[0]},{size[1]}", f"--user-data-dir={profile}", f"--screenshot={target}"]
        subprocess.run([browser, *flags, scheme, *own, page.as_uri()], check=True, capture_output=True, timeout=120)
    Image.open(target).convert("RGB").quantize(COLOURS).save(target, optimize=True)
    print(f"docs/pictures/{name}.png was written")


def main() -> int:
    """Write every picture; return the exit code."""
    for name, terminal in TERMINALS.items():
        (PICTURES / f"{name}.svg").write_text(draw(name, terminal), "utf-8")
        print(f"docs/pictures/{name}.svg was written")
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        print("no chromium here, so no pictures of the report are taken")
        return 1
    photograph(browser)
    return 0


if __name__ == "__main__":
    sys.exit(main())
