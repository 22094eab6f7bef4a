"""Features of what an expert states: specialities, industries, region, remote, experience, style, introduction."""

from collections.abc import Callable
from typing import Any

import numpy as np

from matcher.features.feature import Evidence, Feature, Floats, Group, Lang
from matcher.features.pairs import Pairs
from matcher.features.tables import Bools, any_row
from matcher.reference.distance import BASIS_LABELS, PAIR_BASES, SAME_PREFECTURE
from matcher.reference.industries import industry_name
from matcher.reference.prefectures import prefecture_name


def _claims_category(pairs: Pairs) -> Floats:
    experts, asked = pairs.experts, pairs.consultations
    exact = experts.claims[pairs.ei, asked.category[pairs.ci]]
    area = experts.claims_area[pairs.ei, asked.area[pairs.ci]]
    level = np.where(exact, 2.0, np.where(area, 1.0, 0.0))
    return np.where(any_row(experts.claims)[pairs.ei], level, np.nan)


def _category_evidence(pairs: Pairs, values: Floats) -> list[dict[str, Any]]:
    asked, taxonomy = pairs.consultations, pairs.schema.taxonomy
    codes = [pairs.schema.categories.codes[place] for place in asked.category[pairs.ci]]
    return [
        {"level": value, "category": code, "ja": taxonomy.name(code, "ja"), "en": taxonomy.name(code, "en")}
        for code, value in zip(codes, values, strict=True)
    ]


def _category_sentence(evidence: Evidence, lang: Lang) -> str:
    name = evidence[lang]
    words: dict[float, dict[Lang, str]] = {
        2.0: {"ja": f"専門分野に「{name}」を挙げています", "en": f"states “{name}” as a speciality"},
        1.0: {
            "ja": f"「{name}」そのものではなく、同じ分野の別の専門を挙げています",
            "en": f"states a neighbouring speciality, not “{name}” itself",
        },
        0.0: {"ja": f"専門分野に「{name}」を挙げていません", "en": f"does not state “{name}” as a speciality"},
    }
    return words[evidence["level"]][lang] if evidence["level"] in words else ""


def _claims_secondary(pairs: Pairs) -> Floats:
    asked = pairs.consultations
    others = asked.kinds.copy()
    others[np.arange(len(asked)), asked.category] = False
    count = others.sum(axis=1)[pairs.ci]
    held = (pairs.experts.claims[pairs.ei] & others[pairs.ci]).sum(axis=1)
    known = (count > 0) & any_row(pairs.experts.claims)[pairs.ei]
    return np.where(known, held / np.maximum(count, 1), np.nan)


def _secondary_sentence(evidence: Evidence, lang: Lang) -> str:
    if not evidence["share"] > 0:
        return ""
    return "関連する分野も専門に挙げています" if lang == "ja" else "also states the secondary issues as specialities"


def _breadth(pairs: Pairs) -> Floats:
    experts, asked = pairs.experts, pairs.consultations
    exact = experts.claims[pairs.ei, asked.category[pairs.ci]]
    return np.where(exact, experts.claims.sum(axis=1)[pairs.ei], np.nan)


def _breadth_sentence(evidence: Evidence, lang: Lang) -> str:
    count = evidence["count"]
    if np.isnan(count) or count < MANY_CLAIMS:
        return ""
    if lang == "ja":
        return f"専門分野を{count:.0f}分野も挙げており、重点が分かりません"
    return f"states {count:.0f} specialities: the focus is unclear"


def _bearing(name: str) -> Callable[[Pairs], Floats]:
    return lambda pairs: getattr(pairs.experts, name)[pairs.ei, pairs.consultations.category[pairs.ci]]


def _closeness_to_category_sentence(evidence: Evidence, lang: Lang) -> str:
    if not evidence["cosine"] > CLOSE:
        return ""
    return "自己紹介がこの分野の相談内容に近い" if lang == "ja" else "the introduction reads like this category's cases"


def _expectation_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["log_ratio"]):
        return ""
    often = evidence["log_ratio"] > 0
    if lang == "ja":
        return "資格・経歴の似た専門家には、この分野を専門とする人が" + ("多い" if often else "少ない")
    return f"experts with such qualifications {'often' if often else 'seldom'} state this category"


def _industry(pairs: Pairs) -> Floats:
    experts, asked = pairs.experts, pairs.consultations
    code, division = asked.industry[pairs.ci], asked.division[pairs.ci]
    exact = experts.industries[pairs.ei, code]
    near = experts.divisions[pairs.ei, division]
    known = (code >= 0) & any_row(experts.industries)[pairs.ei]
    return np.where(known, np.where(exact, 2.0, np.where(near, 1.0, 0.0)), np.nan)


def _industry_evidence(pairs: Pairs, values: Floats) -> list[dict[str, Any]]:
    codes = pairs.schema.industries.codes
    named = [codes[place] if place >= 0 else None for place in pairs.consultations.industry[pairs.ci]]
    return [{"level": value, "industry": code} for value, code in zip(values, named, strict=True)]


def _industry_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["level"]):
        return ""
    name = industry_name(evidence["industry"], lang)
    if lang == "ja":
        return f"相談企業の業種（{name}）の支援を" + (
            "得意としています" if evidence["level"] else "得意分野に挙げていません"
        )
    return ("knows" if evidence["level"] else "does not state") + f" the client's industry ({name})"


def _no_travel(pairs: Pairs) -> Bools:
    """Whether the pair can do without travel: online is asked for, or is possible and the expert works online."""
    mode = pairs.consultations.mode[pairs.ci]
    return np.asarray((mode == "online") | ((mode == "either") & (pairs.experts.remote[pairs.ei] == 1.0)))


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


def _serves(pairs: Pairs) -> Floats:
    asked = pairs.consultations.prefecture[pairs.ci]
    stated = [pairs.experts.serves[row] for row in pairs.ei]
    return np.array(
        [
            float(code in codes) if codes and isinstance(code, str) else np.nan
            for code, codes in zip(asked, stated, strict=True)
        ]
    )


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


def _years_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["years"]):
        return ""
    return f"実務経験{evidence['years']:.0f}年" if lang == "ja" else f"{evidence['years']:.0f} years of experience"


def _style(pairs: Pairs) -> Floats:
    stated = pairs.experts.style[pairs.ei]
    return np.where(stated == "push", 1.0, np.where(stated == "propose", 0.0, np.nan))


def _style_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["push"]):
        return ""
    if lang == "ja":
        return "支援の進め方は" + ("後押し型" if evidence["push"] else "提案型")
    return "works by encouragement" if evidence["push"] else "works by proposals"


def _closeness_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["cosine"]):
        return ""
    near = evidence["cosine"] >= CLOSE
    if lang == "ja":
        return "自己紹介に相談の文面と" + ("近い内容があります" if near else "近い内容が見当たりません")
    return f"the introduction {'has something' if near else 'has nothing'} close to the text"


def _yes_or_no(name: str) -> Callable[[Evidence], int]:
    return lambda evidence: 1 if evidence[name] == 1.0 else -1


def _claimed(pairs: Pairs) -> Bools:
    return pairs.experts.claims[pairs.ei, pairs.consultations.category[pairs.ci]]


def _has_secondary(pairs: Pairs) -> Bools:
    return np.asarray((pairs.consultations.kinds.sum(axis=1) > 1)[pairs.ci])


def _has_text(pairs: Pairs) -> Bools:
    return pairs.consultations.has_text[pairs.ci]


def _must_meet_somewhere(pairs: Pairs) -> Bools:
    asked = pairs.consultations
    return np.asarray(((asked.places.basis != PAIR_BASES.index("unknown")) & (asked.mode != "online"))[pairs.ci])


def _has_prefecture(pairs: Pairs) -> Bools:
    return np.asarray([code is not None for code in pairs.consultations.prefecture], dtype=np.bool_)[pairs.ci]


def _has_industry(pairs: Pairs) -> Bools:
    return np.asarray((pairs.consultations.industry >= 0)[pairs.ci])


def _online(pairs: Pairs) -> Bools:
    return np.asarray((pairs.consultations.mode == "online")[pairs.ci])


def value_as(name: str) -> Any:
    """Evidence that is the value alone, under a name."""
    return lambda _pairs, values: [{name: value} for value in values]


MANY_CLAIMS = 7  # from which a list of specialities no longer tells what somebody is good at
CLOSE = 0.3  # a cosine of latent vectors above which texts read as being about the same thing

CLAIMS_CATEGORY = Feature(
    "claims_category",
    {"ja": "専門分野の一致", "en": "stated speciality"},
    Group.EXPERTISE,
    "level",
    "2 = the expert states the consultation's category, 1 = another one of its area, 0 = only others",
    _claims_category,
    _category_sentence,
    _category_evidence,
    monotone=1,
    knots=(0.0, 1.0, 2.0),
    prior=1.0,
    tells=lambda evidence: {2.0: 1, 0.0: -1}.get(evidence["level"], 0),
)
CLAIMS_BREADTH = Feature(
    "claims_breadth",
    {"ja": "専門分野の絞り込み", "en": "focus of the specialities"},
    Group.EXPERTISE,
    "categories",
    "how many categories the expert states, where the consultation's is one of them",
    _breadth,
    _breadth_sentence,
    value_as("count"),
    monotone=-1,
    knots=(1.0, 3.0, 6.0, 10.0),
    tells=lambda _evidence: -1,
    applies=_claimed,
)
CATEGORY_CLOSENESS = Feature(
    "category_closeness",
    {"ja": "自己紹介と分野の近さ", "en": "profile close to the category"},
    Group.EXPERTISE,
    "cosine",
    "similarity of the introduction and the centre of past texts of the consultation's category",
    _bearing("closeness"),
    _closeness_to_category_sentence,
    value_as("cosine"),
    monotone=1,
    knots=(-0.1, 0.0, 0.1, 0.25, 0.5),
    prior=0.4,
    tells=lambda _evidence: 1,
)
CATEGORY_EXPECTATION = Feature(
    "category_expectation",
    {"ja": "資格・経歴から見た専門", "en": "speciality as the profile suggests"},
    Group.EXPERTISE,
    "log ratio",
    "how much more usual the category is among experts with such a profile and such qualifications",
    _bearing("expectation"),
    _expectation_sentence,
    value_as("log_ratio"),
    monotone=1,
    knots=(-1.5, -0.5, 0.0, 0.7, 1.5, 2.5),
    prior=0.4,
    tells=lambda evidence: 1 if evidence["log_ratio"] > 0 else -1,
)
CLAIMS_SECONDARY = Feature(
    "claims_secondary",
    {"ja": "関連分野の一致", "en": "secondary specialities"},
    Group.EXPERTISE,
    "share",
    "share of the consultation's secondary categories that the expert states",
    _claims_secondary,
    _secondary_sentence,
    value_as("share"),
    monotone=1,
    knots=(0.0, 1.0),
    prior=0.2,
    tells=lambda _evidence: 1,
    applies=_has_secondary,
)
INDUSTRY_MATCH = Feature(
    "industry_match",
    {"ja": "業種の一致", "en": "industry"},
    Group.EXPERTISE,
    "level",
    "2 = the expert states the client's industry as written, 1 = its division, 0 = only others",
    _industry,
    _industry_sentence,
    _industry_evidence,
    monotone=1,
    knots=(0.0, 1.0, 2.0),
    prior=0.3,
    tells=lambda evidence: 1 if evidence["level"] > 0 else -1,
    applies=_has_industry,
)
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
)
YEARS = Feature(
    "years_experience",
    {"ja": "経験年数", "en": "years of experience"},
    Group.EXPERIENCE,
    "years",
    "years of practice as stated",
    lambda pairs: pairs.experts.years[pairs.ei],
    _years_sentence,
    value_as("years"),
    knots=(0.0, 5.0, 10.0, 20.0, 35.0),
    prior=0.1,
)
STYLE = Feature(
    "style",
    {"ja": "支援の進め方", "en": "style"},
    Group.EXPERIENCE,
    "yes/no",
    "1 = push (後押し型), 0 = propose (提案型)",
    _style,
    _style_sentence,
    value_as("push"),
    knots=(0.0, 1.0),
)
PROFILE_CLOSENESS = Feature(
    "profile_closeness",
    {"ja": "自己紹介と文面の近さ", "en": "profile close to the text"},
    Group.TEXT,
    "cosine",
    "similarity of the consultation's text and the expert's introduction and qualifications",
    lambda pairs: pairs.profile_closeness,
    _closeness_sentence,
    value_as("cosine"),
    monotone=1,
    knots=(0.0, 0.15, 0.3, 0.5, 0.8),
    prior=0.6,
    tells=lambda evidence: 1 if evidence["cosine"] >= CLOSE else -1,
    applies=_has_text,
)

PROFILE_FEATURES = (
    CLAIMS_CATEGORY,
    CLAIMS_BREADTH,
    CATEGORY_CLOSENESS,
    CATEGORY_EXPECTATION,
    CLAIMS_SECONDARY,
    INDUSTRY_MATCH,
    DISTANCE,
    SERVES_REGION,
    REMOTE,
    YEARS,
    STYLE,
    PROFILE_CLOSENESS,
)
