"""The server as a process: uvicorn, one or more workers, a stop that lets what is under way finish."""

from __future__ import annotations

import gc
import signal
import sys

from fastapi import FastAPI

from diwi_desktop.server.app import create_app
from diwi_desktop.server.ops import logs, metrics
from diwi_desktop.server.settings import Settings

_GRACE_SECONDS = 30
# New objects before Python looks for garbage among the youngest, and so on; its own 700 come with 70 changes of a push.
_YOUNG, _MIDDLE, _OLD = 50_000, 20, 10


def settle() -> None:
    """Leave what was loaded out of all later collections, and collect less often: messages hold no cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)


def application() -> FastAPI:
    """What each worker runs, by the settings of its surroundings."""
    settings = Settings()
    logs.configure(settings.log_level)
    app = create_app(settings)
    settle()
    return app


def run(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serves until it is told to stop; requests under way then have half a minute to finish.

    Forwarded addresses are believed from `trusted_proxies` only.
    """
    import uvicorn

    from diwi_desktop.server.ops.prompt import Prompt

    if workers > 1:
        metrics.share(settings.data_dir / "metrics")
    logs.configure(settings.log_level)
    # When all is finished uvicorn raises the signal that stopped it once more; a stop that was asked for is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "diwi_desktop.server.ops.serving:application",
        factory=True,
        http=Prompt,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )
