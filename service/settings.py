"""One settings object, read from the environment; its declaration drives defaults, checks and the docs table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from matcher.cli.exits import DEBUG
from matcher.errors import InvalidValueError, UnknownValueError
from matcher.lang import LANGS, Lang

PREFIX = "MATCHER_"
DATABASE_FILE = "service.sqlite"
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
    """Everything that may be set; each field is `MATCHER_` and its name in capitals in the environment."""

    data: Path | None = field(
        default=None,
        metadata=_about(
            _path,
            "空のデータベースに入れるデータのフォルダか .xlsx。無ければ見本",
            "what an empty database is filled with: a folder or .xlsx; else a sample",
        ),
    )
    model: Path | None = field(
        default=None,
        metadata=_about(
            _path,
            "モデルの無いデータベースの最初のモデル。無ければ学習する",
            "what a database without a model begins with, as `matcher train` wrote it; else one is trained",
        ),
    )
    programme: Path | None = field(
        default=None,
        metadata=_about(_path, "制度の上限 (TOML)", "the programme's limits (TOML), else as shipped"),
    )
    home: Path = field(
        default=Path("data/service"),
        metadata=_about(
            _path,
            "モデルと SQLite のデータベースを置くフォルダ",
            "where models lie, and the database where it is SQLite",
        ),
    )
    database: str = field(
        default="",
        metadata=_about(
            _text,
            "データベースの URL。無ければ MATCHER_HOME の SQLite",
            "the database's URL (`postgresql+psycopg://...`), else SQLite in MATCHER_HOME",
        ),
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

    max_import_bytes: int = field(
        default=50_000_000,
        metadata=_about(
            _whole(1_000, 1_000_000_000), "取り込むファイルの上限 (バイト)", "the largest file to import, in bytes"
        ),
    )
    request_seconds: int = field(
        default=30,
        metadata=_about(_whole(1, 3600), "要求一つの最長時間 (秒)", "the longest a request may take, in seconds"),
    )
    rate_per_minute: int = field(
        default=6000,
        metadata=_about(
            _whole(0, 10_000_000),
            "利用者ごと、ワーカーごとの毎分の要求数。0 は無制限",
            "requests a minute of one principal to one worker; 0: no limit",
        ),
    )
    logins_per_minute: int = field(
        default=10,
        metadata=_about(
            _whole(0, 10_000),
            "ログイン名・アドレスごと、ワーカーごとの毎分のログイン回数。0 は無制限",
            "log-ins a minute of one login, and from one address, to one worker; 0: no limit",
        ),
    )
    session_idle_minutes: int = field(
        default=60,
        metadata=_about(_whole(1, 10_080), "使わないセッションの長さ (分)", "minutes until an unused session ends"),
    )
    session_hours: int = field(
        default=12,
        metadata=_about(_whole(1, 720), "セッションの最長 (時間)", "hours until any session ends"),
    )
    idempotency_hours: int = field(
        default=24,
        metadata=_about(
            _whole(1, 8760), "Idempotency-Key を覚えておく時間", "hours for which an Idempotency-Key is remembered"
        ),
    )
    retain_sessions_days: int = field(
        default=90,
        metadata=_about(_whole(1, 36_500), "終わったセッションの保存日数", "days for which ended sessions are kept"),
    )
    retain_shortlists_days: int = field(
        default=1825,
        metadata=_about(_whole(1, 36_500), "候補者リストの保存日数", "days for which shortlists are kept"),
    )
    retain_consultations_days: int = field(
        default=1825,
        metadata=_about(
            _whole(1, 36_500), "終わった相談の本文の保存日数", "days for which closed consultations keep their words"
        ),
    )
    retain_imports_days: int = field(
        default=30,
        metadata=_about(
            _whole(1, 36_500),
            "取り込んだファイルと検査結果の保存日数",
            "days for which uploaded files and what was found in them are kept",
        ),
    )
    min_free_megabytes: int = field(
        default=200,
        metadata=_about(
            _whole(0, 1_000_000),
            "空きがこれより少なければ準備完了としない (MB)",
            "free disk space below which the service is not ready, in MB",
        ),
    )

    @property
    def database_url(self) -> str:
        """The database that is set, else the file in `home`."""
        return self.database or f"sqlite:///{self.home / DATABASE_FILE}"

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
