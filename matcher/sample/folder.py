"""A world as a folder: the contract's CSV files, the truth beside them, and every parameter."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from matcher.columns import TABLES, Column, Kind
from matcher.errors import MatcherError
from matcher.sample.world import World

PARAMETERS = "parameters.json"
TRUTH, CHOICES = "truth.csv", "truth_choices.json"
FORMAT = "expert-matcher sample 1"
TABLES_WRITTEN = ("experts", "consultations", "hubs", "clients", "dispatches", "conflicts")
YES_NO = ("remote", "registered")
_README = """# 見本データ / A synthetic sample

すべて人工のデータです。人名・会社名は乱数で組み合わせたもので、実在の人や会社とは関係ありません。
Everything here is made up. Names of persons and firms are put together by chance and mean nobody.

- `experts.csv` ... `conflicts.csv`: the data that a ranker may read / ランキングに使うデータ
- `truth.csv`: 受付中の相談を各専門家が解決する真の確率。評価だけが読む / the true probability that each expert
  resolves each open consultation; nothing but evaluation reads it
- `truth_choices.json`: これまでのコーディネーターなら誰を選んだか。評価だけが読む / whom a past coordinator would
  have sent; nothing but evaluation reads it
- `parameters.json`: すべての前提（公表値か仮定か）/ every parameter, labelled `published` or `assumption`
"""


class NotOurFolderError(MatcherError):
    """A place that holds something else than a sample."""

    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"{str(directory)!r} exists and is not a sample written by this program; "
            "accepted: a new folder, an empty one, or an earlier sample"
        )


def write(world: World, directory: Path) -> None:
    """Writes the world into `directory`, all or nothing; an earlier sample there is replaced.

    Raises `NotOurFolderError` where something else is already there, `MatcherError` where it cannot be written.
    """
    target = directory.absolute()
    try:
        _refuse(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".sample-", dir=target.parent) as scratch:
            new = Path(scratch) / "new"
            new.mkdir()
            _write_files(world, new)
            _put_in_place(new, target, Path(scratch) / "old")
    except OSError as error:
        raise MatcherError(f"cannot write the sample to {str(directory)!r}: {error.strerror}") from error


def read_truth(directory: Path) -> pd.DataFrame:
    """The open consultations with all experts: consultation_id, expert_id, probability. Raises `MatcherError`."""
    types = {"consultation_id": pa.string(), "expert_id": pa.string(), "probability": pa.float64()}
    options = pacsv.ConvertOptions(include_columns=list(types), column_types=types)
    try:
        frame: pd.DataFrame = pacsv.read_csv(directory / TRUTH, convert_options=options).to_pandas()
    except (OSError, pa.ArrowException) as error:
        raise MatcherError(f"cannot read {str(directory / TRUTH)!r}; accepted: a written sample") from error
    return frame.astype({"consultation_id": "str", "expert_id": "str"})


def read_choices(directory: Path) -> pd.DataFrame:
    """consultation_id, expert_id (NaN: nobody), whom past coordinators would send. Raises `MatcherError`."""
    try:
        choices = json.loads((directory / CHOICES).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MatcherError(f"cannot read {str(directory / CHOICES)!r}; accepted: a written sample") from error
    pairs = {"consultation_id": list(choices), "expert_id": list(choices.values())}
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in pairs.items()})


def _refuse(directory: Path) -> None:
    if not directory.exists() and not directory.is_symlink():
        return
    if directory.is_symlink() or not directory.is_dir() or (any(directory.iterdir()) and not _is_ours(directory)):
        raise NotOurFolderError(directory)


def _is_ours(directory: Path) -> bool:
    try:
        card = json.loads((directory / PARAMETERS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(card, dict) and card.get("format") == FORMAT


def _put_in_place(new: Path, target: Path, old: Path) -> None:
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def _write_files(world: World, directory: Path) -> None:
    for name in TABLES_WRITTEN:
        frame = world.data.table(name)
        columns = {column.name: _cells(frame[column.name], column) for column in TABLES[name].columns}
        filled = {name: cells for name, cells in columns.items() if cells.null_count < len(cells)}
        if filled:  # no file says the same as a file of headings alone
            pacsv.write_csv(pa.table(filled), directory / f"{name}.csv")
    truth = pa.Table.from_pandas(world.truth, preserve_index=False)
    pacsv.write_csv(truth, directory / TRUTH, pacsv.WriteOptions(quoting_style="none"))
    chosen = zip(world.choices["consultation_id"], world.choices["expert_id"], strict=True)
    _write_json({who: None if pd.isna(whom) else whom for who, whom in chosen}, directory / CHOICES)
    _write_json({"format": FORMAT} | world.parameters, directory / PARAMETERS)
    (directory / "README.md").write_text(_README, encoding="utf-8")


def _write_json(value: Mapping[str, Any], path: Path) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _cells(series: pd.Series, column: Column) -> pa.Array:
    """The column as the contract writes it: `;` in lists, whole numbers without a point, flags yes/no or 1/0."""
    if column.many:
        return pa.array([";".join(values) or None for values in series], pa.string())
    if column.kind is Kind.DATE:
        return pa.array(series, pa.timestamp("s"), from_pandas=True).cast(pa.date32())
    if column.name in YES_NO:
        return pa.array(series.map({1.0: "yes", 0.0: "no"}), pa.string(), from_pandas=True)
    if series.dtype == "float64":
        numbers = pa.array(series, from_pandas=True)
        return numbers.cast(pa.int64()) if bool((series.dropna() % 1 == 0).all()) else numbers
    return pa.array(series, pa.string(), from_pandas=True)
