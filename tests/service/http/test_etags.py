import pytest

from service.store.hubs import HUBS


@pytest.fixture
def revision(sample):
    store = sample.app.state.store
    with store.write() as tx:
        row = HUBS.find(tx, "H1") or HUBS.create(tx, {"hub_id": "H1"})
        return HUBS.change(tx, "H1", {"name": f"before {row['revision']}"})["revision"]


def change(sample, if_match=None, hub_id="H1"):
    headers = {} if if_match is None else {"if-match": if_match}
    return sample.patch(f"/sample/hubs/{hub_id}", headers=headers)


def test_a_change_of_what_was_read_is_made_and_gives_the_next_tag(sample, revision):
    answer = change(sample, f'"{revision}"')
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{revision + 1}"'


@pytest.mark.parametrize("tag", [None, "*"])
def test_a_change_of_whatever_there_is_is_refused(sample, revision, tag):
    assert change(sample, tag).status_code == 428


@pytest.mark.parametrize(
    "tag", ['"0"', 'W/"{revision}"', "{revision}", '"{revision}", "1"', '""', '"' + "9" * 40 + '"', '"x"']
)
def test_a_tag_that_is_not_the_present_one_is_refused(sample, revision, tag):
    assert change(sample, tag.replace("{revision}", str(revision))).status_code == 412


def test_what_is_not_there_is_missing(sample):
    assert change(sample, '"1"', "H9").status_code == 404
