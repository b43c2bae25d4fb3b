"""The local SpatiaLite store: the change log, the tables that follow from it, and the queries that read them."""

from diwi_desktop.changes.change import ActInfo
from diwi_desktop.store.device import Device
from diwi_desktop.store.driver import StoreError
from diwi_desktop.store.store import Store
from diwi_desktop.store.undo import UndoConflict

__all__ = ["ActInfo", "Device", "Store", "StoreError", "UndoConflict"]
