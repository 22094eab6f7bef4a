"""What goes out: results on standard output, everything else on standard error."""

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

NARROWEST, WIDEST = 60, 120


def put(content: bytes) -> None:
    """Bytes to standard output as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def put_text(text: str) -> None:
    """Text to standard output; a letter that its encoding lacks becomes `?`."""
    encoding = sys.stdout.encoding or "utf-8"
    put(text.encode(encoding, "replace"))


def put_json(value: Any) -> None:
    """JSON in UTF-8, unknown numbers null."""
    from matcher.plain import plain

    put((json.dumps(plain(value), ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode("utf-8", "replace"))


def put_rich(*parts: "RenderableType") -> None:
    """Tables and lines to standard output."""
    import io

    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out,
        width=width(),
        force_terminal=in_colour(),
        color_system="standard" if in_colour() else None,
        highlight=False,
        emoji=False,
        markup=False,
    )
    for part in parts:
        console.print(part)
    put_text("\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n")


def note(text: str) -> None:
    """One line on standard error."""
    print(text, file=sys.stderr)  # noqa: T201


def width() -> int:
    """Columns of the terminal within reason, 100 where there is none."""
    return min(WIDEST, max(NARROWEST, shutil.get_terminal_size((100, 24)).columns))


def in_colour() -> bool:
    """Whether standard output is a terminal whose user has not asked for no colour (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
