"""Rows of a small world, written where a test wants them."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from service.store import shortlists
from service.store.clients import CLIENTS
from service.store.consultations import CONSULTATIONS
from service.store.dispatches import DISPATCHES
from service.store.engine import Store, Tx
from service.store.experts import EXPERTS
from service.store.history import Row
from service.store.shortlists import Impression, Shown

ON = pd.Timestamp("2026-04-15")


def an_expert(tx: Tx, expert_id: str = "E1", **values: Any) -> Row:
    return EXPERTS.create(tx, {"expert_id": expert_id, "name": "山田 太郎"} | values)


def a_client(tx: Tx, client_id: str = "C1", **values: Any) -> Row:
    return CLIENTS.create(tx, {"client_id": client_id, "registered": True} | values)


def a_consultation(tx: Tx, consultation_id: str = "K1", **values: Any) -> Row:
    return CONSULTATIONS.create(tx, {"consultation_id": consultation_id, "category": "sales.web"} | values)


def a_dispatch(tx: Tx, dispatch_id: str = "D1", **values: Any) -> Row:
    place = {"consultation_id": "K1", "expert_id": "E1", "status": "offered", "decided_on": ON.date()}
    return DISPATCHES.create(tx, {"dispatch_id": dispatch_id} | place | values)


def a_shortlist(tx: Tx, consultation_id: str = "K1", experts: tuple[str, ...] = ("E1",), **values: Any) -> Row:
    shown = {
        "consultation_id": consultation_id,
        "hub_id": "H1",
        "principal_id": "P1",
        "asked": {"category": "sales.web"},
        "as_of": date(2026, 4, 15),
        "lang": "ja",
        "k": 5,
        "revision": tx.revision(),
        "model_id": None,
        "model_fingerprint": "f" * 64,
        "data_fingerprint": "0" * 64,
        "programme": {},
        "answer": '{"items":[]}',
    } | values
    return shortlists.create(tx, Shown(**shown), [Impression(name, rank) for rank, name in enumerate(experts, 1)])


def in_parallel(store: Store, works: list[Callable[[Store], Any]]) -> list[Any]:
    """What each of the works gave or raised; all at a time, each on connections of its own, as workers have them."""
    came: list[Any] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(place: int) -> None:
        mine = Store.open(store.engine.url.render_as_string(hide_password=False), now=store.now)
        start.wait()
        try:
            came[place] = works[place](mine)
        except Exception as error:
            came[place] = error
        mine.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came
