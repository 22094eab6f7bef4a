from pathlib import Path

from matcher.reading import check_dataset, read_dataset
from tests.reading.builders import AS_OF, a_folder, places


def test_blanks_capitals_and_full_width_letters_in_names_do_not_matter(tmp_path: Path) -> None:
    data = read_dataset(a_folder(tmp_path, experts=" Expert_ID ,ｎａｍｅ,KANA\nE1,a,b\n"), as_of=AS_OF)
    assert data.experts.loc[0, ["expert_id", "name", "kana"]].tolist() == ["E1", "a", "b"]


def test_a_missing_required_column_is_a_fault_of_the_header(tmp_path: Path) -> None:
    assert places(a_folder(tmp_path, experts="expert_id,kana\nE1,a\n")) == [
        ("experts.csv", 1, "name", "expert_id, kana")
    ]


def test_a_column_that_comes_twice_is_a_fault_known_or_not(tmp_path: Path) -> None:
    found = places(a_folder(tmp_path, experts="expert_id,name,Name,x,x\nE1,a,b,c,d\n"))
    assert found == [("experts.csv", 1, "name", "Name"), ("experts.csv", 1, "x", "x")]


def test_unknown_columns_are_kept_aside_and_named(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, experts="expert_id,name,年齢,,\nE1,a,５０,b,\n")
    assert check_dataset(folder, as_of=AS_OF).unknown_columns == {"experts": ("年齢", "#4")}
    assert read_dataset(folder, as_of=AS_OF).extras["experts"]["年齢"].tolist() == ["５０"]


def test_split_columns_belong_to_dispatches_alone(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, experts="expert_id,name,split\nE1,a,train\n")
    assert check_dataset(folder, as_of=AS_OF).unknown_columns == {"experts": ("split",)}
