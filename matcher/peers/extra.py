"""Packages of the optional extra `peers`, imported only when a peer is fitted or asked."""

import importlib
import importlib.util
from typing import Any

from matcher.errors import MatcherError


class MissingExtraError(MatcherError):
    """A peer whose package is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"package {package!r} is not installed; accepted: the extra `peers` (pip install expert-matcher[peers])"
        )


def is_installed(package: str) -> bool:
    """Whether a package can be imported, without importing it."""
    return importlib.util.find_spec(package) is not None


def imported(module: str) -> Any:
    """A package or a module of one. Raises `MissingExtraError`."""
    package = module.partition(".")[0]
    if not is_installed(package):
        raise MissingExtraError(package)
    return importlib.import_module(module)
