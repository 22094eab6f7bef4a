"""Rows of a small world, written where a test wants them."""

from typing import Any

from service.store.engine import Tx
from service.store.experts import EXPERTS
from service.store.history import Row


def an_expert(tx: Tx, expert_id: str = "E1", **values: Any) -> Row:
    return EXPERTS.create(tx, {"expert_id": expert_id, "name": "山田 太郎"} | values)
