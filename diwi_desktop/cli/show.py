"""Everything about one project, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from diwi_desktop.cli.output import SEVERITY_NL, table
from diwi_desktop.model.catalogue import OWN_PREFIX, Field, FieldType, Kind
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.derive import homes_per_year, per_year, phase_on, project_status, status_on
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.notation import format_number, value_words
from diwi_desktop.model.plan import Block, Option, Plan
from diwi_desktop.quality import context_of, findings
from diwi_desktop.store import Store, queries
from diwi_desktop.store.people import names
from diwi_desktop.store.plans import plan as read_plan

_NOT_SHOWN = frozenset({"code", "name", "parent"})


class Description:
    """One project at one moment, with what follows from it and what the rules find."""

    def __init__(self, store: Store, project: str, moment: Moment) -> None:
        self.plan: Plan = read_plan(store, project, moment)
        self.moment = moment
        self.options: Mapping[str, Option] = queries.options(store, moment)
        self.people = names(store, moment)
        self.findings: list[Finding] = findings(self.plan, context_of(store, moment))
        self._project = store.catalogue.kind("project")
        self._block = store.catalogue.kind("houseblock")
        self._catalogue = store.catalogue
        family = queries.entities(store, "project", moment=moment)
        self.mother = next((r for r in family if r["id"] == self.plan.parent), None)
        self.daughters = [r for r in family if r["parent"] == self.plan.id]
        self.areas = [(area, _square_metres(area.geometry)) for area in self.plan.areas]

    @property
    def phase(self) -> str | None:
        return phase_on(self.plan.milestones, self.moment.on, self.moment.today)

    @property
    def plan_status(self) -> str | None:
        return status_on(self.plan.milestones, self.moment.on, self.moment.today)

    @property
    def area_m2(self) -> float | None:
        return round(sum(m2 for _, m2 in self.areas), 1) if self.areas else None

    # -- for programs -----------------------------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        """Dates in ISO form, codes as keys, options by name, money as [low, high] in euro cents, areas in m2."""
        plan = self.plan
        return {
            "id": plan.id,
            "code": plan.code,
            "name": plan.name,
            "phase": self.phase,
            "plan_status": self.plan_status,
            "status": project_status(plan, self.moment.on),
            "built": plan.built,
            "demolished": plan.demolished,
            "net": plan.net,
            "area_m2": self.area_m2,
            "mother": _family(self.mother) if self.mother else None,
            "sub_plans": [_family(row) for row in self.daughters],
            **{f.key: self._json(f, getattr(plan, f.key)) for f in self._project.fields
               if not f.own and f.key not in _NOT_SHOWN},
            "own": self._own_json(self._project, plan.own),
            "per_year": [
                {"year": year, "built": built, "demolished": gone}
                for year, (built, gone) in homes_per_year(plan.blocks).items()
            ],
            "blocks": [self._block_json(block) for block in plan.blocks],
            "milestones": [self._part("milestone", m) for m in plan.milestones],
            "plan_areas": [
                {"id": area.id, "area_m2": round(m2, 1), "geometry": _geojson(area.geometry)} for area, m2 in self.areas
            ],
            "parcels": [{"id": p.id, "designation": p.designation, "local_id": p.local_id} for p in plan.parcels],
            "writers": [self.people.get(w.owner, w.owner) for w in plan.writers],
            "findings": [f.as_json() for f in self.findings],
        }  # fmt: skip

    def _block_json(self, block: Block) -> dict[str, Any]:
        return {
            **self._part("houseblock", block),
            "own": self._own_json(self._block, block.own),
            "per_year": {str(year): number for year, number in per_year(block).items()},
            "deliveries": [self._part("delivery", d) for d in block.deliveries],
            "ownerships": [self._part("ownership", o) for o in block.ownerships],
            "shares": [
                {"list": self.options[s.option].list if s.option in self.options else None, **self._part("share", s)}
                for s in block.shares
            ],
        }

    def _part(self, kind: str, part: Any) -> dict[str, Any]:
        fields = [f for f in self._catalogue.kind(kind).fields if not f.own and not f.fixed]
        return {"id": part.id, **{f.key: self._json(f, getattr(part, f.key)) for f in fields}}

    def _own_json(self, kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
        return {f.nl: self._json(f, values.get(f.key.removeprefix(OWN_PREFIX))) for f in kind.fields if f.own}

    def _json(self, field: Field, value: Any) -> Any:
        if value is None:
            return None
        match field.type:
            case FieldType.DATE:
                return value if isinstance(value, str) else value.isoformat()
            case FieldType.OPTION:
                return self._name(value)
            case FieldType.OPTIONS | FieldType.ORDINAL:
                return [self._name(key) for key in value]
            case FieldType.CODES | FieldType.RANGE_MONEY | FieldType.RANGE_NUMBER:
                return list(value)
            case _:
                return value

    def _name(self, key: str) -> str | None:
        return self.options[key].name if key in self.options else None

    # -- for people -------------------------------------------------------------------------------------------

    def lines(self) -> list[str]:
        """The same as text."""
        plan = self.plan
        found = [f"{plan.name} ({plan.code})", ""]
        rows = [
            ["Projectfase", code_list("phase").label(self.phase)],
            ["Planstatus", code_list("plan_status").label(self.plan_status)],
            ["Stand", code_list("project_status").label(project_status(plan, self.moment.on))],
            ["Bouw, sloop, netto", " / ".join(map(format_number, (plan.built, plan.demolished, plan.net)))],
            ["Oppervlakte", f"{format_number(self.area_m2, 1)} m²" if self.area_m2 else ""],
            ["Moederplan", self.mother["name"] if self.mother else ""],
            ["Deelplannen", "; ".join(row["name"] for row in self.daughters)],
        ]
        rows += [[f.nl, self._text(f, self._value(plan, f))] for f in self._project.fields if f.key not in _NOT_SHOWN]
        rows += [["Schrijfrechten", "; ".join(self.people.get(w.owner, "") for w in plan.writers)]]
        width = max(len(label) for label, text in rows if text)
        found += [f"{label.ljust(width)}  {text}" for label, text in rows if text]
        for block in plan.blocks:
            found += ["", *self._block_lines(block)]
        years = homes_per_year(plan.blocks)
        found += self._section("Woningen per jaar", ["jaar", "bouw", "sloop"],
                               [[str(y), str(b), str(s)] for y, (b, s) in years.items()], right=(1, 2))  # fmt: skip
        found += self._parts("Mijlpalen", "milestone", plan.milestones, ("date", "type", "state", "basis", "note"))
        found += self._section("Percelen", ["aanduiding"], [[p.designation] for p in plan.parcels])
        found += self._section("Bevindingen", ["soort", "code", "bevinding"],
                               [[SEVERITY_NL[f.severity], f.code, f.nl] for f in self.findings])  # fmt: skip
        return found

    def _block_lines(self, block: Block) -> list[str]:
        title = (
            f"Blok '{block.name}': {code_list('mutation').label(block.mutation).lower()}, {format_number(block.number)}"
        )
        skip = ("name", "mutation", "number")
        rows = [
            (f.nl, self._text(f, self._value(block, f)))
            for f in self._block.fields
            if f.key not in skip and not f.fixed
        ]
        found = [title, *(f"  {label}: {text}" for label, text in rows if text)]
        for heading, kind, parts, keys in (
            ("opleveringen", "delivery", block.deliveries, ("date", "number", "state")),
            ("eigendom en waarde", "ownership", block.ownerships,
             ("type", "number", "price", "price_option", "rent", "rent_option")),
            ("verdeling", "share", block.shares, ("option", "number")),
        ):  # fmt: skip
            fields = [self._catalogue.field(kind, key) for key in keys]
            for part in parts:
                texts = [self._text(f, getattr(part, f.key)) for f in fields]
                found.append(f"  {heading}: " + ", ".join(text for text in texts if text))
        return found

    def _parts(self, title: str, kind: str, parts: Sequence[Any], keys: Sequence[str]) -> list[str]:
        fields = [self._catalogue.field(kind, key) for key in keys]
        rows = [[self._text(f, getattr(part, f.key)) for f in fields] for part in parts]
        return self._section(title, [f.nl.lower() for f in fields], rows)

    @staticmethod
    def _section(title: str, head: list[str], rows: list[list[str]], right: Sequence[int] = ()) -> list[str]:
        return ["", title, *(f"  {line}" for line in table(head, rows, right))] if rows else []

    @staticmethod
    def _value(item: Any, field: Field) -> Any:
        return item.own.get(field.key.removeprefix(OWN_PREFIX)) if field.own else getattr(item, field.key)

    def _text(self, field: Field, value: Any) -> str:
        return value_words(field, value, self.options)


def _family(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "code": row["code"], "name": row["name"]}


def _square_metres(geometry: bytes) -> float:
    import shapely

    return float(shapely.area(shapely.from_wkb(geometry)))


def _geojson(geometry: bytes) -> Any:
    """GeoJSON geometry in RD New (EPSG:28992)."""
    import shapely

    return json.loads(shapely.to_geojson(shapely.from_wkb(geometry)))
