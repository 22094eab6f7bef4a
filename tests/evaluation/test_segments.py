import numpy as np
import pandas as pd

from matcher.evaluation.segments import CATEGORY, RECORD, REGION, REST, parts, records


def cases(by: str, **counts: int) -> pd.DataFrame:
    """Two rows, of two rankers, a case."""
    names = [name.replace("_", "-") for name, count in counts.items() for _ in range(count)]
    rows = pd.DataFrame({by: names, "unit": [f"K{number}" for number in range(len(names))]})
    return pd.concat([rows, rows], ignore_index=True)


def sizes(shown: dict[str, pd.DataFrame]) -> dict[str, int]:
    return {name: rows["unit"].nunique() for name, rows in shown.items()}


def test_experts_are_classed_by_their_dispatches():
    sent = pd.DataFrame({"expert_id": ["A"] * 1 + ["B"] * 4 + ["C"] * 5 + ["D"] * 19 + ["E"] * 20})
    assert records(sent, np.array(list("NABCDE"), dtype=object)).tolist() == ["0", "1-4", "1-4", "5-19", "5-19", "20+"]


def test_small_segments_are_left_out_and_counted():
    shown, few, left = parts(cases(REGION, kanto=20, kinki=19, chubu=3), REGION)
    assert sizes(shown) == {"kanto": 20}
    assert (few, left) == (2, 22)


def test_small_categories_are_one_segment_the_last():
    shown, few, left = parts(cases(CATEGORY, small=19, tiny=3, large=25, larger=30), CATEGORY)
    assert list(sizes(shown).items()) == [("larger", 30), ("large", 25), (REST, 22)]
    assert (few, left) == (0, 0)


def test_of_many_large_categories_the_eight_largest_stand_alone():
    shown, _, _ = parts(cases(CATEGORY, **{f"c{size}": size for size in range(20, 30)}), CATEGORY)
    assert list(shown) == [*(f"c{size}" for size in range(29, 21, -1)), REST]
    assert sizes(shown)[REST] == 41


def test_what_has_no_class_is_in_no_segment():
    rows = cases(RECORD, none=30).assign(record=None)
    assert parts(rows, RECORD) == ({}, 0, 0)


def test_classes_come_from_data_poor_to_data_rich():
    rows = pd.concat([cases(RECORD, **{"20+": 20}), cases(RECORD, **{"5_19": 20}), cases(RECORD, **{"0": 21})])
    assert list(parts(rows.assign(unit=range(len(rows))), RECORD)[0]) == ["0", "5-19", "20+"]
