"""The Python interface: clean one page, or run the main job, as the commands do."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

from pipeline.decoding import UTF_8
from pipeline.errors import RejectedDocument, UsageError
from pipeline.job import Options, Outcome
from pipeline.job import run as run_job
from pipeline.log import RunLog
from pipeline.model import HTML, NOWHERE, Document, Origin, Record
from pipeline.profiles import ProfileSource, load_sources
from pipeline.profiles.loader import read_source
from pipeline.stages import Cleaner
from pipeline.store.readers import form_of
from pipeline.store.remote import is_remote


def clean(
    page: str | bytes | bytearray | memoryview, profiles: str | Sequence[str] = (), *, source_uri: str = "page.txt"
) -> Document:
    r"""Return one page with everything that was found in it; nothing is written.

    A page alone gives no evidence: what a run decides by the other pages of a source stays open here.

    Args:
        page: The page as it was scraped.
        profiles: Name of a shipped profile or path, as for ``--profile``, or several: the first whose ``match`` fits
            serves it.
        source_uri: Where the page stands: its identity, and what the ``uri`` of a profile's ``match`` looks at. A name
            that ends as those of pages in HTML do says that it is one, as for a run.

    Raises:
        TypeError: The page is neither text nor bytes.
        RejectedDocument: The page gives no article; ``code`` and ``message`` say why.
        ConfigurationError: A profile is wrong.

    >>> document = clean('The quay is dry.\n\nstring(9) "left over"')
    >>> document.article.body
    'The quay is dry.'
    >>> [(claim.rule, claim.status) for claim in document.claims]
    [('var_dump', 'exact')]
    """
    form = form_of(source_uri)
    told = Origin(form=HTML) if form is not None and form.name == HTML else NOWHERE
    if isinstance(page, bytes | bytearray | memoryview):
        raw = bytes(page)
    elif not isinstance(page, str):
        raise TypeError(f"a page is str or bytes, not {type(page).__name__}")
    else:
        try:
            raw, told = page.encode(), replace(told, charset=UTF_8)
        except UnicodeEncodeError:
            message = "half of a pair of surrogates is no text"
            raise RejectedDocument("text", "undecodable", message) from None
    several = [profiles] if isinstance(profiles, str) else profiles
    return _cleaner(tuple(map(read_source, several))).clean(Record(source_uri, 0, raw, told))


def run(
    sources: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    options: Options | None = None,
    log: RunLog | None = None,
) -> Outcome:
    """Clean files, folders or patterns into one snapshot of an output folder, as ``descrape run`` does.

    Args:
        sources: What to read: one, or several.
        out: The output folder, made when it is not there; or its address on S3.
        options: What the run is told; the profiles are among it.
        log: Where events go. Without one they are only kept in the run's own folder.

    Returns:
        What the run did. A run that committed rejects is no error: ``outcome.counts["rejects"]`` tells.

    Raises:
        UsageError: There are no sources, or what was asked for makes no sense; nothing was read.
        DescrapeError: The run failed and nothing of it is visible. The class tells why.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     page = Path(folder, "page.txt")
    ...     _ = page.write_text("The quay is dry.")
    ...     outcome = run(page, Path(folder, "clean"))
    >>> outcome.status, outcome.version, outcome.counts["articles"]
    ('committed', 'v000001', 1)
    """
    several = [sources] if isinstance(sources, str | os.PathLike) else sources
    if not several:
        raise UsageError("there are no sources: name at least one file, folder or pattern")
    if options is not None and not isinstance(options, Options):
        raise TypeError(f"options are an Options, not {type(options).__name__}")
    where = out if isinstance(out, str) and is_remote(out) else Path(out)
    return run_job([os.fspath(source) for source in several], where, options, log)


@lru_cache(maxsize=8)
def _cleaner(profiles: tuple[ProfileSource, ...]) -> Cleaner:
    """Return the cleaner of some profiles, so that who cleans many pages compiles them once."""
    return Cleaner(load_sources(profiles))
