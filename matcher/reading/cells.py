"""What one cell may say: for every declared column a parser from its text to the value in memory."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from matcher.columns import Column, Kind
from matcher.reading.dates import parse_date
from matcher.reading.numerals import parse_number
from matcher.reading.unreadable import UnreadableError
from matcher.reference.industries import ACCEPTED as INDUSTRIES_ACCEPTED
from matcher.reference.industries import industry_code
from matcher.reference.prefectures import ACCEPTED as PREFECTURES_ACCEPTED
from matcher.reference.prefectures import prefecture_code, prefectures
from matcher.reference.spelling import search_key
from matcher.reference.taxonomy import Taxonomy

Parser = Callable[[str], Any]

YES = ("yes", "1", "true", "はい", "有", "可", "○", "◯", "〇", "y", "1.0")
NO = ("no", "0", "false", "いいえ", "無", "不可", "×", "✕", "n", "0.0")
_FLAGS = dict.fromkeys(map(search_key, YES), 1.0) | dict.fromkeys(map(search_key, NO), 0.0)
# What coordinators write for the contract's words.
_JAPANESE = {
    "後押し型": "push",
    "提案型": "propose",
    "有効": "active",
    "停止中": "suspended",
    "退任": "retired",
    "訪問": "onsite",
    "オンライン": "online",
    "どちらでも": "either",
    "受付中": "open",
    "終了": "closed",
    "打診": "offered",
    "承諾": "accepted",
    "辞退": "declined",
    "完了": "completed",
    "取消": "cancelled",
    "顧問契約": "advisory_contract",
    "親族": "family",
    "所属": "affiliation",
    "その他": "other",
}


def parser_of(column: Column, taxonomy: Taxonomy | None) -> Parser:
    """The parser of a non-blank cell of the column; it raises `UnreadableError`. A list becomes a tuple.

    Without a taxonomy (a dataset whose own cannot be read) every category passes.
    """
    single = _single(column, taxonomy)
    if not column.many:
        return single
    cut = column.kind in (Kind.PREFECTURE, Kind.CATEGORY, Kind.INDUSTRY)
    return partial(_parse_list, single=single, cut_at_commas=cut)


def _single(column: Column, taxonomy: Taxonomy | None) -> Parser:
    parsers: dict[Kind, Parser] = {
        Kind.ID: str.strip,
        Kind.TEXT: str.strip if column.many else str,
        Kind.DATE: parse_date,
        Kind.NUMBER: partial(parse_number, low=column.low, high=column.high),
        Kind.INTEGER: partial(parse_number, whole=True, low=column.low, high=column.high),
        Kind.FLAG: _parse_flag,
        Kind.CHOICE: partial(_parse_choice, spellings=_choice_spellings(column.choices)),
        Kind.PREFECTURE: _parse_prefecture,
        Kind.CATEGORY: partial(_parse_category, taxonomy=taxonomy) if taxonomy else str.strip,
        Kind.INDUSTRY: _parse_industry,
    }
    return parsers[column.kind]


def _parse_list(text: str, *, single: Parser, cut_at_commas: bool) -> tuple[Any, ...]:
    values, bad = _items(re.split("[;；]", text), single)
    if bad and cut_at_commas:
        # 東京、神奈川: a comma separates only where it makes every part a known code or name.
        parts, worse = _items(re.split("[;；、,，]", text), single)
        values, bad = (values, bad) if worse else (parts, worse)
    if bad:
        raise UnreadableError(bad[0][1].accepted, items=bad)
    return tuple(values)


def _items(texts: list[str], single: Parser) -> tuple[list[Any], list[tuple[str, UnreadableError]]]:
    values, bad = [], []
    for text in filter(None, map(str.strip, texts)):
        try:
            values.append(single(text))
        except UnreadableError as error:
            bad.append((text, error))
    return values, bad


def _parse_flag(text: str) -> float:
    value = _FLAGS.get(search_key(text))
    if value is None:
        raise UnreadableError("yes / no, 1 / 0, はい / いいえ, 有 / 無, 可 / 不可, ○ / ×, true / false")
    return value


def _choice_spellings(choices: tuple[str, ...]) -> Mapping[str, str]:
    japanese = {search_key(word): choice for word, choice in _JAPANESE.items() if choice in choices}
    return {search_key(choice): choice for choice in choices} | japanese


def _parse_choice(text: str, *, spellings: Mapping[str, str]) -> str:
    value = spellings.get(search_key(text))
    if value is None:
        raise UnreadableError(" / ".join(dict.fromkeys([*spellings.values(), *spellings])), lambda: list(spellings))
    return value


def _parse_prefecture(text: str) -> str:
    code = prefecture_code(text)
    if code is None:
        raise UnreadableError(PREFECTURES_ACCEPTED, _prefecture_names)
    return code


def _prefecture_names() -> list[str]:
    return [*prefectures()["name"], *prefectures()["name_en"]]


def _parse_industry(text: str) -> str:
    code = industry_code(text)
    if code is None:
        raise UnreadableError(INDUSTRIES_ACCEPTED)
    return code


def _parse_category(text: str, *, taxonomy: Taxonomy) -> str:
    code = taxonomy.resolve(text.strip())
    if code is None:
        shown = ", ".join(taxonomy.codes[:6]) + (", ..." if len(taxonomy.codes) > 6 else "")
        count = len(taxonomy.codes)
        raise UnreadableError(
            f"分類 {count} 件のコードか名称 (one of {count} categories): {shown}",
            lambda: [*taxonomy.codes, *map(taxonomy.name, taxonomy.codes)],
        )
    return code
