"""What most commands begin with: the dataset, read with a bar."""

from pathlib import Path
from typing import TYPE_CHECKING

from matcher.cli.output import note
from matcher.cli.progress import progress

if TYPE_CHECKING:
    import pandas as pd

    from matcher.dataset import Dataset

STALE_DAYS = 62


def read(folder: Path, on: "pd.Timestamp", split: str | None = None) -> "Dataset":
    """The dataset at `folder`, nothing in it later than `on`. Raises `DataError`, `UnknownValueError` (split)."""
    from matcher.reading import read_dataset

    with progress("読み込み (reading)") as bar:
        return read_dataset(folder, as_of=on, split=split, progress=bar)


def tell_if_stale(data: "Dataset", on: "pd.Timestamp") -> None:
    """A note where the newest record is so old that the month's capacity cannot be known from the data."""
    last = max(data.dispatches["decided_on"].max(), data.consultations["received_on"].max())
    if (on - last).days > STALE_DAYS:
        note(
            f"データの記録は {last:%Y-%m-%d} までです。受入枠と年度の回数は {on:%Y-%m-%d} で数えました "
            f"(the records end on {last:%Y-%m-%d}; --as-of {last:%Y-%m-%d} would stand on that day)"
        )
