"""What every start of the command costs, whatever it is told to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

import pytest

from pipeline.cli import ALGEBRA_THREADS

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


_THREADS_WITH_NUMPY = """
import os
import sys
from contextlib import suppress

from pipeline.cli import main

assert "numpy" not in sys.modules
sys.argv = ["descrape", "--version"]
with suppress(SystemExit):
    main()
import numpy

print("threads:", len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not list the threads of a process")
def test_the_command_begins_no_threads_for_linear_algebra() -> None:
    environment = {name: value for name, value in os.environ.items() if name != ALGEBRA_THREADS}
    command = [sys.executable, "-c", _THREADS_WITH_NUMPY]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    assert printed.splitlines()[-1] == "threads: 1"


_WITHOUT_DOCUMENTATION = """
import sys

from pipeline.store.own_process import DOCUMENTATION, set_up_arrow

set_up_arrow()

import numpy
import pyarrow
import pyarrow.compute

assert not {*DOCUMENTATION} & {*sys.modules}
print("documented:", numpy.ndarray.sum.__doc__, "ndigits" in pyarrow.compute.round.__doc__)
print("sum:", pyarrow.compute.sum(pyarrow.array(numpy.arange(4))))
"""


def test_what_numpy_and_arrow_document_themselves_with_is_not_imported_and_not_missed() -> None:
    command = [sys.executable, "-c", _WITHOUT_DOCUMENTATION]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert printed.splitlines() == ["documented: None False", "sum: 6"]


_A_RUN = """
import sys
from contextlib import suppress
from pathlib import Path

from pipeline.cli import main

Path("pages").mkdir()
Path("pages/quay.txt").write_text("Ferry Late\\n\\nJuly 8, 2019\\n\\nThe ferry was late.\\n")
sys.argv = ["descrape", "run", "pages", "--out", "clean", "--quiet"]
with suppress(SystemExit):
    main()
import numpy

print("documented:", numpy.ndarray.sum.__doc__)
print("imported:", *sorted({"pandas", "pyarrow.acero", "pyarrow.dataset", "pytz", "babel.dates"} & {*sys.modules}))
"""


def test_a_run_imports_nothing_that_it_could_do_without(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}

    def run() -> list[str]:
        command = [sys.executable, "-c", _A_RUN]
        folder = mkdtemp(dir=tmp_path)
        return subprocess.check_output(command, text=True, env=environment, cwd=folder).splitlines()

    run()  # keeps what the next one reads
    assert run()[-2:] == ["documented: None", "imported:"]
