"""What each command does. Each takes the parsed arguments and the clock, prints, and returns the exit status."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from diwi_desktop.cli import devices, inviting, missing, output, syncing
from diwi_desktop.cli.output import Bar, WrongUse, count, print_json, say, table
from diwi_desktop.cli.who import author
from diwi_desktop.model import rights
from diwi_desktop.model.catalogue import FieldType, Kind
from diwi_desktop.model.clock import DUTCH_TIME, Clock
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import Confidentiality, ProjectStatus
from diwi_desktop.model.finding import Finding, Refused, Severity, UserError
from diwi_desktop.model.notation import format_number, parse_date, value_words
from diwi_desktop.model.plan import Municipality
from diwi_desktop.model.values import EARLIEST, LATEST, BadValue
from diwi_desktop.store import Store, queries

Command = Callable[[Namespace, Clock], int]

DONE, ERRORS = 0, 1
_COLUMNS = (
    "id", "code", "name", "phase", "plan_status", "status", "confidentiality", "built", "demolished", "net",
    "area_m2",
)  # fmt: skip


def open_store(arguments: Namespace, clock: Clock, *, write: bool = False) -> Store:
    """The store of a command, for reading unless `write`, in the name of who was given with --user, else DIWI_USER.

    Raises StoreError, WrongUse when there is no such person, and Refused when he has no access.
    """
    store = Store.open(arguments.store, author=author(), clock=clock, read_only=not write)
    try:
        wanted = arguments.user or os.environ.get("DIWI_USER", "")
        if wanted:
            _work_as(store, wanted)
    except BaseException:
        store.close()
        raise
    return store


def _work_as(store: Store, wanted: str) -> None:
    from diwi_desktop.store.people import find_person

    try:
        store.act_as(find_person(store, wanted).id)
    except UserError as error:
        raise WrongUse(error.nl, error.en) from error
    refusal = rights.no_access(store.viewer)
    if refusal is not None:
        raise Refused([refusal])


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = parse_date(text)
        if not EARLIEST <= day <= LATEST:
            raise BadValue("date_range", f"{text}: het jaar moet tussen 1900 en 2200 liggen.",
                           f"{text}: the year must lie between 1900 and 2200.")  # fmt: skip
    except BadValue as error:
        raise WrongUse(error.nl, error.en) from error
    return day


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise WrongUse(f"Het bestand '{path}' is er niet.", f"The file '{path}' is not there.")
    return path


@contextmanager
def _progress(name: str) -> Iterator[Bar]:
    bar = Bar(name)
    try:
        yield bar
    finally:
        bar.close()


# --- making a store -------------------------------------------------------------------------------


def demo(arguments: Namespace, clock: Clock) -> int:
    """Make the demo municipality."""
    from diwi_desktop.demo import make_demo

    with _progress("Voorbeeldgemeente maken") as bar:
        make_demo(
            arguments.store, projects=arguments.projects, parcels=arguments.parcels, seed=arguments.seed, clock=clock,
            progress=bar,
        )  # fmt: skip
    say(f"{arguments.store}: {count(arguments.projects, 'project', 'projecten')} in Duinwijk.")
    return DONE


def init(arguments: Namespace, clock: Clock) -> int:
    """Make an empty store for a municipality."""
    municipality = Municipality(
        arguments.municipality_code, arguments.municipality, arguments.province, arguments.region
    )
    Store.create(arguments.store, municipality=municipality, author=author(), clock=clock).close()
    say(f"{arguments.store}: gemeente {municipality.name} ({municipality.code}), nog zonder projecten.")
    return DONE


# --- in and out -----------------------------------------------------------------------------------


def import_(arguments: Namespace, clock: Clock) -> int:
    """Read a file into the store: all of it or nothing."""
    from diwi_desktop.exchange.imports import import_file
    from diwi_desktop.exchange.messages import gathered

    path = _existing(arguments.file)
    wanted = missing.Wanted.of(arguments.create_missing)
    with open_store(arguments, clock, write=True) as store, _progress("Inlezen") as bar:
        wanted.check(store)
        result = wanted.read(
            store, lambda: import_file(store, path, arguments.kind, arguments.on_existing, progress=bar)
        )
    counts = {name: len(getattr(result, name)) for name in ("created", "updated", "unchanged", "skipped")}
    if arguments.json:
        print_json({"kind": result.kind, **counts, "objects": result.objects, **output.findings_json(result.findings)})
        return DONE
    if result.findings:
        output.print_findings(gathered(result.findings))
    if result.objects:
        say(f"{path.name}: {count(result.objects, 'object', 'objecten')} ingelezen.")
    else:
        words = [f"{counts['created']} nieuw"]
        if arguments.on_existing == "update":
            words += [f"{counts['updated']} gewijzigd", f"{counts['unchanged']} gelijk gebleven"]
        else:
            words.append(f"{counts['skipped']} overgeslagen")
        say(f"{path.name}: {', '.join(words)}.")
    return DONE


def check(arguments: Namespace, clock: Clock) -> int:
    """Show the findings of the municipality's own rules, or of a province's."""
    with open_store(arguments, clock) as store, _progress("Controleren") as bar:
        found: list[Finding]
        if arguments.profile:
            from diwi_desktop.exchange import provinces

            found = provinces.check(store, provinces.profile(arguments.profile), progress=bar)
        else:
            from diwi_desktop.quality import check as check_all

            found = check_all(store, progress=bar)
    if arguments.json:
        print_json(output.findings_json(found))
    else:
        output.print_findings(found)
    return ERRORS if output.blocking(found) else DONE


def export(arguments: Namespace, clock: Clock) -> int:
    """Write a province's file and keep a record of the submission."""
    from diwi_desktop.exchange import provinces

    profile = provinces.profile(arguments.profile)
    day, minimum = _day(arguments.date), _confidentiality(arguments.min_confidentiality)
    with open_store(arguments, clock, write=True) as store, _progress("Aanleveren") as bar:
        mapping = None
        if arguments.mapping:
            register = provinces.register_of(store)
            mapping = provinces.read_mapping_file(_existing(arguments.mapping), profile, register)
        result = provinces.export(
            store, profile, arguments.out, date=day, min_confidentiality=minimum,
            leave_out_faulty=arguments.leave_out_faulty, mapping=mapping, progress=bar,
        )  # fmt: skip
    gone = {item.project for item in result.left_out}
    if arguments.json:
        left_out = [
            {"project": item.project, "name": item.name, "codes": list(item.codes),
             "errors": [f.as_json() for f in output.blocking(result.findings) if f.project == item.project]}
            for item in result.left_out
        ]  # fmt: skip
        warnings = [f.as_json() for f in result.findings if f.severity is Severity.WARNING]
        print_json(
            {"file": str(result.path), "sha256": result.sha256, "date": result.reference_date.isoformat(),
             "log_seq": result.log_seq, "projects": list(result.projects), "left_out": left_out, "errors": [],
             "warnings": warnings}
        )  # fmt: skip
        return DONE
    shown = [f for f in result.findings if f.severity is Severity.WARNING or f.project in gone]
    if shown:
        output.print_findings(shown)
    say(f"{result.path}: {count(len(result.projects), 'project', 'projecten')}, {len(gone)} weggelaten.")
    return DONE


def _confidentiality(text: str | None) -> Confidentiality | None:
    if text is None:
        return None
    found = code_list("confidentiality").find(text)
    if found is None:
        known = ", ".join(code.key for code in code_list("confidentiality").codes)
        raise WrongUse(
            f"De vertrouwelijkheid '{text}' bestaat niet; kies uit: {known}.",
            f"There is no confidentiality '{text}'; choose from: {known}.",
        )
    return Confidentiality(found.key)


# --- reading --------------------------------------------------------------------------------------


def projects(arguments: Namespace, clock: Clock) -> int:
    """The table of projects."""
    with open_store(arguments, clock) as store:
        rows = queries.project_rows(store, store.moment(_day(arguments.as_of)))
    if arguments.json:
        print_json([_project_json(row) for row in rows])
        return DONE
    lists = {name: code_list(name) for name in ("phase", "plan_status", "confidentiality")}
    lines = [
        [
            row.code, _name(row), lists["phase"].label(row.phase), lists["plan_status"].label(row.plan_status),
            lists["confidentiality"].label(row.confidentiality), format_number(row.built),
            format_number(row.demolished), format_number(row.net),
            "" if row.area_m2 is None else format_number(row.area_m2, 0),
        ]
        for row in rows
    ]  # fmt: skip
    head = ["code", "naam", "fase", "planstatus", "vertrouwelijkheid", "bouw", "sloop", "netto", "m²"]
    for line in table(head, lines, right=range(5, 9)):
        say(line)
    say(count(len(rows), "project", "projecten"))
    return DONE


def _name(row: queries.ProjectRow) -> str:
    return f"{row.name} (afgebroken)" if row.status == ProjectStatus.TERMINATED else row.name


def _project_json(row: queries.ProjectRow) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in _COLUMNS}
    found["area_m2"] = None if row.area_m2 is None else round(row.area_m2, 1)
    return found


def show(arguments: Namespace, clock: Clock) -> int:
    """Everything about one project."""
    from diwi_desktop.cli.show import Description

    with open_store(arguments, clock) as store:
        moment = store.moment(_day(arguments.as_of))
        found = Description(store, queries.find_project(store, arguments.project), moment)
        if arguments.json:
            print_json(found.as_json())
        else:
            for line in found.lines():
                say(line)
    return DONE


def set_(arguments: Namespace, clock: Clock) -> int:
    """One edit."""
    from diwi_desktop.cli.edit import set_field

    with open_store(arguments, clock, write=True) as store:
        project = queries.find_project(store, arguments.project)
        edited = set_field(store, project, arguments.field, arguments.value)
    old, new = edited.old or "(leeg)", edited.new or "(leeg)"
    say(f"{edited.field}: {old} → {new}" if old != new else f"{edited.field}: was al {new}")
    return DONE


def history(arguments: Namespace, clock: Clock) -> int:
    """The acts on the register, or the changes of one project; latest first."""
    with open_store(arguments, clock) as store:
        if arguments.project is None:
            _acts(store, arguments.json)
        else:
            _changes(store, queries.find_project(store, arguments.project), arguments.json)
    return DONE


_EVERYTHING = 2**31


def _acts(store: Store, as_json: bool) -> None:
    acts = queries.acts(store, limit=_EVERYTHING)
    if as_json:
        names = ("seq", "id", "name", "kind", "author", "made_at")
        print_json([{name: getattr(act, name) for name in names} for act in acts])
        return
    lines = [[str(act.seq), _local(act.made_at), act.author, act.name] for act in acts]
    for line in table(["nr", "wanneer", "wie", "wat"], lines, right=(0,)):
        say(line)


def _changes(store: Store, project: str, as_json: bool) -> None:
    entries = queries.history(store, project=project, limit=_EVERYTHING)
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    options = queries.options(store)
    made = {e.entity: e.new for e in entries if not e.field and isinstance(e.new, dict)}
    lines = [[_local(e.made_at), e.author, e.act_name, *_what(store, e, options, made)] for e in entries]
    for line in table(["wanneer", "wie", "handeling", "wat", "oud", "nieuw"], lines):
        say(line)


def _local(stamp: str) -> str:
    """A moment of the log in Dutch time."""
    return datetime.fromisoformat(stamp).astimezone(DUTCH_TIME).strftime("%d-%m-%Y %H:%M")


def _what(
    store: Store, entry: queries.HistoryEntry, options: Any, made: Mapping[str, Mapping[str, Any]]
) -> tuple[str, str, str]:
    """What a change was about, the old value and the new one. `made` has what each part was made with."""
    kind = store.catalogue.kind(entry.kind)
    which = _which(kind, made.get(entry.entity, {}), options)
    part = f"{kind.nl} {which}" if which else kind.nl
    if not entry.field:
        return f"{part} gemaakt", "", _made_with(kind, entry.new or {}, options)
    field = kind.by_key.get(entry.field)
    if field is None:
        return f"{part} {'verwijderd' if entry.new else 'teruggezet'}", "", ""
    if field.type is FieldType.REFERENCE:
        return f"{part}: {field.nl}", str(entry.old or ""), str(entry.new or "")
    return f"{part}: {field.nl}", value_words(field, entry.old, options), value_words(field, entry.new, options)


# By what people know one part from another, first what it is called.
_KNOWN_BY = {
    "milestone": "type", "delivery": "date", "houseblock": "name", "ownership": "type", "share": "option",
    "parcel_link": "designation", "document": "name",
}  # fmt: skip
# What else tells what was made.
_MADE_WITH = {"milestone": ("date", "state"), "delivery": ("number",), "houseblock": ("number",),
              "ownership": ("number",), "share": ("number",), "project": ("name",)}  # fmt: skip


def _which(kind: Kind, values: Mapping[str, Any], options: Any) -> str:
    """Which part of a project, as it was when it was made: 'Start bouw woningen', '01-05-2028'."""
    key = _KNOWN_BY.get(kind.kind, "")
    text = value_words(kind.by_key[key], values.get(key), options) if key in kind.by_key else ""
    return f"'{text}'" if text else ""


def _made_with(kind: Kind, values: Mapping[str, Any], options: Any) -> str:
    keys = [key for key in _MADE_WITH.get(kind.kind, ()) if values.get(key) is not None]
    return ", ".join(value_words(kind.by_key[key], values[key], options) for key in keys)


def users(arguments: Namespace, clock: Clock) -> int:
    """People, groups and what is theirs."""
    from diwi_desktop.cli.users import ACTIONS

    with open_store(arguments, clock, write=arguments.action is not None) as store:
        ACTIONS[arguments.action](store, arguments)
    return DONE


def verify(arguments: Namespace, clock: Clock) -> int:
    """Rebuild the tables from the log and compare."""
    from diwi_desktop.store.verify import verify as compare

    with open_store(arguments, clock) as store:
        problems = compare(store)
    for problem in problems:
        say(problem)
    if problems:
        return ERRORS
    say("Het bestand is in orde: de tabellen volgen uit het logboek.")
    return DONE


COMMANDS: dict[str, Command] = {
    "demo": demo,
    "init": init,
    "import": import_,
    "projects": projects,
    "show": show,
    "set": set_,
    "check": check,
    "export": export,
    "history": history,
    "verify": verify,
    "users": users,
    **syncing.COMMANDS,
    **devices.COMMANDS,
    **inviting.COMMANDS,
}
