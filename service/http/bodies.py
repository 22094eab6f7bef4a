"""The base of what is asked: nothing is guessed from another type, unknown fields are errors, NaN is no number."""

from pydantic import BaseModel, ConfigDict


class Asked(BaseModel):
    """A request's body. Give each field a `description`: it is what an error about that field shows."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
