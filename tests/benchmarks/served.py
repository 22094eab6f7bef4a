"""The service's application with one route more: stored answers in turn, as fast as the framework gives them.

`python -m tests.benchmarks.served FD` serves it on a listening socket; `BENCHMARK_ANSWERS` names a file, one a line.
"""

import os
import socket
import sys
from functools import cache
from itertools import cycle
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response

from service.access.policy import POLICY, Reach, Rule
from service.access.principal import Role
from service.app import create_app
from service.http.guard import guarded_router
from service.http.logs import log_as_json
from service.settings import Settings

ANSWERS = "BENCHMARK_ANSWERS"
PATH = "/benchmark/stored"


def with_stored_answer() -> FastAPI:
    settings = {name: text for name, text in os.environ.items() if name != ANSWERS}
    app = create_app(Settings.read(settings))
    POLICY["stored_answer"] = Rule({Role.ADMINISTRATOR: Reach.ALL})
    router = guarded_router("benchmark")
    answers = cache(lambda: cycle(Path(os.environ[ANSWERS]).read_bytes().splitlines()))

    @router.post(PATH)
    async def stored_answer() -> Response:
        return Response(next(answers()), media_type="application/json")

    app.include_router(router)
    return app


if __name__ == "__main__":
    application = with_stored_answer()
    log_as_json()
    # Not uvicorn's own `fd`: it takes the socket for one of UNIX and leaves Nagle's algorithm on, 40 ms an answer.
    config = uvicorn.Config(application, log_config=None, access_log=False)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
