"""The two languages that everything is worded in, Japanese first."""

from typing import Literal

Lang = Literal["ja", "en"]
LANGS: tuple[Lang, ...] = ("ja", "en")
