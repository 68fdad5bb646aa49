"""Pages as a server sends them, and web archives that hold them."""

from __future__ import annotations

from collections.abc import Iterable

DUMP = 'string(60) "[{"id":"7","title":"VIDEO: Pier","pic":"/2016/03/27/a.jpg"}]"'
ARRAY = 'array(2) {\n  ["id"]=>\n  int(7)\n  ["title"]=>\n  string(10) "Pier opens"\n}'
HIDDEN = 'string(6) "hidden"'


def html(leak: str = "", above: str = "", below: str = "", head: str = '<meta charset="utf-8">') -> str:
    """Return a page with a leak in its article, above everything or below it, and one wherever no reader sees it."""
    return f"""<!DOCTYPE html>
<html><head>{head}<title>Ferry Back - The Quay</title>
<script>var leaked = '{HIDDEN}';</script><style>/* {HIDDEN} */</style><!-- {HIDDEN} --></head>
<body data-dump='{HIDDEN}'>{above}
<nav><ul><li><a href="/">Home</a></li><li><a href="/town">Town</a></li></ul></nav>
<main><article><h1>Ferry Back in Harbour</h1>
<p>Sun Mar 27, 2016 11:55:38</p>
<p>The old ferry came back on Sunday, a day late, after eleven years at the quay &amp; in the dock of Käpt’n Müller.</p>
{leak}
<p>“It was the fog,” the captain said on the pier. The council votes on Tuesday about the timetable for the islands.</p>
</article></main>
<aside><h3>Read on</h3><ul><li><a href="/1">Tram to run on Sundays</a></li></ul></aside>
<footer>Copyright The Quay. All rights reserved.</footer>{below}<div hidden>{HIDDEN}</div></body></html>
"""


BODY = (
    "The old ferry came back on Sunday, a day late, after eleven years at the quay & in the dock of Käpt’n Müller.\n\n"
    "“It was the fog,” the captain said on the pier. The council votes on Tuesday about the timetable for the islands."
)


def record(kind: str, block: bytes, content_type: str, **headers: str) -> bytes:
    """Return a record of a web archive."""
    given = {"WARC-Target-URI": "https://quay.example/ferry", "WARC-Date": "2016-03-27T07:25:38Z", **headers}
    lines = [f"{name}: {value}" for name, value in {**given, "Content-Type": content_type}.items()]
    head = "\r\n".join(["WARC/1.0", f"WARC-Type: {kind}", *lines, f"Content-Length: {len(block)}"])
    return head.encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def response(body: bytes, content_type: str = "text/html; charset=utf-8", status: int = 200, more: str = "") -> bytes:
    """Return the record of what a server answered."""
    http = f"HTTP/1.1 {status} As it is\r\nContent-Type: {content_type}\r\n{more}\r\n".encode() + body
    return record("response", http, "application/http; msgtype=response")


def archive(records: Iterable[bytes]) -> bytes:
    """Return a web archive, with the record that every one begins with."""
    return b"".join([record("warcinfo", b"software: quay\r\n", "application/warc-fields"), *records])
