"""相談内容: what a client writes or a coordinator notes. It tells the sub-topic, often the style that helps."""

import numpy as np

from matcher.sample.assumptions import Assumptions
from matcher.sample.clients import Clients, written_place
from matcher.sample.consultations import EITHER, ONLINE, ONSITE, Consultations
from matcher.sample.drawing import Ints, Rng, Texts, texts
from matcher.sample.sentences import Frames, draw_phrases, draw_words
from matcher.sample.words import Bank, industries, load, topics

OPTIONAL = ("opening", "circumstance", "tried", "wish", "second", "meeting")


def write_descriptions(rng: Rng, asked: Consultations, clients: Clients, values: Assumptions) -> Texts:
    """One description a consultation, of one to nine sentences."""
    frames = Frames.of(load("descriptions"))
    size = len(asked.ids)
    register = frames.draw_registers(rng, size)
    second = _second_topic(rng, asked)
    slots = _slots(rng, asked, second, clients, values)
    share = {name: rng.random(size) < often for name, often in zip(OPTIONAL, values.description, strict=True)}
    says_style = rng.random(size) < values.writes_style
    founding = asked.founding()
    parts = [
        ("opening", share["opening"] & ~founding),
        ("founding", share["opening"] & founding),
        ("circumstance", share["circumstance"] & ~founding),
        ("trouble", np.ones(size, dtype=bool)),
        ("tried", share["tried"]),
        ("wish", share["wish"]),
        ("second", share["second"] & (second >= 0) & ~founding),
        ("push", says_style & (asked.style == 0)),
        ("propose", says_style & (asked.style == 1)),
        ("onsite", share["meeting"] & (asked.mode == ONSITE)),
        ("online", share["meeting"] & (asked.mode == ONLINE)),
        ("either", share["meeting"] & (asked.mode == EITHER)),
    ]
    sentences = [frames.draw_sentences(rng, name, register, wanted, slots) for name, wanted in parts]
    return frames.joined(register, sentences)


def _slots(
    rng: Rng, asked: Consultations, second_topic: Ints, clients: Clients, values: Assumptions
) -> dict[str, Texts]:
    banks, product = topics().banks, draw_words(rng, industries().banks["product"], asked.industry)
    first, second = _two_terms(rng, banks["terms"], asked.topic)
    return {
        "place": written_place(rng, clients.places, values)[asked.client],
        "business": draw_words(rng, industries().banks["business"], asked.industry),
        "circumstance": draw_words(rng, industries().banks["circumstance"], asked.industry),
        "employees": texts([str(number) for number in clients.employees])[asked.client],
        "years": texts([str(number) for number in clients.years])[asked.client],
        "trouble": draw_phrases(rng, banks["trouble"], asked.topic, product),
        "tried": draw_phrases(rng, banks["tried"], asked.topic, product),
        "wish": draw_phrases(rng, banks["wish"], asked.topic, product),
        "trouble2": draw_phrases(rng, banks["trouble"], np.maximum(second_topic, 0), product),
        "term": first,
        "term2": second,
    }


def _second_topic(rng: Rng, asked: Consultations) -> Ints:
    """A sub-topic of the second category that the client's trade has, -1 where there is none."""
    fits = topics().fits[:, asked.industry].T & (topics().category == asked.second[:, None])
    drawn = np.where(fits, rng.random(fits.shape), -1.0)
    return np.where(fits.any(axis=1), drawn.argmax(axis=1), -1)


def _two_terms(rng: Rng, bank: Bank, group: Ints) -> tuple[Texts, Texts]:
    """Two different terms of the sub-topic."""
    start = np.searchsorted(bank.group, group)
    many = np.searchsorted(bank.group, group, side="right") - start
    first = (rng.random(len(group)) * many).astype(np.intp)
    second = (first + 1 + (rng.random(len(group)) * (many - 1)).astype(np.intp)) % many
    phrases = texts(bank.phrases)
    return phrases[start + first], phrases[start + second]
