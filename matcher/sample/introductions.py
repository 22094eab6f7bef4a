"""自己紹介: what an expert writes. Mostly about what the expert is really strong in, sometimes about more."""

import numpy as np

from matcher.reference.prefectures import prefectures
from matcher.sample.assumptions import Assumptions
from matcher.sample.calendar import LAST_DAY
from matcher.sample.drawing import Bools, Floats, Ints, Rng, Texts, some, texts
from matcher.sample.places import Places
from matcher.sample.sentences import Frames, draw_phrases, draw_words
from matcher.sample.skills import Skills
from matcher.sample.words import industries, load, professions, topics

OPTIONAL = ("career", "title", "claim", "result", "work", "style", "meeting", "closing")


def draw_titles(rng: Rng, profession: Ints) -> Texts:
    """One qualification of the trade for each expert."""
    return draw_words(rng, professions().banks["titles"], profession)


def write_introductions(
    rng: Rng,
    skills: Skills,
    titles: Texts,
    years: Floats,
    push: Bools,
    remote: Bools,
    places: Places,
    values: Assumptions,
) -> Texts:
    """One introduction an expert, of one to twelve sentences."""
    frames = Frames.of(load("introductions"))
    size = len(titles)
    register = frames.draw_registers(rng, size)
    slots = _slots(rng, skills, years, places, values) | {"title": titles}
    share = {name: rng.random(size) < often for name, often in zip(OPTIONAL, values.introduction, strict=True)}
    third, fourth = (slots | {"expert": slots[name]} for name in ("expert3", "expert4"))
    parts = [
        ("career", share["career"], slots),
        ("title", share["title"], slots),
        ("field", skills.mentions[:, 0] >= 0, slots),
        ("also", skills.mentions[:, 2] >= 0, third),
        ("also2", skills.mentions[:, 3] >= 0, fourth),
        ("claim", share["claim"], slots),
        ("result", share["result"], slots),
        ("work", share["work"], slots),
        ("push", share["style"] & push, slots),
        ("propose", share["style"] & ~push, slots),
        ("remote", share["meeting"] & remote, slots),
        ("local", share["meeting"] & ~remote, slots),
        ("closing", share["closing"], slots),
    ]
    sentences = [frames.draw_sentences(rng, name, register, wanted, words) for name, wanted, words in parts]
    return frames.joined(register, sentences)


def _slots(rng: Rng, skills: Skills, years: Floats, places: Places, values: Assumptions) -> dict[str, Texts]:
    size, mentions = len(years), np.maximum(skills.mentions, 0)
    no_product = texts([""] * size)
    expert = [draw_phrases(rng, topics().banks["expert"], topic, no_product) for topic in mentions.T]
    least, most = values.independent
    since = int(str(LAST_DAY)[:4]) - np.maximum(1, years * rng.uniform(least, most, size)).astype(int)
    prefecture = prefectures()["name"].to_numpy(dtype=object)[places.prefecture]
    return {
        "expert": expert[0],
        "expert2": expert[1],
        "expert3": expert[2],
        "expert4": expert[3],
        "result": draw_phrases(rng, topics().banks["result"], mentions[:, 0], no_product),
        "term": draw_words(rng, topics().banks["terms"], mentions[:, 0]),
        "term2": draw_words(rng, topics().banks["terms"], mentions[:, 1]),
        "career": draw_words(rng, professions().banks["career"], skills.profession),
        "work": draw_words(rng, industries().banks["work"], _one_of(rng, skills.knows > 0)),
        "category": texts(topics().names)[_one_of(rng, skills.claims)],
        "place": np.where(rng.random(size) < 0.5, prefecture, places.municipality),
        "years": texts([str(int(value)) for value in years]),
        "since": texts([str(value) for value in since]),
        "cases": some(rng, [str(number) for number in range(20, 125, 5)], size),
    }


def _one_of(rng: Rng, flags: Bools) -> Ints:
    """Row by row one of the flagged columns."""
    return np.asarray(np.argmax(np.where(flags, rng.random(flags.shape), -1.0), axis=1), dtype=np.intp)
