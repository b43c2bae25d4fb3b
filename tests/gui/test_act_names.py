"""Every name that an act gets, wherever in the program, is known in English too."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

from diwi_desktop.gui.actnames import act_name
from tests.gui.test_translation import english

__all__ = ["english"]

CODE = Path(__file__).parents[2] / "diwi_desktop"
SOMEBODY = "Jan"  # in the place of what is only known when it happens
# Which argument the name is, by what is called.
PLACES = {"act": 0, "editing.apply": 0, "_editing.apply": 0, "acts.apply": 3, "WireAct": 1, "change": 3}


Constants = dict[str, list[ast.expr]]


def constants(module: ast.Module) -> Constants:
    """What is given a name outside functions, by name."""
    found: Constants = {}
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def texts(node: ast.expr, inside: ast.AST, here: Constants, elsewhere: Constants) -> set[str]:
    """What an expression in a function can be, as far as it can be read."""

    def all_of(nodes: Iterable[ast.expr]) -> set[str]:
        return set().union(*(texts(one, inside, here, elsewhere) for one in nodes))

    match node:
        case ast.Constant(value=str() as text):
            return {text}
        case ast.IfExp():
            return all_of((node.body, node.orelse))
        case ast.JoinedStr():
            return {"".join(chosen) for chosen in product(*(all_of([part]) or {SOMEBODY} for part in node.values))}
        case ast.FormattedValue() | ast.Subscript(value=ast.Name()):
            return all_of([node.value])
        case ast.Dict():
            return all_of(node.values)
        case ast.Name():
            return all_of([*local(node.id, inside), *here.get(node.id, ())])
        case ast.Attribute():
            return all_of(elsewhere.get(node.attr, ()))
    return set()


def local(name: str, inside: ast.AST) -> Iterator[ast.expr]:
    """What a function gives a name itself, or takes for it when nothing is said."""
    for node in ast.walk(inside):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            yield node.value
        elif isinstance(node, ast.arguments):
            named = node.args[len(node.args) - len(node.defaults) :]
            yield from (value for one, value in zip(named, node.defaults, strict=True) if one.arg == name)


def called(function: ast.expr) -> str:
    """The last words of what is called: `acts.apply`, else `act`."""
    match function:
        case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name):
            return f"{owner}.{name}" if f"{owner}.{name}" in PLACES else name
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def names() -> dict[str, str]:
    """Every name, with the module it stands in; not those of which no word can be read."""
    code = {path: path.read_text("utf-8") for path in sorted(CODE.rglob("*.py"))}
    calling = {path: text for path, text in code.items() if any(f"{call}(" in text for call in PLACES)}
    modules = {path: ast.parse(text) for path, text in calling.items()}
    known = {path: constants(module) for path, module in modules.items()}
    everywhere: Constants = {}
    for here in known.values():
        for name, values in here.items():
            everywhere.setdefault(name, []).extend(values)
    found: dict[str, str] = {}
    for path, module in modules.items():
        for function in [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]:
            for node in ast.walk(function):
                place = PLACES.get(called(node.func)) if isinstance(node, ast.Call) else None
                if place is not None and isinstance(node, ast.Call) and len(node.args) > place:
                    for name in texts(node.args[place], function, known[path], everywhere):
                        if name.replace(SOMEBODY, "").strip():
                            found.setdefault(name, path.relative_to(CODE).as_posix())
    return found


def test_each_name_of_an_act_has_an_english_one(english: None) -> None:
    found = names()
    some = {
        "Persoon geblokkeerd": "server/accounts/people.py",
        "Toegang geactiveerd": "server/accounts/people.py",
        "Persoon toevoegen": "server/registers.py",
        "Percelen inlezen": "basedata/layers.py",
        "Ontbrekende velden en keuzes toevoegen": "exchange/missing.py",
        "Rol van Jan wijzigen": "cli/users.py",
    }
    assert some.items() <= found.items()
    assert {name: place for name, place in found.items() if act_name(name) == name} == {}
