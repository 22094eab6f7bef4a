import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.builders import AS_OF, EXPERTS, a_folder, as_json, done, trained

CONTRACT = ("consultation", "model", "data", "items", "excluded", "warnings")
ITEM = ("expert_id", "name", "rank", "score", "probability", "lower", "upper", "confidence", "reasons", "against")
TEXT = "ネットショップを始めたい。写真の撮り方も知りたい"
FLAGS = ("--category", "sales.web", "--prefecture", "東京", "--municipality", "新宿区", "--text", TEXT)


def asked(folder: Path, model: Path, *more: str) -> tuple[str | Path, ...]:
    return ("shortlist", folder, "--model", model, "--as-of", AS_OF, *more)


def test_json_has_the_contracts_shape_and_sums(folder: Path, model: Path) -> None:
    made = as_json(*asked(folder, model, *FLAGS))
    assert set(CONTRACT) <= set(made)
    assert set(made["model"]) == {"id", "fingerprint"}
    assert set(made["data"]) == {"fingerprint"}
    assert [item["rank"] for item in made["items"]] == [1, 2, 3, 4]
    for item in made["items"]:
        assert {*ITEM, "contributions", "base"} <= set(item)
        assert item["base"] + sum(item["contributions"].values()) == pytest.approx(item["score"], abs=1e-9)
        assert 0 <= item["lower"] <= item["probability"] <= item["upper"] <= 1
        for reason in item["reasons"]:
            assert set(reason) == {"text", "feature", "contribution", "evidence"}
    (status,) = made["excluded"]
    assert (status["rule"], status["count"], status["expert_ids"]) == ("status", 2, ["E4", "E6"])
    assert status["label"]


def test_one_consultation_is_the_same_by_id_by_flags_and_as_json(folder: Path, model: Path) -> None:
    by_id = as_json(*asked(folder, model, "--consultation", "K4"))
    fields = {name: value for name, value in by_id["consultation"].items() if value not in (None, [])}
    piped = as_json(*asked(folder, model, "--json-input", "-"), stdin=json.dumps(fields, ensure_ascii=False))
    assert piped == by_id
    flags = ("--category", "Web・SNS・EC活用", "--prefecture", "Tokyo", "--municipality", "新宿区", "--client", "C2")
    typed = as_json(*asked(folder, model, *flags, "--received", "R8.3.20", "--text", fields["description"]))
    assert typed["items"] == by_id["items"]
    assert typed["warnings"] == by_id["warnings"]


def test_a_json_file_may_begin_with_a_byte_order_mark(folder: Path, model: Path, tmp_path: Path) -> None:
    path = tmp_path / "k.json"
    path.write_text('{"category": "sales.web"}', encoding="utf-8-sig")
    assert as_json(*asked(folder, model, "--json-input", str(path)))["items"]


def test_nothing_but_a_category_is_enough(folder: Path, model: Path) -> None:
    assert len(as_json(*asked(folder, model, "--category", "sales.web"))["items"]) == 4


def test_k_beyond_all_gives_all(folder: Path, model: Path) -> None:
    assert len(as_json(*asked(folder, model, *FLAGS, "-k", str(10**9)))["items"]) == 4
    assert len(as_json(*asked(folder, model, *FLAGS, "-k", "1"))["items"]) == 1


@pytest.mark.parametrize(("lang", "said"), [("ja", "対象になる専門家がいません"), ("en", "nobody is eligible")])
def test_nobody_eligible_is_an_answer_that_says_what_to_relax(
    lang: str, said: str, model: Path, tmp_path: Path
) -> None:
    retired = EXPERTS.replace(",active,", ",retired,").replace("5,,", "5,retired,")
    nobody = a_folder(tmp_path / "data", {"experts": retired})
    made = as_json(*asked(nobody, model, *FLAGS))
    assert (made["items"], made["eligible"]) == ([], 0)
    assert "active" in made["relax"][0]
    assert said in done(*asked(nobody, model, *FLAGS, "--lang", lang)).stdout


def test_without_any_dispatch_training_and_ranking_work_and_say_so(tmp_path: Path) -> None:
    cold = a_folder(tmp_path / "cold", {"experts": EXPERTS})
    said = done("train", cold, "--model", tmp_path / "m", "--as-of", AS_OF).stdout
    assert "コールドスタート" in said
    assert as_json("train", cold, "--model", tmp_path / "m", "--as-of", AS_OF)["cold_start"] == "no dispatch"
    made = as_json(*asked(cold, tmp_path / "m", *FLAGS))
    assert made["items"][0]["name"] in ("髙﨑 一郎", "鈴木 三郎")
    assert made["items"][0]["probability"] is None
    assert any("派遣記録がまだない" in warning for warning in made["warnings"])


@pytest.mark.parametrize(
    ("form", "begin"),
    [("txt", "相談"), ("json", "{"), ("csv", "\ufeffrank,"), ("md", "# 推薦一覧"), ("xlsx", "PK")],
)
def test_every_format_goes_to_a_file_by_its_suffix_or_to_standard_output(
    form: str, begin: str, folder: Path, model: Path, tmp_path: Path
) -> None:
    out = tmp_path / f"list.{form}"
    result = done(*asked(folder, model, *FLAGS, "--out", str(out)))
    assert result.stdout == ""
    assert out.name in result.stderr
    assert out.read_bytes().decode("utf-8", "replace").startswith(begin)
    assert list(tmp_path.iterdir()) == [out]
    if form != "xlsx":
        assert done(*asked(folder, model, *FLAGS, "--format", form)).stdout_bytes == out.read_bytes()
    else:
        assert zipfile.ZipFile(io.BytesIO(done(*asked(folder, model, *FLAGS, "--format", form)).stdout_bytes))


def test_both_languages_speak(folder: Path, model: Path) -> None:
    assert "解決の見込み" in done(*asked(folder, model, *FLAGS)).stdout
    assert "chance of solving" in done(*asked(folder, model, *FLAGS, "--lang", "en")).stdout


def test_a_programme_of_ones_own_rules(folder: Path, model: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[rules]\nstatus = false\n")
    assert as_json(*asked(folder, model, *FLAGS, "--programme", str(own)))["eligible"] == 6


def test_the_day_is_read_in_any_spelling_and_rules(folder: Path, model: Path) -> None:
    made = as_json("shortlist", folder, "--model", model, "--as-of", "令和8年3月31日", *FLAGS)
    assert made["as_of"] == AS_OF


def test_old_records_are_told_on_standard_error(folder: Path, model: Path) -> None:
    assert "2026-03-21" in done("shortlist", folder, "--model", model, *FLAGS, "--as-of", "2026-08-01").stderr
    assert done(*asked(folder, model, *FLAGS)).stderr == ""


@pytest.mark.parametrize("ranker", ["random", "search", "popularity", "nearest", "additive", "additive-choice"])
def test_every_ranker_can_be_trained_and_asked(ranker: str, folder: Path, tmp_path: Path) -> None:
    done("train", folder, "--model", tmp_path / "m", "--as-of", AS_OF, "--ranker", ranker)
    assert as_json(*asked(folder, tmp_path / "m", *FLAGS))["model"]["id"].startswith(ranker.split("-")[0])


def test_only_a_benchmarks_candidates_are_ranked(model: Path, tmp_path: Path) -> None:
    few = a_folder(tmp_path / "data", candidates="expert_id\nE2\nE3\n")
    made: dict[str, Any] = as_json(*asked(few, model, *FLAGS))
    assert {item["expert_id"] for item in made["items"]} == {"E2", "E3"}
    assert made["registered"] == 2


def test_objectives_differ(folder: Path, tmp_path: Path) -> None:
    data = a_folder(tmp_path / "data")
    merit = as_json(*asked(data, trained(data), *FLAGS))
    choice = as_json(*asked(data, trained(data, "--objective", "choice"), *FLAGS))
    assert merit["items"][0]["contributions"].keys() != choice["items"][0]["contributions"].keys()
