"""Whether this worker can do its work: each part looked at in bounded time, whatever the part does."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

from service.store.engine import Store

Check = Callable[[], bool]
SECONDS = 2.0


def store_checks(store: Store) -> dict[str, Check]:
    """The database answers; its tables are those of this program."""

    def answers() -> bool:
        with store.read() as tx:
            return tx.revision() >= 0

    return {"database": answers, "migrations": store.migrated}


def has_space(folder: Path, megabytes: int) -> bool:
    """Whether the disk under the folder (or the nearest one above that exists) has this much left."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(there).free >= megabytes * 1_000_000


class Readiness:
    """Looks at named parts. Each has a thread of its own, and a part that never answers keeps at most that one."""

    def __init__(self, checks: Mapping[str, Check], seconds: float = SECONDS) -> None:
        self._parts = {name: _Part(check) for name, check in checks.items()}
        self._seconds = seconds

    async def failing(self) -> list[str]:
        """The parts that do not work, or did not say so in time."""
        answers = await asyncio.gather(*(part.works(self._seconds) for part in self._parts.values()))
        return [name for name, works in zip(self._parts, answers, strict=True) if not works]


class _Part:
    def __init__(self, check: Check) -> None:
        self._check = check
        self._looking = Lock()

    async def works(self, seconds: float) -> bool:
        """False, too, while an earlier look has not come back."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bool] = loop.create_future()
        if not self._looking.acquire(blocking=False):
            return False
        Thread(target=self._look, args=(loop, answer), daemon=True).start()
        try:
            return await asyncio.wait_for(answer, seconds)
        except TimeoutError:
            return False

    def _look(self, loop: asyncio.AbstractEventLoop, answer: asyncio.Future[bool]) -> None:
        try:
            works = self._check()
        except Exception:  # whatever is wrong with a part, it does not work
            works = False
        finally:
            self._looking.release()
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_tell, answer, works)


def _tell(answer: asyncio.Future[bool], works: bool) -> None:
    if not answer.done():
        answer.set_result(works)
