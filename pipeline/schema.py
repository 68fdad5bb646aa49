"""Every table and column, once: name, type, meaning. The data dictionary and the files' metadata come from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
from msgspec import Struct

SCHEMA_VERSION = 3
"""Grows when a column is added; meanings never change."""

STRING = pa.string()
STRINGS = pa.list_(pa.field("item", pa.string(), nullable=False))
INT32 = pa.int32()
INT64 = pa.int64()


class Column(Struct, frozen=True):
    """One column: its meaning in one line, and whether a row may lack it."""

    name: str
    type: pa.DataType
    meaning: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, and its columns."""

    name: str
    grain: str
    columns: tuple[Column, ...]

    def arrow(self) -> pa.Schema:
        """Return the Arrow schema, each column with its meaning as metadata."""
        return pa.schema(
            [
                pa.field(column.name, column.type, column.nullable, {"meaning": column.meaning})
                for column in self.columns
            ]
        )


def _required(name: str, of: pa.DataType, meaning: str) -> Column:
    return Column(name, of, meaning, nullable=False)


DOC_ID = _required("doc_id", STRING, "identity: 32 hex digits of SHA-256 over source_uri NUL record")

ORIGIN = (
    Column("member", STRING, "name of the document inside an archive, as given; null elsewhere"),
    Column("url", STRING, "address of the document, as its container gives it"),
    Column("fetched_at", STRING, "when it was fetched, as its container gives it"),
    Column("record_date", STRING, "its own `date`, as its container gives it"),
    Column("source_fields", STRING, "JSON object of every other field that its container gives it"),
    Column("charset", STRING, "the encoding that its container declares, as given"),
    Column("form", STRING, "`html`: the text was taken out of a page, and offsets are places in that text; else null"),
)

ARTICLES = Table(
    "articles",
    "one row a document",
    (
        DOC_ID,
        _required("source_uri", STRING, "where the document was read, relative to the source root given"),
        _required("record", INT64, "its index in a container; 0 for a plain file"),
        _required("source", STRING, "the profile that was used; `default` when none matched"),
        Column("title", STRING, "the title as printed, trimmed; null when it is not known which line it is"),
        Column("headline", STRING, "the title without its flag words"),
        _required("title_flags", STRINGS, "flag words found at either end of the title, in printed order"),
        Column("kicker", STRING, "lines above the title: a section, a related headline; one line each"),
        Column("deck", STRING, "lines between title and prose: a standfirst, a by-line; one line each"),
        _required("body", STRING, "the prose: paragraphs separated by one blank line, nothing else"),
        Column("dateline_raw", STRING, "the timestamp line as it stood; the lead-in where there is none"),
        Column("published_at", pa.timestamp("us", "UTC"), "the instant; null when no time zone is known"),
        Column("published_local", pa.timestamp("us"), "the wall-clock time as printed"),
        Column("published_precision", STRING, "`year` `month` `day` `minute` `second`"),
        Column("utc_offset_minutes", pa.int16(), "the offset that led from the local time to the instant"),
        Column("timezone", STRING, "IANA name or offset"),
        Column(
            "timezone_source",
            STRING,
            "where the zone is from: `text` `profile` `evidence`; null when unknown",
        ),
        _required(
            "dateline_status",
            STRING,
            "`exact`; `ambiguous`: two readings, none chosen; `inconsistent`: contradicts itself; `partial`; `none`",
        ),
        Column("lead_raw", STRING, "the lead-in before the first sentence, as it stood, such as `PARIS, May 3 (AP) —`"),
        Column("place", STRING, "place of the lead-in, or several, as printed"),
        Column("region", STRING, "region or country of the lead-in, as printed"),
        Column("agency", STRING, "agency of the lead-in, as printed"),
        Column(
            "lead_date",
            pa.date32(),
            "day of the lead-in, local; a year that is not printed comes from the timestamp line",
        ),
        Column("updated_at", pa.timestamp("us", "UTC"), "instant of an update stamp"),
        Column("sign_off", STRING, "editor's mark below the prose"),
        Column("language", STRING, "ISO 639-1 code of the body's language; null when unsure"),
        _required("encoding", STRING, "what the bytes were decoded as"),
        Column(
            "encoding_confidence",
            pa.float64(),
            "how sure the guess of the encoding is, from 0 to 1; null when nothing was guessed",
        ),
        _required("n_artifacts", INT32, "rows of this document in `artifacts`"),
        _required("n_related", INT32, "rows of this document in `related_items`"),
        _required("n_words", INT32, "words of the body, divided by white space"),
        _required("warnings", STRINGS, "stable codes; what follows a colon is detail"),
        Column(
            "duplicate_of",
            STRING,
            "doc_id of the first document with the same body; null when it is the first, or has no body",
        ),
        Column("body_sha256", STRING, "SHA-256 of the body's UTF-8 bytes; null when there is no body"),
        _required("raw_sha256", STRING, "SHA-256 of the raw document"),
        _required("raw_size", INT64, "bytes of the raw document"),
        *ORIGIN,
    ),
)

RELATED_ITEMS = Table(
    "related_items",
    "one row an item of embedded related-items JSON",
    (
        DOC_ID,
        _required("position", INT32, "place of the item in its document, from 0"),
        Column("item_id", STRING, "identity of the item on its site"),
        Column("sort_key", INT64, "the site's order of items"),
        Column("content_type_id", INT32, "the site's number of a kind of content"),
        Column("title", STRING, "title of the item as printed"),
        Column("headline", STRING, "title without flag words"),
        _required("title_flags", STRINGS, "flag words of the title, in printed order"),
        Column("media_path", STRING, "path of the item's picture or film, as given"),
        Column("media_url", STRING, "its address; null when the profile knows no base"),
        Column("media_kind", STRING, "`image` `video` `audio` `document`, by the extension, else by the key"),
        Column("media_date", pa.date32(), "the day in the folders of the path"),
        Column("media_ticks", INT64, ".NET ticks in the file name: 100 ns since 0001-01-01 on the site's clock"),
        Column("media_local", pa.timestamp("ns"), "the ticks as wall-clock time of the site"),
        Column(
            "media_at",
            pa.timestamp("us", "UTC"),
            "instant in the file name or the id, by the clock that the profile names",
        ),
        Column("url", STRING, "address of the item's page, as given"),
        Column("published_raw", STRING, "the item's date, as given"),
        _required(
            "recovery",
            STRING,
            "how the item was read: `strict` `envelope` `decoded` `repaired` `salvaged`",
        ),
        Column("extra", STRING, "JSON of every key that no column holds"),
        _required("keys", STRINGS, "which key of the item filled which column, such as `pic = media_path`"),
        _required("artifact", INT32, "ordinal of the artifact it came from"),
    ),
)

ARTIFACTS = Table(
    "artifacts",
    "one row a leak found, or a look-alike left in the text",
    (
        DOC_ID,
        _required("ordinal", INT32, "place of the artifact in its document, from 0"),
        _required("start", INT64, "first byte in the raw document"),
        _required("stop", INT64, "byte after the last"),
        _required("family", STRING, "family of leaks, such as `php_dump`"),
        _required("rule", STRING, "grammar that was parsed, such as `var_dump`"),
        _required(
            "status",
            STRING,
            "`exact` `repaired` `truncated` `ambiguous`: cut; `kept`: recognised and left in the text",
        ),
        _required(
            "reason",
            STRING,
            "what was done to leak and JSON, or why it was kept; empty where all is as it was printed",
        ),
        Column("declared_length", INT64, "length that the leak itself declares, in bytes"),
        Column("payload_start", INT64, "first byte of the payload in the raw document"),
        Column("payload_stop", INT64, "byte after the payload"),
        Column("value", STRING, "the data as JSON"),
        Column("json", STRING, "the JSON document that the payload turned out to be; null when it is none"),
        Column(
            "recovery",
            STRING,
            "`strict` `envelope` `decoded` `repaired` `salvaged` `rejected`: how `json` was read",
        ),
        _required("suspect", pa.bool_(), "recovered, but not every value could be proven"),
        _required("raw", pa.binary(), "the bytes of the artifact"),
    ),
)

LEDGER = Table(
    "ledger",
    "one row a tile: which bytes of a document went where, or what they were",
    (
        DOC_ID,
        _required("ordinal", INT32, "place of the tile in its document, from 0"),
        _required("start", INT64, "first byte in the raw document"),
        _required("stop", INT64, "byte after the last"),
        _required(
            "role",
            STRING,
            "`title` `kicker` `deck` `dateline` `lead` `body` `sign_off`: text; `boilerplate`: lines that the pages of "
            "the source share, which no column holds; `artifact`; `blank`: white space; `page`: the whole page that "
            "the text was taken out of, the last row of its document",
        ),
        Column("artifact", INT32, "ordinal of the artifact that holds the bytes"),
        Column(
            "text_start",
            INT64,
            "where the bytes, or what stands for them, begin in the UTF-8 form of the article column of that role",
        ),
        Column("text_stop", INT64, "byte after the last in that column"),
        Column("raw", pa.binary(), "the bytes themselves, where neither column nor artifact holds them"),
    ),
)

REJECTS = Table(
    "rejects",
    "one row an input that gave no article",
    (
        _required("source_uri", STRING, "where the input stands, relative to the source root given"),
        _required("record", INT64, "its index in a container; 0 for a plain file"),
        _required("stage", STRING, "the step that refused it"),
        _required("code", STRING, "stable code of the reason"),
        _required("message", STRING, "what was wrong, where, and what to do"),
        Column("raw", pa.binary(), "the bytes of the input; null when they could not be read"),
        _required("run_id", STRING, "the run that refused it"),
        *ORIGIN,
    ),
)

TABLES: Mapping[str, Table] = {table.name: table for table in (ARTICLES, RELATED_ITEMS, ARTIFACTS, LEDGER, REJECTS)}

NEAR_DUPLICATES = Table(
    "near_duplicates",
    "one row an article that is much like an earlier one; there only after a run with --near-duplicates",
    (
        DOC_ID,
        _required("near_doc_id", STRING, "`doc_id` of the earlier article that it is most like"),
        _required(
            "similarity", pa.float64(), "shared shingles (three words in a row) by all shingles of the two bodies"
        ),
    ),
)

EVERY_TABLE: Mapping[str, Table] = {**TABLES, NEAR_DUPLICATES.name: NEAR_DUPLICATES}
"""The tables of each snapshot, and those that are made when they are asked for."""

SCHEMAS: Mapping[str, pa.Schema] = {name: table.arrow() for name, table in EVERY_TABLE.items()}
"""The Arrow schema of each."""

ROLE_COLUMNS: Mapping[str, str] = {
    "title": "title",
    "kicker": "kicker",
    "deck": "deck",
    "dateline": "dateline_raw",
    "lead": "lead_raw",
    "body": "body",
    "sign_off": "sign_off",
}
"""The article column that holds the text of each role of the ledger."""
