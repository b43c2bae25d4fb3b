"""`./dev audit`: known vulnerabilities of locked versions, asked of a stand-in for the index on this machine."""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
OUT = "2026-11-10"


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("lock_audit", ROOT / "installer" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def vulnerability(**given: Any) -> dict[str, Any]:
    return {"id": "PYSEC-2026-7", "aliases": ["CVE-2026-1"], "fixed_in": ["1.10", "1.2.1"], "withdrawn": None} | given


@pytest.fixture
def pages() -> dict[str, Any]:
    """What the index tells, by package and version: nothing of a good one."""
    return {
        "good/2.0": {"vulnerabilities": [], "urls": []},
        "bad/1.2": {"vulnerabilities": [vulnerability()], "urls": []},
        "bad/1.2.1": {"vulnerabilities": [], "urls": [{"upload_time_iso_8601": f"{OUT}T12:00:00.0Z"}]},
        "old/3": {"vulnerabilities": [vulnerability(fixed_in=[], aliases=[])], "urls": []},
        "back/4": {"vulnerabilities": [vulnerability(withdrawn="2026-01-01T00:00:00Z")], "urls": []},
        "odd/5": {"info": {}},
        "list/6": [],
    }


@pytest.fixture
def simple(pages: dict[str, Any]) -> Iterator[str]:
    """The address of a stand-in, as pip has that of an index."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pages.get(self.path.removeprefix("/pypi/").removesuffix("/json"))
            body = json.dumps(found).encode()
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/simple"
        finally:
            server.shutdown()


def locks(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.lock").write_text(text, encoding="utf-8")
    return folder


def test_versions_are_taken_from_the_lock_files(audit: ModuleType) -> None:
    text = "one==1.0 \\\n    --hash=sha256:aa\ntwo==2 ; python_version < '3.12' \\\n    --hash=sha256:bb\n"
    assert audit.locked([text, "one==1.0 \\\ntwo==3 ; python_version >= '3.12' \\\n"]) == [
        ("one", "1.0"), ("two", "2"), ("two", "3")
    ]  # fmt: skip
    texts = [path.read_text(encoding="utf-8") for path in audit.LOCKS.glob("*.lock")]
    assert len(audit.locked(texts)) >= sum("==" in line for line in max(texts, key=len).splitlines())


def test_what_the_index_tells_is_understood(audit: ModuleType, simple: str) -> None:
    ask = audit.index(simple)
    [bad] = audit.vulnerabilities("bad", "1.2", ask)
    assert (bad.name, bad.mended_in, bad.since) == ("PYSEC-2026-7 CVE-2026-1", "1.2.1", date.fromisoformat(OUT))
    [old] = audit.vulnerabilities("old", "3", ask)
    assert (old.name, old.mended_in, old.since) == ("PYSEC-2026-7", "", None)
    assert audit.vulnerabilities("back", "4", ask) == []
    assert audit.vulnerabilities("good", "2.0", ask) == []


@pytest.mark.parametrize("pin", [("odd", "5"), ("list", "6"), ("unknown", "1")])
def test_what_the_index_does_not_tell_is_not_taken_for_good(
    audit: ModuleType, simple: str, pin: tuple[str, str]
) -> None:
    known, untold = audit.audit([pin, ("good", "2.0")], audit.index(simple))
    assert known == []
    assert [text.startswith(" ".join(pin)) for text in untold] == [True]


@pytest.mark.parametrize(("days", "late", "left"), [
    (2, None, "critical by 2026-11-12, high by 2026-11-17, medium by 2026-12-10"),
    (3, "TOO LATE when critical, high by", "medium by 2026-12-10"),
    (12, "TOO LATE when critical or high, medium", "medium by 2026-12-10"),
    (31, "TOO LATE when critical or high or medium", ""),
])  # fmt: skip
def test_the_time_frames(audit: ModuleType, days: int, late: str | None, left: str) -> None:
    since = date.fromisoformat(OUT)
    text = audit.Known("bad", "1.2", "CVE-2026-1", "1.2.1", since).sentence(since + timedelta(days=days))
    assert text.startswith("bad 1.2: CVE-2026-1; mended in 1.2.1 of 2026-11-10: ")
    assert text.endswith(left)
    assert ("TOO LATE" in text) is (late is not None)
    assert late is None or late in text


def test_the_time_frames_are_those_of_the_handbook(audit: ModuleType) -> None:
    text = (ROOT / "docs" / "beheer-server.md").read_text(encoding="utf-8")
    rule = text.partition("**Bijwerken naar ernst.**")[2].partition("\n\n")[0]
    assert "binnen 48 uur; hoog (7 of hoger) binnen een week; midden binnen een maand" in rule
    assert [frame.days for frame in audit.FRAMES.values()] == [2, 7, 30]


@pytest.mark.parametrize(("lock", "status"), [
    ("good==2.0 \\\n", 0), ("good==2.0 \\\nbad==1.2 \\\n", 1), ("good==2.0 \\\nodd==5 \\\n", 2),
    ("bad==1.2 \\\nodd==5 \\\n", 1),
])  # fmt: skip
def test_the_exit_status(
    audit: ModuleType, simple: str, lock: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(audit, "LOCKS", locks(tmp_path, server=lock))
    monkeypatch.setattr(audit, "settings_of_pip", lambda: (simple, None))
    assert audit.main(["server"]) == status
    said = capsys.readouterr()
    assert ("PYSEC-2026-7" in said.out) is (status == 1)
    assert ("odd 5" in said.err) is ("odd" in lock)
    assert "versions looked at" in said.out


def test_without_an_index_or_a_lock_it_is_one_sentence(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "settings_of_pip", lambda: ("file:///here/simple", None))
    assert audit.main([]) == 2
    assert audit.main(["none"]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_the_index_is_the_one_of_pip(audit: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.delenv("PIP_CERT", raising=False)
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://here.example/simple\ncert = /ca.pem\n", "utf-8")
    assert audit.settings_of_pip() == ("https://here.example/simple", "/ca.pem")
    monkeypatch.setenv("PIP_INDEX_URL", "https://there.example/simple")
    assert audit.settings_of_pip()[0] == "https://there.example/simple"
    monkeypatch.delenv("PIP_INDEX_URL")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    assert audit.settings_of_pip()[0].startswith("https://")
