"""An evaluation as files in a folder."""

import json
from pathlib import Path

from matcher.atomic_file import refuse_unwritable, write_atomically
from matcher.errors import MatcherError
from matcher.evaluation.markdown import to_markdown
from matcher.evaluation.plots import ranking_plot, reliability_diagram, require_plots
from matcher.evaluation.report import Evaluation
from matcher.lang import Lang

JSON, MARKDOWN, RELIABILITY, RANKING = "evaluation.json", "evaluation.md", "reliability.svg", "ranking.svg"


def prepare_folder(folder: Path, *, plots: bool) -> None:
    """Makes the folder, before work that takes long. Raises `MatcherError` where it, a file or a plot cannot be."""
    if plots:
        require_plots()
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise MatcherError(
            f"cannot write to {str(folder)!r}: {error.strerror}; accepted: a folder, or a new one in a folder"
        ) from error
    for name in (JSON, MARKDOWN, *((RELIABILITY, RANKING) if plots else ())):
        refuse_unwritable(folder / name)


def write_folder(found: Evaluation, folder: Path, lang: Lang, *, plots: bool) -> None:
    """Writes JSON, Markdown and the plots there is something for; the same evaluation gives the same bytes."""
    text = json.dumps(found.to_json(), ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    files = {JSON: text.encode(), MARKDOWN: to_markdown(found, lang).encode()}
    if plots and len(found.measures):
        files[RANKING] = ranking_plot(found.measures)
    if plots and found.calibration:
        files[RELIABILITY] = reliability_diagram(found.calibration)
    for name, content in files.items():
        write_atomically(folder / name, content)
