"""A model's card in words, as `train` and `models` print it."""

from collections.abc import Iterator, Mapping
from typing import Any

from matcher.lang import Lang

_WORDS: dict[str, dict[Lang, str]] = {
    "model": {"ja": "モデル", "en": "model"},
    "fingerprint": {"ja": "モデルの指紋", "en": "model fingerprint"},
    "data_fingerprint": {"ja": "データの指紋", "en": "data fingerprint"},
    "ranker": {"ja": "推薦方法", "en": "ranker"},
    "learned_until": {"ja": "学習した日付まで", "en": "learned until"},
    "last_dispatch": {"ja": "最後の派遣", "en": "last dispatch"},
    "split": {"ja": "検証用の分割", "en": "split"},
    "seed": {"ja": "乱数の種", "en": "seed"},
    "counts": {"ja": "データの件数", "en": "records"},
    "outcomes": {"ja": "結果のわかっている派遣", "en": "dispatches with a known outcome"},
    "resolved": {"ja": "うち解決した割合", "en": "of them resolved"},
    "expert_sd": {"ja": "専門家による差（標準偏差、対数オッズ）", "en": "spread between experts (sd, log-odds)"},
    "group_sd": {
        "ja": "同じ専門家の分野による差（標準偏差、対数オッズ）",
        "en": "spread between an expert's categories (sd, log-odds)",
    },
    "note": {"ja": "注意", "en": "note"},
}
_TABLES: dict[str, dict[Lang, str]] = {
    "experts": {"ja": "専門家", "en": "experts"},
    "consultations": {"ja": "相談", "en": "consultations"},
    "hubs": {"ja": "拠点", "en": "hubs"},
    "clients": {"ja": "相談者", "en": "clients"},
    "dispatches": {"ja": "派遣", "en": "dispatches"},
    "conflicts": {"ja": "利害関係", "en": "conflicts"},
    "impressions": {"ja": "表示の記録", "en": "impressions"},
    "categories": {"ja": "分野", "en": "categories"},
    "candidates": {"ja": "候補", "en": "candidates"},
}
_COLD: dict[str, dict[Lang, str]] = {
    "no dispatch": {
        "ja": "過去の派遣が 1 件もないため、専門分野・地域・文面の近さだけで並べます（コールドスタート）。"
        "解決の見込みは出ません",
        "en": "cold start: there is no past dispatch, so the order rests on speciality, region and closeness "
        "of text alone; no probability is given",
    },
    "no outcome": {
        "ja": "結果（resolved）のわかる派遣が 1 件もないため、解決の見込みは出ません",
        "en": "no dispatch has a known outcome (resolved), so no probability is given",
    },
}


def cold_start(card: Mapping[str, Any]) -> str | None:
    """What the model could not learn from: "no dispatch", "no outcome", or None where it could."""
    if not card["counts"].get("dispatches"):
        return "no dispatch"
    return None if card["outcomes_known"] else "no outcome"


def card_lines(card: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """A card's facts, one a line."""
    for key, text in _facts(card, lang):
        yield f"{_WORDS[key][lang]}: {text}"
    cold = cold_start(card)
    if cold:
        yield f"{_WORDS['note'][lang]}: {_COLD[cold][lang]}"


def _facts(card: Mapping[str, Any], lang: Lang) -> Iterator[tuple[str, str]]:
    fitted, counts = card["fitted"], card["counts"]
    yield "model", card["id"]
    yield "ranker", " / ".join(filter(None, [card["ranker"], fitted.get("objective")]))
    yield "learned_until", card["trained_until"]
    yield "last_dispatch", card["last_dispatch"] or "-"
    if card["split"]:
        yield "split", card["split"]
    yield (
        "counts",
        ", ".join(f"{words[lang]} {counts[name]:,}" for name, words in _TABLES.items() if name in counts),
    )
    yield "outcomes", f"{card['outcomes_known']:,}"
    if card["share_resolved"] is not None:
        yield "resolved", f"{card['share_resolved']:.1%}"
    merit = fitted.get("merit", {})
    for name, effect in (("expert_sd", "nested0"), ("group_sd", "nested1")):
        if merit.get("learned"):
            yield name, f"{merit['sd'][effect]:.2f}"
    yield "seed", str(card["seed"])
    yield "data_fingerprint", card["data_fingerprint"]
    yield "fingerprint", card["fingerprint"]
