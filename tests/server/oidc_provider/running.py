"""The provider as a process, and a browser that signs in there by itself."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

_HERE = Path(__file__).resolve().parent
_OLDEST_NODE = 18
_FILES = ("package.json", "package-lock.json", "provider.mjs")


def installed() -> Path:
    """A folder with the provider and exactly its locked packages; installed once per version of the lock."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        if os.environ.get("DIWI_NO_NODE") == "1":
            pytest.skip("DIWI_NO_NODE=1: no Node.js on this machine")
        pytest.fail("Node.js and npm are missing; DIWI_NO_NODE=1 leaves these tests out", pytrace=False)
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(said.removeprefix("v").partition(".")[0]) < _OLDEST_NODE:  # Ubuntu 22.04 has 12
        pytest.skip(f"Node.js {said.strip()} is too old for the provider, which needs {_OLDEST_NODE}")
    mark = hashlib.sha256(b"".join((_HERE / name).read_bytes() for name in _FILES)).hexdigest()[:16]
    parent = _HERE.parents[2] / ".venv"
    folder = parent / f"oidc-provider-{mark}"
    with (parent / "oidc-provider.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            folder.mkdir(exist_ok=True)
            for name in _FILES:
                shutil.copy(_HERE / name, folder / name)
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            (folder / "done").touch()
    return folder


@contextmanager
def provider(people: dict[str, dict[str, Any]]) -> Iterator[str]:
    """A running provider that knows these people, by login name; its issuer."""
    folder = installed()
    env = {**os.environ, "PEOPLE": json.dumps(people), "NODE_ENV": "production"}
    process = subprocess.Popen(
        ["node", "provider.mjs"], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the provider did not start"
        yield str(json.loads(line)["issuer"])
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@dataclass
class Browser:
    """Signs in as `login`; `refuse` presses cancel. What the program's page said is in `pages`."""

    login: str
    refuse: bool = False
    pages: list[tuple[int, str]] = field(default_factory=list)
    before: Any = None  # called with the callback address before it is visited
    _thread: threading.Thread | None = None
    error: Exception | None = None

    def open(self, address: str) -> bool:
        """As `webbrowser.open`: returns at once."""
        self._thread = threading.Thread(target=self._run, args=(address,), name="browser")
        self._thread.start()
        return True

    def close(self) -> None:
        if self._thread is not None:
            self._thread.join(20)
        if self.error is not None:
            raise self.error

    def _run(self, address: str) -> None:
        try:
            self._visit(address)
        except (httpx.HTTPError, AssertionError) as error:
            self.error = error

    def _visit(self, address: str) -> None:
        issuer = urlsplit(address).netloc
        with httpx.Client(follow_redirects=False, timeout=10) as client:
            answer = client.get(address)
            while True:
                if answer.is_redirect:
                    address = urljoin(str(answer.url), answer.headers["location"])
                    if urlsplit(address).netloc != issuer:
                        break
                    answer = client.get(address)
                    continue
                assert answer.status_code == 200, answer.text
                if self.refuse:
                    abort = re.search(r'href="([^"]*/abort)"', answer.text)
                    assert abort, answer.text
                    answer = client.get(urljoin(str(answer.url), abort[1]))
                    continue
                action = re.search(r'action="([^"]+)"', answer.text)
                prompt = re.search(r'name="prompt" value="([^"]+)"', answer.text)
                assert action is not None, answer.text
                assert prompt is not None, answer.text
                form = {"prompt": prompt[1], "login": self.login, "password": "not looked at"}
                answer = client.post(urljoin(str(answer.url), action[1]), data=form)
            if self.before is not None:
                self.before(address)
            page = client.get(address)
            self.pages.append((page.status_code, page.text))
