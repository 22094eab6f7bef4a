"""One settings object, read from the environment; its declaration drives defaults, checks and the docs table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from matcher.cli.exits import DEBUG
from matcher.errors import InvalidValueError, UnknownValueError
from matcher.lang import LANGS, Lang

PREFIX = "MATCHER_"
_Reader = Callable[[str, str], Any]


def _path(_name: str, text: str) -> Path:
    return Path(text).expanduser()


def _text(_name: str, text: str) -> str:
    return text


def _lang(name: str, text: str) -> Lang:
    for lang in LANGS:
        if text == lang:
            return lang
    raise UnknownValueError(name, text, ", ".join(LANGS))


def _whole(low: int, high: int) -> _Reader:
    def read(name: str, text: str) -> int:
        if not text.isdecimal() or len(text) > 12 or not low <= int(text) <= high:
            raise InvalidValueError(name, text, f"a whole number from {low} to {high}")
        return int(text)

    return read


def _about(read: _Reader, ja: str, en: str) -> dict[str, Any]:
    return {"read": read, "ja": ja, "en": en}


@dataclass(frozen=True)
class Settings:
    """Everything that may be set; each field is `MATCHER_` and its name in capitals in the environment.

    Raises `InvalidValueError` where only one of `data` and `model` is set.
    """

    data: Path | None = field(
        default=None,
        metadata=_about(_path, "データのフォルダか .xlsx。無ければ見本", "the data's folder or .xlsx; else a sample"),
    )
    model: Path | None = field(
        default=None,
        metadata=_about(_path, "`matcher train` が書いたモデル", "the model file that `matcher train` wrote"),
    )
    programme: Path | None = field(
        default=None,
        metadata=_about(_path, "制度の上限 (TOML)", "the programme's limits (TOML), else as shipped"),
    )
    home: Path = field(
        default=Path("data/sample"),
        metadata=_about(_path, "見本を置くフォルダ", "where the sample lives when no data is set"),
    )
    host: str = field(default="127.0.0.1", metadata=_about(_text, "待ち受けるアドレス", "the address to listen on"))
    port: int = field(
        default=8000,
        metadata=_about(_whole(0, 65535), "ポート。0 は空き番号", "the port; 0 any free one"),
    )
    lang: Lang = field(
        default="ja",
        metadata=_about(_lang, "要求に lang がないときの言語", "the language where a request names none"),
    )
    max_body_bytes: int = field(
        default=1_000_000,
        metadata=_about(_whole(1_000, 100_000_000), "要求の本文の上限 (バイト)", "the largest request body, in bytes"),
    )

    def __post_init__(self) -> None:
        if (self.data is None) != (self.model is None):
            missing, other = ("MODEL", "DATA") if self.model is None else ("DATA", "MODEL")
            raise InvalidValueError(PREFIX + missing, "", f"a path, because {PREFIX + other} is set; or neither")

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """From `MATCHER_...` variables; a blank one counts as absent, and `MATCHER_DEBUG` is the command line's.

        Raises `UnknownValueError` for a `MATCHER_` name that is no setting, `InvalidValueError` for a value.
        """
        readers = {setting.name: setting for setting in SETTINGS}
        values = {}
        for name, text in environment.items():
            if not name.startswith(PREFIX) or name == DEBUG:
                continue
            if name not in readers:
                raise UnknownValueError("setting", name, ", ".join(readers))
            if text.strip():
                values[readers[name].field] = readers[name].read(name, text.strip())
        return cls(**values)


@dataclass(frozen=True)
class Setting:
    """One row of the docs table: the variable's name, its default as text (empty: none), and what it means."""

    name: str
    default: str
    help: Mapping[Lang, str]
    field: str
    read: _Reader


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(
        PREFIX + declared.name.upper(),
        "" if declared.default is None else str(declared.default),
        {"ja": declared.metadata["ja"], "en": declared.metadata["en"]},
        declared.name,
        declared.metadata["read"],
    )
    for declared in fields(Settings)
)
