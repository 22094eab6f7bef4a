"""The programme's limits of a run."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matcher.dataset import Dataset
    from matcher.eligibility import Programme


def limits(path: Path | None, data: "Dataset") -> "Programme":
    """The shipped limits, or the file's over them; it may name only the areas that the data know. Raises as it."""
    from matcher.eligibility import Programme
    from matcher.reference.taxonomy import Taxonomy

    return Programme.read(path, areas=Taxonomy(data.categories).areas)
