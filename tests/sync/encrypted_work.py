"""Work with an encrypted store, in a process of its own: python -m tests.sync.encrypted_work PATH KEY

Prints 'done' when all went well, else the code of the error.
"""

from __future__ import annotations

import sys
from pathlib import Path

from diwi_desktop.model.finding import UserError
from diwi_desktop.store import cipher, schema
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify
from tests.stores import add, de_hoek, new_store, reopen


def work(path: Path) -> None:
    with reopen(path) as store:
        before = plans(store)
        assert [plan.name for plan in before] == ["De Hoek"]
        assert verify(store) == []
        add(store, de_hoek(), "Nog een")
        assert verify(store) == []
        store.undo()
        with store.inside() as connection:
            schema.backup(connection, path.with_name("kopie.diwi"))
    moved = path.rename(path.with_name("elders.diwi"))
    for each in (moved, path.with_name("kopie.diwi")):
        with reopen(each) as store:
            assert plans(store) == before
    with new_store(path.with_name("open.diwi")) as store:  # a plain one in the same process
        add(store, de_hoek())
        assert verify(store) == []
    with reopen(moved) as store:
        assert verify(store) == []


if __name__ == "__main__":
    cipher.keys = lambda salt: sys.argv[2] or None
    try:
        work(Path(sys.argv[1]))
        print("done")
    except UserError as error:
        print(error.code)
