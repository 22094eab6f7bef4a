import json

import pytest

from matcher.errors import MatcherError
from matcher.evaluation.folder import prepare_folder, write_folder
from tests.evaluation.test_report import an_evaluation, foretelling


def written(folder, found, *, plots=True):
    prepare_folder(folder, plots=plots)
    write_folder(found, folder, "en", plots=plots)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_holds_json_markdown_and_the_plots_there_is_something_for(tmp_path):
    ranked = written(tmp_path / "ranked", an_evaluation(nearest=[0.5, 0.25]))
    assert set(ranked) == {"evaluation.json", "evaluation.md", "ranking.svg"}
    assert json.loads(ranked["evaluation.json"])["measures"]["MRR"]["nearest"]["mean"] == 0.375
    assert ranked["evaluation.md"].decode().startswith("- a protocol")
    foretold = written(tmp_path / "foretold", foretelling(additive=0.8))
    assert set(foretold) == {"evaluation.json", "evaluation.md", "reliability.svg"}
    assert set(written(tmp_path / "bare", foretelling(additive=0.8), plots=False)) == {
        "evaluation.json",
        "evaluation.md",
    }


def test_the_same_evaluation_writes_the_same_bytes_over_an_earlier_one(tmp_path):
    one = written(tmp_path / "a", foretelling(additive=0.8))
    assert written(tmp_path / "a", foretelling(additive=0.8)) == one


def test_where_no_folder_can_be_is_said_before_anything_is_measured(tmp_path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "absent" / "folder"):
        with pytest.raises(MatcherError, match=r"cannot write to .*accepted: a folder"):
            prepare_folder(place, plots=False)
    (tmp_path / "evaluation.md").mkdir()
    with pytest.raises(MatcherError, match=r"evaluation\.md"):
        prepare_folder(tmp_path, plots=False)
