"""The end of a run: the work that was planned is done, checked, and committed as one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.engines import Engine
from pipeline.engines.evidence import Judged, summary
from pipeline.engines.held import old_shards, stamps_of
from pipeline.engines.task import ShardResult
from pipeline.errors import SnapshotError, TooManyRejectsError
from pipeline.job.compared import compare
from pipeline.job.former import former
from pipeline.job.options import Outcome
from pipeline.job.passes import clean_all, since_of
from pipeline.job.running import Run
from pipeline.log import Level, counted
from pipeline.plan import Assembly, Plan, assemble, nothing_came_of_it, nothing_new, totals
from pipeline.store.bodies import read_bodies, write_bodies
from pipeline.store.commit import Output
from pipeline.store.entries import Entries, InputEntry
from pipeline.store.manifest import FileEntry, Manifest, ProfileText, SlowDocument, digest_of, refuse_changed, slowest
from pipeline.store.seen import Seen, read_seen, write_seen
from pipeline.store.snapshot import Snapshot, points_nowhere
from pipeline.version import __version__

REBUILD = "--rebuild makes a new snapshot from the sources alone"
"""What helps where the last snapshot cannot be read."""


def finish(  # noqa: PLR0913 - where everything of a run comes together
    this: Run, output: Output, previous: Snapshot | None, planned: Plan, ignored: int, *, replaying: bool = False
) -> Outcome:
    """Do the work that was planned, and commit it unless the last snapshot holds just that."""
    this.isolated = output.holds_remains()
    stage = output.stage(this.id)
    with this.engine() as on:
        judged, results = clean_all(this, on, planned, stage, previous)
        since = since_of(this, previous)
        looks = partial(stamps_of, planned.tasks, began=this.started.timestamp(), since=since)
        done = publish(this, on, output, previous, planned, results, judged, ignored, stage, looks, replaying=replaying)
    if replaying:
        return done
    compared = compare(planned, results, previous, since=since, again=this.again, prune=this.options.prune)
    return replace(done, input_files=compared)


def publish(  # noqa: PLR0913, PLR0917 - likewise
    this: Run,
    on: Engine,
    output: Output,
    previous: Snapshot | None,
    planned: Plan,
    results: Sequence[ShardResult],
    judged: Judged,
    ignored: int,
    stage: Path,
    looks: Callable[[Sequence[InputEntry]], Iterable[bytes]],
    *,
    replaying: bool = False,
) -> Outcome:
    """Commit what came of the shards of a run, unless the last snapshot holds just that.

    ``looks`` tells of inputs as the manifest has them how they looked; see ``store.seen``.
    """
    unchanged = nothing_came_of_it if replaying else nothing_new
    asked = this.options.near_duplicates
    if previous is not None and unchanged(planned, results) and previous.manifest.near_duplicates == asked:
        held = [same for task in planned.tasks if (same := planned.same(task)) is not None and same.inputs]
        looked = looks(Entries(shard.inputs for shard in held))
        outlines = tuple(shard.outline for shard in held)
        write_seen(output.root, stage, previous.manifest.run_id, digest_of(previous.path), outlines, looked)
        message = f"nothing new: {previous.version} holds these inputs already, cleaned with this configuration"
        this.log.event("run_unchanged", message, run_id=this.id, version=previous.version)
        return Outcome("unchanged", this.id, previous.version, previous.manifest.counts)
    assembly = assemble(planned, results, judged)
    counts = this.counts = totals((entry.counts for entry in assembly.shards), ignored)
    check(this, counts)
    tell_of_idle_profiles(this, counts)
    version = output.next_version()
    took = slowest(entry for result in results for entry in result.slowest)
    with this.step("duplicates"):
        noted = read_bodies(output.root)
        known = [replace(part, bodies=part.bodies or noted.get(part.sha256)) for part in assembly.parts]
        parts = tuple(on.mark(known, stage))
    if asked is not None:
        with this.step("near_duplicates"):
            near = on.near(parts, asked, stage)
        parts += (near,)
        counts["near_duplicates"] = near.rows
    with this.step("commit"):
        made = output.commit(
            stage,
            parts,
            lambda files: _manifest(this, version, previous, assembly, files, counts, judged, took),
            this.before_switch,
        )
        write_seen(output.root, stage, this.id, digest_of(made.path), assembly.outlines, looks(assembly.inputs))
        write_bodies(output.root, stage, {part.sha256: part.bodies for part in parts if part.bodies is not None})
    kept = len({entry.uri for entry in assembly.vanished()})
    where = (
        "in folders that could not be listed, rows kept in spite of --prune"
        if this.options.prune
        else "gone from the sources, rows kept (--prune drops them)"
    )
    gone = f"; {counted(kept, 'input')} {where}" if kept else ""
    this.log.event(
        "run_committed", f"committed snapshot {version}{gone}", run_id=this.id, version=version, vanished=kept
    )
    return Outcome("committed", this.id, version, counts)


def seen_by(previous: Snapshot) -> Seen:
    """Return what was noted of the inputs of the last snapshot when they were last hashed."""
    return read_seen(previous.path.parents[1], previous.manifest.run_id, digest_of(previous.path))


def previous_of(this: Run, output: Output) -> Snapshot | None:
    """Return the last snapshot; a damaged one is passed over only by a run that rebuilds."""
    previous = output.current()
    try:
        if previous is not None:
            refuse_changed(previous.path, previous.manifest)
        if previous is not None and this.options.rebuild:
            old_shards(previous)  # which takes apart what the manifest says of inputs
    except SnapshotError as error:
        if not this.options.rebuild:
            if previous is not None and not previous.path.exists():
                raise SnapshotError(points_nowhere(output.root, previous.version)) from None
            raise SnapshotError(f"{error}; {REBUILD}") from None
        message = f"{error}; rebuilding from the sources alone, rows of inputs that are gone are not kept"
        this.log.event("previous_unreadable", message, "warning", run_id=this.id)
        return None
    return previous


def reuse(this: Run, previous: Snapshot | None) -> bool:
    """Whether files of the last snapshot may be kept where their inputs did not change."""
    if previous is None or this.options.rebuild:
        return False
    if previous.manifest.configuration == this.configuration:
        return True
    asked = former(previous.manifest, this.options, this.profiles.sources)
    what = ", ".join(asked[:-1]) + " and " * (len(asked) > 1) + (asked[-1] if asked else "other code")
    level: Level = "warning" if asked else "info"
    message = f"{previous.version} was made with {what}: everything is cleaned again"
    this.log.event("configuration_changed", message, level, run_id=this.id, version=previous.version)
    return False


def _manifest(  # noqa: PLR0913, PLR0917 - a manifest is where everything of a run comes together
    this: Run,
    version: str,
    previous: Snapshot | None,
    assembly: Assembly,
    files: tuple[FileEntry, ...],
    counts: dict[str, Any],
    judged: Judged,
    took: tuple[SlowDocument, ...],
) -> Manifest:
    return Manifest(
        version=version,
        previous=previous.version if previous is not None else None,
        run_id=this.id,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        pipeline_version=__version__,
        configuration=this.configuration,
        max_record_bytes=this.options.max_record_bytes,
        text_field=this.options.text_field,
        source_fields=this.options.source_fields,
        profiles=tuple(ProfileText(source.file, source.text) for source in this.profiles.sources),
        inputs=assembly.inputs,
        files=files,
        shards=assembly.shards,
        counts=counts,
        timings=dict(this.timings),
        evidence=summary(judged, (entry.counts for entry in assembly.shards)),
        near_duplicates=this.options.near_duplicates,
        slowest=took,
    )


def tell_of_idle_profiles(this: Run, counts: Mapping[str, Any]) -> None:
    """Warn of each profile that has a `match` and served no article: most likely the `match` is wrong."""
    if len(this.profiles.given) == 1 or not counts["articles"]:
        return
    for profile in this.profiles.given:
        match = profile.definition.match
        if (match.uri or match.text) and profile.name not in counts["sources"]:
            message = f"the profile {profile.name} served no article: does its match fit the source_uri of any?"
            this.log.event("profile_idle", message, "warning", run_id=this.id, profile=profile.name)


def check(this: Run, counts: Mapping[str, Any]) -> None:
    """Hold the rejects of a run against the limit it was given.

    Raises:
        TooManyRejectsError: There are more.
    """
    limit = this.options.reject_limit
    if limit is not None and limit.exceeded(counts["rejects"], counts["inputs"]):
        by_code = ", ".join(f"{code} {number}" for code, number in counts["rejects_by_code"].items())
        raise TooManyRejectsError(
            f"{counts['rejects']} of {counts['inputs']} inputs were rejected ({by_code}), "
            f"more than --max-rejects {limit} allows; nothing was committed"
        )
