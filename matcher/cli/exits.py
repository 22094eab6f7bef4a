"""How a run ends: 0 done, 2 the user's mistake in one line on standard error, 1 ours, 130 interrupted."""

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from matcher.errors import MatcherError

DONE, OURS, USERS, INTERRUPTED = 0, 1, 2, 130
DEBUG = "MATCHER_DEBUG"


class Commands(TyperGroup):
    """The group of all commands; whatever one of them raises becomes an exit code and at most one line."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Runs a command line and exits."""
        extra["standalone_mode"] = False
        run = super().main
        sys.exit(exit_code(lambda: run(*args, **extra)))

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; a reader that has left (as `head` does) is no error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _close_quietly()
            raise typer.Exit(DONE) from None


def exit_code(work: Callable[[], Any]) -> int:
    """The code that `work` ends with, an exception told on standard error."""
    try:
        code = work()
        sys.stdout.flush()
    except BrokenPipeError:
        _close_quietly()
        return DONE
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except MatcherError as error:
        return _tell(f"エラー (error): {error}", USERS)
    except Exception as error:
        return _usage(error) if hasattr(error, "format_message") else _internal(error)
    return code if isinstance(code, int) else DONE


def _usage(error: Any) -> int:
    """A mistake in the command line itself: whichever parser Typer brings, its errors have `format_message`."""
    context = getattr(error, "ctx", None)
    place = f" (`{context.command_path} --help`)" if context else ""
    return _tell(f"エラー (error): {error.format_message()}{place}", USERS)


def _internal(error: Exception) -> int:
    if os.environ.get(DEBUG):
        traceback.print_exception(error, file=sys.stderr)
    hint = f"{DEBUG}=1 で詳細が出ます (set {DEBUG}=1 for the traceback)"
    return _tell(f"内部エラー (internal error): {type(error).__name__}: {error}; {hint}", OURS)


def _tell(text: str, code: int) -> int:
    print(" ".join(text.split()), file=sys.stderr)  # noqa: T201
    return code


def _close_quietly() -> None:
    """Lets the interpreter flush what nobody reads any more into nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
