"""What a shortlist says of itself: the case, the counts, the fingerprints, how to read it."""

from collections.abc import Iterator

from matcher.render.words import LABELS, MODES, counted_several_times
from matcher.shortlist.model import Shortlist


def about(shortlist: Shortlist) -> list[tuple[str, str]]:
    """Label and text, in the shortlist's language; nothing of the client but the case's category and place."""
    return [(LABELS[key][shortlist.lang], text) for key, text in _facts(shortlist)]


def _facts(shortlist: Shortlist) -> Iterator[tuple[str, str]]:
    lang, case = shortlist.lang, shortlist.consultation
    if case.consultation_id:
        yield "consultation", case.consultation_id
    yield "category", shortlist.category_name
    yield "place", shortlist.place or LABELS["unknown"][lang]
    yield "mode", MODES[case.mode][lang]
    yield "as_of", shortlist.as_of
    yield "registered", f"{shortlist.registered:,}"
    yield "eligible", f"{shortlist.eligible:,}"
    for key, texts in (("warnings", shortlist.warnings), ("relax", shortlist.relax)):
        for text in texts:
            yield key, text
    yield "model", shortlist.model["id"]
    yield "model_fingerprint", shortlist.model["fingerprint"]
    yield "data_fingerprint", shortlist.data["fingerprint"]
    yield "reading", LABELS["chance_note"][lang]
    if counted_several_times(shortlist):
        yield "reading", LABELS["several_note"][lang]
