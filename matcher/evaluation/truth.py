"""Against a synthetic world's truth: the true success of the first-ranked, and the regret against an oracle."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.dataset import Dataset
from matcher.eligibility import Programme, Register, RuleName, evaluate_on
from matcher.evaluation.tasks import consultation_of
from matcher.rankers.base import Ranker

Floats = npt.NDArray[np.float64]
TRUE_SUCCESS = "true success of the first-ranked"
COORDINATORS, ORACLE = "past coordinators", "oracle"


def true_success(
    data: Dataset,
    truth: pd.DataFrame,
    choices: pd.DataFrame | None,
    rankers: Mapping[str, Ranker],
    on: pd.Timestamp,
) -> dict[str, Floats]:
    """Per ranker, the true success probability of its first-ranked eligible expert, a value a consultation.

    Beside them whom past coordinators would send (where they would send anyone) and the best eligible expert.
    The rules on conflict and region hold; this month's capacity is left open, as a consultation at a time is asked.
    """
    ids = data.experts["expert_id"].to_numpy(dtype=str)
    programme = Programme.default()
    register = Register(data, replace(programme, rules={**programme.rules, RuleName.CAPACITY: False}), on)
    table = truth.pivot_table(index="consultation_id", columns="expert_id", values="probability").reindex(columns=ids)
    sent = {} if choices is None else dict(zip(choices["consultation_id"], choices["expert_id"], strict=True))
    found: dict[str, list[float]] = {name: [] for name in (*rankers, COORDINATORS, ORACLE)}
    for asked, row in zip(table.index, table.to_numpy(dtype=np.float64), strict=True):
        consultation = consultation_of(data, str(asked))
        eligible = np.flatnonzero(evaluate_on(register, consultation).mask)
        if not len(eligible):
            continue
        for name, ranker in rankers.items():
            score = ranker.score(consultation, data.experts).score[eligible]
            found[name].append(row[eligible[np.lexsort((ids[eligible], -score))[0]]])
        place = np.flatnonzero(ids == sent.get(asked))
        found[COORDINATORS].append(row[place[0]] if len(place) else np.nan)
        found[ORACLE].append(row[eligible].max())
    if choices is None:
        del found[COORDINATORS]
    return {name: np.array(values) for name, values in found.items()}
