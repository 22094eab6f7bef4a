"""The words that the human formats share, in both languages."""

import unicodedata
from collections.abc import Iterable

from matcher.eligibility.exclusion import Exclusion
from matcher.lang import Lang
from matcher.reference.distance import BASIS_LABELS
from matcher.shortlist.confidence import CONFIDENCE_LABELS, Confidence
from matcher.shortlist.model import Item, Shortlist

Words = dict[Lang, str]

LABELS: dict[str, Words] = {
    "shortlist": {"ja": "推薦一覧", "en": "shortlist"},
    "excluded": {"ja": "除外", "en": "exclusions"},
    "about": {"ja": "この一覧について", "en": "about"},
    "warnings": {"ja": "注意", "en": "warnings"},
    "relax": {"ja": "条件を緩めるなら", "en": "what to relax"},
    "expert": {"ja": "専門家", "en": "expert"},
    "chance": {"ja": "解決の見込み", "en": "chance of solving"},
    "confidence": {"ja": "確かさ", "en": "confidence"},
    "reasons": {"ja": "理由", "en": "reasons"},
    "against": {"ja": "気になる点", "en": "to consider"},
    "none": {"ja": "特になし", "en": "nothing in particular"},
    "unknown": {"ja": "不明", "en": "unknown"},
    "tied": {"ja": "同順位", "en": "tied"},
    "rule": {"ja": "理由", "en": "rule"},
    "count": {"ja": "人数", "en": "count"},
    "detail": {"ja": "内容", "en": "detail"},
    "expert_id": {"ja": "専門家ID", "en": "expert id"},
    "consultation": {"ja": "相談", "en": "consultation"},
    "category": {"ja": "相談分野", "en": "category"},
    "place": {"ja": "所在地", "en": "place"},
    "mode": {"ja": "面談方法", "en": "mode"},
    "as_of": {"ja": "基準日", "en": "as of"},
    "registered": {"ja": "登録人数", "en": "registered experts"},
    "eligible": {"ja": "対象人数", "en": "eligible experts"},
    "model": {"ja": "モデル", "en": "model"},
    "model_fingerprint": {"ja": "モデルの指紋", "en": "model fingerprint"},
    "data_fingerprint": {"ja": "データの指紋", "en": "data fingerprint"},
    "data": {"ja": "データ", "en": "data"},
    "reading": {"ja": "読み方", "en": "how to read"},
    "nobody": {"ja": "対象になる専門家がいません", "en": "nobody is eligible"},
    "chance_note": {
        "ja": "解決の見込み = この専門家を派遣した場合に解決する確率（かっこ内は 90% 区間）",
        "en": "chance of solving = probability that the case is resolved if this expert is sent (90 % interval)",
    },
    "several_note": {
        "ja": "複数の理由に当たる専門家は、それぞれの理由に数えています",
        "en": "an expert with several reasons is counted under each",
    },
}

MODES: dict[str | None, Words] = {
    "onsite": {"ja": "対面希望", "en": "on site"},
    "online": {"ja": "オンライン希望", "en": "online"},
    "either": {"ja": "対面・オンラインどちらも可", "en": "on site or online"},
    None: {"ja": "不明", "en": "unknown"},
}


def chance_in_words(item: Item, lang: Lang) -> str:
    """62%（48–74%）, or unknown."""
    if item.probability is None:
        return LABELS["unknown"][lang]
    if item.lower is None or item.upper is None:
        return f"{item.probability:.0%}"
    interval = f"{100 * item.lower:.0f}–{item.upper:.0%}"
    return f"{item.probability:.0%}（{interval}）" if lang == "ja" else f"{item.probability:.0%} ({interval})"


def confidence_in_words(item: Item, lang: Lang) -> str:
    """高い, 中くらい, 低い or 不明."""
    return CONFIDENCE_LABELS[Confidence(item.confidence)][lang]


def distance_in_words(item: Item, lang: Lang) -> str:
    """The distance and what it rests on; where it is unknown, that."""
    basis = BASIS_LABELS[item.distance_basis][lang]
    if item.distance_km is None:
        return basis
    if item.distance_basis == "municipality" and item.distance_km == 0:
        return {"ja": "同じ市区町村", "en": "same municipality"}[lang]
    return f"約{item.distance_km:.0f}km・{basis}" if lang == "ja" else f"about {item.distance_km:.0f} km, {basis}"


def place_and_distance(item: Item, lang: Lang) -> str:
    """Where the expert is and how far away, as far as known."""
    return separated([item.place, distance_in_words(item, lang)], lang)


def separated(texts: Iterable[str], lang: Lang) -> str:
    """The texts that are not empty, in a list as the language writes it."""
    return ("、" if lang == "ja" else ", ").join(filter(None, texts))


def against_in_words(item: Item, lang: Lang) -> str:
    """The reason against, or that there is none."""
    return item.against.text if item.against else LABELS["none"][lang]


def left_out(shortlist: Shortlist) -> int:
    """Experts left out, each counted once."""
    return shortlist.registered - shortlist.eligible


def counted_several_times(shortlist: Shortlist) -> bool:
    """Whether some expert stands under more than one rule."""
    return sum(exclusion.count for exclusion in shortlist.excluded) > left_out(shortlist)


def exclusion_in_words(exclusion: Exclusion, lang: Lang) -> str:
    """The rule and how many it took out."""
    return f"{exclusion.label} {exclusion.count:,}人" if lang == "ja" else f"{exclusion.label}: {exclusion.count:,}"


def one_line(text: str) -> str:
    """The text with control, line-breaking and direction-changing characters as blanks, all else as it is."""
    return "".join(" " if _unprintable(character) else character for character in text)


def _unprintable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _DIRECTIONS


_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
