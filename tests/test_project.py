"""The project is held to what it says of itself: its dependencies, commands, links, and its lock."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Documents, and what they must come out as, are other people's text: they may name any path or host.
FOREIGN = ("data/", "tests/cases/")

MACHINE_PATH = re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:work|farm|root)/", re.MULTILINE)
REGISTRY_HOST = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|anaconda\.org)\b")
PUBLIC_REGISTRY = ("https://pypi.org/simple", "https://files.pythonhosted.org/")  # where uv.lock may point

_FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`+)(?P<text>.+?)\1")
_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"]*\")?\)")
_MAKE = re.compile(r"(?:^|[`$;&|(\s])make(?P<words>(?:[ \t]+[a-z][a-z-]*)+)", re.MULTILINE)
_SETTING = re.compile(r"[ \t]+[A-Za-z_]+=(?:\"[^\"]*\"|'[^']*'|\S*)")  # make NAME=value
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def project_files() -> list[str]:
    """Name the files that git knows or would take, relative to the root."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so nothing says which files belong to the project")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()})


def project_texts() -> dict[str, str]:
    """Read every file the project's authors wrote."""
    raws = {name: (ROOT / name).read_bytes() for name in project_files() if not name.startswith(FOREIGN)}
    return {name: raw.decode() for name, raw in raws.items() if b"\0" not in raw}


def markdown_pages() -> list[str]:
    """Name the Markdown pages, documents apart."""
    return [name for name in project_files() if name.endswith(".md") and not name.startswith("tests/cases/")]


def pyproject() -> dict[str, Any]:
    """Read pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def name_of(requirement: str) -> str:
    """Return the normal form of the name at the head of a requirement."""
    found = _NAME.match(requirement)
    assert found, f"no name in {requirement!r}"
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def dependencies() -> dict[str, set[str]]:
    """Return the names pyproject.toml declares, by the heading under which the docs explain them."""
    declared = pyproject()
    return {
        "To run": {name_of(line) for line in declared["project"]["dependencies"]},
        "To do more": {
            name_of(line) for lines in declared["project"]["optional-dependencies"].values() for line in lines
        },
        "To develop and test": {name_of(line) for line in declared["dependency-groups"]["dev"]},
        "To measure and to explore": {
            name_of(line)
            for group in ("bench", "fuzz", "clusters", "kubernetes", "notebook")
            for line in declared["dependency-groups"][group]
        },
    }


def anchors_of(page: Path) -> set[str]:
    """Return the anchors GitHub makes of a page's headings, and those set by hand."""
    text = page.read_text("utf-8")
    anchors = set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
    seen: dict[str, int] = {}
    for heading in re.findall(r"^#{1,6} +(.+?)(?: +#+)?$", _FENCE.sub("", text), re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        anchors.add(f"{slug}-{seen[slug]}" if slug in seen else slug)
        seen[slug] = seen.get(slug, 0) + 1
    return anchors


def code_in(text: str) -> list[str]:
    """Return what a Markdown text sets as code: fenced blocks, then spans."""
    blocks = [found[0] for found in _FENCE.finditer(text)]
    return blocks + [found["text"] for found in _CODE.finditer(_FENCE.sub("", text))]


def make_targets() -> dict[str, str]:
    """Return the Makefile's named targets with the line `make help` prints of each, or an empty one."""
    lines = (ROOT / "Makefile").read_text("utf-8").splitlines()
    rules = [re.match(r"(?P<names>[a-z][a-z -]*):(?!=)(?:.*?## (?P<help>.+))?", line) for line in lines]
    return {name: rule["help"] or "" for rule in rules if rule for name in rule["names"].split()}


# ------------------------------------------------------------------------------------------ dependencies


@pytest.mark.parametrize("heading", ["To run", "To do more", "To develop and test", "To measure and to explore"])
def test_every_dependency_has_its_reason_and_every_reason_its_dependency(heading: str) -> None:
    page = (ROOT / "docs/dependencies.md").read_text("utf-8")
    section = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (\S.*?) \| (\S.*?) \|$", section, re.MULTILINE)
    assert {name_of(name) for name, _, _ in rows} == dependencies()[heading]
    assert [name for name, _, _ in rows] == sorted(name for name, _, _ in rows)


def test_the_lock_was_made_from_these_dependencies() -> None:
    packages = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    locked = next(package for package in packages if package["name"] == "descrape")
    declared = pyproject()

    def pairs(requirements: list[str]) -> set[tuple[str, str]]:
        return {(name_of(line), specifier(line)) for line in requirements}

    def specifier(requirement: str) -> str:
        """Return the versions that a requirement allows, without its extras and without what it depends on."""
        return re.sub(r"\[.*?\]", "", _NAME.sub("", requirement, count=1)).partition(";")[0].strip()

    def locked_pairs(requirements: list[dict[str, str]]) -> set[tuple[str, str]]:
        return {(line["name"], line.get("specifier", "")) for line in requirements}

    assert locked["version"] == declared["project"]["version"]
    metadata = locked["metadata"]
    extras = [line for lines in declared["project"]["optional-dependencies"].values() for line in lines]
    assert locked_pairs(metadata["requires-dist"]) == pairs(declared["project"]["dependencies"] + extras)
    assert locked_pairs(metadata["requires-dev"]["dev"]) == pairs(declared["dependency-groups"]["dev"])


def test_the_lock_names_only_the_public_registry() -> None:
    text = (ROOT / "uv.lock").read_text("utf-8")
    addresses = re.findall(r"\"([a-z+]+://[^\"]*)\"", text)
    assert addresses
    assert [address for address in addresses if not address.startswith(PUBLIC_REGISTRY)] == []
    sources = {key for package in tomllib.loads(text)["package"] for key in package["source"]}
    assert sources == {"registry", "editable"}  # the second is the project itself


def test_every_exception_from_lint_has_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    ruff = text.split("\n[tool.ruff.lint]\n")[1].split("\n[tool.ruff.lint.pydocstyle]\n")[0]
    exceptions = re.findall(r"^    \"[A-Z]+[0-9]*\",(.*)$", ruff, re.MULTILINE)
    assert exceptions
    assert [line for line in exceptions if not re.fullmatch(r" +# \S.{8,}", line)] == []


# -------------------------------------------------------------------------------------------------- pages


def test_there_are_pages() -> None:
    assert {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/dependencies.md"} <= set(markdown_pages())


def test_pages_mention_only_make_targets_that_exist() -> None:
    targets = make_targets()
    unknown = {}
    for name in markdown_pages():
        for code in code_in((ROOT / name).read_text("utf-8")):
            calls = _MAKE.finditer(_SETTING.sub("", code))
            if missing := {word for call in calls for word in call["words"].split()} - targets.keys():
                unknown[name] = missing
    assert unknown == {}


def test_relative_links_resolve() -> None:
    broken = []
    for name in markdown_pages():
        prose = _CODE.sub("", _FENCE.sub("", (ROOT / name).read_text("utf-8")))
        for link in _LINK.finditer(prose):
            if re.match(r"[a-z][a-z0-9+.-]*:", link["target"]):
                continue
            path, _, anchor = unquote(link["target"]).partition("#")
            target = (ROOT / name).parent / path if path else ROOT / name
            missing_anchor = anchor and target.suffix == ".md" and anchor not in anchors_of(target)
            if not target.exists() or missing_anchor:
                broken.append(f"{name}: {link['target']}")
    assert broken == []


def test_the_changelog_has_room_for_what_comes() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading) for heading in headings[1:])


# ----------------------------------------------------------------------------------------------- Makefile


def test_every_target_says_what_it_does() -> None:
    targets = make_targets()
    assert {"help", "install", "run", "test", "check"} <= targets.keys()
    assert [name for name, line in targets.items() if not line] == []


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_alone_prints_the_list() -> None:
    shell = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    printed = subprocess.run(["make"], cwd=ROOT, env=shell, check=True, capture_output=True, text=True).stdout
    listed = dict(re.findall(r"^  make ([a-z-]+) +(\S.*)$", printed, re.MULTILINE))
    assert listed == make_targets()


# ---------------------------------------------------------------------------------------- what is shipped


def test_nothing_names_the_machine_it_was_written_on() -> None:
    texts = project_texts()
    assert [name for name, text in texts.items() if MACHINE_PATH.search(text)] == []


def test_only_the_lock_names_a_package_registry() -> None:
    named = {name for name, text in project_texts().items() if REGISTRY_HOST.search(text)}
    assert named - {"uv.lock", "tests/test_project.py"} == set()


def test_the_wheel_is_the_package_and_says_it_is_typed() -> None:
    assert pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"] == {"packages": ["pipeline"]}
    assert (ROOT / "pipeline/py.typed").read_bytes() == b""
    assert "pipeline/py.typed" in project_files()  # hatch leaves out what git ignores


def test_git_leaves_the_line_endings_of_documents_alone() -> None:
    project_files()  # skips where there is no checkout
    documents = ["tests/cases/php_dump/wild/a.raw", "data/raw/a.txt", "data/raw/deep/b.html"]
    command = ["git", "check-attr", "text", "--", *documents]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert printed.splitlines() == [f"{name}: text: unset" for name in documents]
