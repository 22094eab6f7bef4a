from dataclasses import fields

from matcher.reference.files import reference_path
from matcher.sample.assumptions import Assumptions, described


def test_every_number_is_labelled():
    labels = described(Assumptions())
    assert {label["basis"] for label in labels.values()} == {"published", "assumption"}
    assert all(label["meaning"] for label in labels.values())


def test_the_data_card_lists_every_number_as_it_is():
    card = reference_path("README.md").read_text(encoding="utf-8")
    for name, label in described(Assumptions()).items():
        assert f"| `{name}` | {label['basis']} | {shown(label['value'])} | {label['meaning']} |" in card, name


def test_shares_that_share_out_something_sum_to_one():
    values = Assumptions()
    for name in (
        "ages",
        "status",
        "employees",
        "visits",
        "visits_it",
        "satisfied_resolved",
        "satisfied_unresolved",
        "other_hubs",
        "older_kinds",
    ):
        assert abs(sum(getattr(values, name)) - 1) < 0.011, name  # published ages are rounded to 1 %
    assert len(fields(values)) > 90


def shown(value) -> str:
    return ", ".join(f"{part:g}" for part in value) if isinstance(value, tuple) else f"{value:g}"
