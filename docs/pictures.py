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
from collections.abc import Mapping
from pathlib import Path

import regex

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs/pictures"
WIDTH = 92
"""Columns of the terminal that is drawn."""
COLOURS = 255
"""Colours of a picture of the report: letters stay sharp, and the file small."""

COMMANDS: Mapping[str, str] = {
    "inspect": "descrape inspect data/raw/alalam-style/mid-paragraph-dump-marathon.txt --profile alalam-en",
    "survey": "descrape survey data/raw/alalam-style --rows 3",
}
"""Pictures by name, and what is typed in each."""

_FONT = regex.compile(r"@font-face \{.*?\}\s*", regex.DOTALL)
_OTHER_SECTION = regex.compile(r'<section id="(?!gallery)')


def output(command: str, **shell: str) -> str:
    """Return what a command prints on a terminal of the pictures' width."""
    _, *arguments = command.split()
    inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment = inherited | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": str(WIDTH)} | shell
    driver, terminal = pty.openpty()
    words = [sys.executable, "-m", "pipeline", *arguments]
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=terminal) as ran:
        os.close(terminal)
        parts: list[bytes] = []
        while part := _part(driver):
            parts.append(part)
    os.close(driver)
    if ran.returncode:
        raise SystemExit(f"{command} failed with {ran.returncode}")
    return b"".join(parts).decode().replace("\r\n", "\n")


def _part(driver: int) -> bytes:
    try:
        return os.read(driver, 65536)
    except OSError:  # how Linux says that the other end is closed
        return b""


def draw(name: str, command: str) -> str:
    """Return the picture of a command."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi(f"$ {command}\n{output(command)}"))
    # Without the fonts that a reader's machine would be made to fetch.
    return _FONT.sub("", console.export_svg(title="descrape", unique_id=name))


def photograph(browser: str) -> None:
    """Take the pictures of the report: its top in light, and its gallery in dark."""
    import pipeline
    from pipeline.report import write

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        pipeline.run(ROOT / "data/raw", work / "clean", pipeline.Options(profiles=["alalam-en", "default"]))
        write(pipeline.open_snapshot(work / "clean"), work / "report.html")
        take(browser, work / "report.html", "report", (1040, 1250), dark=False)
        page = (work / "report.html").read_text("utf-8")
        (work / "gallery.html").write_text(_OTHER_SECTION.sub('<section hidden id="', page), "utf-8")
        take(browser, work / "gallery.html", "gallery", (1040, 960), dark=True)


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
    for name, command in COMMANDS.items():
        (PICTURES / f"{name}.svg").write_text(draw(name, command), "utf-8")
        print(f"docs/pictures/{name}.svg was written")
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        print("no chromium here, so no pictures of the report are taken")
        return 1
    photograph(browser)
    return 0


if __name__ == "__main__":
    sys.exit(main())
