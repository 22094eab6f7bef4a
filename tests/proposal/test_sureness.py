import pytest

from matcher.proposal import Proposer
from matcher.proposal.sureness import ASSUMED, agrees
from tests.proposal.builders import AS_OF, a_past


def shares(stated: str) -> dict[str, float]:
    data = a_past(30, description="東京都新宿区の和菓子店です", prefecture_code=stated, municipality="新宿区")
    return dict(Proposer.fit(data, as_of=AS_OF).sureness.shares)


def test_how_sure_is_counted_on_past_consultations():
    assert shares("13")["prefecture"] == pytest.approx((30 + 9) / 40)
    assert shares("27")["prefecture"] == pytest.approx(9 / 40)
    assert shares("13")["municipality"] == pytest.approx(39 / 40)


def test_what_no_consultation_states_stays_as_assumed():
    assert shares("13")["industry"] == ASSUMED["industry"]


@pytest.mark.parametrize(
    ("kind", "found", "stated", "same"),
    [
        ("municipality", "札幌市中央区", "札幌市", True),
        ("municipality", "龍ケ崎市", "龍ヶ崎市", True),
        ("municipality", "津市", "唐津市", False),
        ("industry", "E", "09", True),
        ("industry", "09", "E", True),
        ("industry", "09", "10", False),
        ("prefecture", "13", "14", False),
    ],
)
def test_a_part_agrees_with_its_whole(kind, found, stated, same):
    assert agrees(kind, found, stated) is same
