"""Names of persons and firms. They are put together by chance and mean nobody."""

import numpy as np

from matcher.sample.drawing import Bools, Ints, Rng, Texts, pick, pick_in_groups, some, texts
from matcher.sample.words import Bank, industries, load, load_names


def draw_names(rng: Rng, women: Bools) -> tuple[Texts, Texts]:
    """Names and their readings, family name first; a few are written with letters outside JIS X 0208."""
    family = load_names("surnames")
    given = load_names("given_names").sort_values("kind", kind="stable").reset_index(drop=True)
    first = pick(rng, family["weight"].to_numpy(dtype=np.float64), len(women))
    kind: Ints = np.asarray(given["kind"] == "male", dtype=np.intp)
    second = pick_in_groups(rng, np.ones(len(given)), kind, (~women).astype(np.intp))
    name = family["name"].to_numpy(dtype=object)[first] + " " + given["name"].to_numpy(dtype=object)[second]
    kana = family["kana"].to_numpy(dtype=object)[first] + " " + given["kana"].to_numpy(dtype=object)[second]
    return name, kana


def draw_firms(rng: Rng, industry: Ints) -> Texts:
    """Made-up firm names; `industry` indexes `words.industries()`."""
    words = load("firms")
    bank = Bank.of([words["trade"][division] for division in industries().divisions])
    trade = texts(bank.phrases)[pick_in_groups(rng, np.ones(len(bank.group)), bank.group, industry)]
    size = len(industry)
    form = texts([tuple(form.split("{}")) for form in words["forms"]])[rng.integers(0, len(words["forms"]), size)]
    stem = some(rng, words["first"], size) + some(rng, words["second"], size) + trade
    return texts([before + name + after for (before, after), name in zip(form, stem, strict=True)])
