"""Sentences of known likeness: each tells who does what where, in several wordings."""

import numpy as np

WHO = [["男性", "男の人"], ["女性", "女の人"], ["子供", "幼児"], ["犬", "子犬"]]
WHERE = [["海辺", "浜辺"], ["公園", "広場"], ["台所", "キッチン"], ["駅", "ホーム"]]
DOES = [["走っています", "駆けています"], ["立っています", "佇んでいます"], ["遊んでいます", "遊戯しています"]]
PARTS = (WHERE, WHO, DOES)


def some_pairs(count: int, seed: int = 0) -> tuple[list[tuple[str, str]], list[float]]:
    """Pairs, and how many of who, what and where they share, who counting twice."""
    rng = np.random.default_rng(seed)
    pairs, labels = [], []
    for _ in range(count):
        left = [int(rng.integers(len(part))) for part in PARTS]
        right = [
            kind if rng.random() < 0.5 else int(rng.integers(len(part))) for kind, part in zip(left, PARTS, strict=True)
        ]
        pairs.append((sentence(left, rng), sentence(right, rng)))
        labels.append(float(np.dot([1, 2, 1], np.equal(left, right))))
    return pairs, labels


def sentence(kinds: list[int], rng: np.random.Generator) -> str:
    where, who, does = (part[kind][int(rng.integers(2))] for kind, part in zip(kinds, PARTS, strict=True))
    return f"{where}で{who}が{does}。"


def texts_of(pairs: list[tuple[str, str]]) -> list[str]:
    return [text for pair in pairs for text in pair]
