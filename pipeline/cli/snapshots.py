"""The commands that read a committed snapshot or tidy an output: verify, restore, diff, gc, quarantine list."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from pipeline.cli.files import STANDARD_OUTPUT
from pipeline.cli.options import COMMITTED, complete_versions, in_json, of_codes
from pipeline.cli.printing import log, print_json, show
from pipeline.log import counted, printable
from pipeline.model import where

if TYPE_CHECKING:
    from pipeline.store.snapshot import Snapshot

LISTED_COLUMNS = ("code", "source_uri", "record", "member", "url", "message")
"""What the line of a reject is made of."""


@click.command(short_help="Hold the tables against what is promised of them.")
@click.argument("folder", metavar="DIR", type=COMMITTED)
@click.option("--full", is_flag=True, help="Restore every document and prove every row again.")
@in_json("the result")
def verify(folder: Path | str, *, full: bool, as_json: bool) -> None:
    """Check the laws on the committed tables of DIR; exit 1 and a list when one is broken.

    \b
    Examples:
      descrape verify data/clean
      descrape verify data/clean --full
    """
    from pipeline.store.snapshot import open_snapshot
    from pipeline.verify import verify as check

    snapshot = open_snapshot(folder)
    result = check(snapshot, full=full)
    if as_json:
        breaches = [{"law": breach.law, "where": breach.where, "found": breach.found} for breach in result.breaches]
        print_json(
            {
                "version": snapshot.version,
                "files": result.files,
                "documents": result.documents,
                "proven": result.proven,
                "breaches": breaches,
            }
        )
    else:
        for breach in result.breaches:
            show(printable(str(breach)))
        verdict = f"laws broken: {len(result.breaches)}" if result.breaches else "every law holds"
        checked = f"{counted(result.files, 'file')} and {counted(result.documents, 'document')} checked"
        show(f"{snapshot.version}: {verdict}; {checked}")
    if full and not result.proven and not result.breaches:
        log("the tables were made by other code than this, so cuts were not proven again; `run` brings them up to date")
    sys.exit(1 if result.breaches else 0)


@click.command(short_help="Write the raw documents back, byte for byte.")
@click.argument("folder", metavar="DIR", type=COMMITTED)
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(file_okay=False, allow_dash=True, path_type=Path),
    help="Folder that is empty or not there yet; - prints the bytes of the one document that --doc names.",
)
@click.option(
    "--doc", metavar="ID", help="Only the document with this doc_id, or all of the file with this source_uri."
)
@in_json("what was written")
def restore(folder: Path | str, target: Path, doc: str | None, *, as_json: bool) -> None:
    """Write every raw document of DIR back, byte for byte, from the tables alone.

    \b
    Examples:
      descrape restore data/clean --to raw-again
      descrape restore data/clean --to one --doc 8a4c6c2055c63d1546e075614c5ae3d2
      descrape restore data/clean --to one --doc harbour/ferry.txt
      descrape restore data/clean --to - --doc harbour/ferry.txt | less
    """
    if target == STANDARD_OUTPUT:
        if as_json:
            raise click.UsageError("standard output takes the bytes of one document; leave out --json")
        _print_raw(folder, doc)
        return
    from pipeline.store.restore import restore as write_back
    from pipeline.store.snapshot import open_snapshot

    snapshot = open_snapshot(folder)
    restored = write_back(snapshot, target, doc)
    if as_json:
        written = {"version": snapshot.version, "to": str(target), "restored": restored.written}
        print_json({**written, "unread": restored.unread, "failed": restored.failed})
        sys.exit(1 if restored.failed else 0)
    for uri in restored.unread:
        log(f"{uri}: was never read, so there is nothing to give back; the table rejects says why")
    for problem in restored.failed:
        log(f"error: {problem}")
    show(f"{counted(restored.written, 'document')} restored to {target}")
    sys.exit(1 if restored.failed else 0)


def _print_raw(folder: Path | str, doc: str | None) -> None:
    """Print the bytes of one document as they were read; of a container those of its first."""
    from pipeline.errors import DescrapeError
    from pipeline.inspect import find
    from pipeline.store.snapshot import open_snapshot

    if doc is None:
        raise click.UsageError("standard output takes the bytes of one document; --doc says which")
    found = find(open_snapshot(folder), doc)
    if not found.was_read:
        raise DescrapeError(f"{doc}: was never read, so there is nothing to give back; the table rejects says why")
    with suppress(BrokenPipeError):  # a reader that went away wants no more
        sys.stdout.buffer.write(found.record.raw)
        sys.stdout.buffer.flush()


@click.command(short_help="Remove old snapshots and logs.")
@click.argument("folder", metavar="DIR", type=COMMITTED)
@click.option("--keep", required=True, type=click.IntRange(min=1), metavar="N", help="Snapshots to keep, newest first.")
@click.option("--dry-run", is_flag=True, help="Say what would go, remove nothing.")
@in_json("the result")
def gc(folder: Path | str, keep: int, *, dry_run: bool, as_json: bool) -> None:
    """Remove old snapshots of DIR, the logs of their runs, and what dead runs and abandoned shares left staged.

    The N newest snapshots stay, and so does the current one. A reader that holds a removed snapshot open loses it.

    \b
    Examples:
      descrape gc data/clean --keep 7
      descrape gc data/clean --keep 1 --dry-run
    """
    if isinstance(folder, Path):
        from pipeline.store.gc import collect

        done = collect(folder, keep, dry_run=dry_run)
    else:
        from pipeline.store.bucket_gc import collect_on_s3

        done = collect_on_s3(folder, keep, dry_run=dry_run)
    if as_json:
        print_json({"kept": done.kept, "removed": done.removed, "runs": done.runs, "bytes": done.bytes})
        return
    verb = "would remove" if dry_run else "removed"
    show(
        f"{verb} {counted(len(done.removed), 'snapshot')} and the logs of {counted(done.runs, 'run')}, "
        f"{done.bytes} bytes; {counted(len(done.kept), 'snapshot')} kept"
    )
    for name in done.removed:
        show(f"  {name}")


@click.command("diff", short_help="Tell how two snapshots differ, by table and column.")
@click.argument("folder", metavar="DIR", type=COMMITTED)
@click.argument("old", metavar="[V1]", required=False, shell_complete=complete_versions)
@click.argument("new", metavar="[V2]", required=False, shell_complete=complete_versions)
@click.option("--inputs", "list_inputs", is_flag=True, help="Name each input that came, went or changed.")
@in_json("the result")
def compare(folder: Path | str, old: str | None, new: str | None, *, list_inputs: bool, as_json: bool) -> None:
    """Tell how snapshot V2 of DIR differs from V1: rows added, removed and changed, by table and column.

    V2 is the current snapshot when it is left out, and V1 the one it followed. Which run wrote a row does not count.

    \b
    Examples:
      descrape diff data/clean
      descrape diff data/clean v000001 v000007 --inputs
    """
    from pipeline.diff import diff
    from pipeline.store.snapshot import open_snapshot

    after = open_snapshot(folder, new)
    before = open_snapshot(folder, old) if old is not None else _predecessor(folder, after)
    found = diff(before, after)
    if as_json:
        tables = {name: msgspec.to_builtins(table) for name, table in found.tables.items()}
        inputs = {"added": found.added, "removed": found.removed, "changed": found.changed}
        print_json({"old": before.version, "new": after.version, "tables": tables, "inputs": inputs})
        return
    show(f"{before.version} -> {after.version}")
    for name, table in found.tables.items():
        if not (table.added or table.removed or table.changed):
            show(f"  {name}: the same rows")
            continue
        show(f"  {name}: {table.added} added, {table.removed} removed, {table.changed} changed")
        for column, count in sorted(table.columns.items(), key=lambda entry: (-entry[1], entry[0])):
            show(f"    {column}: {count}")
    if list_inputs:
        for mark, uris in (("+", found.added), ("-", found.removed), ("~", found.changed)):
            for uri in uris:
                show(printable(f"{mark} {uri}"))


def _predecessor(folder: Path | str, snapshot: Snapshot) -> Snapshot:
    from pipeline.errors import UnknownSnapshotError
    from pipeline.store.snapshot import listed, open_snapshot, versions

    if (name := snapshot.manifest.previous) is None:
        if isinstance(folder, Path) and versions(folder) == [snapshot.version]:
            what = f"{snapshot.version} is the only snapshot of {folder}: there is nothing yet to compare it with"
            raise click.UsageError(f"{what}; the next run that finds something new makes another")
        known = f"; {listed(folder)}" if isinstance(folder, Path) else ""
        what = f"{snapshot.version} followed no other snapshot{known}"
        raise click.UsageError(f"{what}; name the two to compare: descrape diff {folder} V1 V2")
    try:
        return open_snapshot(folder, name)
    except UnknownSnapshotError as error:
        raise UnknownSnapshotError(f"{name}, the snapshot before, was removed; {error}") from None


@click.command("list", short_help="List what was rejected, by code.")
@click.argument("folder", metavar="DIR", type=COMMITTED)
@of_codes
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="Lines of each code at most; 0 for the summary alone. Does not count for --json.",
)
@in_json("the rows, but for their bytes,")
def list_rejects(folder: Path | str, codes: tuple[str, ...], *, limit: int, as_json: bool) -> None:
    """List the rejects of the current snapshot of DIR by their codes: how many, where, and what to do.

    \b
    Examples:
      descrape quarantine list data/clean
      descrape quarantine list data/clean --limit 0
      descrape quarantine list data/clean --json | jq -r .[].source_uri
    """
    from pipeline.schema import REJECTS
    from pipeline.store.snapshot import open_snapshot

    columns = [column.name for column in REJECTS.columns if column.name != "raw"] if as_json else LISTED_COLUMNS
    batches = open_snapshot(folder).batches("rejects", columns)
    rows = (row for batch in batches for row in batch.to_pylist() if not codes or row["code"] in codes)
    if as_json:
        print_json(list(rows))
        return
    counts: Counter[str] = Counter()
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        counts[row["code"]] += 1
        if len(lines[row["code"]]) < limit:
            lines[row["code"]].append(_reject_line(row))
    if not counts:
        log("there are no such rejects" if codes else "nothing was rejected")
        return
    most_first = counts.most_common()
    show(f"{counted(counts.total(), 'reject')}: " + ", ".join(f"{count} {code}" for code, count in most_first))
    for code, count in most_first:
        for line in lines[code]:
            show(printable(line))
        if 0 < limit < count:
            show(f"{code}  and {count - limit} more")


def _reject_line(row: Mapping[str, Any]) -> str:
    name = row["member"] or row["url"]
    place = where(row["source_uri"], row["record"]) + (f" ({name})" if name else "")
    return f"{row['code']}  {place}: {row['message']}"
