"""What each column of homes does to its block."""

from __future__ import annotations

from collections.abc import Callable

from diwi_desktop.exchange.drafts import BlockDraft, Price
from diwi_desktop.exchange.excel.layout import Column, Role
from diwi_desktop.model.plan import Delivery, Share

Put = Callable[[BlockDraft, Column, int], None]


def _set_number(block: BlockDraft, column: Column, homes: int) -> None:
    block.has_number = True
    block.block.number = homes


def _set_delivery(block: BlockDraft, column: Column, homes: int) -> None:
    for delivery in block.block.deliveries:
        if delivery.date == column.target:
            delivery.number += homes
            return
    block.block.deliveries.append(Delivery(column.target, homes))


def _set_size(block: BlockDraft, column: Column, homes: int) -> None:
    if column.target is not None:
        block.sizes.append(column.target)


def _set_owner(block: BlockDraft, column: Column, homes: int) -> None:
    block.owners[column.key] = homes


def _set_owner_unknown(block: BlockDraft, column: Column, homes: int) -> None:
    block.owner_unknown += homes


def _set_price_class(block: BlockDraft, column: Column, homes: int) -> None:
    block.prices.setdefault(column.key, []).append(Price(homes, option=column.target))


def _set_price(block: BlockDraft, column: Column, homes: int) -> None:
    block.prices.setdefault(column.key, []).append(Price(homes, amount=column.target))


def _set_field(block: BlockDraft, column: Column, homes: int) -> None:
    setattr(block.block, column.key or column.role.value, homes)


def _set_type_unknown(block: BlockDraft, column: Column, homes: int) -> None:
    block.type_unknown += homes


def _set_share(block: BlockDraft, column: Column, homes: int) -> None:
    name, option = column.key, column.target
    block.shares[name] = block.shares.get(name, 0) + homes
    for share in block.block.shares:
        if share.option == option:
            share.number += homes
            return
    block.block.shares.append(Share(option, homes))


#: By the role of the column; the number is that of homes.
PUT: dict[Role, Put] = {
    Role.NUMBER: _set_number,
    Role.DELIVERY: _set_delivery,
    Role.SIZE: _set_size,
    Role.OWNER_TYPE: _set_owner,
    Role.OWNER_UNKNOWN: _set_owner_unknown,
    Role.PRICE_CLASS: _set_price_class,
    Role.PRICE: _set_price,
    Role.SINGLE: _set_field,
    Role.MULTI: _set_field,
    Role.TYPE_UNKNOWN: _set_type_unknown,
    Role.SHARE: _set_share,
    Role.GROUND: _set_field,
}
