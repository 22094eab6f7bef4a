"""Each notebook runs from top to bottom, quietly, and is kept without what it printed."""

import time
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

BOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
FIGURES = {"1_register_and_shortlist": 3, "2_your_own_data": 0}
MOST_SECONDS = 60
each_book = pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)


def read(book: Path) -> nbformat.NotebookNode:
    return nbformat.read(book, as_version=4)


@cache
def executed(book: Path) -> tuple[list[nbformat.NotebookNode], float]:
    """All outputs of a fresh run, and the seconds it took."""
    notebook, began = read(book), time.monotonic()
    NotebookClient(notebook, kernel_name="python3", timeout=MOST_SECONDS).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return outputs, time.monotonic() - began


def test_all_notebooks_are_numbered_in_order():
    assert [book.stem.partition("_")[0] for book in BOOKS] == ["1", "2"]
    assert {book.stem for book in BOOKS} == set(FIGURES)


@each_book
def test_a_notebook_asks_one_question_and_imports_the_library(book):
    cells = read(book).cells
    assert sum(line.startswith("# ") for line in cells[0].source.splitlines()) == 1
    assert "?**" in cells[0].source
    assert any("from matcher" in cell.source for cell in cells if cell.cell_type == "code")


@each_book
def test_a_notebook_is_kept_without_outputs(book):
    for cell in read(book).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@each_book
def test_a_notebook_runs_without_a_warning_in_reasonable_time(book):
    outputs, seconds = executed(book)
    assert outputs
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert seconds < MOST_SECONDS


@each_book
def test_a_notebook_draws_its_figures(book):
    outputs, _ = executed(book)
    assert sum("image/png" in output.get("data", {}) for output in outputs) == FIGURES[book.stem]
