"""DATEV LODAS: movement data in Windows-1252, a row for each person, wage type and cost centre."""

from collections.abc import Mapping, Sequence
from typing import cast

from pms.base.refusal import Invalid
from pms.hotel.people.exports.told import (
    AMOUNTS,
    BY_ITSELF,
    Earning,
    File,
    NumberMissing,
    Person,
    SettingMissing,
    Target,
    Told,
    coded,
    known,
    sums,
)
from pms.hotel.people.pay import PayKind

# Wage types are the customer's own: only those of plain hours are given, as DATEV's examples do.
CODES: Mapping[PayKind, str] = {PayKind.REGULAR: "1000", PayKind.OVERTIME: "1010", **BY_ITSELF}
_HOURS, _AMOUNT = "1", "3"  # bs_nr: what the value of a row is
_LONGEST_WAGE_TYPE, _LONGEST_NUMBER, _LONGEST_COST_CENTER = 4, 5, 13
_FIELDS = (
    "abrechnung_zeitraum#bwd;pnr#bwd;la_eigene#bwd;bs_nr#bwd;bs_wert_butab#bwd;kostenstelle#bwd;"
)


class WageTypeWrong(Invalid):
    def __init__(self, code: str) -> None:
        super().__init__(
            f"“{code[:20]}” is no wage type of DATEV: it has 1 to 4 digits.", field="codes"
        )


class CostCenterWrong(Invalid):
    def __init__(self, cost_center: str) -> None:
        super().__init__(
            f"“{cost_center[:20]}” is no cost centre of DATEV: 1 to 13 plain characters, no "
            "semicolon. Change it in the position.",
            field="codes",
        )


def lodas(told: Told, earnings: Sequence[Earning]) -> File:
    """Return the file of a month: decimal comma, CRLF, the month named by its first day.

    Refuses wage types, personnel numbers and cost centres that DATEV can't hold.
    """
    target, settings = Target.DATEV_LODAS, told.settings
    for number, what in ((settings.company, "a consultant's"), (settings.client, "a client's")):
        if not (number.isascii() and number.isdecimal()):
            raise SettingMissing(target, f"{what} number")
    rows = coded(target, told, earnings)
    known(target, rows, "a personnel number")
    wrong = [each.person for each in rows if not _is_number(each.person.known_as, _LONGEST_NUMBER)]
    if wrong:
        raise NumberMissing(target, "a personnel number of at most 5 digits", wrong)
    lines = [
        *("[Allgemein]", "Ziel=LODAS", "Version_SST=1.0"),
        *(f"BeraterNr={settings.company}", f"MandantenNr={settings.client}"),
        *("Datumsformat=TT.MM.JJJJ", "Feldtrennzeichen=;", "Zahlenkomma=,"),
        *("[Satzbeschreibung]", f"1;u_lod_bwd_buchung_standard;{_FIELDS}", "[Bewegungsdaten]"),
    ]
    for key, whole in sums(
        rows, lambda each: (each.person, each.kind, each.cost_center or "")
    ).items():
        person, kind, cost_center = cast(tuple[Person, PayKind, str], key)
        code = settings.codes[kind]
        if not _is_number(code, _LONGEST_WAGE_TYPE):
            raise WageTypeWrong(code)
        if not _is_cost_center(cost_center):
            raise CostCenterWrong(cost_center)
        is_money = kind in AMOUNTS
        value = (told.amount(whole.amount) if is_money else whole.hours).replace(".", ",")
        cells = [f"{told.last:01.%m.%Y}", str(person.known_as), code]
        cells += [_AMOUNT if is_money else _HOURS, value, cost_center]
        lines.append(f"1;{';'.join(cells)};")
    content = "".join(f"{line}\r\n" for line in lines).encode("cp1252")
    return File(f"lodas-{told.last:%Y-%m}.txt", "text/plain", content)


def _is_number(text: str | None, longest: int) -> bool:
    return text is not None and text.isascii() and text.isdecimal() and len(text) <= longest


def _is_cost_center(text: str) -> bool:
    return (
        len(text) <= _LONGEST_COST_CENTER
        and text.isascii()
        and text.isprintable()
        and ";" not in text
    ) or not text
