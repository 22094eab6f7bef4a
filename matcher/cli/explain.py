"""`matcher explain`: where one expert stands for a consultation and why, or two side by side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.cli.asked import Asked, asks
from matcher.cli.options import AsJson, AsOf, Folder, Language, ModelFile, ProgrammeFile, RiskOption, Split
from matcher.errors import InvalidValueError

if TYPE_CHECKING:
    from matcher.standing import Standing
    from matcher.what_if import Change


@asks
def explain(
    folder: Folder,
    model: ModelFile,
    asked: Asked,
    expert: Annotated[
        list[str],
        typer.Option(metavar="ID", help="The expert (専門家ID); give two to compare them.", show_default=False),
    ],
    as_of: AsOf = None,
    json: AsJson = False,
    lang: Language = "ja",
    risk: RiskOption = "neutral",
    programme: ProgrammeFile = None,
    split: Split = None,
) -> None:
    """得点の内訳: one expert's rank and every term of the score.

    Also the rules that take the expert out; with two experts, their difference term by term and what would turn
    their order round. Name the consultation as for `matcher shortlist`.
    """
    from matcher.cli.day import day
    from matcher.cli.limits import limits
    from matcher.cli.output import put_json, put_rich
    from matcher.cli.reading import read
    from matcher.cli.standing_words import parts
    from matcher.eligibility import Register
    from matcher.rankers.model_file import load_model
    from matcher.rerank import candidates
    from matcher.shortlist.build import restricted
    from matcher.standing import overturning, standings

    on = day(as_of)
    asked.refuse_other_than_one_way()
    if not 1 <= len(expert) <= 2:
        raise InvalidValueError("the number of --expert", len(expert), "1, or 2 to compare")
    loaded = load_model(model)
    data = read(folder, on, split)
    consultation = asked.consultation_in(data, on)
    register = Register(restricted(data, candidates(data)), limits(programme, data), on)
    ranker = loaded.ranker.with_risk(risk)
    found = standings(ranker, register, consultation, expert, lang=lang)
    changes = overturning(ranker, register, consultation, expert) if len(expert) == 2 else ()
    if json:
        about = {"consultation": consultation.to_json(), "model": loaded.identity, "as_of": f"{on:%Y-%m-%d}"}
        put_json(
            about
            | {"risk": risk, "experts": [standing.to_json(lang) for standing in found]}
            | _compared(found, changes)
        )
    else:
        put_rich(*parts(found, lang, changes))


def _compared(found: "Sequence[Standing]", changes: "Sequence[Change]") -> dict[str, object]:
    from matcher.standing import difference

    if len(found) < 2:
        return {"difference": None, "score_difference": None, "what_would_change_the_order": None}
    return {
        "difference": difference(*found),
        "score_difference": found[0].score - found[1].score,
        "what_would_change_the_order": [{"change": change.change, "lead": change.lead} for change in changes],
    }
