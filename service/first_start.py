"""A service without any configuration: the demo's sample and model, made at the first start."""

from collections.abc import Callable
from dataclasses import replace

from matcher.cli.progress import progress
from matcher.cli.trial import MODEL, make_sample, train_on
from matcher.errors import ModelFileError
from matcher.rankers.model_file import load_model
from matcher.sample.folder import PARAMETERS
from service.settings import Settings


def with_sample(settings: Settings, *, say: Callable[[str], None], experts: int = 4000) -> Settings:
    """The settings with the sample at `settings.home` as data and model; what is there already is kept.

    An earlier model that cannot be used (damaged, of other features) is made anew. Raises `MatcherError` when
    the folder holds something else or cannot be written.
    """
    home, model = settings.home, settings.home / MODEL
    if not (home / PARAMETERS).exists():
        say(f"見本データを作成中 (making a sample register): {home}")
        with progress("見本の作成 (sample)") as bar:
            make_sample(home, experts=experts, progress=bar)
    try:
        load_model(model)
    except ModelFileError:
        say(f"見本で学習中 (training on the sample): {model}")
        with progress("学習 (training)"):
            train_on(home)
    return replace(settings, data=home, model=model)
