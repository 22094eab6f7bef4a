"""The layout, read from the syntax trees: which way imports run, that none is circular, that they do nothing."""

import ast
import graphlib
import importlib
import pkgutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import matcher
import service
from matcher.peers import PEER_CLASSES
from matcher.rankers import RANKER_CLASSES, RANKERS
from matcher.rankers.base import Ranker

ROOT = Path(__file__).parents[1]
PACKAGES = ("matcher", "service")
NO_SUBJECT = {"utils", "util", "common", "helpers", "helper", "misc"}
NOT_THE_LIBRARYS = {"service", "tests", "fastapi", "starlette", "uvicorn", "pydantic", "sqlalchemy", "alembic"}
EVERY_MODULE = """
import importlib, pathlib, sys
for name in {names}:
    importlib.import_module(name)
print(sorted(str(path) for path in pathlib.Path(".").rglob("*")))
"""


@cache
def modules() -> dict[str, Path]:
    """Dotted name to file, of both packages."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


class Imports(ast.NodeVisitor):
    """What a module imports when it is loaded: neither for types alone nor in a function, unless `everywhere`."""

    def __init__(self, *, everywhere: bool = False) -> None:
        self.names: set[str] = set()
        self.everywhere = everywhere

    def visit_Import(self, node: ast.Import) -> None:
        self.names |= {alias.name for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        assert node.level == 0, "imports are absolute here"
        self.names |= {f"{node.module}.{alias.name}" for alias in node.names}

    def visit_If(self, node: ast.If) -> None:
        for_types = "TYPE_CHECKING" in ast.unparse(node.test)
        for child in node.orelse if for_types else [*node.body, *node.orelse]:
            self.visit(child)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if self.everywhere:
            self.generic_visit(node)


def imported(source: str, *, everywhere: bool = False) -> set[str]:
    found = Imports(everywhere=everywhere)
    found.visit(ast.parse(source))
    return found.names


def names_in(module: str, *, everywhere: bool = False) -> set[str]:
    return imported(modules()[module].read_text(encoding="utf-8"), everywhere=everywhere)


def target(name: str, known: dict[str, Path]) -> str | None:
    """The module of ours that an imported name is, or lies in."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


@cache
def graph(*, everywhere: bool = False) -> dict[str, set[str]]:
    known = modules()
    return {
        name: {
            found
            for wanted in names_in(name, everywhere=everywhere)
            if (found := target(wanted, known)) is not None and found != name
        }
        for name in known
    }


def test_there_is_something_to_look_at():
    assert len(modules()) > 50
    assert graph()["service.app"] >= {"service.settings", "service.serving.live"}


@pytest.mark.parametrize("everywhere", [False, True], ids=["when loaded", "when called"])
def test_no_module_is_imported_in_a_circle(everywhere):
    try:
        graphlib.TopologicalSorter(graph(everywhere=everywhere)).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize("name", [name for name in modules() if name.startswith("matcher")])
def test_the_library_knows_no_service_no_http_and_no_sql(name):
    roots = {wanted.partition(".")[0] for wanted in names_in(name, everywhere=True)}
    assert not roots & NOT_THE_LIBRARYS


def test_pydantic_stays_at_the_border():
    users = {name for name in modules() if "pydantic" in {wanted.partition(".")[0] for wanted in names_in(name)}}
    assert {name for name in users if not name.endswith(".schema")} <= {
        "service.accepted",
        "service.http.bodies",
        "service.http.pages",
        "service.operations",
        "service.problems",
    }


def test_every_module_is_named_after_its_subject():
    assert not [name for name in modules() if NO_SUBJECT & set(name.split("."))]


def test_importing_every_module_leaves_no_file(tmp_path):
    names = [name for name in modules() if not name.endswith("__main__")]
    done = subprocess.run(
        [sys.executable, "-B", "-c", EVERY_MODULE.format(names=names)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""


def rankers(kind: type[Ranker] = Ranker) -> set[type[Ranker]]:
    """All subclasses in the packages that have a name to be called by."""
    below = {found for child in kind.__subclasses__() for found in rankers(child)}
    ours = kind.__module__.partition(".")[0] in PACKAGES
    return below | ({kind} if ours and hasattr(kind, "name") else set())


def test_every_ranker_is_registered_and_can_be_made_by_name():
    for package in (matcher, service):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    assert rankers() == {*RANKER_CLASSES, *PEER_CLASSES}
    assert {type(make()) for make in RANKERS.values()} == set(RANKER_CLASSES)


def test_rankers_of_different_kinds_have_different_names():
    assert len({kind.name for kind in rankers()}) == len(RANKER_CLASSES) + len(PEER_CLASSES)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import a.b", {"a.b"}),
        ("from a import b as c", {"a.b"}),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a", {"typing.TYPE_CHECKING"}),
        ("def f():\n    import a", set()),
        ("class A:\n    import a", {"a"}),
        ("try:\n    import a\nexcept ImportError:\n    import b", {"a", "b"}),
    ],
)
def test_what_counts_as_an_import(source, names):
    assert imported(source) == names
