"""What schemathesis cannot know of this API, loaded by its program."""

import schemathesis

from service.consultations.schema import ClientRequest, ConsultationRequest
from service.dispatches.schema import OutcomeRequest
from service.http.links import TAGGED

# Fields whose schema allows more than their meaning does: they are read as people write them, or name a row.
READ = {name for model in (ClientRequest, ConsultationRequest, OutcomeRequest) for name in model.model_fields}
GIVEN_BY_US = {"cursor", "idempotency-key"}
SEARCHED = {"category", "prefecture"}
DECIDED = {"expert_id"}
UNSTORABLE = "text without U+0000"  # in any field: PostgreSQL keeps none, and no schema can say so
NUMBERS = {"k"}  # 2.0 is an integer to JSON Schema


@schemathesis.check
def refusals_name_a_field(_context, response, case):
    """A 422 to what keeps to the schema names fields of these kinds, and no other."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return
    errors = response.json()["errors"]
    fields = {error["field"].rpartition(".")[2] for error in errors if not error["accepted"].startswith(UNSTORABLE)}
    other = fields - (READ | GIVEN_BY_US | SEARCHED | DECIDED | NUMBERS)
    assert errors, "a refusal without a field"
    assert not other, f"the schema allows what is refused: {sorted(other)}"


@schemathesis.check
def an_etag_is_documented(_context, response, case):
    """The other way round (a documented one is sent) is seen by the headers' own check."""
    assert "etag" not in response.headers or case.operation.definition.raw["operationId"] in TAGGED
