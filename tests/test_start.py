"""What every start of the command costs, whatever it is told to do."""

from __future__ import annotations

import subprocess
import sys

_PATTERNS_COMPILED_BY_IMPORTS = """
import pkgutil
from importlib import import_module

import regex

import pipeline
import pipeline.patterns

compile = regex.compile
compiled = []
regex.compile = lambda *given: compiled.append(given) or compile(*given)
for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
    import_module(module.name)
print(*compiled, sep="\\n", end="")
"""


def test_importing_the_package_compiles_only_what_its_word_lists_are_read_with() -> None:
    command = [sys.executable, "-c", _PATTERNS_COMPILED_BY_IMPORTS]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert len(printed.splitlines()) <= 2, "`pipeline.patterns.lazy_compile` makes the patterns of modules"
