"""Where somebody is, in words."""

from matcher.lang import Lang
from matcher.reference.prefectures import prefecture_name


def place_in_words(prefecture_code: str | None, municipality: str | None, lang: Lang) -> str:
    """Prefecture and municipality as far as known, the municipality as written; empty where neither is.

    >>> place_in_words("13", "新宿区", "ja"), place_in_words("13", "新宿区", "en")
    ('東京都新宿区', '新宿区, Tokyo')
    """
    prefecture = prefecture_name(prefecture_code, lang) if prefecture_code else ""
    if not municipality:
        return prefecture
    if lang == "ja":
        return municipality if municipality.startswith(prefecture) else prefecture + municipality
    return f"{municipality}, {prefecture}" if prefecture else municipality
