"""A real browser opens the report of hostile pages: what it draws is the data, and nothing in it is obeyed."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline import open_snapshot
from pipeline.report import write
from tests.corpus import PATIENCE, clean, dump, page
from tests.corpus import write as write_pages

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium here, so no browser opens the report")

# Opens the page in frames as wide as a phone, a tablet and a desk, and writes down what it sees there.
HARNESS = """<!doctype html><meta charset="utf-8"><title>harness</title>
<iframe id="phone" src="report.html" width="380" height="800"></iframe>
<iframe id="tablet" src="report.html" width="850" height="800"></iframe>
<iframe id="desk" src="report.html" width="1200" height="800"></iframe>
<pre id="seen"></pre>
<script>
function look(name) {
  const page = document.getElementById(name).contentDocument;
  const all = (what) => [...page.querySelectorAll(what)];
  const box = (one) => { const at = one.getBoundingClientRect(); return [at.width, at.height]; };
  const fill = (what) => getComputedStyle(page.querySelector(what)).fill;
  return {
    title: page.title,
    owned: [page.defaultView.owned, page.body.dataset.owned].filter((sign) => sign !== undefined).length,
    tags: [...new Set(all("*").map((one) => one.tagName.toLowerCase()))],
    handlers: all("*").flatMap((one) => [...one.attributes]).filter((own) => /^on|^style$/i.test(own.name)).length,
    links: all("[href], [src]").map((one) => one.getAttribute("href") || one.getAttribute("src")),
    room: [page.documentElement.scrollWidth, page.documentElement.clientWidth],
    bars: all(".bar rect").map(box),
    flow: all(".flow path").map(box),
    columns: all(".timeline rect").length,
    cut: all("del").map((one) => one.textContent),
    texts: all("pre").map((one) => one.textContent),
    names: all(".where").map((one) => one.textContent),
    overlaps: all(".two table, .flow text").map((one) => one.getBoundingClientRect()).filter((one, place, others) =>
      others.slice(place + 1).some((other) => one.left < other.right - 1 && other.left < one.right - 1
        && one.top < other.bottom - 1 && other.top < one.bottom - 1)).length,
    clipped: all(".flow text").filter((one) => {
      const [label, chart] = [one.getBoundingClientRect(), one.ownerSVGElement.getBoundingClientRect()];
      return label.left < chart.left - 1 || label.right > chart.right + 1;
    }).length,
    exact: fill(".bar .exact"),
    tiles: all(".tiles b").map((one) => one.textContent),
  };
}
addEventListener("load", () => {
  document.getElementById("seen").textContent = JSON.stringify(
    Object.fromEntries(["phone", "tablet", "desk"].map((name) => [name, look(name)])));
});
</script>"""

SIGNS = "\u202egnol\u2066 \x1b[31m"


def attacks(port: int) -> list[str]:
    """Return titles that would act, or fetch, if a page took them for more than text."""
    fetch = f"http://127.0.0.1:{port}"
    return [
        f"<script>window.owned=1;fetch('{fetch}/a')</script>",
        f"<img src={fetch}/b onerror=document.body.dataset.owned=1>",
        f'"\'><svg onload="window.owned=1"><image href={fetch}/c>',
        f"</pre></title></style></textarea><style>@import url({fetch}/d);</style>",
        f"<iframe src={fetch}/e></iframe><meta http-equiv=refresh content='0;url={fetch}/f'>",
        "{{ 7 * 7 }} {% raw %} &lt;b&gt; &amp;",
        SIGNS,
    ]


@pytest.fixture
def fetched() -> Iterator[tuple[int, list[str]]]:
    """Return the port of a server, and the list of what was asked of it."""
    asked: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.server_address[1], asked
    server.shutdown()
    server.server_close()
    thread.join()


def seen_by_browser(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what the harness sees of ``report.html`` in a folder."""
    (folder / "harness.html").write_text(HARNESS, "utf-8")
    assert BROWSER is not None
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--no-first-run"]
    own = [f"--user-data-dir={folder / 'browser'}", "--virtual-time-budget=10000", "--dump-dom"]
    command = [BROWSER, *flags, *own, (folder / "harness.html").as_uri()]
    shown = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE).stdout.decode()
    found = re.search(r'<pre id="seen">(.+?)</pre>', shown, re.DOTALL)
    assert found, shown[-2000:]
    seen: dict[str, dict[str, Any]] = json.loads(html.unescape(found[1]))
    return seen


def test_hostile_titles_are_drawn_as_text_and_nothing_is_run_or_fetched(
    tmp_path: Path, fetched: tuple[int, list[str]]
) -> None:
    port, asked = fetched
    titles = attacks(port)
    pages = {
        f"site/{number}.txt": page(
            title, f"Prose with {title} inside.", number=number, foot=dump(json.dumps([{"id": "1", "title": title}]))
        )
        for number, title in enumerate(titles)
    }
    pages["site/<b2 onclick=1>.txt"] = dump("<b>leak</b>") + b"Rain."
    clean(write_pages(tmp_path / "pages", pages), tmp_path / "clean")
    write(open_snapshot(tmp_path / "clean"), tmp_path / "report.html")
    seen = seen_by_browser(tmp_path)
    for where, drawn in seen.items():
        assert drawn["title"] == f"descrape v000001: what came of {len(pages)} inputs", where
        assert (drawn["owned"], drawn["handlers"]) == (0, 0)
        assert {"script", "img", "iframe", "image", "object", "link", "b2"} & set(drawn["tags"]) == set()
        assert all(link.startswith("#") for link in drawn["links"])
        assert drawn["room"][0] <= drawn["room"][1], f"{where}: wider than the screen"
        assert (drawn["overlaps"], drawn["clipped"]) == (0, 0), f"{where}: something covers something else"
        # The policy lets the page's own style in: colours are there, bars and bands have a size.
        assert drawn["exact"] in {"rgb(31, 138, 112)", "rgb(63, 184, 150)"}
        assert drawn["bars"]
        assert all(width > 0 and height > 0 for width, height in drawn["bars"] + drawn["flow"])
        assert drawn["columns"] == 1
        assert drawn["tiles"][0] == str(len(pages))
        text = "\n".join(drawn["texts"])
        for title in titles[:-1]:
            assert title in text
        assert "\u202e" not in text
        assert "\\u202egnol\\u2066 \\x1b[31m" in text
        assert 'string(11) "<b>leak</b>"' in [cut.strip() for cut in drawn["cut"]]
        assert "site/<b2 onclick=1>.txt" in drawn["names"]
    assert asked == []
