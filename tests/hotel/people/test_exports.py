"""Payroll files: byte for byte what the systems read, and refusals that name people."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.base.refusal import Refusal
from pms.hotel.people import exports
from pms.hotel.people.exports import (
    Earning,
    Frequency,
    MuchMissing,
    NothingToExport,
    Person,
    Settings,
    Target,
    Told,
)
from pms.hotel.people.exports.told import LEFT_OUT, plain
from pms.hotel.people.pay import PayKind

GOLDEN = Path(__file__).parents[2] / "data" / "payroll"
ANA = Person("000101", "Ana", "Reyes", "000101", "ana@example.com")
BEN = Person("000102", "Ben", "Okafor", "000102")
CY = Person("000103", "Cy", "Ito", "000103")
CYRILLIC = Person("000104", "Cy", "Rillic", "000\N{CYRILLIC CAPITAL LETTER A}")
LONG = Person("000105", "Lo", "Ng", "12345678901")
TOLD = Told(
    hotel="Demo Hotel",
    first=date(2026, 9, 14),
    last=date(2026, 9, 27),
    pays_on=date(2026, 10, 2),
    frequency=Frequency.BIWEEKLY,
    currency="USD",
    settings=Settings(),
)


def told(target: Target, **settings: object) -> Told:
    """What stands above a target's rows, with its usual codes."""
    codes = {"codes": exports.CODES[target], **settings}
    return replace(TOLD, settings=Settings(**codes))  # type: ignore[arg-type]


def hours(person: Person, day: date = TOLD.first, **kinds: float) -> list[Earning]:
    """Hours of a person by kind."""
    return [
        Earning(person, PayKind(kind), day, minutes=Fraction(str(worked)) * 60, rate=1500)
        for kind, worked in kinds.items()
    ]


TWO = hours(ANA, regular=80, overtime=5) + hours(BEN, regular=72, vacation=8)
NEXT = [
    *hours(Person("1042", "Miguel Ángel", "Vega Ríos", "1042"), regular=40, overtime=4.25),
    *hours(Person("1001", "Dale", "Hendricks", "1001"), regular=37.99),
    *hours(Person("1078", "Tasha", "Boone", "1078"), regular=22.5),
]


def by_mail(first: str, last: str, mail: str, **kinds: float) -> list[Earning]:
    """Hours of somebody whom Gusto knows by mail."""
    return hours(Person("", first, last, None, f"{mail}@example.com"), **kinds)


MAILED = [
    *by_mail("Miguel Ángel Ríos", "Vega", "miguel", regular=40, overtime=4.25),
    *by_mail("Tasha", "Boone", "tasha", regular=22.5),
    *by_mail("Dale", "Hendricks", "dale", regular=37.99),
]
SCHMOE = Person("7", "Joe", "Schmoe")

FILES = [
    (
        Target.ADP_WORKFORCE_NOW,
        {"company": "ABC", "batch": "KJ"},
        TWO,
        "PRABCEPI.csv",
        "adp_wfn_PRABCEPI.csv",
    ),
    (
        Target.ADP_RUN,
        {"company": "R1ABC"},
        TWO,
        "Biweekly-09142026-09272026.csv",
        "adp_run_Biweekly-09142026-09272026.csv",
    ),
    (
        Target.GUSTO,
        {},
        TWO,
        "gusto-hours-2026-09-14-2026-09-27.csv",
        "gusto_smart_import.csv",
    ),
    (
        Target.PAYCHEX_FLEX,
        {"company": "12345678"},
        TWO,
        "paychex-hours-2026-09-14-2026-09-27.csv",
        "paychex_flex.csv",
    ),
    (
        Target.DATEV_LODAS,
        {"company": "12345", "client": "678"},
        [replace(each, person=Person("1001", "Ana", "Reyes", "1001"), cost_center="O77")
         for each in hours(ANA, regular=10)],
        "lodas-2026-09.txt",
        "datev_lodas.txt",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("target", "settings", "rows", "name", "golden"), FILES)
def test_a_file_is_what_the_system_reads_to_the_byte(target, settings, rows, name, golden):
    file = exports.write(target, told(target, **settings), rows)

    assert file.name == name
    assert file.content == (GOLDEN / golden).read_bytes()


def test_the_other_templates_are_written_to_the_byte():
    february = {"first": date(2026, 2, 15), "last": date(2026, 2, 28), "pays_on": date(2026, 2, 28)}
    adp = replace(told(Target.ADP_TEMPLATE, company="H4K"), **february)
    joe = replace(
        told(Target.QUICKBOOKS, company_created=1700000000),
        **{**february, "last": date(2014, 1, 10)},
    )

    assert (
        exports.write(Target.ADP_TEMPLATE, adp, NEXT).content
        == (GOLDEN / "adp_h4k_paydata.csv").read_bytes()
    )
    assert (
        exports.write(Target.GUSTO_TEMPLATE, told(Target.GUSTO_TEMPLATE), MAILED).content
        == (GOLDEN / "gusto_alt.csv").read_bytes()
    )
    assert (
        exports.write(
            Target.QUICKBOOKS, joe, hours(SCHMOE, day=date(2014, 1, 6), regular=1.5)
        ).content
        == (GOLDEN / "quickbooks_timeact.iif").read_bytes()
    )


def test_a_third_code_goes_on_a_second_record_and_a_short_company_is_filled_up_in_the_name():
    rows = hours(CY, regular=40, double_time=2, vacation=8, sick=4)

    file = exports.write(
        Target.ADP_WORKFORCE_NOW, told(Target.ADP_WORKFORCE_NOW, company="AB", batch="KJ"), rows
    )

    assert file.name == "PRAB_EPI.csv"
    assert file.content.decode().split("\r\n")[1:] == [
        "AB,KJ260927,000103,40.00,,D,2.00,V,8.00",
        "AB,KJ260927,000103,,,S,4.00,,",
        "",
    ]


def test_money_has_columns_of_its_own_only_where_there_is_some():
    rows = [*hours(CY, regular=40), Earning(CY, PayKind.BONUS, TOLD.last, amount=12_345)]

    wide = exports.write(
        Target.ADP_WORKFORCE_NOW, told(Target.ADP_WORKFORCE_NOW, company="ABC"), rows
    )
    row = exports.write(Target.ADP_RUN, told(Target.ADP_RUN, company="R1"), rows)

    assert wide.content.decode().split("\r\n")[1] == "ABC,260927,000103,40.00,,,,,,BON,123.45,,"
    assert row.content.decode().split("\r\n")[3].endswith("000103,BON,,123.45,0,,BASE")


def test_a_spreadsheet_runs_no_name():
    person = Person("1", "=HYPERLINK(1)", "O'Neil, Jr")

    gusto = exports.write(Target.GUSTO, told(Target.GUSTO), hours(person, regular=1))
    table = exports.write(Target.GENERIC, told(Target.GENERIC), hours(person, regular=1))

    assert gusto.content.decode().split("\r\n")[1] == "'=HYPERLINK(1),\"O'Neil, Jr\",,1.00"
    assert "'=HYPERLINK(1)" in table.content.decode()
    assert [plain(each) for each in ("+1", "-1", "@a", "\tb", "plain")] == [
        "'+1",
        "'-1",
        "'@a",
        "'\tb",
        "plain",
    ]


UNKNOWN = [replace(each, person=replace(each.person, known_as=None)) for each in TWO]


@pytest.mark.parametrize(
    ("target", "settings", "rows", "says"),
    [
        (Target.ADP_RUN, {"company": "R1"}, UNKNOWN, "needs an employee ID for: Ana Reyes, Ben O"),
        (Target.ADP_WORKFORCE_NOW, {"company": "ABC"}, UNKNOWN, "a file number for: Ana Reyes"),
        (Target.PAYCHEX_FLEX, {"company": "1"}, UNKNOWN, "a worker ID for: Ana Reyes"),
        (Target.DATEV_LODAS, {"company": "1", "client": "2"}, hours(ANA, regular=1), "5 digits"),
        (Target.GUSTO_TEMPLATE, {}, hours(BEN, regular=1), "an e-mail address for: Ben Okafor"),
        (Target.GUSTO_TEMPLATE, {}, TWO, "has no code for: Vacation"),
        (Target.GENERIC, {}, [], "Nobody has hours"),
        (Target.GENERIC, {}, hours(ANA, regular=0), "Nobody has hours"),
        (Target.ADP_WORKFORCE_NOW, {"company": "AB\\"}, TWO, "plain ASCII"),
        (Target.ADP_WORKFORCE_NOW, {"company": "ABCD"}, TWO, "2 or 3 letters"),
        (Target.ADP_WORKFORCE_NOW, {"company": "ABC", "batch": "KJX"}, TWO, "at most 2 letters"),
        (Target.ADP_RUN, {"company": "R1"}, hours(CYRILLIC, regular=1), "plain ASCII"),
        (Target.ADP_TEMPLATE, {"company": "R1"}, hours(CYRILLIC, regular=1), "plain ASCII"),
        (Target.PAYCHEX_FLEX, {"company": "123456789"}, TWO, "client ID of at most 8"),
        (Target.PAYCHEX_FLEX, {"company": "1"}, hours(LONG, regular=1), "at most 10 .* Lo Ng"),
        (
            Target.PAYCHEX_FLEX,
            {"company": "1", "codes": {PayKind.REGULAR: "H" * 21}},
            hours(ANA, regular=1),
            "at most 20 characters",
        ),
        (Target.DATEV_LODAS, {"company": "x", "client": "2"}, TWO, "a consultant's number"),
        (Target.QUICKBOOKS, {}, hours(ANA, regular=-1), "no hours back by this file: Ana Reyes"),
        (
            Target.DATEV_LODAS,
            {"company": "1", "client": "2", "codes": {PayKind.REGULAR: "10000"}},
            hours(Person("1", "A", "B", "1"), regular=1),
            "1 to 4 digits",
        ),
        (
            Target.ADP_TEMPLATE,
            {"company": "H4K", "codes": dict.fromkeys(PayKind, "X")},
            hours(ANA, sick=1),
            "has no column for: Sick",
        ),
    ],
)  # fmt: skip
def test_what_a_system_cannot_take_is_refused_with_names(target, settings, rows, says):
    with pytest.raises(Refusal, match=says):
        exports.write(target, told(target, **settings), rows)


@pytest.mark.parametrize(
    ("target", "settings", "rows", "says"),
    [
        (
            Target.ADP_RUN,
            {"codes": {PayKind.REGULAR: "REG"}},
            UNKNOWN,
            ("a company code", "no code for: Overtime, Vacation", "an employee ID for: Ana"),
        ),
        (Target.ADP_WORKFORCE_NOW, {}, UNKNOWN, ("a company code of 2 or 3", "a file number for")),
        (Target.ADP_WORKFORCE_NOW, {"company": "ABC", "batch": "KJX"}, UNKNOWN,
         ("at most 2 letters", "a file number for")),
        (Target.ADP_RUN, {}, hours(CYRILLIC, regular=1), ("a company code", "plain ASCII")),
        (Target.ADP_RUN, {"codes": {PayKind.REGULAR: "RÉG"}}, hours(ANA, regular=1),
         ("a company code", "“RÉG”")),
        (Target.ADP_TEMPLATE, {}, hours(CYRILLIC, regular=1), ("a company code", "plain ASCII")),
        (Target.ADP_TEMPLATE, {}, UNKNOWN,
         ("a company code of 2 or 3", "no code for: Vacation", "a file number for")),
        (Target.PAYCHEX_FLEX, {}, UNKNOWN, ("a client ID", "a worker ID for: Ana Reyes, Ben O")),
        (
            Target.DATEV_LODAS,
            {"codes": {PayKind.REGULAR: "10000"}},
            UNKNOWN,
            ("a consultant's number", "a client's number", "a personnel number for: Ana Reyes",
             "no code for: Overtime, Vacation", "1 to 4 digits"),
        ),
        (
            Target.GUSTO_TEMPLATE,
            {"codes": dict.fromkeys(PayKind, "X")},
            hours(BEN, regular=1, sick=1),
            ("has no column for: Sick", "an e-mail address for: Ben Okafor"),
        ),
        (
            Target.QUICKBOOKS,
            {},
            hours(Person("9", "Łukasz", "Nowak"), regular=-1),
            ("no hours back by this file: Łukasz Nowak", "can't spell: Nowak, Łukasz"),
        ),
    ],
)  # fmt: skip
def test_everything_that_a_file_wants_is_told_at_once(target, settings, rows, says):
    with pytest.raises(MuchMissing) as refused:
        exports.write(target, told(target, **settings), rows)

    assert len(refused.value.each) == len(says)
    for words in says:
        assert words in refused.value.sentence


def test_a_file_of_several_pay_frequencies_is_refused():
    mixed = replace(told(Target.ADP_RUN, company="R1"), frequency=None)

    with pytest.raises(Refusal, match="a single pay frequency"):
        exports.write(Target.ADP_RUN, mixed, TWO)


def test_what_is_left_out_on_purpose_is_not_written():
    codes = {**exports.CODES[Target.ADP_RUN], PayKind.OVERTIME: LEFT_OUT}

    file = exports.write(Target.ADP_RUN, told(Target.ADP_RUN, company="R1", codes=codes), TWO)

    assert b"OVT" not in file.content


@given(st.permutations(TWO + NEXT + hours(CY, regular=1, sick=2)))
def test_the_same_rows_in_any_order_give_the_same_bytes(shuffled):
    whole = told(Target.GENERIC)

    assert exports.write(Target.GENERIC, whole, shuffled) == exports.write(
        Target.GENERIC, whole, sorted(shuffled, key=lambda each: (each.person.number, each.kind))
    )


def test_a_rate_that_rose_is_told_as_money_and_never_lost() -> None:
    """Hours that were told already are paid more: no hours go with it, and no premium follows."""
    rose = [
        Earning(ANA, PayKind.REGULAR, TOLD.first, amount=7_000),
        Earning(ANA, PayKind.OVERTIME_PREMIUM, TOLD.first, amount=300),
    ]
    file = exports.write(Target.GUSTO, told(Target.GUSTO), TWO + rose)

    lines = file.content.decode().split("\r\n")
    assert lines[0].split(",")[-1] == "Correction payment"
    assert lines[1].split(",")[-1] == "73.00"


@pytest.mark.parametrize(
    ("target", "settings", "says"),
    [
        (Target.ADP_WORKFORCE_NOW, {"company": "ABC"}, "000101,80.00,,,,,"),
        (Target.ADP_RUN, {"company": "R1"}, None),
        (Target.PAYCHEX_FLEX, {"company": "1"}, None),
        (Target.GUSTO, {}, "Ana,Reyes,,80.00\r"),
        (Target.DATEV_LODAS, {"company": "1", "client": "2"}, None),
    ],
)
def test_hours_that_were_corrected_to_nothing_are_blank_and_never_zero(
    target, settings, says
) -> None:
    ana = replace(ANA, known_as="101") if target is Target.DATEV_LODAS else ANA
    back = hours(ana, overtime=5) + hours(ana, overtime=-5)
    file = exports.write(target, told(target, **settings), hours(ana, regular=80) + back)

    written = file.content.decode()
    assert not re.search(r"[,;]0[.,]00", written)
    assert says is None or says in written


TWINS = [
    *hours(Person("1001", "Ana", "Reyes", email="ana@example.com"), regular=8),
    *hours(Person("1007", "ANA", "Reyes", email="ana@example.com"), regular=2),
]


@pytest.mark.parametrize("target", [Target.GUSTO, Target.GUSTO_TEMPLATE, Target.QUICKBOOKS])
def test_nobody_is_paid_what_is_for_somebody_of_their_name(target) -> None:
    with pytest.raises(Refusal, match=r"tell these apart.*ANA Reyes \(1007\), Ana Reyes \(1001\)"):
        exports.write(target, told(target), TWINS)


def test_gusto_is_told_its_own_ids_where_two_have_one_name() -> None:
    known = [
        replace(each, person=replace(each.person, known_as=f"abc{each.person.number[-1]}23"))
        for each in TWINS
    ]
    lines = exports.write(Target.GUSTO, told(Target.GUSTO), known + TWO).content.decode()
    assert lines.splitlines()[0].startswith("first_name,last_name,gusto_employee_id,title,")
    assert "Ana,Reyes,abc123,,8.00" in lines
    assert "ANA,Reyes,abc723,,2.00" in lines


def test_quickbooks_refuses_a_name_that_it_cannot_spell() -> None:
    lukasz = hours(Person("9", "Łukasz", "Nowak"), regular=8)
    with pytest.raises(Refusal, match="can't spell: Nowak, Łukasz"):
        exports.write(Target.QUICKBOOKS, told(Target.QUICKBOOKS), lukasz)
    known = [
        replace(each, person=replace(each.person, known_as="Nowak, Lukasz")) for each in lukasz
    ]
    assert (
        b"Nowak, Lukasz" in exports.write(Target.QUICKBOOKS, told(Target.QUICKBOOKS), known).content
    )


SETTLED = {
    Target.ADP_WORKFORCE_NOW: {"company": "ABC"},
    Target.ADP_RUN: {"company": "R1"},
    Target.ADP_TEMPLATE: {"company": "H4K"},
    Target.PAYCHEX_FLEX: {"company": "1"},
    Target.DATEV_LODAS: {"company": "1", "client": "2"},
}
NUMBERED = Person("1", "Ana", "Reyes", "101", "ana@example.com")


def taken_back(person: Person) -> list[Earning]:
    """Five hours of one day, and as many taken back on the next."""
    return hours(person, regular=5) + hours(person, TOLD.last, regular=-5)


@pytest.mark.parametrize("target", Target)
def test_whose_corrections_cancel_out_leaves_no_record(target) -> None:
    said = told(target, **SETTLED.get(target, {}))
    ben = Person("2", "Ben", "Okafor", "102", "ben@example.com")
    only = hours(ben, regular=8)

    assert exports.write(target, said, only + taken_back(NUMBERED)) == exports.write(
        target, said, only
    )
    # nor do they want a number, or an address, or a name that can be spelled
    unknown = Person("3", "Łukasz", "Nowak")
    assert exports.write(target, said, only + taken_back(unknown)) == exports.write(
        target, said, only
    )


@pytest.mark.parametrize("target", Target)
def test_nothing_but_corrections_that_cancel_out_is_nothing_to_export(target) -> None:
    with pytest.raises(NothingToExport):
        exports.write(target, told(target, **SETTLED.get(target, {})), taken_back(NUMBERED))


@pytest.mark.parametrize(
    "target",
    # the table tells positions apart
    [target for target in Target if target is not Target.GENERIC],
)
def test_what_a_file_cannot_tell_apart_may_cancel_out_too(target) -> None:
    """Two positions of one job at one rate: the file of hours has one row for both."""
    moved = [
        *(replace(each, position="Agent") for each in hours(NUMBERED, regular=5)),
        *(replace(each, position="Server") for each in hours(NUMBERED, regular=-5)),
    ]
    with pytest.raises(NothingToExport):
        exports.write(target, told(target, **SETTLED.get(target, {})), moved)
