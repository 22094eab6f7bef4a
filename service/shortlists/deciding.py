"""Decisions: an expert is offered the case, or it was solved without one, or nobody was suitable."""

from fastapi import Response

from service.http.guard import Allowed, guarded_router
from service.http.once import Answer, OnceOnly
from service.http.trail import Audited
from service.problems import responses
from service.routes import Held
from service.shortlists.keeping import decision_body, subject_of
from service.shortlists.routes import visible
from service.shortlists.schema import DecisionBody, DecisionRequest
from service.store.decisions import decide
from service.store.engine import Tx
from service.store.pseudonyms import pseudonym

router = guarded_router("shortlists")


@router.post(
    "/v1/shortlists/{shortlist_id}/decision",
    status_code=201,
    response_model=DecisionBody,
    responses=responses(404, 409),
)
def decide_shortlist(
    shortlist_id: str, asked: DecisionRequest, held: Held, access: Allowed, once: OnceOnly, trail: Audited
) -> Response:
    """決める。下位の人でもよい。制度に反すれば 409 (decides; 409 and `refusals` where a rule stands against it)."""

    def work(tx: Tx) -> Answer:
        visible(tx, shortlist_id, access)
        made = decide(
            tx,
            shortlist_id,
            asked.kind,
            principal_id=access.principal.id,
            programme=held.programme,
            on=held.today(),
            expert_id=asked.expert_id,
            reason=asked.reason,
        )
        detail = {name: made[name] for name in ("decision_id", "kind", "rank", "dispatch_id")}
        detail["expert"] = asked.expert_id and pseudonym(tx, "expert", asked.expert_id)
        trail(tx, "shortlist decided", subject_of(shortlist_id), detail)
        return Answer(201, decision_body(made))

    return once(work)
