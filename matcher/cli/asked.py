"""The consultation that a command is asked about: by id, by flags, or as JSON. Two commands share it."""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matcher.errors import InvalidValueError, MatcherError, UnknownValueError

if TYPE_CHECKING:
    import pandas as pd

    from matcher.consultation import Consultation
    from matcher.dataset import Dataset

_WAYS = "--consultation ID, or --category CODE with more flags, or --json-input FILE"
_OBJECT = 'one JSON object of a consultation\'s fields, as {"category": "sales.web", "prefecture_code": "東京"}'


def _text(flag: str, metavar: str, help_text: str) -> Any:
    return Annotated[str | None, typer.Option(flag, metavar=metavar, help=help_text, show_default=False)]


# Flag to the contract's column, and the option as the command line shows it.
FLAGS: dict[str, tuple[str, Any]] = {
    "category": (
        "category",
        _text("--category", "CODE", "Issue category (相談分野), by code or name; the one needed."),
    ),
    "secondary": (
        "secondary_categories",
        Annotated[
            list[str] | None,
            typer.Option("--secondary", metavar="CODE", help="Further category (関連分野); may be repeated."),
        ],
    ),
    "prefecture": (
        "prefecture_code",
        _text("--prefecture", "NAME", "The client's prefecture (都道府県): 東京, 東京都, Tokyo or 13."),
    ),
    "municipality": (
        "municipality",
        _text("--municipality", "NAME", "The client's municipality (市区町村), as written."),
    ),
    "latitude": ("latitude", _text("--latitude", "DEGREES", "Latitude (緯度), surer than a place name.")),
    "longitude": ("longitude", _text("--longitude", "DEGREES", "Longitude (経度), with the latitude.")),
    "text": ("description", _text("--text", "TEXT", "What the client asks (相談内容), in free text.")),
    "industry": ("industry", _text("--industry", "CODE", "The client's industry (業種), a JSIC code or name.")),
    "employees": ("employees", _text("--employees", "N", "The client's employees (従業員数).")),
    "mode": ("mode", _text("--mode", "MODE", "How to meet (面談方法): onsite, online or either.")),
    "client": ("client_id", _text("--client", "ID", "The client (相談者), for conflicts and free visits.")),
    "hub": ("hub_id", _text("--hub", "ID", "The sending hub (拠点), for conflicts.")),
    "received": ("received_on", _text("--received", "DATE", "When it was received (受付日).")),
}
_WHICH: dict[str, Any] = {
    "consultation": _text("--consultation", "ID", "A consultation of the data (相談ID), instead of the flags below."),
    "json_input": Annotated[
        Path | None,
        typer.Option(
            "--json-input",
            metavar="FILE",
            help="One JSON object of the consultation's fields, instead of flags; - reads standard input.",
            show_default=False,
        ),
    ],
}


@dataclass(frozen=True)
class Asked:
    """What was typed; `fields` are the flags that were given, by column."""

    consultation: str | None
    json_input: Path | None
    fields: Mapping[str, Any]

    def consultation_in(self, data: "Dataset", on: "pd.Timestamp") -> "Consultation":
        """The consultation, read by the same parsers as files.

        Raises `DataError` with every fault of the fields, `UnknownValueError` for an id, `InvalidValueError`.
        """
        from matcher.reading import parse_consultation

        self.refuse_other_than_one_way()
        if self.consultation is not None:
            return _by_id(data, self.consultation)
        fields = self.fields if self.json_input is None else _json_object(self.json_input)
        return parse_consultation(fields, data, as_of=on)

    def refuse_other_than_one_way(self) -> None:
        """Raises `InvalidValueError` unless the consultation was given in exactly one of the three ways."""
        ways = [self.consultation is not None, self.json_input is not None, bool(self.fields)]
        if sum(ways) != 1:
            raise InvalidValueError("the number of consultations given", sum(ways), f"one: {_WAYS}")


def asks(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the options that describe a consultation to a command, which gets them together as `asked`."""

    @wraps(command)
    def run(**values: Any) -> None:
        typed = {flag: values.pop(flag) for flag in FLAGS}
        fields = {column: typed[flag] for flag, (column, _) in FLAGS.items() if typed[flag]}
        command(asked=Asked(values.pop("consultation"), values.pop("json_input"), fields), **values)

    own = [option for option in inspect.signature(command).parameters.values() if option.name != "asked"]
    options = _WHICH | {flag: option for flag, (_, option) in FLAGS.items()}
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
        for name, option in options.items()
    ]
    keyword = [option.replace(kind=inspect.Parameter.KEYWORD_ONLY) for option in own]
    run.__signature__ = inspect.Signature([*keyword[:2], *added, *keyword[2:]])  # type: ignore[attr-defined]
    return run


def _by_id(data: "Dataset", consultation_id: str) -> "Consultation":
    from matcher.consultation import Consultation

    rows = data.consultations[data.consultations["consultation_id"] == consultation_id]
    if rows.empty:
        known = f"one of the {len(data.consultations):,} consultation_id of the data"
        raise UnknownValueError("consultation", consultation_id, known)
    return Consultation.from_row(rows.to_dict("records")[0])


def _json_object(path: Path) -> Mapping[str, Any]:
    try:
        content = typer.get_binary_stream("stdin").read() if str(path) == "-" else path.read_bytes()
        value = json.loads(content)
    except OSError as error:
        raise MatcherError(f"--json-input {str(path)!r} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise MatcherError(f"--json-input {str(path)!r} is no JSON ({error}); accepted: {_OBJECT}") from None
    if not isinstance(value, dict):
        raise InvalidValueError("--json-input", json.dumps(value, ensure_ascii=False), _OBJECT)
    return value
