import pytest

from service.http.rates import Rates
from service.problems import Refused


def test_each_name_has_its_own_share():
    rates = Rates(2)
    for name in ("a", "b", "a", "b"):
        rates.count(name)
    with pytest.raises(Refused) as refused:
        rates.count("c", "a")
    assert refused.value.status_code == 429
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60


def test_no_limit_is_no_limit():
    for _ in range(100):
        Rates(0).count("a")
