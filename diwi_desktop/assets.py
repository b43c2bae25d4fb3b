"""Where the files are that travel with the code: forms, style sheets, icons, code lists, map styles.

The only module that builds a path to `ui/`, `resources/` or `maps/`. In a checkout these folders stand next
to the package; in a wheel and in a frozen program they are inside it, under `_data`.
"""

import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from types import CodeType
from typing import Any

_PACKAGE = Path(__file__).resolve().parent
_APP_NAME = "DIWI Desktop"


def _root() -> Path:
    """The folder that holds `ui`, `resources` and `maps`."""
    inside = _PACKAGE / "_data"
    return inside if inside.is_dir() else _PACKAGE.parent


def _below(folder: str, *parts: str) -> Path:
    """A path inside one of the asset folders; ValueError when `parts` lead out of it."""
    base = _root() / folder
    path = base.joinpath(*parts)
    if ".." in path.relative_to(_root()).parts:
        raise ValueError(f"path leaves the folder {folder}: {'/'.join(parts)}")
    return path


def resource(*parts: str) -> Path:
    """The path of a file or folder under `resources/`, such as `resource("icons", "undo.svg")`.

    Not checked for existence, so that a reader can say what it was looking for. Raises ValueError when the
    path would lie outside `resources/`.
    """
    return _below("resources", *parts)


def ui_file(name: str) -> Path:
    """The path of a Designer form or style sheet under `ui/`; raises ValueError for a path outside it."""
    return _below("ui", name)


def map_file(name: str) -> Path:
    """The path of a layer catalogue or map style under `maps/`; raises ValueError for a path outside it."""
    return _below("maps", name)


def toml(path: Path) -> dict[str, Any]:
    """What a TOML file that travels with the code says; it has no dates. Raises OSError, tomllib.TOMLDecodeError.

    Python keeps it as it keeps a module of its own: in `__pycache__`, until the file changes. So a start does not read
    through the whole catalogue again.
    """
    if sys.dont_write_bytecode or getattr(sys, "frozen", False):  # nothing would be kept
        return _parsed(path.read_bytes())
    name = f"diwi_desktop._read.{path.stem}"
    loader = _TomlLoader(name, str(path))
    module = module_from_spec(ModuleSpec(name, loader, origin=str(path)))
    loader.exec_module(module)
    found: dict[str, Any] = module.FOUND
    return found


def _parsed(data: bytes) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(data.decode())


class _TomlLoader(SourceFileLoader):
    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:  # type: ignore[override]  # typeshed leaves out the last
        return compile(f"FOUND = {_parsed(bytes(data))!r}", path, "exec", dont_inherit=True)


def user_data_dir() -> Path:
    """The user's own data folder (demo store, backups, downloaded maps, the RD grid), made when absent.

    `DIWI_DATA_DIR` overrides the folder the platform prescribes. Raises OSError when it cannot be made.
    """
    path = Path(os.environ.get("DIWI_DATA_DIR") or _prescribed_dir())
    path.mkdir(parents=True, exist_ok=True)
    return path


def _prescribed_dir() -> str:
    """Where the platform wants the data of this user of this program."""
    import platformdirs

    return platformdirs.user_data_dir(_APP_NAME, appauthor=False)
