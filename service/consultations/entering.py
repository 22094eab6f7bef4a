"""From what was typed to rows: one consultation and, where it is a new one, its client."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd

from matcher.columns import CLIENTS as CLIENT_COLUMNS
from matcher.columns import CONSULTATIONS as CONSULTATION_COLUMNS
from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.reading import parse_consultation
from service.access.gate import Access
from service.cells import read_cells
from service.consultations.schema import ClientRequest, ConsultationRequest
from service.problems import Refused
from service.store.clients import CLIENTS, is_of_hub
from service.store.consultations import CONSULTATIONS
from service.store.engine import Tx
from service.store.history import Row
from service.store.hubs import HUBS

_CLIENT = "client_id か client の一方 (either client_id or client)"
_NO_ID = "無し。番号は付けます (none: the service gives ids)"
_HUB = "登録されている支援拠点 (a hub that exists)"
_VOCABULARIES: "WeakKeyDictionary[Dataset, Dataset]" = WeakKeyDictionary()


def parsed(typed: Mapping[str, Any], data: Dataset, on: pd.Timestamp) -> Consultation:
    """The consultation, by the data's taxonomy; its hub and client are for the store to know.

    Raises `DataError` with every fault.
    """
    return parse_consultation(typed, _vocabulary(data), as_of=on)


def enter(tx: Tx, asked: ConsultationRequest, consultation: Consultation, access: Access, on: date) -> Row:
    """The stored consultation, of a coordinator's own hub where none is named, and its new client.

    Raises `Refused` 404 for another hub or its client, 422 for a hub that does not exist, two clients, or an id
    that a coordinator chose; `DataError` for the client's cells, `TakenError` for an id in use.
    """
    _check_ids(asked, access)
    values = row_of(consultation)
    values["hub_id"] = hub_id = _hub(tx, consultation.hub_id, access)
    if asked.client is not None and consultation.client_id is not None:
        raise Refused(422, errors=[("client", _CLIENT)])
    if asked.client is not None:
        values["client_id"] = _new_client(tx, asked.client, on)["client_id"]
    elif consultation.client_id is not None:
        check_client(tx, consultation.client_id, access, hub_id)
    if consultation.consultation_id is None:
        del values["consultation_id"]
    return CONSULTATIONS.create(tx, values)


def _check_ids(asked: ConsultationRequest, access: Access) -> None:
    """An id that is taken would tell a coordinator that another hub has it."""
    chosen = {
        "consultation_id": asked.consultation_id,
        "client.client_id": asked.client and asked.client.client_id,
    }
    found = [(name, _NO_ID) for name, given in chosen.items() if given is not None]
    if found and access.hub is not None:
        raise Refused(422, errors=found)


def check_client(tx: Tx, client_id: str, access: Access, hub_id: str | None) -> None:
    """Raises `MissingError` for no client, `Refused` 404 for one of other hubs alone."""
    CLIENTS.read(tx, client_id)
    if access.hub is not None and not (hub_id and is_of_hub(tx, client_id, hub_id)):
        raise Refused(404)


def _hub(tx: Tx, hub_id: str | None, access: Access) -> str | None:
    if access.hub is not None:
        access.must_see(hub_id or access.hub)
        return access.hub
    if hub_id is not None and HUBS.find(tx, hub_id) is None:
        raise Refused(422, errors=[("hub_id", _HUB)])
    return hub_id


def _new_client(tx: Tx, asked: ClientRequest, on: date) -> Row:
    cells = read_cells(CLIENT_COLUMNS, asked.model_dump(), today=on)
    return CLIENTS.create(tx, {name: cell for name, cell in cells.items() if name != "client_id" or cell})


def row_of(consultation: Consultation) -> Row:
    """The consultation's cells as the store keeps them."""
    employees, day = consultation.employees, consultation.received_on
    return consultation.to_json() | {
        "employees": None if employees is None else int(employees),
        "received_on": None if day is None else day.date(),
    }


def consultation_of(row: Row) -> Consultation:
    """The stored consultation as the matcher has it."""
    cells: Row = {column.name: row[column.name] for column in CONSULTATION_COLUMNS.columns}
    employees, day = cells["employees"], cells["received_on"]
    cells["secondary_categories"] = tuple(cells["secondary_categories"])
    cells["employees"] = None if employees is None else float(employees)
    cells["received_on"] = None if day is None else pd.Timestamp(day)
    return Consultation(**cells)


def _vocabulary(data: Dataset) -> Dataset:
    """The data without its hubs and clients, made once a dataset: of those a snapshot may be late to know."""
    if data not in _VOCABULARIES:
        _VOCABULARIES[data] = replace(data, hubs=data.hubs.iloc[:0], clients=data.clients.iloc[:0])
    return _VOCABULARIES[data]
