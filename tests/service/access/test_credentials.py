import pytest
from argon2 import PasswordHasher

from matcher.errors import InvalidValueError
from service.access import credentials

PASSWORD = "a long enough password"


def test_keys_are_long_random_and_shown_by_their_beginning():
    made = [credentials.new_key() for _ in range(50)]
    assert len({key.secret for key in made}) == 50
    for key in made:
        assert len(key.secret) == 3 + 8 + 1 + 43
        assert key.secret.startswith(key.prefix + "_")
        assert credentials.prefix_of(key.secret) == key.prefix


def test_a_password_matches_itself_alone():
    hashed = credentials.hash_password(PASSWORD)
    assert hashed.startswith("$argon2id$")
    assert PASSWORD not in hashed
    assert credentials.password_matches(hashed, PASSWORD)
    assert not credentials.password_matches(hashed, PASSWORD + " ")
    assert not credentials.is_outdated(hashed)


def test_the_same_password_is_hashed_differently_each_time():
    assert credentials.hash_password(PASSWORD) != credentials.hash_password(PASSWORD)


def test_nobodys_password_is_never_right_and_is_checked_with_todays_parameters():
    assert not credentials.password_matches(None, PASSWORD)
    assert not credentials.is_outdated(credentials._nobodys_hash())


@pytest.mark.parametrize("damaged", ["", "x", "$argon2id$v=19$m=65536,t=3,p=4$x$y"])
def test_a_damaged_hash_matches_nothing(damaged):
    assert not credentials.password_matches(damaged, PASSWORD)


def test_an_older_hash_still_matches_and_is_outdated():
    older = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert credentials.password_matches(older, PASSWORD)
    assert credentials.is_outdated(older)


@pytest.mark.parametrize("length", [0, 11, 201])
def test_a_password_too_short_or_too_long_is_refused_without_being_repeated(length):
    with pytest.raises(InvalidValueError, match="12 to 200") as refused:
        credentials.hash_password("秘" * length)
    assert "秘" not in str(refused.value)
