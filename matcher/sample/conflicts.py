"""Who may not be sent to whom: paid advisory contracts, family, an expert's own organisation."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.sample.assumptions import Assumptions
from matcher.sample.calendar import LAST_DAY, Days, dates
from matcher.sample.cells import strings
from matcher.sample.clients import Clients
from matcher.sample.consultations import Consultations
from matcher.sample.dispatches import COMPLETED, Dispatches
from matcher.sample.drawing import Ints, Rng, Texts, texts
from matcher.sample.experts import Experts
from matcher.sample.hubs import Hubs, hub_in

KINDS = ("advisory_contract", "family", "other")


def draw_affiliations(rng: Rng, experts: Experts, hubs: Hubs, values: Assumptions) -> Ints:
    """Each expert's own organisation, a hub of the home prefecture, or -1."""
    hub = hub_in(rng, hubs, experts.places.prefecture)
    return np.where(rng.random(len(hub)) < values.affiliated, hub, -1)


def conflicts_table(
    rng: Rng,
    sent: Dispatches,
    asked: Consultations,
    experts: Experts,
    clients: Clients,
    hubs: Hubs,
    affiliation: Ints,
    values: Assumptions,
) -> pd.DataFrame:
    """The conflicts table. A conflict with a client begins after the pair's last dispatch."""
    parts = [
        _contracts(rng, sent, asked, experts, clients, values),
        _old_pairs(rng, sent, asked, experts, clients, values),
        _organisations(experts, hubs, affiliation),
    ]
    return pd.concat(parts, ignore_index=True)


def _contracts(
    rng: Rng, sent: Dispatches, asked: Consultations, experts: Experts, clients: Clients, values: Assumptions
) -> pd.DataFrame:
    last = _pairs(sent, asked).groupby(["expert", "client"]).last()
    ended_on: Days = last["day"].to_numpy(dtype="datetime64[D]")
    begun: Days = ended_on + _days(rng, values.advisory_after, len(last))
    wanted = (last["status"] == COMPLETED).to_numpy() & (rng.random(len(last)) < values.advisory) & (begun <= LAST_DAY)
    chosen = last.reset_index()[wanted]
    ended = begun + _days(rng, values.advisory_lasts, len(begun))
    until: Days = np.where(rng.random(len(begun)) < values.advisory_running, np.datetime64("NaT"), ended)
    kind = texts(["advisory_contract"] * len(chosen))
    expert, client = experts.ids[chosen["expert"]], clients.ids[chosen["client"]]
    return _rows(expert, client, texts([""] * len(chosen)), kind, begun[wanted], until[wanted])


def _old_pairs(
    rng: Rng, sent: Dispatches, asked: Consultations, experts: Experts, clients: Clients, values: Assumptions
) -> pd.DataFrame:
    size = int(values.older_conflicts * len(experts.ids)) if len(clients.ids) else 0
    expert, client = rng.integers(0, len(experts.ids), size), rng.integers(0, max(1, len(clients.ids)), size)
    kind = texts(KINDS)[rng.choice(len(KINDS), size, p=values.older_kinds)]
    used = _key(sent.expert, asked.client[sent.consultation], clients)
    keep = np.flatnonzero(~np.isin(_key(expert, client, clients), used))
    unknown = np.full(len(keep), np.datetime64("NaT", "D"))
    blank = texts([""] * len(keep))
    return _rows(experts.ids[expert[keep]], clients.ids[client[keep]], blank, kind[keep], unknown, unknown)


def _organisations(experts: Experts, hubs: Hubs, affiliation: Ints) -> pd.DataFrame:
    own = np.flatnonzero(affiliation >= 0)
    unknown = np.full(len(own), np.datetime64("NaT", "D"))
    kind, blank = texts(["affiliation"] * len(own)), texts([""] * len(own))
    return _rows(experts.ids[own], blank, hubs.ids[affiliation[own]], kind, unknown, unknown)


def _pairs(sent: Dispatches, asked: Consultations) -> pd.DataFrame:
    """Dispatches with their client, by the day on which they ended or were decided."""
    day = np.where(sent.status == COMPLETED, sent.completed, sent.decided).astype("datetime64[s]")
    columns = {"expert": sent.expert, "client": asked.client[sent.consultation], "day": day, "status": sent.status}
    return pd.DataFrame(columns).sort_values("day", kind="stable")


def _days(rng: Rng, limits: tuple[int, ...], size: int) -> npt.NDArray[np.timedelta64]:
    fewest, most = limits
    return rng.integers(fewest, most + 1, size).astype("timedelta64[D]")


def _key(expert: Ints, client: Ints, clients: Clients) -> Ints:
    return np.asarray(expert * max(1, len(clients.ids)) + client)


def _rows(expert: Texts, client: Texts, hub: Texts, kind: Texts, begun: Days, until: Days) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "expert_id": strings(expert),
            "client_id": strings(client),
            "hub_id": strings(hub),
            "kind": strings(kind),
            "from": dates(begun),
            "until": dates(until),
        }
    )
