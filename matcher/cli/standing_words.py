"""Standings as tables for the terminal."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from matcher.lang import Lang
from matcher.standing import Standing, difference
from matcher.what_if import Change

if TYPE_CHECKING:
    from matcher.explanation import Term

_WORDS: dict[str, dict[Lang, str]] = {
    "term": {"ja": "項目", "en": "term"},
    "evidence": {"ja": "根拠", "en": "evidence"},
    "part": {"ja": "得点への寄与", "en": "part of the score"},
    "difference": {"ja": "差", "en": "difference"},
    "base": {"ja": "基準（ふつうの組み合わせ）", "en": "base (a usual pair)"},
    "score": {"ja": "得点（基準と各項目の合計）", "en": "score (base and all terms summed)"},
    "unknown": {"ja": "不明", "en": "unknown"},
}


def parts(found: Sequence[Standing], lang: Lang, changes: Sequence[Change] = ()) -> Iterator["str | Table"]:
    """What is printed for one standing, or for two side by side with what would turn their order round."""
    for standing in found:
        yield from _heading(standing, lang)
    if len(found) == 1:
        yield _alone(found[0], lang)
        return
    yield _side_by_side(found[0], found[1], lang)
    yield from _changes(changes, lang)


def _changes(changes: Sequence[Change], lang: Lang) -> Iterator[str]:
    yield ("順位が入れ替わる条件:" if lang == "ja" else "What would turn the order round:") + (
        "" if changes else "（試した条件ではなし）" if lang == "ja" else " nothing of what was tried"
    )
    for change in changes:
        lead = f"{change.lead:+.2f}"
        yield f"  {change.label[lang]} {lead}" if lang == "en" else f"  {change.label[lang]}（差 {lead}）"


def _heading(standing: Standing, lang: Lang) -> Iterator[str]:
    who = f"{standing.name} ({standing.expert_id})"
    chance = _chance(standing, lang)
    rank, of = f"{standing.rank:,}", f"{standing.of:,}"
    if lang == "ja":
        place = f"対象外（得点だけなら {rank} 位に当たる）" if standing.excluded else f"対象 {of} 人中 {rank} 位"
        yield f"{who}: {place}、解決の見込み {chance}"
    else:
        place = f"not eligible (by score alone, rank {rank})" if standing.excluded else f"rank {rank} of {of} eligible"
        yield f"{who}: {place}, chance of solving {chance}"
    for _, label, detail in standing.excluded:
        yield f"  除外 {label}: {detail}" if lang == "ja" else f"  left out, {label}: {detail}"


def _alone(standing: Standing, lang: Lang) -> Table:
    table = _table([_WORDS["term"][lang], _WORDS["evidence"][lang]], [_WORDS["part"][lang]])
    for term in sorted(standing.terms, key=lambda term: -abs(term.contribution)):
        table.add_row(term.feature.label[lang], _evidence(term, lang), _signed(term.contribution))
    table.add_row(_WORDS["base"][lang], "", _signed(standing.base), end_section=True)
    table.add_row(_WORDS["score"][lang], "", _signed(standing.score), style="bold")
    return table


def _side_by_side(first: Standing, second: Standing, lang: Lang) -> Table:
    table = _table([_WORDS["term"][lang], first.name, second.name], [_WORDS["difference"][lang]])
    ours, theirs = ({term.feature.name: term for term in standing.terms} for standing in (first, second))
    for name, apart in difference(first, second).items():
        cells = [
            f"{_signed(term.contribution)}\n{_evidence(term, lang)}".rstrip() for term in (ours[name], theirs[name])
        ]
        table.add_row(ours[name].feature.label[lang], *cells, _signed(apart))
    table.add_row(_WORDS["base"][lang], _signed(first.base), _signed(second.base), "", end_section=True)
    total = _signed(first.score - second.score)
    table.add_row(_WORDS["score"][lang], _signed(first.score), _signed(second.score), total, style="bold")
    return table


def _table(left: Sequence[str], right: Sequence[str]) -> Table:
    table = Table(pad_edge=False, box=None, show_edge=False)
    for head in left:
        table.add_column(head, overflow="fold")
    for head in right:
        table.add_column(head, justify="right", no_wrap=True)
    return table


def _evidence(term: "Term", lang: Lang) -> str:
    return term.sentence(lang) or ("" if term.known else _WORDS["unknown"][lang])


def _signed(value: float) -> str:
    return f"{round(value, 4) + 0.0:+.4f}"  # no -0.0000


def _chance(standing: Standing, lang: Lang) -> str:
    if math.isnan(standing.probability):
        return _WORDS["unknown"][lang]
    interval = f"{100 * standing.lower:.0f}–{standing.upper:.0%}"
    return f"{standing.probability:.0%}（{interval}）" if lang == "ja" else f"{standing.probability:.0%} ({interval})"
