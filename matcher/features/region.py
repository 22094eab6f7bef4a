"""Features of where an expert works: distance to travel, regions served, work online."""

from collections.abc import Callable
from typing import Any

import numpy as np

from matcher.features.feature import Aspect, Evidence, Feature, Floats, Group, value_as
from matcher.features.pairs import Pairs
from matcher.features.tables import Bools
from matcher.lang import Lang
from matcher.reference.distance import BASIS_LABELS, PAIR_BASES, SAME_PREFECTURE
from matcher.reference.prefectures import prefecture_name

NEAR_KM = 50.0  # about an hour's drive


def _no_travel(pairs: Pairs) -> Bools:
    """Whether the pair can do without travel: online is asked for, or is possible and the expert works online."""
    mode = pairs.consultations.mode[pairs.ci]
    return np.asarray((mode == "online") | ((mode == "either") & (pairs.experts.remote[pairs.ei] == 1.0)))


def _must_meet_somewhere(pairs: Pairs) -> Bools:
    asked = pairs.consultations
    return np.asarray(((asked.places.basis != PAIR_BASES.index("unknown")) & (asked.mode != "online"))[pairs.ci])


def _distance(pairs: Pairs) -> Floats:
    return np.where(_no_travel(pairs), 0.0, pairs.distance[0])


def _distance_evidence(pairs: Pairs, _values: Floats) -> list[dict[str, Any]]:
    home = pairs.experts.prefecture[pairs.ei]
    km, basis = pairs.distance
    rows = zip(_no_travel(pairs), home, km, (PAIR_BASES[place] for place in basis), strict=True)
    return [
        {
            "online": bool(online),
            "prefecture": code if isinstance(code, str) else None,
            "km": km,
            "basis": basis,
        }
        for online, code, km, basis in rows
    ]


def _distance_sentence(evidence: Evidence, lang: Lang) -> str:
    if evidence["online"]:
        return ""
    home = prefecture_name(evidence["prefecture"], lang) if evidence["prefecture"] else ""
    basis = BASIS_LABELS[evidence["basis"]][lang]
    if evidence["basis"] == SAME_PREFECTURE:
        return f"{home}に在住（{basis}）" if lang == "ja" else f"lives in {home} ({basis})"
    if np.isnan(evidence["km"]):
        return ""
    if evidence["basis"] == "municipality" and evidence["km"] < 0.5:
        return "相談企業と同じ市区町村です" if lang == "ja" else "in the client's municipality"
    if lang == "ja":
        return f"{home or '所在地'}から約{evidence['km']:.0f}km（{basis}）"
    return f"about {evidence['km']:.0f} km away{', ' + home if home else ''} ({basis})"


def _distance_tells(evidence: Evidence) -> int:
    """For where an hour's drive does, against where it does not; an unknown distance tells neither."""
    return 0 if np.isnan(evidence["km"]) else 1 if evidence["km"] <= NEAR_KM else -1


def _serves(pairs: Pairs) -> Floats:
    asked = pairs.consultations.prefecture[pairs.ci]
    codes, serves = pairs.experts.serving
    place = codes.place(pairs.consultations.prefecture)[pairs.ci]
    known = (asked != None) & np.asarray(serves.any(axis=1))[pairs.ei]  # noqa: E711
    return np.where(known, (place >= 0) & serves[pairs.ei, place], np.nan)


def _serves_evidence(pairs: Pairs, values: Floats) -> list[dict[str, Any]]:
    asked = pairs.consultations.prefecture[pairs.ci]
    return [
        {"serves": value, "prefecture": code if isinstance(code, str) else None}
        for value, code in zip(values, asked, strict=True)
    ]


def _serves_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["serves"]):
        return ""
    name = prefecture_name(evidence["prefecture"], lang)
    if lang == "ja":
        return f"{name}を対応地域に" + ("含めています" if evidence["serves"] else "挙げていません")
    return f"{name} is {'' if evidence['serves'] else 'not '}among the regions served"


def _has_prefecture(pairs: Pairs) -> Bools:
    return np.asarray([code is not None for code in pairs.consultations.prefecture], dtype=np.bool_)[pairs.ci]


def _same_prefecture(pairs: Pairs) -> Floats:
    asked, home = pairs.consultations.prefecture[pairs.ci], pairs.experts.prefecture[pairs.ei]
    known = (asked != None) & (home != None)  # noqa: E711
    return np.where(known, asked == home, np.nan)


def _same_prefecture_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["same"]):
        return ""
    if lang == "ja":
        return "相談企業と" + ("同じ都道府県です" if evidence["same"] else "別の都道府県です")
    return f"in {'the same' if evidence['same'] else 'another'} prefecture"


def _remote(pairs: Pairs) -> Floats:
    asked = (pairs.consultations.mode == "online")[pairs.ci]
    return np.where(asked, pairs.experts.remote[pairs.ei], np.nan)


def _remote_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["remote"]):
        return ""
    if lang == "ja":
        return "オンラインでの支援に" + ("対応しています" if evidence["remote"] else "対応していません")
    return "works online" if evidence["remote"] else "does not work online"


def _online(pairs: Pairs) -> Bools:
    return np.asarray((pairs.consultations.mode == "online")[pairs.ci])


def _yes_or_no(name: str) -> Callable[[Evidence], int]:
    return lambda evidence: 1 if evidence[name] == 1.0 else -1


DISTANCE = Feature(
    "distance",
    {"ja": "距離", "en": "distance"},
    Group.REGION,
    "km",
    "great-circle distance to travel, unless it is held online; 0 where it may be and the expert works online",
    _distance,
    _distance_sentence,
    _distance_evidence,
    monotone=-1,
    knots=(0.0, 10.0, 30.0, 80.0, 200.0, 500.0),
    prior=-0.8,
    applies=_must_meet_somewhere,
    tells=_distance_tells,
    reads=Aspect.PLACE,
)
NEARNESS = Feature(
    "nearness",
    {"ja": "距離（対数）", "en": "distance, logarithm"},
    Group.REGION,
    "log km",
    "log of the distance to travel plus .3 km: finer than the distance where all are near",
    lambda pairs: np.log(_distance(pairs) + 0.3),
    monotone=-1,
    knots=(-1.2, 0.0, 0.8, 1.5, 2.2, 3.0, 4.0, 5.0),
    applies=_must_meet_somewhere,
)
SERVES_REGION = Feature(
    "serves_region",
    {"ja": "対応地域", "en": "region served"},
    Group.REGION,
    "yes/no",
    "whether the stated service regions hold the consultation's prefecture",
    _serves,
    _serves_sentence,
    _serves_evidence,
    monotone=1,
    knots=(0.0, 1.0),
    prior=0.2,
    tells=_yes_or_no("serves"),
    applies=_has_prefecture,
    reads=Aspect.PREFECTURE,
)
SAME_PREFECTURE_FEATURE = Feature(
    "same_prefecture",
    {"ja": "同じ都道府県", "en": "same prefecture"},
    Group.REGION,
    "yes/no",
    "whether the expert is registered in the consultation's prefecture",
    _same_prefecture,
    _same_prefecture_sentence,
    value_as("same"),
    monotone=1,
    knots=(0.0, 1.0),
    tells=_yes_or_no("same"),
)
REMOTE = Feature(
    "remote",
    {"ja": "オンライン対応", "en": "works online"},
    Group.REGION,
    "yes/no",
    "whether the expert works online, where the consultation is to be held online",
    _remote,
    _remote_sentence,
    value_as("remote"),
    monotone=1,
    knots=(0.0, 1.0),
    prior=0.2,
    tells=_yes_or_no("remote"),
    applies=_online,
    reads=Aspect.MODE,
)

REGION_FEATURES = (DISTANCE, SERVES_REGION, REMOTE)
