"""Run the benchmarks named on the command line, or all, and print one table."""

from __future__ import annotations

import importlib
import math
import sys

from bench.result import Result

ALL = (
    "start_up", "project_table", "one_edit", "as_of", "excel_import", "zh_export", "pan_zoom", "stalls",
    # With PostgreSQL on this machine.
    "server_push", "sync_pull", "sync_first", "sync_idle", "server_crowd", "server_growth",
)  # fmt: skip


def main(names: list[str]) -> int:
    """Print the table; the exit status is 1 when a bar is missed, 2 for an unknown name."""
    if unknown := [name for name in names if name not in ALL]:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(ALL)}", file=sys.stderr)
        return 2
    results: list[Result] = []
    for name in names or ALL:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        results += importlib.import_module(f"bench.{name}").measure()
    print(f"{'what':<58} {'value':>12} {'against':>12} {'ratio':>8} {'bar':>7}")
    for r in results:
        ratio = f"{r.figure:.2f}" if r.base else "-"
        against = f"{r.base:.4g} {r.unit}" if r.base else "-"
        bar = f"{r.bar:g}" if math.isfinite(r.bar) else "-"
        print(f"{r.what:<58} {r.value:>9.4g} {r.unit:<2} {against:>12} {ratio:>8} {bar:>7} {'' if r.met else 'MISSED'}")
    return 0 if all(r.met for r in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
