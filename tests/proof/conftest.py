"""What the proofs share: one PostgreSQL for the session, one application on one database for each module."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from tests import postgres
from tests.proof.world import Stage, stage


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[postgres.Cluster]:
    """PostgreSQL, one for all workers of this test session."""
    base = tmp_path_factory.getbasetemp()
    alone = worker_id == "master"
    with postgres.shared(base if alone else base.parent, os.getpid() if alone else os.getppid()) as running:
        yield running


@pytest.fixture(scope="module")
def proof_stage(cluster: postgres.Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A running server on a fresh database, for many registers one after another."""
    folder: Path = tmp_path_factory.mktemp("server")
    with ExitStack() as stack:
        url = stack.enter_context(cluster.database(f"p{uuid4().hex[:20]}"))
        yield stack.enter_context(stage(url, folder))
