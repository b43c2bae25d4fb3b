"""Figures for Prometheus. Routes and results only: no register, person or plan can be told from them."""

from __future__ import annotations

import os
from collections import Counter as Tally
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from diwi_desktop.changes.messages import Push, PushReply

# With several workers each writes its figures to a file in this folder, and whoever is asked adds them up.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self._registry}
        self.requests = Counter("diwi_requests", "Answered requests", ["method", "route", "status"], **own)
        self.seconds = Histogram("diwi_request_seconds", "Time to answer", ["route"], buckets=_SECONDS, **own)
        self.running = Gauge("diwi_requests_running", "Requests under way", multiprocess_mode="livesum", **own)
        self.limited = Counter("diwi_requests_limited", "Requests refused because there were too many", **own)
        self.changes = Counter("diwi_pushed_changes", "Changes that laptops sent, by what became of them",
                               ["result"], **own)  # fmt: skip
        self.waiting = Gauge("diwi_database_waiting", "Requests that wait for a connection",
                             multiprocess_mode="livesum", **own)  # fmt: skip
        self.connections = Gauge("diwi_database_connections", "Connections to the database",
                                 multiprocess_mode="livesum", **own)  # fmt: skip

    def pushed(self, push: Push, reply: PushReply) -> None:
        """Counts the changes of a push by result; conflicts among them."""
        results = Tally({"applied": reply.last - reply.first + 1 if reply.first else 0})
        for act in reply.acts:
            results.update(other.result for other in act.others if other.result in _RESULTS)
        for result, count in results.items():
            self.changes.labels(result).inc(count)

    def text(self, pool: dict[str, int]) -> bytes:
        """All figures in Prometheus' text form; `pool` is what the connection pool says of itself."""
        self.waiting.set(pool.get("requests_waiting", 0))
        self.connections.set(pool.get("pool_size", 0))
        if not os.environ.get(SHARED_FOLDER):
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # the package annotates no constructors
        return generate_latest(together)


_RESULTS = frozenset({"merged", "conflict", "denied", "invalid", "same"})


def share(folder: Path) -> None:
    """Lets several workers add up their figures; before the package is used for the first time."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    os.environ[SHARED_FOLDER] = str(folder)
