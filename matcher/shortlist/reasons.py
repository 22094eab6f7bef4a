"""Reasons for an expert and one against, picked from the terms that make up the score."""

from collections import Counter

from matcher.explanation import Explanation, Term
from matcher.lang import Lang
from matcher.shortlist.model import Reason
from matcher.shortlist.plain import plain

MOST_REASONS = 3
WORTH_SAYING = 0.05  # a smaller term (in the score's units, log-odds for ours) moves a probability by about a percent


def reasons_for(explanation: Explanation, lang: Lang) -> tuple[Reason, ...]:
    """Up to three positive terms that rest on something known and whose words do not speak against.

    A further reason of the same group (speciality, region, record, ...) counts half as much each time: several sides
    of an expert tell the reader of a stranger more than several readings of one. So does a reason whose words tell
    neither for nor against, such as withheld figures. They stand in order of size.
    """
    terms = [
        term
        for term in explanation.terms
        if term.known and term.contribution >= WORTH_SAYING and term.speaks() >= 0 and term.sentence(lang)
    ]
    chosen: list[Term] = []
    while terms and len(chosen) < MOST_REASONS:
        told = Counter(term.feature.group for term in chosen)
        worth = {id(term): term.contribution / 2 ** (told[term.feature.group] + (term.speaks() == 0)) for term in terms}
        best = min(terms, key=lambda term: (-worth[id(term)], term.feature.name))
        terms.remove(best)
        chosen.append(best)
    chosen.sort(key=lambda term: (-term.contribution, term.feature.name))
    return tuple(_reason(term, term.sentence(lang)) for term in chosen)


def reason_against(explanation: Explanation, lang: Lang) -> Reason | None:
    """The most negative known term that has something to say, else the least favourable unknown, else None."""
    terms = sorted(explanation.terms, key=lambda term: (term.contribution, term.feature.name))
    for term in terms:
        if term.known and term.contribution <= -WORTH_SAYING and term.speaks() <= 0 and term.sentence(lang):
            return _reason(term, term.sentence(lang))
    for term in terms:
        if not term.known:
            return _reason(term, _unknown(term, lang))
    return None


def _unknown(term: Term, lang: Lang) -> str:
    label = term.feature.label[lang]
    return f"{label}は不明です" if lang == "ja" else f"{label}: unknown"


def _reason(term: Term, text: str) -> Reason:
    return Reason(text, term.feature.name, float(term.contribution), plain(term.evidence))
