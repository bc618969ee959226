"""Exports: files that payroll systems read, written from plain rows; the same rows, the same bytes.

Nothing here asks a database. Rows may come in any order; what a system can't take is refused with
the names of the people it is about.
"""

from collections.abc import Callable, Mapping, Sequence

from pms.hotel.people.exports import adp, datev, generic, gusto, paychex, premiums, quickbooks
from pms.hotel.people.exports.premiums import Left, left_out
from pms.hotel.people.exports.quickbooks import NotSpelled
from pms.hotel.people.exports.told import (
    AMOUNTS,
    LEFT_OUT,
    Earning,
    File,
    Frequency,
    MuchMissing,
    NothingToExport,
    NotToldApart,
    NumberMissing,
    Person,
    Settings,
    Target,
    Told,
    WordRefused,
)

Writer = Callable[[Told, Sequence[Earning]], File]
WRITERS: Mapping[Target, Writer] = {
    Target.ADP_WORKFORCE_NOW: adp.workforce_now,
    Target.ADP_RUN: adp.run,
    Target.ADP_TEMPLATE: adp.template,
    Target.PAYCHEX_FLEX: paychex.flex,
    Target.GUSTO: gusto.smart_import,
    Target.GUSTO_TEMPLATE: gusto.template,
    Target.QUICKBOOKS: quickbooks.time_activities,
    Target.DATEV_LODAS: datev.lodas,
    Target.GENERIC: generic.table,
}
CODES = {
    Target.ADP_WORKFORCE_NOW: adp.WORKFORCE_NOW_CODES,
    Target.ADP_RUN: adp.RUN_CODES,
    Target.ADP_TEMPLATE: adp.TEMPLATE_CODES,
    Target.PAYCHEX_FLEX: paychex.CODES,
    Target.GUSTO: gusto.CODES,
    Target.GUSTO_TEMPLATE: gusto.TEMPLATE_CODES,
    Target.QUICKBOOKS: quickbooks.CODES,
    Target.DATEV_LODAS: datev.CODES,
    Target.GENERIC: generic.CODES,
}


def write(target: Target, told: Told, earnings: Sequence[Earning]) -> File:
    """Return the file of a target.

    All but the plain table tell of a premium what the system doesn't pay by itself. Refuses no
    earnings, a kind of earning without a code, people whom the system doesn't know by a number or
    who worked at rates that it can't be told, and words that its alphabet doesn't have: all of it
    at once.
    """
    if target is not Target.GENERIC:
        earnings = premiums.owed(told, earnings)
    return WRITERS[target](told, earnings)


__all__ = [
    "AMOUNTS",
    "CODES",
    "LEFT_OUT",
    "WRITERS",
    "Earning",
    "File",
    "Frequency",
    "Left",
    "MuchMissing",
    "NotSpelled",
    "NotToldApart",
    "NothingToExport",
    "NumberMissing",
    "Person",
    "Settings",
    "Target",
    "Told",
    "WordRefused",
    "left_out",
    "write",
]
