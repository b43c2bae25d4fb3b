"""One entry of `woning_blokken` to a draft of a house block, in either dialect: the shape of a value tells which."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from diwi_desktop.exchange import cells, lookup
from diwi_desktop.exchange.amounts import BadAmount, cents
from diwi_desktop.exchange.drafts import BlockDraft, Price
from diwi_desktop.exchange.geojson.parts import (
    Context,
    Json,
    diwi_id,
    filled,
    given,
    iso_day,
    list_of,
    object_at,
    object_in,
    unknown_type,
)
from diwi_desktop.exchange.messages import BadInput
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import Mutation, OptionList, OwnershipType
from diwi_desktop.model.plan import Block, Delivery, Range, Share

_GROUND = {
    "GEEN_TOESTEMMING_GRONDEIGENAAR": "ground_none",
    "INTENTIE_MEDEWERKING_GRONDEIGENAAR": "ground_intention",
    "FORMELE_TOESTEMMING_GRONDEIGENAAR": "ground_formal",
}
_HOUSE_TYPES = {"eengezinswoning": "single_family", "meergezinswoning": "multi_family"}
# Names that conversion scripts of provincial files use (functional reference 3.6).
_OWNER_NAMES = {
    "koop": OwnershipType.BUY,
    "particuliere_verhuurder": OwnershipType.RENT_LANDLORD,
    "huur_woningcorporatie": OwnershipType.RENT_CORPORATION,
}
_UNKNOWN, _EMPTY = "onbekend", "leeg"
_SHARES = (
    ("fysiek_voorkomen", ("fysiek_voorkomen", "naam"), OptionList.APPEARANCE),
    ("doelgroep", ("doelgroep_categorie", "doelgroep", "naam"), OptionList.TARGET_GROUP),
)


def read_block(context: Context, item: Any, path: str, programmed: bool | None) -> BlockDraft:
    """The draft of a block; `programmed` is what the project says. Raises WrongShape."""
    values = object_at(item, path)
    facts = object_in(values, "mutatiegegevens")
    block = BlockDraft(Block("", programming=programmed), context.row, diwi_id(values), labels=_labels(path))
    name = values.get("naam") if given(values.get("naam")) else values.get("name")
    if given(name):
        block.block.name = context.cell(f"{path}.naam", cells.text, name) or "?"
    else:
        context.add("no_houseblock_name", f"{path}.naam")
    if given(values.get("in_programmering")):
        block.block.programming = context.truth(f"{path}.in_programmering", values["in_programmering"])
    _mutation(context, block, facts, f"{path}.mutatiegegevens")
    _delivery(context, block, values.get("einddatum"), f"{path}.einddatum")
    _house_type(context, block, facts, values.get("woning_type"), path)
    _prices(context, block, facts, values, path)
    for key, names, list_name in _SHARES:
        for index, row in enumerate(list_of(values.get(key))):
            _share(context, block, row, names, list_name, f"{path}.{key}[{index}]")
    _ground(context, block, object_in(values, "grondpositie"), f"{path}.grondpositie")
    if isinstance(values.get("grootte"), dict):  # the import dialect has an unused list here
        block.block.size = context.cell(f"{path}.grootte", _size, values["grootte"])
    for name, value in filled(object_in(values, "maatwerk_woningeigenschappen")):
        context.cell(f"{path}.maatwerk_woningeigenschappen.{name}", _own, context, block, name, value)
    return block


def _labels(path: str) -> dict[str, str]:
    """The path of each group of values, for the findings of the rules."""
    return {
        "number": f"{path}.mutatiegegevens.aantal",
        "delivery": f"{path}.einddatum",
        "owner": f"{path}.waarde",
        "house_type": f"{path}.woning_type",
        "ground": f"{path}.grondpositie",
        OptionList.APPEARANCE.value: f"{path}.fysiek_voorkomen",
        OptionList.TARGET_GROUP.value: f"{path}.doelgroep",
        **{f"owner {kind.value}": f"{path}.waarde" for kind in OwnershipType},
        **{f"price {kind.value}": f"{path}.waarde" for kind in OwnershipType},
    }


def _mutation(context: Context, block: BlockDraft, facts: Json, path: str) -> None:
    kind, number = facts.get("mutatie_type"), facts.get("aantal")
    if given(kind) or not context.exported:
        key = context.cell(f"{path}.mutatie_type", _mutation_key, kind if given(kind) else _EMPTY)
        if key is not None:
            block.block.mutation = Mutation(key)
    if not given(number):
        # An export of DIWI has blocks of which the number is not known yet.
        block.has_number = context.exported
        return
    try:
        block.block.number = cells.amount(number)
    except BadInput as bad:
        if bad.code == "negative_number" and isinstance(number, (int, Decimal)):
            block.block.number = int(number)  # the rule on numbers of homes tells it
            return
        block.bad.add("number")
        context.told(bad, f"{path}.aantal")


def _mutation_key(value: Any) -> str:
    text = cells.text(value)
    found = code_list("mutation").find(text)
    if found is None:
        raise unknown_type(text, ", ".join(Mutation))
    return found.key


def _delivery(context: Context, block: BlockDraft, value: Any, path: str) -> None:
    if not given(value):
        return
    day = context.cell(path, iso_day, value)
    if day is None:
        block.bad.add("delivery")
    elif block.block.number > 0:
        block.block.deliveries.append(Delivery(day, block.block.number))
        block.labels = {**block.labels, f"delivery {day.isoformat()}": path}


def _homes(context: Context, block: BlockDraft, value: Any, path: str, group: str) -> int:
    """A number of homes; 0, with a finding and the group marked as bad, when it cannot be read."""
    if not given(value):
        return 0
    try:
        return cells.amount(value)
    except BadInput as bad:
        block.bad.add(group)
        context.told(bad, path)
        return 0


def _house_type(context: Context, block: BlockDraft, facts: Json, numbers: Any, path: str) -> None:
    """Numbers per house type (export dialect), or one type for the whole block (import dialect)."""
    if isinstance(numbers, dict):
        where = f"{path}.woning_type"
        for key, attribute in _HOUSE_TYPES.items():
            homes = _homes(context, block, numbers.get(key), f"{where}.{key}", "house_type")
            setattr(block.block, attribute, homes or None)
        block.type_unknown = _homes(context, block, numbers.get(_UNKNOWN), f"{where}.{_UNKNOWN}", "house_type")
        return
    single = facts.get("woning_type") if given(facts.get("woning_type")) else numbers
    if not given(single):
        return
    where = f"{path}.mutatiegegevens.woning_type"
    name = (context.cell(where, cells.text, single) or "").lower()
    if name in _HOUSE_TYPES:
        setattr(block.block, _HOUSE_TYPES[name], block.block.number)
    elif name and name != _UNKNOWN:
        context.told(unknown_type(single, "EENGEZINSWONING, MEERGEZINSWONING"), where)


def _prices(context: Context, block: BlockDraft, facts: Json, values: Json, path: str) -> None:
    """Ownership and prices: rows (export dialect), or one type and price for the whole block (import dialect)."""
    if isinstance(values.get("waarde"), list):
        for index, item in enumerate(values["waarde"]):
            where = f"{path}.waarde[{index}]"
            row = object_at(item, where)
            homes = _homes(context, block, row.get("aantal"), f"{where}.aantal", "owner")
            _price(context, block, row, row.get("eigendom_type"), homes, where)
        return
    homes = max(block.block.number, 0)
    _price(context, block, object_in(values, "waarde"), facts.get("eigendom_type"), homes, f"{path}.waarde")


def _price(context: Context, block: BlockDraft, row: Json, kind: Any, homes: int, path: str) -> None:
    amount = context.cell(path, _amount, row)
    name = row.get("categorie")
    where = f"{path}.eigendom_type"
    if not given(kind):
        if amount is not None or given(name):
            context.told(unknown_type(_EMPTY, ", ".join(OwnershipType)), where)
        if "aantal" in row:
            block.owner_unknown += homes
        return
    owner = context.cell(where, _owner, kind)
    if owner is None:
        block.bad.add("owner")
        return
    if owner == _UNKNOWN:
        block.owner_unknown += homes
        return
    owned = OwnershipType(owner)
    if amount is not None and given(name):
        context.add("houseblock_ownership_multiple_types", path)
    option = context.cell(f"{path}.categorie", _price_class, context, owned, name) if given(name) else None
    if homes > 0:
        block.owners[owned] = block.owners.get(owned, 0) + homes
        price = Price(homes, option=option, amount=None if option else amount)
        block.prices.setdefault(owned, []).append(price)


def _owner(value: Any) -> str:
    """The key of an ownership type, or "onbekend". Raises BadInput unknown_type."""
    text = cells.text(value)
    if text.lower() == _UNKNOWN:
        return _UNKNOWN
    known = _OWNER_NAMES.get(text.lower())
    found = code_list("ownership_type").find(text)
    if known is None and found is None:
        raise unknown_type(text, ", ".join(OwnershipType))
    return known.value if known is not None else found.key if found is not None else _UNKNOWN


def _price_class(context: Context, kind: OwnershipType, name: Any) -> str:
    text = cells.loose_text(name)
    found = context.register.option(lookup.price_list_of(kind), text)
    if found is None:
        raise lookup.missing_price_class(kind, text)
    return found.id


def _amount(row: Json) -> Range[int] | None:
    """The price of a row in cents: `waarde`, or `laag` to `hoog`; a lacking upper bound is open. Raises BadInput."""
    low, high, one = (row.get(key) for key in ("laag", "hoog", "waarde"))
    said = [v for v in (low, high, one) if v is not None]
    if not said:
        return None
    if any(isinstance(v, bool) or not isinstance(v, (int, float, Decimal)) for v in said):
        raise BadInput("invalid_numeric_range", " - ".join(str(v) for v in said))
    try:
        if one is not None:
            return Range(cents(one), cents(one))
        found = Range(0 if low is None else cents(low), None if high is None else cents(high))
    except BadAmount as error:
        raise BadInput("invalid_numeric_range", str(error)) from error
    if found.high is not None and found.high < found.low:
        raise BadInput("invalid_numeric_range", f"{low} - {high}")
    return found


def _share(
    context: Context, block: BlockDraft, item: Any, names: tuple[str, ...], list_name: OptionList, path: str
) -> None:
    row = object_at(item, path)
    homes = _homes(context, block, row.get("aantal"), f"{path}.aantal", list_name.value)
    name = next((row[key] for key in names if given(row.get(key))), None)
    if not homes or name is None:
        return
    found = context.cell(f"{path}.{names[0]}", _share_option, context, list_name, name)
    if found is None:
        block.bad.add(list_name.value)
        return
    block.shares[list_name.value] = block.shares.get(list_name.value, 0) + homes
    for share in block.block.shares:
        if share.option == found:
            share.number += homes
            return
    block.block.shares.append(Share(found, homes))


def _share_option(context: Context, list_name: OptionList, name: Any) -> str:
    return lookup.options(context.register, list_name, cells.loose_text(name), single=True)[0]


def _ground(context: Context, block: BlockDraft, ground: Json, path: str) -> None:
    for key, value in filled(ground):
        attribute = _GROUND.get(key.upper())
        if attribute is None:
            context.told(unknown_type(key, ", ".join(_GROUND)), f"{path}.{key}")
            continue
        setattr(block.block, attribute, _homes(context, block, value, f"{path}.{key}", "ground") or None)


def _size(value: Json) -> Range[float] | None:
    """The floor area: `waarde`, or `laag` to `hoog`; a lacking upper bound is open. Raises BadInput."""
    low, high, one = (
        None if value.get(key) is None else cells.number(value[key]) for key in ("laag", "hoog", "waarde")
    )
    if one is not None:
        return Range(one, one)
    if low is None and high is None:
        return None
    if low is None or (high is not None and high < low):
        raise BadInput("invalid_numeric_range", f"{low} - {high}")
    return Range(low, high)


def _own(context: Context, block: BlockDraft, name: str, value: Any) -> None:
    own = context.own_field("houseblock", name, value, "unknown_houseblock_property")
    block.block.own[own.id] = context.own_value(own, value)
