"""DATEV LODAS: movement data in Windows-1252, a row for each person, wage type and cost centre."""

from collections.abc import Mapping, Sequence
from typing import cast

from pms.base.refusal import Invalid
from pms.hotel.people.exports import rates
from pms.hotel.people.exports.told import (
    AMOUNTS,
    Earning,
    File,
    NumberMissing,
    Person,
    SettingMissing,
    Target,
    Told,
    Wants,
    coded,
    known,
    refuse_none,
    sums,
)
from pms.hotel.people.pay import PayKind

# Wage types are the customer's own: only those of plain hours are given, as DATEV's examples do.
CODES: Mapping[PayKind, str] = {PayKind.REGULAR: "1000", PayKind.OVERTIME: "1010"}
_HOURS, _GROSS = "1", "2"  # bs_nr: what the value of a row is
_LONGEST_WAGE_TYPE, _LONGEST_NUMBER, _LONGEST_COST_CENTER = 4, 5, 13
_FIELDS = (
    "abrechnung_zeitraum#bwd;pnr#bwd;la_eigene#bwd;bs_nr#bwd;bs_wert_butab#bwd;kostenstelle#bwd;"
)
_RATE_FIELD = "abw_lohnfaktor#bwd;"  # the hour's pay where it isn't the person's own


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

    Rates stand beside the hours where somebody worked at several. Refuses wage types, personnel
    numbers and cost centres that DATEV can't hold.
    """
    settings = told.settings
    rows = _held(told, earnings)
    rate_of = rates.stated(rows)
    with_rates = any(rate_of(each) is not None for each in rows)
    fields = _FIELDS + _RATE_FIELD if with_rates else _FIELDS
    head = [
        *("[Allgemein]", "Ziel=LODAS", "Version_SST=1.0"),
        *(f"BeraterNr={settings.company}", f"MandantenNr={settings.client}"),
        *("Datumsformat=TT.MM.JJJJ", "Feldtrennzeichen=;", "Zahlenkomma=,"),
        *("[Satzbeschreibung]", f"1;u_lod_bwd_buchung_standard;{fields}", "[Bewegungsdaten]"),
    ]
    lines = []
    for key, whole in sums(
        rows, lambda each: (each.person, each.kind, each.cost_center or "", rate_of(each))
    ).items():
        person, kind, cost_center, rate = cast(tuple[Person, PayKind, str, int | None], key)
        if whole.says_nothing(kind):
            continue
        value = told.amount(whole.amount) if kind in AMOUNTS else whole.hours
        cells = [f"{told.last:01.%m.%Y}", str(person.known_as), _wage_type(settings.codes[kind])]
        cells += [_GROSS if kind in AMOUNTS else _HOURS, value.replace(".", ",")]
        cells.append(_fitting(cost_center))
        if with_rates:
            cells.append("" if rate is None else told.amount(rate).replace(".", ","))
        lines.append(f"1;{';'.join(cells)};")
    refuse_none(lines)
    content = "".join(f"{line}\r\n" for line in (*head, *lines)).encode("cp1252")
    return File(f"lodas-{told.last:%Y-%m}.txt", "text/plain", content)


def _held(told: Told, earnings: Sequence[Earning]) -> list[Earning]:
    """Return the rows of a file, refusing at once all that DATEV can't hold."""
    target, settings, wants = Target.DATEV_LODAS, told.settings, Wants()
    for number, what in ((settings.company, "a consultant's"), (settings.client, "a client's")):
        if not (number.isascii() and number.isdecimal()):
            wants.also(SettingMissing(target, f"{what} number"))
    rows = coded(target, told, earnings, wants)
    with wants:
        known(target, rows, "a personnel number")
    numbered = {each.person for each in rows if each.person.known_as}
    wrong = {each for each in numbered if not _is_number(each.known_as, _LONGEST_NUMBER)}
    if wrong:
        wants.also(NumberMissing(target, "a personnel number of at most 5 digits", wrong))
    for code in sorted({settings.codes[each.kind] for each in rows}):
        with wants:
            _wage_type(code)
    for cost_center in sorted({each.cost_center or "" for each in rows}):
        with wants:
            _fitting(cost_center)
    wants.refuse()
    return rows


def _is_number(text: str | None, longest: int) -> bool:
    return text is not None and text.isascii() and text.isdecimal() and len(text) <= longest


def _wage_type(code: str) -> str:
    if not _is_number(code, _LONGEST_WAGE_TYPE):
        raise WageTypeWrong(code)
    return code


def _fitting(cost_center: str) -> str:
    fits = len(cost_center) <= _LONGEST_COST_CENTER and ";" not in cost_center
    if not (fits and cost_center.isascii() and cost_center.isprintable()):
        raise CostCenterWrong(cost_center)
    return cost_center
