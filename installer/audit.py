"""Are the packages in the lock files known to be vulnerable, and for how long has there been a mended version?

`./dev audit` runs it (ASVS 15.2.1). It asks the index that pip uses, which names the vulnerabilities of one version in
the JSON of that version (`vulnerabilities`, from the advisory database of the Python Packaging Authority). How serious
one is does not stand there: per weight it is said whether the time in which docs/beheer-server.md wants it mended is
over. Standard library only. Exit status: 0 nothing known, 1 something to mend, 2 not everything could be asked.
"""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

LOCKS = Path(__file__).resolve().parent / "requirements"
# docs/beheer-server.md, "Bijwerken naar ernst": within how many days, by weight.
FRAMES = {"critical": timedelta(days=2), "high": timedelta(days=7), "medium": timedelta(days=30)}
AT_ONCE, SECONDS, MOST_BYTES = 4, 30, 50_000_000

Ask = Callable[[str, str], Mapping[str, Any]]


class NotTold(Exception):
    """The index did not answer, or not with what is asked of it."""


@dataclass(frozen=True, order=True)
class Known:
    """A vulnerability of a locked version; `since`: the day from which there has been a version without it."""

    package: str
    version: str
    name: str
    mended_in: str
    since: date | None

    def sentence(self, today: date) -> str:
        what = f"{self.package} {self.version}: {self.name}"
        if self.since is None:
            return f"{what}; no mended version yet"
        over = [weight for weight, frame in FRAMES.items() if today > self.since + frame]
        left = [f"{weight} by {self.since + frame}" for weight, frame in FRAMES.items() if weight not in over]
        late = f"TOO LATE when {' or '.join(over)}" if over else ""
        return f"{what}; mended in {self.mended_in} of {self.since}: {', '.join(filter(None, [late, *left]))}"


def locked(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Every package and version that lock files name, once."""
    pins = (re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE) for text in texts)
    return sorted({pin for found in pins for pin in found})


def vulnerabilities(package: str, version: str, ask: Ask) -> list[Known]:
    """What is known of one version, without what was taken back. Raises NotTold."""
    found = ask(package, version).get("vulnerabilities")
    if not isinstance(found, list):
        raise NotTold(f"{package} {version}: the index tells no vulnerabilities")
    known = []
    for one in found:
        if one.get("withdrawn"):
            continue
        names = [str(one.get("id", "?")), *(str(name) for name in one.get("aliases") or ())]
        mended = sorted(map(str, one.get("fixed_in") or ()), key=_in_order)
        later = [other for other in mended if _in_order(other) > _in_order(version)]
        since = _day(ask(package, later[0])) if later else None
        known.append(Known(package, version, " ".join(dict.fromkeys(names)), later[0] if later else "", since))
    return known


def _in_order(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _day(answer: Mapping[str, Any]) -> date | None:
    """The day on which a version came out."""
    days = [str(one.get("upload_time_iso_8601") or "")[:10] for one in answer.get("urls") or ()]
    return min((date.fromisoformat(day) for day in days if day), default=None)


# -- the index --------------------------------------------------------------------------------------------------------


def settings_of_pip() -> tuple[str, str | None]:
    """The address of the index as pip has it configured, else its own, and the certificates to believe."""
    pip = [sys.executable, "-m", "pip"]
    listed = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False).stdout
    told = re.findall(r"^(global|:env:)\.([a-z-]+)='(.*)'$", listed, re.MULTILINE)
    found = {name: value for _, name, value in sorted(told, key=lambda one: one[0] == ":env:")}  # that goes before
    if "index-url" not in found:
        text = subprocess.run([*pip, "download", "--help"], capture_output=True, text=True, check=False).stdout
        own = re.search(r"--index-url <url>.*?\(default\s+(\S+)\)", text, re.DOTALL)
        found["index-url"] = own[1] if own else ""
    return found["index-url"], found.get("cert")


def index(simple: str, certificates: str | None = None) -> Ask:
    """Asks an index, by the address pip has for it, about one version. Raises NotTold."""
    base = re.sub(r"/simple/?$", "/pypi", simple)
    if not base.startswith(("https://", "http://127.0.0.1")):
        raise NotTold("pip has no index with an address that begins with https")
    context = ssl.create_default_context(cafile=certificates)
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))

    def ask(package: str, version: str) -> Mapping[str, Any]:
        try:
            with opener.open(f"{base}/{package}/{version}/json", timeout=SECONDS) as answer:
                told = json.loads(answer.read(MOST_BYTES))
        except (OSError, ValueError) as error:
            raise NotTold(f"{package} {version}: {error}") from error
        if not isinstance(told, dict):
            raise NotTold(f"{package} {version}: the index tells no vulnerabilities")
        return told

    return ask


def audit(pins: Iterable[tuple[str, str]], ask: Ask) -> tuple[list[Known], list[str]]:
    """What is known of these packages, and what could not be asked."""
    known: list[Known] = []
    untold: list[str] = []

    def look(pin: tuple[str, str]) -> list[Known] | str:
        try:
            return vulnerabilities(*pin, ask)
        except NotTold as error:
            return str(error)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for told in pool.map(look, pins):
            if isinstance(told, str):
                untold.append(told)
            else:
                known += told
    return sorted(known), untold


def main(arguments: list[str]) -> int:
    """All lock files, or those whose names are given."""
    try:
        texts = [(LOCKS / f"{name}.lock").read_text(encoding="utf-8") for name in arguments or ["runtime", "server"]]
        pins = locked(texts)
        known, untold = audit(pins, index(*settings_of_pip()))
    except (NotTold, OSError) as error:
        print(f"audit: {error}", file=sys.stderr)
        return 2
    today = datetime.now(UTC).date()
    for one in known:
        print(one.sentence(today))
    for text in untold:
        print(f"not asked: {text}", file=sys.stderr)
    print(f"audit: {len(pins) - len(untold)} of {len(pins)} versions looked at, {len(known)} known vulnerabilities")
    return 1 if known else 2 if untold else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
