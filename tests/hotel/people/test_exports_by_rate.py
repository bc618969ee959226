"""Payroll files of people with several rates: what a file says is what is owed, or it names them.

Each file is read back as its system would read it: hours at the rate it states, or at the one it
knows the person by, overtime by half more; and amounts.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.base.money import round_half_up
from pms.base.refusal import Refusal
from pms.hotel.people import exports
from pms.hotel.people.exports import Earning, Left, Target, Told
from pms.hotel.people.exports.rates import NoRates, RatesMixed
from pms.hotel.people.exports.told import LEFT_OUT
from pms.hotel.people.pay import PayKind
from tests.hotel.people.test_exports import ANA, TOLD, told

ANA_AT_15 = replace(ANA, number="101", known_as="101", base_rate=1500)
JOBS = {"AGENT": "Agent", "SERVER": "Server"}
RATES = {"AGENT": 1500, "SERVER": 2000}
SETTINGS: dict[Target, dict[str, object]] = {
    Target.ADP_WORKFORCE_NOW: {"company": "ABC"},
    Target.ADP_RUN: {"company": "R1", "jobs": {"SERVER": "RATE2"}},
    Target.PAYCHEX_FLEX: {"company": "1"},
    Target.GUSTO: {},
    Target.QUICKBOOKS: {"jobs": {"SERVER": "Server"}},
    Target.DATEV_LODAS: {
        "company": "1",
        "client": "2",
        "codes": {
            **exports.CODES[Target.DATEV_LODAS],
            PayKind.OVERTIME_PREMIUM: "1090",
            PayKind.BONUS: "1020",
        },
    },
    Target.GENERIC: {},
}


def worked(job: str, minutes: int, kind: PayKind = PayKind.REGULAR, *, day: int = 0) -> Earning:
    """Ana's hours in a job."""
    rate = RATES[job]
    return Earning(
        ANA_AT_15, kind, TOLD.first + timedelta(days=day), minutes, _paid(rate, minutes), rate,
        position=JOBS[job], job=job,
    )  # fmt: skip


def _paid(rate: int, minutes: int) -> int:
    return round_half_up(Fraction(rate * minutes, 60))


def premium(amount: int, *, minutes: int, by_itself: int) -> Earning:
    """Ana's premium of overtime in a week."""
    kind = PayKind.OVERTIME_PREMIUM
    return Earning(ANA_AT_15, kind, TOLD.last, minutes, amount, by_itself=by_itself)


# --- reading a file as its system does ------------------------------------------------------------


class Row(NamedTuple):
    """Hours at a rate, or an amount; `more` is what overtime hours are paid times their rate."""

    hours: Fraction
    rate: Fraction
    amount: Fraction
    more: Fraction = Fraction(1)

    @property
    def pays(self) -> Fraction:
        """What the row comes to, in major units."""
        return self.hours * self.rate * self.more + self.amount


def _number(word: str) -> Fraction:
    return Fraction(word.replace(",", ".") or 0)


def _row(hours: str, rate: object, amount: str, *, overtime: bool = False) -> Row:
    more = Fraction(3, 2) if overtime else Fraction(1)
    known = _number(str(rate)) if rate else Fraction(15)
    return Row(_number(hours), known, _number(amount), more)


OVERTIME = {"OT", "OVT", "Overtime", "Overtime hours", "Hourly Overtime", "1010"}


def read(target: Target, content: bytes) -> list[Row]:
    """Return the rows of a file of Ana's."""
    text = content.decode("cp1252" if target is Target.DATEV_LODAS else "utf-8")
    return list(_READERS[target](text))


def _cells(text: str, skip: int = 0) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(text.split("\r\n", skip)[-1]))


def _workforce_now(text: str) -> Iterator[Row]:
    for each in _cells(text):
        rate = each.get("Temp Rate")
        yield _row(each["Reg Hours"], rate, "")
        yield _row(each["O/T Hours"], rate, "", overtime=True)
        for n in "34":
            yield _row("", rate, each.get(f"Earnings {n} Amount", ""))


def _run(text: str) -> Iterator[Row]:
    rates = {"BASE": 15, "RATE2": 20}
    for each in _cells(text, skip=1):
        overtime = each["Earnings Code"] in OVERTIME
        rate = rates[each["Rate Code"]]
        yield _row(each["Pay Hours"], rate, each["Dollars"], overtime=overtime)


def _paychex(text: str) -> Iterator[Row]:
    for each in _cells(text):
        overtime = each["Pay Component"] in OVERTIME
        yield _row(each["Hours"], each["Rate"], each["Amount"], overtime=overtime)


def _gusto(text: str) -> Iterator[Row]:
    rates = {"": 15, "Agent": 15, "Server": 20}
    for each in _cells(text):
        for head in ("Regular hours", "Overtime hours"):
            rate = rates[each["title"]]
            yield _row(each.get(head, ""), rate, "", overtime=head in OVERTIME)
        for head in ("Bonus", "Correction payment"):
            yield _row("", 0, each.get(head, ""))


def _quickbooks(text: str) -> Iterator[Row]:
    for line in text.split("\r\n"):
        if line.startswith("TIMEACT"):
            item, hours = line.split("\t")[5:7]
            rate = 20 if item.endswith(" Server") else 15
            yield _row(hours, rate, "", overtime=item.removesuffix(" Server") in OVERTIME)


def _lodas(text: str) -> Iterator[Row]:
    for line in text.split("[Bewegungsdaten]")[1].split("\r\n"):
        if line:
            _, _, _, code, is_what, value, *rest = line.split(";")
            rate = rest[1] if len(rest) > 2 else ""
            hours, amount = (value, "") if is_what == "1" else ("", value)
            yield _row(hours, rate, amount, overtime=code in OVERTIME)


def _generic(text: str) -> Iterator[Row]:
    for each in _cells(text):
        yield _row("", 0, each["amount"])


_READERS = {
    Target.ADP_WORKFORCE_NOW: _workforce_now,
    Target.ADP_RUN: _run,
    Target.PAYCHEX_FLEX: _paychex,
    Target.GUSTO: _gusto,
    Target.QUICKBOOKS: _quickbooks,
    Target.DATEV_LODAS: _lodas,
    Target.GENERIC: _generic,
}
TARGETS = pytest.mark.parametrize("target", _READERS)


def _for(target: Target) -> Told:
    return told(target, **SETTINGS[target])


def _is_owed(target: Target, earnings: list[Earning]) -> None:
    """Check that a file, and what it leaves by name, come to what is owed, but for hundredths."""
    file = exports.write(target, _for(target), earnings)
    rows = read(target, file.content)
    left = exports.left_out(_for(target), earnings) if target is not Target.GENERIC else []
    assert {each.person.name for each in left} <= {"Ana Reyes"}
    pays = sum((row.pays for row in rows), Fraction(0)) + Fraction(
        sum(each.amount for each in left), 100
    )
    of_rows = sum((row.rate * row.more for row in rows if row.hours), Fraction(0)) / 200
    rounding = Fraction(len(earnings), 50)  # a cent a line, and one a premium
    owed = Fraction(sum(each.amount for each in earnings), 100)
    assert abs(pays - owed) <= of_rows + rounding


MINUTES = st.integers(1, 16 * 60)
LINES = st.lists(
    st.builds(
        worked,
        st.sampled_from(list(RATES)),
        MINUTES,
        st.sampled_from([PayKind.REGULAR, PayKind.OVERTIME]),
        day=st.integers(0, 13),
    ),
    min_size=1,
    max_size=12,
)


@TARGETS
@given(lines=LINES, more=st.integers(-5_000, 50_000), bonus=st.integers(0, 10_000))
def test_what_a_file_says_is_what_is_owed_or_names_who_is_left(target, lines, more, bonus):
    overtime = [each for each in lines if each.kind is PayKind.OVERTIME]
    half = sum((Fraction((each.rate or 0) * each.minutes, 120) for each in overtime), Fraction(0))
    earnings = [*lines, Earning(ANA_AT_15, PayKind.BONUS, TOLD.last, amount=bonus)]
    if overtime:
        minutes = sum(int(each.minutes) for each in overtime)
        by_itself = round_half_up(half)
        earnings.append(premium(by_itself + more, minutes=minutes, by_itself=by_itself))

    _is_owed(target, earnings)


# --- each file ------------------------------------------------------------------------------------

TWO_JOBS = [worked("AGENT", 690), worked("SERVER", 380, day=1)]
PARTED = {
    Target.ADP_WORKFORCE_NOW: [
        "ABC,260927,101,11.50,,,,,,15.00",
        "ABC,260927,101,6.33,,,,,,20.00",
    ],
    Target.ADP_RUN: [
        "R1,B,09/14/2026,09/27/2026,101,REG,11.50,,0,,BASE",
        "R1,B,09/14/2026,09/27/2026,101,REG,6.33,,0,,RATE2",
    ],
    Target.PAYCHEX_FLEX: [
        "1,101,,,Hourly,15.00,,11.50,,,,,,,,",
        "1,101,,,Hourly,20.00,,6.33,,,,,,,,",
    ],
    Target.GUSTO: ["Ana,Reyes,Agent,11.50", "Ana,Reyes,Server,6.33"],
    Target.QUICKBOOKS: [
        "TIMEACT\t09/14/26\t\t101\t\tHourly Wage\t11.5\t\t\t0",
        "TIMEACT\t09/15/26\t\t101\t\tHourly Wage Server\t6.33\t\t\t0",
    ],
    Target.DATEV_LODAS: [
        "1;01.09.2026;101;1000;1;11,50;;15,00;",
        "1;01.09.2026;101;1000;1;6,33;;20,00;",
    ],
}


@pytest.mark.parametrize("target", PARTED)
def test_hours_of_two_rates_leave_as_two_rows(target):
    file = exports.write(target, _for(target), TWO_JOBS)

    assert file.content.decode().split("\r\n")[-3:-1] == PARTED[target]
    if target is Target.ADP_WORKFORCE_NOW:
        assert b"Hours 4 Amount,Temp Rate\r\n" in file.content
    if target is Target.DATEV_LODAS:
        assert b"kostenstelle#bwd;abw_lohnfaktor#bwd;\r\n" in file.content


def test_a_job_worked_alone_at_another_rate_than_the_base_is_told_as_such():
    """The system knows Ana at 15.00, and would pay that for hours at the bar."""
    only = [worked("SERVER", 380)]

    row = exports.write(Target.PAYCHEX_FLEX, _for(Target.PAYCHEX_FLEX), only).content.decode()
    assert ",Hourly,20.00,,6.33," in row
    with pytest.raises(NoRates, match=r"Gusto by e-mail has no column for rates.*Ana Reyes"):
        exports.write(Target.GUSTO_TEMPLATE, told(Target.GUSTO_TEMPLATE), only)
    with pytest.raises(NoRates, match=r"ADP paydata with pay date.*Ana Reyes"):
        exports.write(Target.ADP_TEMPLATE, told(Target.ADP_TEMPLATE, company="H4K"), TWO_JOBS)


def test_rates_without_a_word_are_refused_by_name_until_the_settings_have_one():
    run, raised = told(Target.ADP_RUN, company="R1"), replace(worked("AGENT", 60), rate=1550)
    with pytest.raises(RatesMixed, match=r"rate code.*Ana Reyes \(SERVER 20.00\)"):
        exports.write(Target.ADP_RUN, run, TWO_JOBS)
    with pytest.raises(RatesMixed, match=r"payroll item.*Ana Reyes \(SERVER 20.00\)"):
        exports.write(Target.QUICKBOOKS, told(Target.QUICKBOOKS), TWO_JOBS)
    with pytest.raises(RatesMixed, match=r"title.*Ana Reyes \(AGENT 15.00, AGENT 15.50\)"):
        exports.write(Target.GUSTO, told(Target.GUSTO), [*TWO_JOBS, raised])

    named = told(Target.GUSTO, jobs={"AGENT 15.50": "Senior agent"})
    rows = exports.write(Target.GUSTO, named, [*TWO_JOBS, raised]).content.decode().split("\r\n")
    assert rows[1:-1] == [
        "Ana,Reyes,Agent,11.50",
        "Ana,Reyes,Senior agent,1.00",
        "Ana,Reyes,Server,6.33",
    ]


def test_premiums_by_the_hour_are_parted_by_rate_too():
    nights = [replace(each, kind=PayKind.NIGHT, amount=each.amount // 4) for each in TWO_JOBS]
    codes = {"codes": {**exports.CODES[Target.DATEV_LODAS], PayKind.NIGHT: "1030"}}
    settings = {**SETTINGS[Target.DATEV_LODAS], **codes}

    file = exports.write(Target.DATEV_LODAS, told(Target.DATEV_LODAS, **settings), nights)

    assert file.content.decode().split("\r\n")[-3:-1] == [
        "1;01.09.2026;101;1030;1;11,50;;15,00;",
        "1;01.09.2026;101;1030;1;6,33;;20,00;",
    ]


# --- what overtime is worth beyond its rate -------------------------------------------------------

SIX_OVER = worked("AGENT", 360, PayKind.OVERTIME)
CHARGED = premium(4_799, minutes=360, by_itself=4_500)


def test_a_service_charges_part_of_an_overtime_premium_leaves_as_money():
    """45.00 is half of 15.00 for 6 h, which a system pays by itself; 2.99 is the charge's."""
    run = exports.write(Target.ADP_RUN, _for(Target.ADP_RUN), [SIX_OVER, CHARGED])
    assert run.content.decode().split("\r\n")[2:4] == [
        "R1,B,09/14/2026,09/27/2026,101,OVT,6.00,,0,,BASE",
        "R1,B,09/14/2026,09/27/2026,101,OTP,,2.99,0,,BASE",
    ]
    plain = premium(4_500, minutes=360, by_itself=4_500)
    bare = exports.write(Target.ADP_RUN, _for(Target.ADP_RUN), [SIX_OVER, plain])
    assert b"OTP" not in bare.content


def test_what_a_file_leaves_is_told_by_name_and_amount():
    bonus = Earning(ANA_AT_15, PayKind.BONUS, TOLD.last, amount=5_000)

    left = exports.left_out(_for(Target.QUICKBOOKS), [SIX_OVER, CHARGED, bonus])

    assert left == [
        Left(ANA_AT_15, PayKind.BONUS, 5_000),
        Left(ANA_AT_15, PayKind.OVERTIME_PREMIUM, 299),
    ]
    assert exports.left_out(_for(Target.ADP_RUN), [SIX_OVER, CHARGED, bonus]) == []


def test_what_a_system_overpays_by_itself_is_told_and_never_taken_off():
    """Overtime in the dearer job: half of its own rate is more than half of the average."""
    dearer = [
        worked("SERVER", 600, PayKind.OVERTIME),
        premium(6_000, minutes=600, by_itself=10_000),
    ]

    file = exports.write(Target.ADP_RUN, _for(Target.ADP_RUN), dearer)

    assert b"OTP" not in file.content
    assert exports.left_out(_for(Target.ADP_RUN), dearer) == [
        Left(ANA_AT_15, PayKind.OVERTIME_PREMIUM, -4_000)
    ]


def test_who_is_told_overtime_as_plain_hours_is_paid_all_of_its_premium_as_money():
    for code in ("REG", LEFT_OUT):
        codes = {**exports.CODES[Target.ADP_RUN], PayKind.OVERTIME: code}
        file = exports.write(
            Target.ADP_RUN, told(Target.ADP_RUN, company="R1", codes=codes), [SIX_OVER, CHARGED]
        )
        assert b",OTP,,47.99," in file.content


def test_a_salarys_overtime_is_told_as_money_and_not_as_overtime_hours_too():
    salaried = replace(ANA_AT_15, base_rate=0)
    hours = [
        Earning(salaried, PayKind.REGULAR, TOLD.first, minutes=2_400),
        Earning(salaried, PayKind.OVERTIME, TOLD.last, minutes=360),
    ]
    worth = [
        Earning(salaried, PayKind.REGULAR, TOLD.last, amount=18_000),
        Earning(salaried, PayKind.OVERTIME_PREMIUM, TOLD.last, amount=9_000),
    ]

    told_both = exports.write(Target.ADP_RUN, _for(Target.ADP_RUN), hours + worth).content.decode()
    told_hours = exports.write(Target.ADP_RUN, _for(Target.ADP_RUN), hours).content.decode()

    assert [line.split(",")[5:8] for line in told_both.split("\r\n")[2:-1]] == [
        ["REG", "46.00", ""],
        ["MWA", "", "270.00"],
    ]
    assert ",OVT,6.00," in told_hours  # nobody said what hours the salary is for


# --- QuickBooks by the day ------------------------------------------------------------------------


def test_quickbooks_takes_a_correction_off_other_days_and_splits_what_a_line_cannot_hold():
    def lines(*earnings: Earning) -> list[str]:
        file = exports.write(Target.QUICKBOOKS, _for(Target.QUICKBOOKS), earnings)
        rows = file.content.decode().split("\r\n")[3:-1]
        return [" ".join(row.split("\t")[i] for i in (1, 6)) for row in rows]

    days = [worked("AGENT", 480, day=0), worked("AGENT", 500, day=1)]
    assert lines(*days, worked("AGENT", -60, day=3)) == ["09/14/26 8", "09/15/26 7.33"]
    assert lines(*days, worked("AGENT", -500, day=0)) == ["09/15/26 8"]
    assert lines(worked("AGENT", 960), worked("AGENT", 600)) == ["09/14/26 23.99", "09/14/26 2.01"]
    # 7:20 on three days are 22.00 h, not three times 7.33
    thirds = [worked("AGENT", 440, day=day) for day in range(3)]
    assert lines(*thirds) == ["09/14/26 7.33", "09/15/26 7.34", "09/16/26 7.33"]
    with pytest.raises(Refusal, match="takes no hours back by this file: Ana Reyes, Hourly Wage"):
        lines(worked("AGENT", 60), worked("AGENT", -61, day=2))
