"""Errors that PHP printed into a page, with the traces that stand behind them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct

from pipeline.families.php_error import tokens, traces
from pipeline.families.php_error.drupal import drupal_errors
from pipeline.families.php_error.errors import errors
from pipeline.families.php_error.exceptions import exceptions
from pipeline.families.php_error.frames import signs
from pipeline.families.php_error.lone_traces import lone_traces
from pipeline.families.quoting import quoted
from pipeline.model import Claim, Grammar, Page


def errors_of(raw: bytes) -> dict[int, Claim]:
    """Return every error of a document by the position of its anchor."""
    page = Page(raw)
    signs_here = {tokens.SIGNS[number] for _, number in page.once(signs)}
    found = errors(page)
    drupal = drupal_errors(raw) if tokens.LINE_OF_DRUPAL in signs_here else {}
    whole = sorted(claim.span.start for claim in drupal.values())
    found = {
        at: claim for at, claim in found.items() if claim.status != "truncated" or not _begins_within(claim, whole)
    }
    found |= (exceptions(page, found.values()) if tokens.TRACE in signs_here else {}) | drupal
    return found if signs_here.isdisjoint(TRACES) else found | lone_traces(raw, found.values())


def _begins_within(claim: Claim, starts: Sequence[int]) -> bool:
    """Whether one of these places, in order, lies in what is claimed."""
    following = bisect_left(starts, claim.span.start)
    return following < len(starts) and starts[following] < claim.span.stop


class ErrorGrammar(Struct, frozen=True):
    """One form of error. All errors of a page are found in one pass, for only together do heads find their tails.

    Attributes:
        rule: Name in the ``rule`` column.
        anchors: Literals that stand in every error of this form.
    """

    rule: str
    anchors: tuple[bytes, ...]

    def read(self, page: Page, at: int) -> Claim | None:
        """Return the claim of the error whose anchor stands at ``at``; None when it is of another form or none."""
        claim = page.once(errors_of).get(at)
        return claim if claim and claim.rule == self.rule else None


TRACE = (traces.STACK_TRACE,)
TRACES = (*TRACE, tokens.FIRST_ROW, tokens.CALL_STACK)
"""How traces begin that belong to no error."""


class PhpError:
    """The family ``php_error``: errors of PHP and Xdebug, exceptions, traces without an error, errors of Drupal."""

    name = "php_error"
    grammars: tuple[Grammar, ...] = (
        *(ErrorGrammar(rule, tokens.SEVERITIES) for rule in ("plain", "html", "log", "xdebug")),
        ErrorGrammar("uncaught", tokens.SEVERITIES + TRACE),
        ErrorGrammar("exception", TRACE),
        ErrorGrammar("trace", TRACES),
        ErrorGrammar("drupal", (tokens.LINE_OF_DRUPAL,)),
    )

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return quoted(page, claims)


PHP_ERROR = PhpError()
