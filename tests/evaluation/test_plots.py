import builtins
import importlib.util
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from matcher.evaluation.plots import MissingPlotsError, ranking_plot, reliability_diagram, require_plots
from tests.evaluation.test_report import NAN, an_evaluation, foretelling


def test_plots_are_svg_and_the_same_bytes_each_time():
    ranked = an_evaluation(nearest=[0.5, 0.25], additive=[1.0, 0.5], random=[NAN, NAN])
    for draw in (
        lambda: ranking_plot(ranked.measures),
        lambda: reliability_diagram(foretelling(additive=0.8, other=0.7).calibration),
    ):
        one = draw()
        assert ElementTree.fromstring(one).tag.endswith("svg")
        assert one == draw()
        assert b"<dc:date>" not in one


def test_places_are_rounded_for_the_solver_of_the_layout_varies_in_the_last_bit(monkeypatch):
    """What varies from run to run, and with it the ids hashed from it, cannot be forced: only its cure is tested."""
    places = []
    monkeypatch.setattr(
        Figure, "savefig", lambda self, *_, **__: places.extend(axes.get_position().get_points() for axes in self.axes)
    )
    reach = {"low": 0.25, "high": 0.75, "value": 0.5}
    ranking_plot(pd.DataFrame([{"measure": f"m{n % 3}", "ranker": f"r{n}", **reach} for n in range(7)]))
    assert len(places) == 3
    np.testing.assert_array_equal(np.round(places, 4), places)


def test_an_undefined_figure_is_not_drawn():
    known = an_evaluation(nearest=[0.5, 0.25])
    beside = an_evaluation(nearest=[0.5, 0.25], random=[NAN, NAN])
    assert ranking_plot(known.measures) == ranking_plot(beside.measures)


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(
        MissingPlotsError, match=r"'matplotlib' is not installed; accepted: the extra `plots`.*--no-plots"
    ):
        require_plots()


def test_figures_need_no_matplotlib(monkeypatch):
    """It is imported only where a plot is drawn."""
    real = builtins.__import__

    def without(name, *rest):
        assert not name.startswith("matplotlib"), name
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    assert foretelling(additive=0.8).to_json()["calibration"]
