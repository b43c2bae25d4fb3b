"""What a plan of the demo builds: blocks with house types, prices, target groups, special homes and deliveries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from diwi_desktop.demo.setting import Setting, data
from diwi_desktop.demo.stories import Step, Story, workday
from diwi_desktop.model.apportion import apportion
from diwi_desktop.model.codes import Mutation, OptionList, OwnershipType, Phase, PlanType
from diwi_desktop.model.plan import Block, Delivery, Ownership, Range, Share

#: Homes of a plan: from, to, by plan type; most plans are small.
HOMES = {
    PlanType.PAND_TRANSFORMATIE: (3, 38),
    PlanType.VERDICHTING: (5, 64),
    PlanType.HERSTRUCTURERING: (24, 150),
    PlanType.TRANSFORMATIEGEBIED: (40, 210),
    PlanType.UITBREIDING_UITLEG: (45, 380),
    PlanType.UITBREIDING_OVERIG: (2, 10),
}
_PER_BLOCK = 70  # homes
_PER_DELIVERY = 38
_FLATS = {
    PlanType.PAND_TRANSFORMATIE: 0.9, PlanType.VERDICHTING: 0.6, PlanType.TRANSFORMATIEGEBIED: 0.8,
    PlanType.HERSTRUCTURERING: 0.5, PlanType.UITBREIDING_UITLEG: 0.2, PlanType.UITBREIDING_OVERIG: 0.0,
}  # fmt: skip
#: Prices in euro cents that lie within one class: from, to (None: and more).
_BUY = [(21_500_000, 27_500_000), (29_000_000, 38_500_000), (41_000_000, 57_500_000), (62_500_000, None)]
_RENT = [(52_000, 69_000), (69_500, 87_500), (89_000, 112_000), (118_000, None)]


@dataclass(slots=True)
class Programme:
    """Blocks as they are meant, and per block the true days of its deliveries with their numbers."""

    blocks: list[Block] = field(default_factory=list)
    deliveries: list[list[tuple[Step, int]]] = field(default_factory=list)

    def add(self, block: Block, deliveries: list[tuple[Step, int]]) -> None:
        block.deliveries = [Delivery(step.day, number) for step, number in deliveries]
        self.blocks.append(block)
        self.deliveries.append(deliveries)


def homes_of(kind: PlanType, random: Random) -> int:
    """How many homes a plan of this type has."""
    low, high = HOMES[kind]
    share: float = random.random() ** 2.2
    return round(low + (high - low) * share)


def make_programme(kind: PlanType, homes: int, story: Story, setting: Setting, random: Random) -> Programme:
    """The blocks of one plan."""
    found = Programme()
    count = min(5, 1 + homes // _PER_BLOCK + (random.random() < 0.45 and homes > 8))
    names = _names(kind, count, random)
    for (name, flats), number in zip(names, apportion(homes, [random.randint(3, 9) for _ in names]), strict=True):
        if number:
            found.add(_block(name, number, flats, story, setting, random), _deliveries(number, story, random))
    if kind is PlanType.HERSTRUCTURERING or (kind is PlanType.TRANSFORMATIEGEBIED and random.random() < 0.3):
        gone = max(2, round(homes * random.uniform(0.3, 0.8)))
        day = workday(story.starts[Phase.REALIZATION] - timedelta(days=random.randint(20, 120)))
        block = Block("Sloop bestaande woningen", Mutation.DEMOLITION, gone, multi_family=gone, start_date=story.start)
        block.ownerships = [Ownership(OwnershipType.RENT_CORPORATION, gone, rent=Range(*_RENT[0]))]
        found.add(block, [(Step("", day, story.slip), gone)])
    return found


def _names(kind: PlanType, count: int, random: Random) -> list[tuple[str, bool]]:
    """Different names for the blocks, each with whether it holds flats."""
    words = data()["words"]
    left = {True: random.sample(words["flats"], len(words["flats"])),
            False: random.sample(words["houses"], len(words["houses"]))}  # fmt: skip
    kinds = [random.random() < _FLATS[kind] for _ in range(count)]
    return [(left[flats].pop(), flats) for flats in kinds]


def _deliveries(homes: int, story: Story, random: Random) -> list[tuple[Step, int]]:
    """Dated numbers between the start of building and aftercare."""
    first = story.starts[Phase.REALIZATION] + timedelta(days=random.randint(240, 330))
    last = story.starts[Phase.AFTERCARE] - timedelta(days=random.randint(5, 60))
    count = min(6, 1 + homes // _PER_DELIVERY)
    parts = apportion(homes, [random.randint(4, 8) for _ in range(count)])
    gap = (last - first) / max(count - 1, 1)
    begin = last if count == 1 else first
    days = [workday(begin + gap * n) for n in range(count)]
    return [(Step("", min(day, last), story.slip), number) for day, number in zip(days, parts, strict=True) if number]


def _block(name: str, number: int, flats: bool, story: Story, setting: Setting, random: Random) -> Block:
    block = Block(name, number=number, programming=random.random() < 0.85, start_date=story.start)
    base = float(random.randint(48, 82) if flats else random.randint(92, 128))
    block.size = random.choice([Range(base, base), Range(base, base + random.randint(8, 35)), Range(base, None)])
    if flats:
        block.multi_family = number
    else:
        block.single_family = number - (number // 4 if random.random() < 0.2 else 0)
    _ground(block, story, random)
    _special(block, flats, random)
    block.ownerships = _ownerships(number, setting, random)
    block.shares = _shares(number, flats, setting, random)
    if random.random() < 0.4:
        block.own[setting.own["parking"]] = [random.choice([0.4, 0.7, 0.9, 1.2, 1.6])] * 2
    if random.random() < 0.3:
        block.own[setting.own["prefab"]] = random.random() < 0.5
    return block


def _ground(block: Block, story: Story, random: Random) -> None:
    late = story.phase not in (Phase.CONCEPT, Phase.INITIATIVE, Phase.DEFINITION)
    weights = [8, 1, 0] if late else [random.randint(0, 3), random.randint(1, 5), random.randint(0, 3)]
    formal, intention, none = apportion(block.number, weights)
    block.ground_formal, block.ground_intention, block.ground_none = formal, intention, none


def _special(block: Block, flats: bool, random: Random) -> None:
    if flats and random.random() < 0.7:
        block.step_free = round(block.number * random.uniform(0.5, 1.0))
        if block.number >= 12 and random.random() < 0.25:
            block.clustered = min(block.number, random.randint(12, 24))
            block.care_suitable = block.clustered // 3
    if flats and random.random() < 0.05:
        block.student = round(block.number * random.uniform(0.3, 0.9))
    if random.random() < 0.04:
        block.temporary = block.number


def _ownerships(number: int, setting: Setting, random: Random) -> list[Ownership]:
    """Rows by amount, by range or by the municipality's own price class; a part may be left open."""
    weights = [random.choice([0, 2, 3, 4]), random.choice([0, 1, 2]), random.randint(1, 4), random.choice([0, 0, 1])]
    parts = apportion(number, weights if sum(weights[:3]) else [3, 1, 2, 0])
    rows = []
    for kind, part in zip((OwnershipType.RENT_CORPORATION, OwnershipType.RENT_LANDLORD, OwnershipType.BUY), parts,
                          strict=False):  # fmt: skip
        if not part:
            continue
        buy = kind is OwnershipType.BUY
        halves = apportion(part, [2, 1]) if part > 7 and random.random() < 0.5 else [part]
        classes = [0, 1] if kind is OwnershipType.RENT_CORPORATION else [1, 2, 2, 3]
        for chosen, homes in zip(random.sample(classes, len(halves)), halves, strict=True):
            rows.append(_ownership(kind, homes, chosen, buy, setting, random))
    return [row for row in rows if row.number]


def _ownership(kind: OwnershipType, homes: int, chosen: int, buy: bool, setting: Setting, random: Random) -> Ownership:
    row = Ownership(kind, homes)
    way = random.random()
    if way < 0.12:
        return row  # price not known yet
    if way < 0.45:
        name = OptionList.PRICE_BUY if buy else OptionList.PRICE_RENT
        key = setting.option(name, setting.names(name)[chosen])
        if buy:
            row.price_option = key
        else:
            row.rent_option = key
        return row
    low, high = (_BUY if buy else _RENT)[chosen]
    amount = Range(low, high) if way < 0.75 else Range(low, low)
    if buy:
        row.price = amount
    else:
        row.rent = amount
    return row


def _shares(number: int, flats: bool, setting: Setting, random: Random) -> list[Share]:
    """Target groups and appearances; a part of the homes may be for nobody in particular yet."""
    rows = []
    looks = ["Portiekflat", "Galerijflat"] if flats else ["Tussenwoning", "Hoekwoning", "Twee onder een kap"]
    groups = ["Regulier", "Ouderen", "Jongeren"] if flats else ["Regulier", "Grote gezinnen", "Regulier"]
    for name, texts in ((OptionList.APPEARANCE, looks), (OptionList.TARGET_GROUP, list(dict.fromkeys(groups)))):
        if random.random() < 0.15:
            continue
        parts = apportion(number, [random.randint(1, 5) for _ in texts] + [random.choice([0, 0, 1])])
        for text, part in zip(texts, parts, strict=False):
            if part:
                rows.append(Share(setting.option(name, text), part))
    return rows
