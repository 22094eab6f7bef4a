import base64
import json

import pytest


def numbers(sample, **params):
    return sample.get("/sample/numbers", params=params)


def test_the_pages_together_are_the_list(sample):
    seen, cursor, pages = [], {}, 0
    while cursor is not None:
        page = numbers(sample, limit=2, **cursor).json()
        seen += [row["number"] for row in page["items"]]
        cursor = {"cursor": page["next"]} if page["next"] else None
        pages += 1
    assert (seen, pages) == ([0, 1, 2, 3, 4], 3)


def test_a_full_last_page_has_no_next(sample):
    assert numbers(sample, limit=5).json()["next"] is None
    assert numbers(sample).json()["next"] is None


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1.5", ""])
def test_a_limit_out_of_range_is_refused(sample, limit):
    answer = numbers(sample, limit=limit)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "limit"


def a_cursor(value) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        *("", "x", "!!!!", "é", "x" * 1001),
        *(a_cursor(value) for value in ({}, 1, [], ["a"], [1, 2], [True], [None], [1.5], [2**63], [[1]], ["\ud800"])),
        base64.b64encode(b"[" * 100_000).decode()[:999],
    ],
)
def test_a_cursor_that_is_none_of_the_lists_is_refused(sample, cursor):
    answer = numbers(sample, cursor=cursor)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "cursor"


def test_the_largest_key_is_taken(sample):
    assert numbers(sample, cursor=a_cursor([2**63 - 1])).status_code == 200
