"""One JSON object a line on standard error. No text of a request gets into it: neither bodies, queries nor paths."""

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

LOGGER = logging.getLogger("service")
_FRAMES = 12


class JsonLines(logging.Formatter):
    """The event and its `fields`; of an exception its class and places only, for its message may hold what was sent."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "event": _event(record), **getattr(record, "fields", {})}
        if record.exc_info and record.exc_info[1] is not None:
            line |= failure(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _event(record: logging.LogRecord) -> str:
    """Our own events are constants; what another library puts into its own would need trust."""
    own = record.name.startswith((LOGGER.name, "uvicorn"))
    return record.getMessage() if own else f"{record.name}: {record.msg if isinstance(record.msg, str) else ''}"


def failure(error: BaseException) -> dict[str, Any]:
    """An exception without its message: the classes, from the outermost to the cause, and where it was raised."""
    classes, at = [], error
    while True:
        classes.append(f"{type(at).__module__}.{type(at).__qualname__}")
        inner = at.__cause__ or at.__context__
        if inner is None or len(classes) > _FRAMES:
            return {"error": classes, "where": _places(error.__traceback__)}
        at = inner


def _places(traceback: TracebackType | None) -> list[str]:
    found = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(f"{traceback.tb_frame.f_globals.get('__name__')}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return found[-_FRAMES:]


def log_as_json() -> None:
    """All loggers of the process write such lines; uvicorn's own access log, which shows queries, is silent."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in (LOGGER.name, "uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.INFO)
    logging.getLogger("uvicorn.access").disabled = True
