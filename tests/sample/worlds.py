"""One small world that several tests look at; none may change it."""

from functools import cache

import numpy as np

from matcher.reference.distance import haversine_km, locate
from matcher.sample import World, generate


@cache
def small_world() -> World:
    return generate(experts=600, consultations=5000, seed=3)


def probabilities(world: World) -> np.ndarray:
    """The truth, open consultations x experts."""
    return world.truth["probability"].to_numpy().reshape(-1, len(world.data.experts))


def open_consultations(world: World):
    asked = world.data.consultations
    return asked[asked["status"] == "open"].reset_index(drop=True)


def claims(world: World) -> np.ndarray:
    """Whether each expert claims each open consultation's category."""
    return np.array(
        [
            [code in listed for listed in world.data.experts["categories"]]
            for code in open_consultations(world)["category"]
        ]
    )


def kilometres(world: World) -> np.ndarray:
    here, there = locate(open_consultations(world)), locate(world.data.experts)
    places = [here[name].to_numpy()[:, None] for name in ("latitude", "longitude")]
    return haversine_km(*places, *(there[name].to_numpy() for name in ("latitude", "longitude")))
