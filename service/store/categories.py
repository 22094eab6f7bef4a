"""The taxonomy of issues, where the database brings its own."""

from service.store.rows import Rows
from service.store.schema import Change, categories

CATEGORIES = Rows(categories, "category", Change.CATEGORIES)
