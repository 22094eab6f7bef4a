"""A service without any configuration: a sample register and a model trained on it, made at the first start."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from matcher.errors import ModelFileError
from matcher.rankers import make_ranker
from matcher.rankers.model_file import load_model
from matcher.reading import read_dataset
from matcher.sample import generate, write
from matcher.sample.folder import PARAMETERS
from matcher.training import train
from service.settings import Settings

MODEL = "serving.model"


def with_sample(
    settings: Settings,
    *,
    on: pd.Timestamp,
    say: Callable[[str], None],
    experts: int = 4000,
    consultations: int = 40_000,
) -> Settings:
    """The settings with the sample at `settings.home` as data and model; what is there already is kept.

    An earlier model that cannot be used (damaged, of other features) is made anew. Raises `MatcherError` when
    the folder holds something else or cannot be written.
    """
    home, model = settings.home, settings.home / MODEL
    if not (home / PARAMETERS).exists():
        say(f"見本データを作成中 (making a sample register): {home}")
        write(generate(experts=experts, consultations=consultations), home)
    try:
        load_model(model)
    except ModelFileError:
        say(f"見本で学習中 (training on the sample): {model}")
        train(read_dataset(home, as_of=on), make_ranker("additive"), path=model, as_of=on)
    return replace(settings, data=home, model=model)
