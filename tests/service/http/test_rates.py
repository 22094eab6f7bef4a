import pytest

from service.http.rates import Rates
from service.problems import Refused


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def passes(rates, name="a"):
    try:
        rates.count(name)
    except Refused as refused:
        return int(refused.headers["Retry-After"])
    return True


@pytest.mark.parametrize("share", [1, 7, 6000])
def test_a_minutes_share_passes_at_once_and_no_more(clock, share):
    rates = Rates(share, clock)
    assert [passes(rates) for _ in range(share)] == [True] * share
    assert passes(rates) is not True


def test_each_part_of_a_minute_lets_one_more_pass(clock):
    rates = Rates(6, clock)
    for _ in range(6):
        rates.count("a")
    assert passes(rates) == 10
    clock.now += 9
    assert passes(rates) == 1
    clock.now += 1
    assert passes(rates) is True
    assert passes(rates) == 10


def test_an_idle_minute_gives_no_more_than_a_share(clock):
    rates = Rates(3, clock)
    clock.now += 3600
    assert [passes(rates) is True for _ in range(4)] == [True, True, True, False]


def test_each_name_has_its_own_share(clock):
    rates = Rates(1, clock)
    assert passes(rates, "a") is passes(rates, "b") is True
    assert passes(rates, "a") is not True
    with pytest.raises(Refused) as refused:
        rates.count("c", "a")
    assert refused.value.status_code == 429


def test_no_limit_is_no_limit(clock):
    rates = Rates(0, clock)
    assert all(passes(rates) for _ in range(100))


def test_names_that_are_paid_off_are_forgotten(clock, monkeypatch):
    monkeypatch.setattr("service.http.rates._MOST_NAMES", 3)
    rates = Rates(60, clock)
    for name in "abcdef":
        rates.count(name)
        clock.now += 1
    assert len(rates._paid_off) <= 3
