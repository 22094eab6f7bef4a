"""How good a ranker is: tasks from a dataset, measures, paired intervals, a report."""

from matcher.evaluation.measure import Evaluation, evaluate

__all__ = ["Evaluation", "evaluate"]
