"""Results on disk: a file is there whole or not at all."""

import os
import tempfile
from pathlib import Path

from matcher.errors import MatcherError


def refuse_unwritable(path: Path) -> None:
    """Raises `MatcherError` where `path` cannot be a new or replaced file; asked before work that takes long."""
    try:
        possible = path.parent.is_dir() and not path.is_dir()
    except OSError:  # a name that is too long
        possible = False
    if not possible:
        raise MatcherError(f"cannot write {str(path)!r}; accepted: a file name in an existing folder")


def write_atomically(path: Path, content: bytes) -> None:
    """Writes the file, replacing an earlier one, which a failure leaves unharmed. Raises `MatcherError`."""
    refuse_unwritable(path)
    scratch = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
        scratch = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # else a crash after the renaming may leave an empty file
        scratch.chmod(0o644)
        scratch.replace(path)
    except OSError as error:
        raise MatcherError(f"cannot write {str(path)!r}: {error.strerror}") from error
    finally:
        if scratch:
            scratch.unlink(missing_ok=True)
