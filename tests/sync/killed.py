"""Synchronises in memory and dies at the given statement that ends a transaction: python -m tests.sync.killed FOLDER N

The parent looks at what is left. Prints nothing; ends with status 9 when it died, 0 when it was done before.
"""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

from diwi_desktop.sync.runner import Runner
from tests.sync.laptops import Laptop
from tests.sync.test_runner import Link


def main(folder: Path, last: int) -> None:
    server = pickle.loads((folder / "server").read_bytes())
    laptop = Laptop.again(folder / "b.diwi", server)
    link = Link(laptop)
    count = 0

    def seen(statement: str) -> None:
        nonlocal count
        if statement in ("COMMIT", "BEGIN IMMEDIATE"):
            count += 1
            if count == last:
                (folder / "server").write_bytes(pickle.dumps(server))
                os._exit(9)

    laptop.store._connection.set_trace_callback(seen)
    assert Runner(laptop.store, link).run().problem is None
    (folder / "server").write_bytes(pickle.dumps(server))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
