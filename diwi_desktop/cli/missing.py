"""What `--create-missing` asks for: own fields and choices that a file names and the register does not have yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from diwi_desktop.cli.output import WrongUse, blocking
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import OwnFieldType
from diwi_desktop.model.finding import Finding

if TYPE_CHECKING:
    from diwi_desktop.exchange.imports import ImportFailed, ImportResult
    from diwi_desktop.store import Store

OPTION = "--create-missing"
#: The words for a type, for a command line: without spaces. Labels and keys of the list are understood as well.
WORDS = {
    "categorie": OwnFieldType.CATEGORY,
    "gerangschikt": OwnFieldType.ORDINAL,
    "getal": OwnFieldType.NUMERIC,
    "ja/nee": OwnFieldType.BOOLEAN,
    "tekst": OwnFieldType.TEXT,
}


@dataclass(frozen=True)
class Wanted:
    """`everything`: all that is missing, each with its guessed type; `types`: the type of the fields that were named,
    by the form of the name in which names are compared.
    """

    everything: bool
    types: dict[str, OwnFieldType]
    names: dict[str, str]

    @classmethod
    def of(cls, given: Sequence[str]) -> Wanted:
        """What was typed: empty, or a name and a type with = in between. Raises WrongUse."""
        from diwi_desktop.exchange.register import key_of

        types: dict[str, OwnFieldType] = {}
        names: dict[str, str] = {}
        for one in given:
            if not one:
                continue
            name, equals, word = one.rpartition("=")
            key = key_of(name)
            if not (equals and key):
                raise WrongUse(
                    f"{OPTION}: '{one}' is geen NAAM=SOORT, zoals Opdrachtgever=categorie.",
                    f"{OPTION}: '{one}' is no NAAM=SOORT, such as Opdrachtgever=categorie.",
                )
            kind = _type(word)
            if types.get(key, kind) is not kind:
                raise WrongUse(f"{OPTION}: '{name}' krijgt twee soorten.", f"{OPTION}: '{name}' is given two types.")
            types[key], names[key] = kind, name.strip()
        return cls(not all(given), types, names)

    def check(self, store: Store) -> None:
        """Raises WrongUse when a field that was named is there already and is of another type."""
        from diwi_desktop.exchange.register import key_of
        from diwi_desktop.store import queries

        for own in queries.own_fields(store):
            kind = self.types.get(key_of(own.name), own.type)
            if kind is not own.type:
                nl, en = (code_list("own_field_type").label(own.type, language) for language in ("nl", "en"))
                raise WrongUse(
                    f"{OPTION}: het eigen veld '{own.name}' is er al, met de soort {nl}.",
                    f"{OPTION}: the own field '{own.name}' is there already, as {en}.",
                )

    def read(self, store: Store, go: Callable[[], ImportResult]) -> ImportResult:
        """Do the import `go`, making what was asked for of what it misses; when it fails after all, that goes again.

        Raises what `go` raises, with what the user can do about it, and WrongUse.
        """
        from diwi_desktop.exchange.imports import ImportFailed

        made = 0
        try:
            while True:  # the choices of a field of another type than its guess are missing once the field is there
                try:
                    return go()
                except ImportFailed as failed:
                    self._create(store, failed)
                    made += 1
        except BaseException:
            for _ in range(made):
                store.undo()
            raise

    def _create(self, store: Store, failed: ImportFailed) -> None:
        """One act with all that takes the errors away; the refusal itself when that is not all of them."""
        from diwi_desktop.exchange.missing import create_missing, key_of_fix, wanted
        from diwi_desktop.exchange.register import key_of
        from diwi_desktop.store import queries

        refusal = failed if self.everything else _told(failed)
        if not (self.everything or self.types):
            raise refusal
        self._known(store, failed.findings)
        own = {o.id for o in queries.own_fields(store) if key_of(o.name) in self.types}
        missing = wanted(failed.findings)
        chosen: list[Finding] = []
        for finding in blocking(failed.findings):
            fix, key = finding.fix, key_of_fix(finding.fix)
            kind = self.types.get(key[2]) if key is not None and key[0] == "own_field" else None
            if kind is not None and key is not None:
                _fits(missing[key], kind)
                chosen.append(replace(finding, fix={**fix, "type": kind.value}))
            elif fix.get("create") and (self.everything or fix.get("list") in own):
                chosen.append(finding)
            else:
                raise refusal
        if not create_missing(store, chosen):
            raise refusal

    def _known(self, store: Store, findings: Sequence[Finding]) -> None:
        from diwi_desktop.exchange.register import key_of
        from diwi_desktop.store import queries

        missing = {key_of(f.fix["name"]) for f in findings if f.fix.get("create") == "own_field"}
        there = {key_of(own.name) for own in queries.own_fields(store)}
        for key, name in self.names.items():
            if key not in missing | there:
                raise WrongUse(
                    f"{OPTION}: het bestand vraagt geen eigen veld '{name}'.",
                    f"{OPTION}: the file asks for no own field '{name}'.",
                )


def _fits(fix: Mapping[str, Any], kind: OwnFieldType) -> None:
    """Raises WrongUse for a type that the values in the file do not allow."""
    from diwi_desktop.exchange.missing import types_of

    if kind in types_of(fix):
        return
    name, example = fix["name"], fix["unfit"][kind.value]
    if not example:
        raise WrongUse(
            f"{OPTION}: '{name}' staat in het bestand als categorie en kan geen andere soort krijgen.",
            f"{OPTION}: the file has '{name}' as a category, so it can have no other type.",
        )
    nl, en = (code_list("own_field_type").label(kind, language) for language in ("nl", "en"))
    raise WrongUse(
        f"{OPTION}: '{name}' kan niet de soort {nl} krijgen; in het bestand staat bijvoorbeeld '{example}'.",
        f"{OPTION}: '{name}' cannot be of type {en}; the file has '{example}' for instance.",
    )


def _type(word: str) -> OwnFieldType:
    found = WORDS.get(word.strip().casefold())
    code = code_list("own_field_type").find(word)
    if found is None and code is None:
        known = ", ".join(WORDS)
        raise WrongUse(
            f"{OPTION}: '{word}' is geen soort veld; kies uit {known}.",
            f"{OPTION}: '{word}' is no type of field; choose from {known}.",
        )
    return found or OwnFieldType(code.key if code else "")


def _told(failed: ImportFailed) -> ImportFailed:
    """The same refusal, with the option that would have made what is missing, if anything is."""
    from diwi_desktop.exchange.imports import ImportFailed

    fixes = [f.fix for f in blocking(failed.findings) if f.fix.get("create")]
    if not fixes:
        return failed
    nl = f"{failed.nl} {OPTION} maakt eigen velden en keuzes die ontbreken"
    en = f"{failed.en} {OPTION} makes own fields and choices that are missing"
    name = next((str(fix["name"]) for fix in fixes if fix["create"] == "own_field"), None)
    if name is not None:
        nl += f"; {OPTION} '{name}=categorie' kiest zelf de soort ({', '.join(WORDS)})"
        en += f"; {OPTION} '{name}=categorie' chooses the type ({', '.join(WORDS)})"
    return ImportFailed(f"{nl}.", f"{en}.", findings=failed.findings)


def separated(arguments: Sequence[str]) -> list[str]:
    """The words of a command line, in which the option takes the next word only when that is NAAM=SOORT.

    So `import STORE --create-missing plannen.xlsx` goes on meaning what it did.
    """
    found = list(arguments)
    for place, word in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else ""
        if word == OPTION and ("=" not in following or following.startswith("-")):
            found[place] = f"{OPTION}="
    return found
