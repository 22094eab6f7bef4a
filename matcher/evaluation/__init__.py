"""How good a ranker is: tasks from a dataset, measures, paired intervals, segments, calibration, a report."""

from matcher.evaluation.markdown import to_markdown
from matcher.evaluation.measure import evaluate
from matcher.evaluation.report import Evaluation

__all__ = ["Evaluation", "evaluate", "to_markdown"]
