"""The command that serves a store: its REST API, on this machine unless told otherwise."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from .cli_options import CoderOption, KnowledgeFolders, StorePath, settings_of
from .errors import MissingExtra, SettingsError

LARGE = 20_000  # articles from which on a store is served by several processes


def serve(
    store: StorePath,
    host: Annotated[str, typer.Option("--host", help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen at; 0 takes a free one.")] = 8000,
    token: Annotated[
        str | None, typer.Option("--token", envvar="DETENTE_TOKEN", help="Who sends it may write; better given as DETENTE_TOKEN.")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", metavar="NAME", help="A name that requests may call it by. May be repeated.")
    ] = None,
    readers: Annotated[
        int | None, typer.Option("--readers", min=0, max=64, help="Processes that read; 0: one does everything. Else by the store's size.")
    ] = None,
    no_text: Annotated[bool, typer.Option("--no-text", help="Do not give out the texts of articles.")] = False,
    knowledge: KnowledgeFolders = None,
    coder: CoderOption = None,
) -> None:
    """Serve a store: REST API under /api, its description at /docs. Reads are open on this machine; writing needs a token."""
    try:
        import uvicorn

        from .serve.app import make_app
        from .serve.front import make_front
    except ImportError as error:
        raise MissingExtra("fastapi or uvicorn", "serve") from error
    from pydantic import ValidationError

    from .pipeline import Coder
    from .serve import ServeSettings

    try:
        settings = ServeSettings.model_validate({
            "host": host, "port": port, "token": token, "allowed_hosts": tuple(allow_host or ()), "keep_text": not no_text,
            "readers": _readers(store) if readers is None else readers,
        })
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", "see `detente serve --help`") from error
    if not settings.is_local and not settings.allowed_hosts:
        typer.echo("note: others can reach this address, but only loopback names are answered; add --allow-host NAME", err=True)
    own = settings_of(knowledge, coder)
    app = make_front(store, settings, own) if settings.readers else make_app(store, settings, Coder(own))
    typer.echo(f"{store}: http://{host}:{port}/docs" + ("" if token else "   (reading only: no --token)"), err=True)
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, server_header=False, proxy_headers=False,
                timeout_keep_alive=15, h11_max_incomplete_event_size=32_768)



def _readers(store: str) -> int:
    """Processes that read a store: none beside the one for a small store, where seven would only take memory."""
    from .store import Store

    articles = Store.open(store, create=False).sql("SELECT count(*) AS n FROM articles").to_pylist()[0]["n"]
    return 0 if articles < LARGE else max(2, min(4, os.cpu_count() or 2))
