"""Tiny datasets to evaluate on, and the task that each makes."""

from dataclasses import replace

import pandas as pd

from matcher.dataset import Dataset
from matcher.evaluation.tasks import Task, tasks
from matcher.reference.taxonomy import builtin_categories
from tests.eligibility.builders import Row, a_dataset, a_frame

ON = pd.Timestamp("2026-01-01")


def a_world(experts: list[str], sent: list[Row], **tables: list[Row]) -> Dataset:
    """Dispatches of consultations that are made up beside them; a dispatch without a date has none anywhere."""
    asked = {row["consultation_id"]: row.get("decided_on", pd.NaT) for row in sent}
    asked |= {row["consultation_id"]: asked.get(row["consultation_id"], pd.NaT) for row in tables.get("judgements", [])}
    consultations = [
        {"consultation_id": name, "category": "sales.web", "received_on": day} for name, day in asked.items()
    ]
    register = [{"expert_id": name, "name": name, "categories": ("sales.web",)} for name in experts]
    data = a_dataset(experts=register, consultations=consultations, dispatches=sent, **tables)
    return replace(data, categories=a_frame("categories", builtin_categories().to_dict("records")))


def sent(consultation_id: str, expert_id: str, **cells) -> Row:
    return {"consultation_id": consultation_id, "expert_id": expert_id, "status": "completed", **cells}


def the_tasks(data: Dataset, most: int | None = None) -> list[Task]:
    return list(tasks(data, as_of=ON, most=most, seed=0))


def ids(task: Task, case: int) -> list[str]:
    """Candidates of a case."""
    return task.experts["expert_id"].iloc[task.cases[case].candidates].tolist()
