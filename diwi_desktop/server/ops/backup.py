"""Back-up and restore: the database, the documents and a manifest of them with their hashes.

A back-up is a folder that is either whole or not there. The keys of secrets at rest are not in it: whoever finds a
back-up then cannot read the second factors. Restoring begins with the manifest and ends in one transaction, in which
each register gets a new incarnation: laptops notice that and send again what the back-up did not have yet.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from diwi_desktop import __version__
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.work import Progress
from diwi_desktop.server import migrations
from diwi_desktop.server.ops import postgres

MANIFEST, DUMP, DOCUMENTS = "manifest.json", "database.dump", "documents"
_CHUNK = 1 << 20
_SHA256_SIGNS = 64


class BackupTrouble(UserError):
    """A back-up that cannot be made, or that is not whole."""

    code = "backup"


@dataclass(frozen=True, slots=True)
class File:
    """A file of the back-up; `path` is relative to its folder, with slashes."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a back-up holds. `revision` is the step of the database, `roles` whom it gives rights to."""

    made_at: str
    program: str
    postgresql: str
    revision: str
    roles: list[str]
    registers: int
    files: list[File]


def _nothing(_done: int, _total: int) -> None:
    """No progress is shown."""


# -- making ---------------------------------------------------------------------------------------------------------


def make(url: str, data_dir: Path, target: Path, now: datetime, progress: Progress = _nothing) -> Path:
    """A back-up in a new folder below `target`; that folder. Raises BackupTrouble and OSError.

    The database comes first: a document is never changed or removed, so what the database names is there afterwards.
    """
    folder = target / f"diwi-{now.strftime('%Y%m%dT%H%M%SZ')}"
    partial = folder.with_name(f".{folder.name}.partial")
    if folder.exists() or partial.exists():
        raise BackupTrouble(f"De map {folder} bestaat al.", f"The folder {folder} exists already.")
    partial.mkdir(parents=True, mode=0o700)
    try:
        about = _about(url)
        _dump(url, partial / DUMP)
        files = [_file(partial, partial / DUMP), *_copy_documents(data_dir, partial, progress)]
        manifest = Manifest(now.isoformat(), __version__, **about, files=files)
        _write(partial / MANIFEST, json.dumps(asdict(manifest), indent=1))
        partial.replace(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return folder


def _about(url: str) -> dict[str, Any]:
    with psycopg.connect(url) as connection:
        version = connection.execute("SELECT version_num FROM diwi.migration").fetchone()
        roles = connection.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'diwi\\_%' AND NOT rolcanlogin")
        names = sorted(role for (role,) in roles.fetchall())
        count = connection.execute("SELECT count(*) FROM diwi.register").fetchone()
        return {
            "postgresql": str(connection.info.server_version),
            "revision": version[0] if version else "",
            "roles": names,
            "registers": count[0] if count else 0,
        }


def _dump(url: str, path: Path) -> None:
    command = [postgres.program("pg_dump"), "--format=custom", "--schema=diwi", "--no-owner", f"--file={path}"]
    done = subprocess.run(command, env=postgres.surroundings(url), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = done.stderr.strip()
        raise BackupTrouble(f"pg_dump is niet gelukt: {said}", f"pg_dump failed: {said}")


def _copy_documents(data_dir: Path, partial: Path, progress: Progress) -> Iterator[File]:
    source = data_dir / DOCUMENTS
    paths = sorted(path for path in source.rglob("*") if path.is_file() and _is_document(path))
    for number, path in enumerate(paths):
        target = partial / DOCUMENTS / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        copied = _file(partial, target)
        if copied.sha256 != path.name:
            raise BackupTrouble(
                f"Het document {path} is beschadigd; zet het terug uit een eerdere reservekopie.",
                f"The document {path} is damaged; put it back from an earlier back-up.",
            )
        progress(number + 1, len(paths))
        yield copied


def _is_document(path: Path) -> bool:
    """Whole documents are named by their SHA-256; what is being uploaded has another name."""
    return len(path.name) == _SHA256_SIGNS and set(path.name) <= set("0123456789abcdef")


def _file(base: Path, path: Path) -> File:
    return File(path.relative_to(base).as_posix(), path.stat().st_size, _sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


# -- reading back ---------------------------------------------------------------------------------------------------


def check(folder: Path) -> Manifest:
    """The manifest of a back-up, of which every file is whole and none is too many. Raises BackupTrouble."""
    try:
        read = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**{**read, "files": [File(**one) for one in read["files"]]})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BackupTrouble(
            f"{folder} is geen reservekopie: {MANIFEST} ontbreekt of is onleesbaar.",
            f"{folder} is no back-up: {MANIFEST} is missing or cannot be read.",
        ) from error
    named = {one.path: one for one in manifest.files}
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    there.pop(MANIFEST, None)
    wrong = sorted(named.keys() ^ there.keys()) or sorted(
        name for name, path in there.items() if _file(folder, path) != named[name]
    )
    if wrong or DUMP not in named:
        some = ", ".join(wrong[:3]) or DUMP
        raise BackupTrouble(
            f"De reservekopie is niet heel: {some} klopt niet met {MANIFEST}. Er is niets teruggezet.",
            f"The back-up is not whole: {some} does not agree with {MANIFEST}. Nothing was restored.",
        )
    return manifest


# A new life for each register. A laptop may have slept through several restores, so what it is told is the earliest
# sequence to which any of them went back; what it then sends once too often is known.
NEW_INCARNATION = """
UPDATE diwi.register SET restored_seq = least(coalesce(restored_seq, seq), seq), incarnation = gen_random_uuid()
"""
# Sessions and open invitations of that time end: tokens that were replaced since would otherwise work again.
_NEW_LIFE = f"""
{NEW_INCARNATION};
UPDATE diwi.session SET ended_at = now(), ended_why = 'restored' WHERE ended_at IS NULL;
DELETE FROM diwi.invitation WHERE used_at IS NULL;
COMMIT;
"""


def restore(url: str, data_dir: Path, folder: Path, *, replace: bool = False) -> Manifest:
    """Puts a back-up back and brings the database to this version. Raises BackupTrouble and OSError.

    Refuses a database with registers in it unless `replace`. Nothing has changed when it fails, except that documents
    of the back-up may have been added.
    """
    manifest = check(folder)
    if manifest.revision not in migrations.revisions():
        raise BackupTrouble(
            "De reservekopie komt van een nieuwere versie van de server; werk de server eerst bij.",
            "The back-up was made by a newer version of the server; upgrade the server first.",
        )
    _prepare(url, manifest, replace=replace)
    for one in manifest.files:
        if one.path.startswith(f"{DOCUMENTS}/"):
            _put_back(folder / one.path, data_dir / one.path)
    _load(url, folder / DUMP)
    migrations.upgrade(url)
    return manifest


def _prepare(url: str, manifest: Manifest, *, replace: bool) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT to_regclass('diwi.register') IS NOT NULL").fetchone()
        if found is not None and found[0] and not replace:
            row = connection.execute("SELECT count(*) FROM diwi.register").fetchone()
            if row is not None and row[0]:
                raise BackupTrouble(
                    "In deze database staan al gemeenten; met --replace komt de reservekopie ervoor in de plaats.",
                    "This database holds municipalities already; with --replace the back-up takes their place.",
                )
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public")
        for role in manifest.roles:
            known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
            name = sql.Identifier(role)
            if known is None:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))


def _put_back(source: Path, target: Path) -> None:
    if target.exists() and target.stat().st_size == source.stat().st_size:
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copyfile(source, partial)
    partial.replace(target)


def _load(url: str, dump: Path) -> None:
    """The dump and the new life in one transaction; a dump that ends in the middle leaves everything as it was."""
    env = postgres.surroundings(url)
    reading = [postgres.program("pg_restore"), "--no-owner", "--file=-", str(dump)]
    writing = [postgres.program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    with (
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader,
        subprocess.Popen(writing, env=env, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as writer,
    ):
        if reader.stdout is None or writer.stdin is None:
            raise BackupTrouble("psql start niet.", "psql does not start.")
        try:
            writer.stdin.write(b"BEGIN;\nDROP SCHEMA IF EXISTS diwi CASCADE;\n")
            shutil.copyfileobj(reader.stdout, writer.stdin, _CHUNK)
            if reader.wait() == 0:
                writer.stdin.write(_NEW_LIFE.encode())
            writer.stdin.close()
        except BrokenPipeError:  # psql stopped at an error, which it tells below
            reader.kill()
        said = (writer.stderr.read() if writer.stderr else b"").decode(errors="replace").strip()
        writer.wait()
    if reader.returncode != 0 or writer.returncode != 0:
        why = said.splitlines()[0] if said else "pg_restore"
        raise BackupTrouble(
            f"Terugzetten is niet gelukt; de database is zoals hij was. ({why})",
            f"Restoring failed; the database is as it was. ({why})",
        )
