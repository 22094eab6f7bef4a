from matcher.sample import generate
from tests.benchmarks.proposals import measured


def test_the_learned_proposals_beat_the_baselines_on_a_small_world() -> None:
    figures = {(method, name): value for method, name, value in measured(generate(experts=60, consultations=600).data)}
    top = {method: value for (method, name), value in figures.items() if name == "top-1"}
    assert max(top, key=lambda method: top[method]) == "proposer"
    assert top["taxonomy's words alone"] > top["most frequent category"]
    assert figures["proposer", "top-3"] >= figures["proposer", "top-1"]
    assert figures["prefecture", "right where proposed"] > 0.95
