"""What an administrator installs from: units, compose file, container file and proxies hang together."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from diwi_desktop.server import cli
from diwi_desktop.server.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
HERE = ROOT / "installer" / "server"


@pytest.fixture
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8")))


def commands(text: str) -> list[list[str]]:
    """Every `diwi-server` command in a text, without its redirections."""
    found = re.findall(
        r"diwi-server ((?:serve|maintain|backup|doctor|init|upgrade|new-key|rotate-keys)\b[^;&\n`]*)", text
    )
    return [one.split() for one in found]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here to verify units with")
def test_the_units_are_right_and_closed(tmp_path: Path) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    for path in HERE.glob("diwi-server*"):
        if path.suffix in (".service", ".timer"):
            text = path.read_text(encoding="utf-8").replace("/opt/diwi/bin/diwi-server", "/bin/true")
            (folder / path.name).write_text(text, encoding="utf-8")
    units = sorted(map(str, folder.iterdir()))
    assert len(units) == 3
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "diwi-server" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("name", ["diwi-server.service", "diwi-server-maintain.service"])
def test_the_commands_in_the_units_exist(name: str) -> None:
    text = (HERE / name).read_text(encoding="utf-8")
    found = commands("\n".join(line for line in text.splitlines() if line.startswith("ExecStart=")))
    assert found
    for arguments in found:
        cli.parser().parse_args(arguments)
    assert "NoNewPrivileges=yes" in text
    assert "ProtectSystem=strict" in text


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    assert compose["networks"]["inside"]["internal"] is True
    assert services["database"]["networks"] == ["inside"]
    for name in ("server", "maintenance"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    proxy = services["proxy"]["networks"]["outside"]["ipv4_address"]
    assert services["server"]["environment"]["DIWI_SERVER_TRUSTED_PROXIES"] == f'["{proxy}"]'
    cli.parser().parse_args(services["server"]["command"])
    for arguments in commands(services["maintenance"]["entrypoint"][-1]):
        cli.parser().parse_args(arguments)


def test_every_setting_that_is_named_exists(compose: dict[str, Any]) -> None:
    text = (HERE / "diwi.env.example").read_text(encoding="utf-8") + str(compose)
    text += (ROOT / "docs" / "beheer-server.md").read_text(encoding="utf-8")
    named = {name.lower() for name in re.findall(r"DIWI_SERVER_([A-Z_]+)", text)} - {"settings"}
    assert named <= set(Settings.model_fields)


def test_secrets_are_handed_over_and_stand_in_no_setting(compose: dict[str, Any]) -> None:
    """By systemd where there is systemd, by the container where there are containers (ASVS 13.3.1)."""
    book = (ROOT / "docs" / "beheer-server.md").read_text(encoding="utf-8")
    server, daily = (
        set(re.findall(r"^LoadCredentialEncrypted=(\S+)$", (HERE / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("diwi-server.service", "diwi-server-maintain.service")
    )
    handed = server
    assert daily == {"diwi-owner"}  # what the server itself never gets
    assert server | daily == set(re.findall(r"systemd-creds encrypt --name=(\S+)", book))
    assert set(re.findall(r"/run/credentials/diwi-server\.service/([a-z-]+)", book)) <= handed
    used = set()
    for service in compose["services"].values():
        named = set(re.findall(r"/run/secrets/([a-z]+)", str(service.get("environment", {}))))
        assert named == set(service.get("secrets", ()))
        used |= named
    assert used == set(compose["secrets"])
    text = (HERE / "diwi.env.example").read_text(encoding="utf-8")
    assert not re.search(r"(?i)^\S*(password|key|secret)\S*=", text, re.MULTILINE)
    chapter = book.partition("## Geheimen")[2].partition("\n## ")[0]
    found = commands(re.sub(r"[#|)].*", "", chapter))
    assert ["rotate-keys", "--given"] in found
    for arguments in found:
        cli.parser().parse_args(arguments)


def test_the_owner_does_one_command_with_what_only_he_gets(tmp_path: Path) -> None:
    script = HERE / "diwi-owner"
    assert os.access(script, os.X_OK)
    stub = tmp_path / "systemd-run"
    stub.write_text('#!/bin/sh\nfor one in "$@"; do echo "$one"; done\n', encoding="utf-8")
    stub.chmod(0o755)
    surroundings = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run([script, "user", "add", "a b"], env=surroundings, capture_output=True, text=True, check=True)
    *options, program, first, second, third = done.stdout.splitlines()
    assert (program, first, second, third) == ("/opt/diwi/bin/diwi-server", "user", "add", "a b")
    assert "--uid=diwi" in options
    assert [one for one in options if "PGSSLKEY" in one] == [
        "--setenv=PGSSLKEY=/run/credentials/diwi-owner.service/diwi-owner"
    ]
    assert "--unit=diwi-owner" in options


def test_no_password_stands_in_the_files() -> None:
    for path in (one for one in HERE.rglob("*") if one.is_file()):
        text = path.read_text(encoding="utf-8")
        assert re.search(r"(?i)password[=:] *[\"']?[a-z0-9]{4,}", text) is None, path.name


def test_the_container_copies_what_is_there_and_is_not_root() -> None:
    text = (HERE / "Containerfile").read_text(encoding="utf-8")
    for source in re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE):
        assert (ROOT / source).exists(), source
    assert "--require-hashes" in text
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    server = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))["services"]["database"]["image"]
    assert server.startswith("postgis/postgis:15-")  # pg_dump of Debian 12 is 15, and refuses a newer server


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf.example"])
def test_proxies_speak_only_what_ncsc_calls_good(name: str) -> None:
    text = (HERE / name).read_text(encoding="utf-8")
    assert not re.search(r"(?i)tlsv?1\.[01]\b|sslv|rc4|3des|_cbc|-cbc|md5|\bAES(128|256)-SHA", text)
    assert "/metrics" in text
    assert "return 301" not in text  # ASVS 4.1.2: what is asked without encryption must fail, not be led on
    assert text.count("{") == text.count("}")
