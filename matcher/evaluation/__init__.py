"""How good a ranker is: tasks from a dataset, measures, paired intervals, a report."""

from matcher.evaluation.measure import evaluate
from matcher.evaluation.report import Evaluation

__all__ = ["Evaluation", "evaluate"]
