"""The columns of a shortlist as a flat table, declared once for CSV, .xlsx and whoever needs a frame."""

from collections.abc import Callable
from dataclasses import dataclass

from matcher.lang import Lang
from matcher.reference.distance import BASIS_LABELS
from matcher.render.words import LABELS, Words, against_in_words, confidence_in_words, separated
from matcher.shortlist.model import Item
from matcher.shortlist.reasons import MOST_REASONS

Cell = str | float | None


@dataclass(frozen=True)
class Column:
    """`value` is for programs, `words` for people (absent: the same); `form` is a spreadsheet's number format."""

    name: str
    label: Words
    value: Callable[[Item], Cell]
    words: Callable[[Item, Lang], Cell] | None = None
    form: str = ""
    width: int = 10

    def shown(self, item: Item, lang: Lang) -> Cell:
        """The cell as people read it."""
        return self.words(item, lang) if self.words else self.value(item)


def _reason(i: int) -> Column:
    def value(item: Item) -> Cell:
        return item.reasons[i].text if i < len(item.reasons) else None

    return Column(f"reason_{i + 1}", {"ja": f"理由{i + 1}", "en": f"reason {i + 1}"}, value, width=36)


COLUMNS: tuple[Column, ...] = (
    Column("rank", {"ja": "順位", "en": "rank"}, lambda item: item.rank, width=6),
    Column(
        "tied",
        LABELS["tied"],
        lambda item: int(item.tied),
        lambda item, lang: LABELS["tied"][lang] if item.tied else None,
        width=8,
    ),
    Column("expert_id", LABELS["expert_id"], lambda item: item.expert_id, width=12),
    Column("name", {"ja": "氏名", "en": "name"}, lambda item: item.name, width=18),
    Column("kana", {"ja": "よみがな", "en": "kana"}, lambda item: item.kana, width=18),
    Column(
        "qualifications",
        {"ja": "資格", "en": "qualifications"},
        lambda item: ";".join(item.qualifications) or None,
        lambda item, lang: separated(item.qualifications, lang) or None,
        width=24,
    ),
    Column("place", LABELS["place"], lambda item: item.place or None, width=18),
    Column("distance_km", {"ja": "距離 (km)", "en": "distance (km)"}, lambda item: item.distance_km, form="0.0"),
    Column(
        "distance_basis",
        {"ja": "距離の根拠", "en": "distance from"},
        lambda item: item.distance_basis,
        lambda item, lang: BASIS_LABELS[item.distance_basis][lang],
        width=22,
    ),
    Column("probability", LABELS["chance"], lambda item: item.probability, form="0%"),
    Column("lower", {"ja": "90%区間の下限", "en": "90 % lower"}, lambda item: item.lower, form="0%"),
    Column("upper", {"ja": "90%区間の上限", "en": "90 % upper"}, lambda item: item.upper, form="0%"),
    Column("confidence", LABELS["confidence"], lambda item: item.confidence, confidence_in_words),
    *(_reason(i) for i in range(MOST_REASONS)),
    Column(
        "against",
        LABELS["against"],
        lambda item: item.against.text if item.against else None,
        against_in_words,
        width=36,
    ),
    Column("score", {"ja": "得点", "en": "score"}, lambda item: item.score, form="0.000"),
)
