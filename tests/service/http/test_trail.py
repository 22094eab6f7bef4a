from service.http.trail import Trail
from service.store import audit


def test_an_entry_says_who_it_was_and_which_request(store):
    with store.write() as tx:
        Trail("key_1", "request-1")(tx, "thing read", "thing:1", {"rows": 3})
    with store.read() as tx:
        (entry,) = audit.entries(tx)
        assert audit.verify(tx).broken is None
    told = {name: entry[name] for name in ("principal_id", "request_id", "action", "subject", "detail")}
    assert told == {
        "principal_id": "key_1",
        "request_id": "request-1",
        "action": "thing read",
        "subject": "thing:1",
        "detail": '{"rows":3}',
    }
