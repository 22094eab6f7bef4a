"""The hubs that send experts."""

from service.store.rows import Rows
from service.store.schema import Change, hubs

HUBS = Rows(hubs, "hub", Change.HUBS)
