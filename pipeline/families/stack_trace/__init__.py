"""Stack traces that a server printed into a page, with their exceptions; those of PHP are ``php_error``."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.families.found import FoundGrammar
from pipeline.families.shown import shown
from pipeline.families.stack_trace.frames import FAMILY
from pipeline.families.stack_trace.languages import dotnet_traces, java_traces, node_traces
from pipeline.families.stack_trace.others import go_traces, ruby_traces
from pipeline.families.stack_trace.python import python_traces
from pipeline.model import Claim, Grammar, Page


class StackTrace:
    """The family ``stack_trace``: a grammar for each language."""

    name = FAMILY
    grammars: tuple[Grammar, ...] = (
        FoundGrammar(
            "java",
            (
                *(b".java:", b".kt:", b".scala:", b".groovy:", b"(Native Method)", b"(Unknown Source)"),
                *(b"Exception in thread", b"java.", b"javax.", b"jakarta.", b".apache.", b".springframework"),
                *(b".hibernate.", b".sun."),
            ),
            java_traces,
        ),
        FoundGrammar(
            "dotnet",
            (b"at System.", b" System.", b":line ", b"Exception: ", b":Zeile "),
            dotnet_traces,
        ),
        FoundGrammar(
            "javascript",
            (b".js:", b".ts:", b"(<anonymous>)", b"Object.<", b"node:internal", b".jsx:", b".mjs:"),
            node_traces,
        ),
        FoundGrammar("python", (b"Traceback (",), python_traces),
        FoundGrammar("ruby", (b":in `", b":in '", ":in ‘".encode(), ":in ’".encode()), ruby_traces),
        FoundGrammar("go", (b"goroutine ",), go_traces),
    )

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return shown(page, claims)


STACK_TRACE = StackTrace()
