"""All waiting consultations ranked in one go, each exactly as a single request for it would be."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from matcher.atomic_file import refuse_unwritable, write_atomically
from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.eligibility import Programme, Register, evaluate_on
from matcher.errors import InvalidValueError, UnknownValueError
from matcher.rankers.base import Ranker
from matcher.shortlist.build import restricted, scored
from matcher.shortlist.order import best

Progress = Callable[[str, int, int], None]
COLUMNS = ("consultation_id", "expert_id", "rank", "score", "probability", "lower", "upper")
SUFFIXES = (".parquet", ".csv")
ENGINES = ("local",)


def rank_all(
    ranker: Ranker,
    data: Dataset,
    *,
    on: pd.Timestamp,
    k: int = 10,
    programme: Programme | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The k best of the eligible experts of every waiting consultation, columns `COLUMNS`, rank 1 = best.

    Consultations: those of `judgements` where there are any (whose gains are not read), else all that are not
    closed. Experts: `candidates` where there are any, else all. A consultation with nobody eligible has no row.
    `progress(consultation_id, done, total)` is called before each. Raises `InvalidValueError` (k).
    """
    if k < 1:
        raise InvalidValueError("k", k, "a whole number of 1 or more")
    register = Register(restricted(data, candidates(data)), programme or Programme.default(), on)
    ids = register.ids.to_numpy(dtype="U")
    waiting = list(waiting_consultations(data))
    parts = []
    for done, consultation in enumerate(waiting):
        if progress:
            progress(str(consultation.consultation_id), done, len(waiting))
        parts.append(_ranked(ranker, register, consultation, ids, k))
    if progress:
        progress("", len(waiting), len(waiting))
    return pd.concat(parts, ignore_index=True) if parts else _nothing()


def candidates(data: Dataset) -> list[str] | None:
    """The experts to rank where a benchmark names them, else None: all."""
    return data.candidates["expert_id"].tolist() or None


def waiting_consultations(data: Dataset) -> Iterator[Consultation]:
    """The judged ones where there are judgements, else all but the closed (an unknown status is not closed)."""
    rows = data.consultations
    judged = data.judgements["consultation_id"]
    chosen = rows["consultation_id"].isin(judged) if len(judged) else rows["status"] != "closed"
    return (Consultation.from_row(row) for row in rows[chosen].to_dict("records"))


def refuse_output(path: Path) -> None:
    """Raises `UnknownValueError` for a suffix that is none of `SUFFIXES`, `MatcherError` where it cannot be."""
    if path.suffix.lower() not in SUFFIXES:
        raise UnknownValueError("suffix of the output file", path.name, ", ".join(SUFFIXES))
    refuse_unwritable(path)


def write_ranking(ranking: pd.DataFrame, path: Path) -> None:
    """Writes Parquet or CSV (UTF-8) by the suffix, all or nothing. Raises as `refuse_output` does."""
    refuse_output(path)
    out = io.BytesIO()
    if path.suffix.lower() == ".parquet":
        ranking.to_parquet(out, index=False)
    else:
        ranking.to_csv(out, index=False, lineterminator="\n")
    write_atomically(path, out.getvalue())


def _ranked(
    ranker: Ranker,
    register: Register,
    consultation: Consultation,
    ids: "np.ndarray[tuple[int], np.dtype[np.str_]]",
    k: int,
) -> pd.DataFrame:
    mask = evaluate_on(register, consultation).mask
    scores = scored(ranker, consultation, register.data.experts)
    order = best(scores.score, ids, k, among=mask)
    at = order.positions
    shown = scores.at(at)
    cells = (
        pd.Series([consultation.consultation_id] * len(at), dtype="str"),
        pd.Series(ids[at], dtype="str"),
        order.rank,
        shown.score,
        shown.probability,
        shown.lower,
        shown.upper,
    )
    return pd.DataFrame(dict(zip(COLUMNS, cells, strict=True)))


def _nothing() -> pd.DataFrame:
    types = ("str", "str", "int64", *["float64"] * 4)
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in zip(COLUMNS, types, strict=True)})
