"""`matcher-service`: starts the service, lists its settings, manages keys and users."""

import os
import signal
import socket
from types import FrameType
from typing import Annotated

import typer
import uvicorn

from matcher.cli.exits import DONE, OURS, Commands
from matcher.errors import MatcherError
from service.access import commands
from service.access.accounts import first_credentials
from service.app import create_app
from service.audit.commands import audit
from service.backup.commands import backup, restore
from service.first_start import make_ready
from service.http.logs import log_as_json
from service.models.commands import models, retrain
from service.privacy.commands import privacy
from service.serving.day import today_in_japan
from service.settings import PREFIX, SETTINGS, Settings
from service.shortlists.commands import rerank, shortlists
from service.store.engine import Store

DRAIN_SECONDS = 10
app = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
app.add_typer(commands.keys, name="keys")
app.add_typer(commands.users, name="users")
app.add_typer(audit, name="audit")
app.add_typer(privacy, name="privacy")
app.add_typer(models, name="models")
app.add_typer(shortlists, name="shortlists")
for command in (retrain, rerank, backup, restore):
    app.command()(command)
_HELP = {setting.field: f"{setting.help['ja']} ({setting.help['en']})" for setting in SETTINGS}


@app.callback(invoke_without_command=True)
def _service(context: typer.Context) -> None:
    """専門家マッチングの API サーバー (the API service of the expert matcher)."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def serve(
    data: Annotated[str, typer.Option(help=_HELP["data"])] = "",
    model: Annotated[str, typer.Option(help=_HELP["model"])] = "",
    programme: Annotated[str, typer.Option(help=_HELP["programme"])] = "",
    database: Annotated[str, typer.Option(help=_HELP["database"])] = "",
    home: Annotated[str, typer.Option(help=_HELP["home"])] = "",
    host: Annotated[str, typer.Option(help=_HELP["host"])] = "",
    port: Annotated[str, typer.Option(help=_HELP["port"])] = "",
    lang: Annotated[str, typer.Option(help=_HELP["lang"])] = "",
) -> None:
    """API を起動する。設定がなければ見本で (starts the API, on a sample where nothing is set).

    ここに無い設定は環境変数で: `matcher-service settings` (an option wins over its MATCHER_ variable).
    """
    options = {
        "data": data,
        "model": model,
        "programme": programme,
        "database": database,
        "home": home,
        "host": host,
        "port": port,
        "lang": lang,
    }
    given = {PREFIX + name.upper(): text for name, text in options.items() if text}
    run(Settings.read(os.environ | given))


@app.command()
def prepare() -> None:
    """起動の準備: 表、データ、モデル、最初の管理者。あるものは残す (tables, data, a model, an administrator).

    `serve` はこれも行う。ほかの方法で起動する前に一度 (once before workers are started by another program).
    """
    settings = Settings.read(os.environ)
    store = Store.open(settings.database_url)
    make_ready(settings, store, say=_say, on=today_in_japan())
    _show_once(store)
    store.close()


@app.command()
def settings() -> None:
    """設定の一覧: 環境変数、既定値、意味 (all settings: variable, default, meaning)."""
    for setting in SETTINGS:
        typer.echo(f"{setting.name:<35}{setting.default or '-':<14}{setting.help['ja']} ({setting.help['en']})")


def run(settings: Settings) -> None:
    """Serves until SIGTERM or Ctrl-C, finishing what is being answered. Raises `MatcherError` before it serves."""
    listening = listen(settings.host, settings.port)  # first of all, so that a taken port costs no training
    with listening:
        store = Store.open(settings.database_url)
        make_ready(settings, store, say=_say, on=today_in_japan())
        _show_once(store)
        application = create_app(settings, store=store)
        log_as_json()
        config = uvicorn.Config(application, timeout_graceful_shutdown=DRAIN_SECONDS, log_config=None, access_log=False)
        server = uvicorn.Server(config)
        host, port = listening.getsockname()[:2]
        typer.echo(f"準備ができました (ready): http://{f'[{host}]' if ':' in host else host}:{port}/docs")
        # uvicorn raises the signal again after it has drained: a stop that was asked for is a success.
        signal.signal(signal.SIGTERM, _nothing)
        signal.signal(signal.SIGINT, _nothing)
        server.run(sockets=[listening])
        store.close()
    raise typer.Exit(DONE if server.started else OURS)


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _show_once(store: Store) -> None:
    """At the first start, on standard error: they are nowhere else, and no log gets them."""
    made = first_credentials(store)
    if made is not None:
        typer.echo(
            "最初の管理者です。この表示は一度きりです (the first administrator; shown this once):\n"
            f"  ログイン (login)       {made.login}\n"
            f"  パスワード (password)  {made.password}\n"
            f"  API キー (API key)     {made.key}",
            err=True,
        )


def _nothing(_signal: int, _frame: FrameType | None) -> None:
    return None


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `MatcherError` where there can be none."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MatcherError(
            f"cannot listen on {host}:{port} ({reason}); accepted: an address of this machine and a free port, "
            "as in `matcher-service serve --port 8001`"
        ) from None
    # Its connections inherit this. Without it the second part of each answer waits 40 ms for the first one's receipt:
    # asyncio turns it on only where the socket was made with the protocol's name.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def main() -> None:
    """The entry point `matcher-service`."""
    app(prog_name="matcher-service")
