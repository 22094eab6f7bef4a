"""The documents say what the code does: commands, options, settings, rules, tables, paths, links, make targets."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from matcher.cli import app as matcher_app
from matcher.columns import TABLES
from matcher.eligibility.programme import RuleName
from matcher.rankers import RANKER_CLASSES
from service.cli import app as service_app
from service.settings import SETTINGS

ROOT = Path(__file__).parents[1]
PROGRAMS: dict[str, Any] = {
    "matcher": typer.main.get_command(matcher_app),
    "matcher-service": typer.main.get_command(service_app),
}
DOCUMENTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ja.md", "CHANGELOG.md")}
README = DOCUMENTS["README.md"]
CODE = re.compile(r"^```(?P<kind>\w*)\n(?P<block>.*?)^```$|`(?P<inline>[^`\n]+)`", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"(?:\$ )?(?:\.venv/bin/)?(?P<program>matcher(?:-service)?)(?P<rest>\s.*)")
each_document = pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)


def code_lines(text: str) -> Iterator[str]:
    """Every line of code, in a block or inside a sentence; a line that ends in a backslash goes on."""
    for found in CODE.finditer(text):
        yield from (found["block"] or found["inline"] or "").replace("\\\n", " ").replace("\\|", "|").splitlines()


def calls(text: str) -> list[tuple[str, list[str]]]:
    """The programs that a document calls, each with its words, the brackets of what may be left out gone."""
    found = [match for line in code_lines(text) if (match := CALL.fullmatch(line.strip()))]
    return [(match["program"], shlex.split(re.sub(r"[][()]", " ", match["rest"]), comments=True)) for match in found]


def wrong(program: str, words: list[str]) -> list[str]:
    """The words of a call that are no subcommand or no option of it."""
    group = PROGRAMS[program]
    if words[0].startswith("-"):
        return sorted({words[0]} - {"--help", "--version", "-h"})
    if words[0] not in group.commands:
        return words[:1]
    known = {name for option in group.commands[words[0]].params for name in option.opts} | {"--help", "-h"}
    return [word for word in words[1:] if re.match("--?[a-z]", word) and word.partition("=")[0] not in known]


def section(heading: str) -> str:
    return README.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def rows(heading: str) -> dict[str, str]:
    """The section's table rows by what stands in code at their beginning."""
    found = re.findall(r"^\| `([^`]+)` (\|.*)$", section(heading), re.MULTILINE)
    return {name.replace("\\|", "|"): row for name, row in found}


def tree() -> list[Path]:
    """The paths that the annotated tree names."""
    paths: list[Path] = []
    above: list[str] = []
    for line in re.findall(r"^```tree\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)[0].splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        above = [*above[:depth], line.split()[0]]
        paths.append(Path(*above))
    return paths


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("matcher check DIR --json", []),
        ("matcher chekc DIR", ["chekc"]),
        ("matcher train DIR --modle PATH", ["--modle"]),
        ("matcher rerank DIR [-k 10] (--out F | --format csv)", ["--format"]),
        ("matcher-service serve --prot 1", ["--prot"]),
        ("matcher --verbose", ["--verbose"]),
    ],
)
def test_a_wrong_call_is_found_in_blocks_and_sentences(line: str, found: list[str]) -> None:
    for text in (f"```\n.venv/bin/{line}  # why\n```", f"it is `{line}` here"):
        assert [wrong(*call) for call in calls(text)] == [found]


@each_document
def test_every_call_uses_commands_and_options_that_exist(text: str) -> None:
    assert [(call, bad) for call in calls(text) if (bad := wrong(*call))] == []


def test_every_command_has_a_row_and_every_row_a_command() -> None:
    shown = [tuple(name.split()[:2]) for name in rows("Commands")]
    assert sorted(shown) == sorted((program, name) for program, group in PROGRAMS.items() for name in group.commands)


def test_every_setting_has_its_row_as_declared() -> None:
    declared = {s.name: f"| {f'`{s.default}`' if s.default else ''} | {s.help['en']} |" for s in SETTINGS}
    assert rows("Settings") == declared


def test_every_rule_has_a_row() -> None:
    assert list(rows("Eligibility rules")) == list(RuleName)


def test_every_table_has_a_row_with_all_its_columns_the_required_ones_bold() -> None:
    shown = rows("Your own data")
    assert list(shown) == list(TABLES)
    for name, table in TABLES.items():
        plain = re.sub(r"\([^)]*\)", "", shown[name])
        assert set(re.findall(r"\*\*(\w+)\*\*", plain)) == {c.name for c in table.columns if c.required}, name
        assert set(table.names) <= set(re.findall(r"\w+", plain)), name


def test_every_ranker_is_named() -> None:
    assert {ranker.name for ranker in RANKER_CLASSES} - {"additive"} <= set(re.findall(r"`(\w+)`", README))


def test_the_tree_names_paths_that_exist() -> None:
    assert len(tree()) > 20
    assert [path for path in tree() if not (ROOT / path).exists()] == []


def test_the_tree_forgets_no_part_of_the_library() -> None:
    parts = {path.parent.relative_to(ROOT) for path in (ROOT / "matcher").glob("*/__init__.py")}
    assert parts <= set(tree())


@each_document
def test_paths_in_code_and_links_exist(text: str) -> None:
    links = {link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link}
    named = {
        path
        for line in code_lines(text)
        for path in re.findall(r"(?<![\w./-])(?:matcher|service|tests|notebooks|data)/[\w/.]*\w\.\w+", line)
        if not path.startswith("data/sample/")  # what `make demo` writes
    }
    assert [path for path in sorted(links | named) if not (ROOT / path).exists()] == []


@each_document
def test_make_targets_exist(text: str) -> None:
    named = {target for line in code_lines(text) for target in re.findall(r"^make ([a-z-]+)", line)}
    assert named <= make_targets()


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_a_guide_begins_with_the_two_commands(name: str) -> None:
    made = [line.split()[1] for line in code_lines(DOCUMENTS[name]) if line.startswith("make ")]
    assert made[:2] == ["demo", "test"]


def test_the_changelog_has_the_packages_version() -> None:
    version = re.findall(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert f"## [{version[0]}]" in DOCUMENTS["CHANGELOG.md"]
