"""Two plots of an evaluation as SVG: how honest the probabilities are, how the rankers compare (extra `plots`)."""

import importlib.util
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from matcher.errors import MatcherError
from matcher.evaluation.calibration import Calibration

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, ROW_HEIGHT = 7.0, 0.25  # inches


class MissingPlotsError(MatcherError):
    """Plots are asked for, and what draws them is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "package 'matplotlib' is not installed; accepted: the extra `plots` "
            "(pip install expert-matcher[plots]), or no plots (--no-plots)"
        )


def require_plots() -> None:
    """Raises `MissingPlotsError`; asked before work that takes long."""
    if importlib.util.find_spec("matplotlib") is None:
        raise MissingPlotsError


def reliability_diagram(calibration: Mapping[str, Calibration]) -> bytes:
    """Share resolved against mean foretold, a line a ranker, with 95 % Wilson intervals (SVG)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, WIDTH), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", linewidth=1, label="perfectly calibrated")
    for name, found in calibration.items():
        table = pd.DataFrame([vars(part) for part in found.bins])
        reach = [(table["resolved"] - table["low"]).clip(lower=0), (table["high"] - table["resolved"]).clip(lower=0)]
        axes.errorbar(table["foretold"], table["resolved"], reach, marker="o", capsize=2, linewidth=1, label=name)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="mean foretold probability", ylabel="share resolved (95 % interval)")
    axes.legend()
    return _svg(figure)


def ranking_plot(measures: pd.DataFrame) -> bytes:
    """The mean of every measure and ranker with its 95 % interval, best on top (SVG)."""
    from matplotlib.figure import Figure

    groups = [(str(name), rows.dropna(subset=["value"])) for name, rows in measures.groupby("measure", sort=False)]
    heights = [1.2 + ROW_HEIGHT * len(rows) for _, rows in groups]
    figure = Figure(figsize=(WIDTH, sum(heights)), layout="constrained")
    panels = figure.subplots(len(groups), 1, squeeze=False, height_ratios=heights)[:, 0]
    for axes, (name, rows) in zip(panels, groups, strict=True):
        table = rows.sort_values("value", kind="stable")
        reach = [(table["value"] - table["low"]).clip(lower=0), (table["high"] - table["value"]).clip(lower=0)]
        axes.errorbar(table["value"], range(len(table)), xerr=reach, fmt="o", capsize=2, linewidth=1)
        axes.set_yticks(range(len(table)), list(table["ranker"]))
        axes.set(title=name, ylim=(-0.5, len(table) - 0.5))
        axes.grid(axis="x", color="0.9")
    return _svg(figure)


def _svg(figure: "Figure") -> bytes:
    """The same bytes for the same figure: no date, ids from a fixed salt and from rounded places.

    The layout's solver ends a last bit apart from one call to the next, and an id is a hash of such a place.
    """
    import matplotlib as mpl
    from matplotlib.transforms import Bbox

    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        axes.set_position(Bbox(axes.get_position().get_points().round(4)))
    out = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "matcher"}):
        figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()
