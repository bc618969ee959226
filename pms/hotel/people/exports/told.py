"""What an export is told: the period, the hotel's settings, and what each person earned."""

import csv
import enum
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.people.pay import PayKind, hours
from pms.hotel.people.pay.lines import PREMIUM_OF


class Target(enum.StrEnum):
    """Whose file it is."""

    ADP_WORKFORCE_NOW = "adp_workforce_now"
    ADP_RUN = "adp_run"
    ADP_TEMPLATE = "adp_template"
    PAYCHEX_FLEX = "paychex_flex"
    GUSTO = "gusto"
    GUSTO_TEMPLATE = "gusto_template"
    QUICKBOOKS = "quickbooks"
    DATEV_LODAS = "datev_lodas"
    GENERIC = "generic"

    @property
    def words(self) -> str:
        """The target as its makers write it."""
        return _WORDS[self]


_WORDS = {
    Target.ADP_WORKFORCE_NOW: "ADP Workforce Now",
    Target.ADP_RUN: "ADP RUN",
    Target.ADP_TEMPLATE: "ADP paydata with pay date",
    Target.PAYCHEX_FLEX: "Paychex Flex",
    Target.GUSTO: "Gusto",
    Target.GUSTO_TEMPLATE: "Gusto by e-mail",
    Target.QUICKBOOKS: "QuickBooks Desktop (IIF)",
    Target.DATEV_LODAS: "DATEV LODAS",
    Target.GENERIC: "Plain CSV",
}


class Frequency(enum.StrEnum):
    """How often people are paid."""

    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    SEMIMONTHLY = "semimonthly"
    MONTHLY = "monthly"


# Told in money, since no rate by the hour stands behind them; all else is told in hours.
AMOUNTS = frozenset(
    {PayKind.MAKE_UP, PayKind.BONUS, PayKind.SERVICE_CHARGE, PayKind.TIPS, PayKind.CASH_TIPS}
    | {*PREMIUM_OF.values()}
)
PREMIUMS = tuple(PREMIUM_OF.values())
LEFT_OUT = "-"  # the code of what a file doesn't tell


class NothingToExport(Refusal):
    def __init__(self) -> None:
        super().__init__("Nobody has hours or pay in this period. There is nothing to export.")


class NumberMissing(Refusal):
    def __init__(self, target: Target, what: str, people: Iterable["Person"]) -> None:
        self.people = tuple(sorted(set(people), key=lambda each: (each.name, each.number)))
        self.what = what
        names = ", ".join(sorted({person.name for person in self.people}))
        super().__init__(
            f"{target.words} needs {what} for: {names}. Write it in their file.",
            names=names,
        )


class NotToldApart(Refusal):
    def __init__(self, target: Target, what: str, people: Iterable["Person"]) -> None:
        self.people = tuple(sorted(people, key=lambda each: (each.name, each.number)))
        self.what = what
        names = ", ".join(f"{person.name} ({person.number})" for person in self.people)
        super().__init__(
            f"{target.words} can't tell these apart, and would pay one what is for another: "
            f"{names}. Write {what}, in their files.",
            names=names,
        )


class CodeMissing(Refusal):
    def __init__(self, target: Target, kinds: Iterable[PayKind]) -> None:
        words = ", ".join(sorted({kind.words for kind in kinds}))
        super().__init__(
            f"{target.words} has no code for: {words}. Give one in the settings, or "
            f"“{LEFT_OUT}” for what is left out.",
            field="codes",
        )


class NoColumn(Refusal):
    def __init__(self, target: Target, kinds: Iterable[PayKind]) -> None:
        words = ", ".join(sorted({kind.words for kind in kinds}))
        super().__init__(
            f"{target.words} has no column for: {words}. Give “{LEFT_OUT}” as their code, and pay "
            "them otherwise.",
            field="codes",
        )


class WordRefused(Invalid):
    def __init__(self, target: Target, word: str) -> None:
        super().__init__(
            f"{target.words} refuses “{word[:40]}”: its files hold plain ASCII without a "
            "backslash. Change it.",
            field="company",
        )


class SettingMissing(Invalid):
    def __init__(self, target: Target, what: str) -> None:
        super().__init__(
            f"{target.words} wants {what}. Write it in the settings of the export.",
            field="company",
        )


class MuchMissing(Refusal):
    """Everything that a file wants, told at once: `each` are the refusals, one by one."""

    def __init__(self, each: Sequence[Refusal]) -> None:
        self.each = tuple(each)
        super().__init__(" ".join(no.sentence for no in each), field=each[0].field)


class Wants:
    """What a file wants and hasn't got: each check is made, then all of it is refused together.

    `with wants:` before a check keeps what it refuses and goes on; `refuse` says it.
    """

    def __init__(self) -> None:
        self._each: list[Refusal] = []

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: type[BaseException] | None, no: BaseException | None, __: object) -> bool:
        if not isinstance(no, Refusal):
            return False
        self.also(no)
        return True

    def also(self, no: Refusal) -> None:
        """Keep a refusal."""
        if no.sentence not in {each.sentence for each in self._each}:
            self._each.append(no)

    def refuse(self) -> None:
        """Refuse everything that was kept; do nothing where nothing was."""
        if len(self._each) == 1:
            raise self._each[0]
        if self._each:
            raise MuchMissing(self._each)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom an earning is for: the house's number, and how the target knows them, if it does.

    `base_rate` is what an hour of the position held longest pays, in minor units, by which payroll
    systems know them; 0 where that is a salary, nothing where one rate is all there is.
    """

    number: str
    first_name: str
    last_name: str
    known_as: str | None = None
    email: str | None = None
    base_rate: int | None = None

    @property
    def name(self) -> str:
        """The name as it is said."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Earning:
    """What one person earned of one kind on one day: minutes, or minor units for AMOUNTS.

    Minutes are whole ones from the clock; a time kept in hundredths of an hour is exact too.
    `rate` is minor units an hour, where one rate was paid. `by_itself` is what of a premium a
    system pays that is told the hours at their rates.
    """

    person: Person
    kind: PayKind
    day: date
    minutes: int | Fraction = 0
    amount: int = 0
    rate: int | None = None
    position: str = ""
    department: str = ""
    cost_center: str | None = None
    job: str = ""
    by_itself: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return self.amount == 0 if self.kind in AMOUNTS else self.minutes == 0

    @property
    def told(self) -> "Earning":
        """The earning as a file tells it: money by hours without any (a rate that rose) as money.

        No system reckons it by itself, for it is told no hours of it.
        """
        by_hours = self.kind not in AMOUNTS or self.kind in PREMIUMS
        if by_hours and not self.minutes and self.amount:
            return replace(self, kind=PayKind.MAKE_UP, rate=None)
        return self


@dataclass(frozen=True, slots=True)
class Settings:
    """How a payroll system knows the hotel, and what it calls each kind of earning.

    `company` is its company, client or consultant's number, `client` the client's number beside a
    consultant's (DATEV); `batch` is what batch names begin with. `jobs` is what it calls positions,
    by their code, or by code and rate.
    """

    company: str = ""
    client: str = ""
    batch: str = ""
    codes: Mapping[PayKind, str] = field(default_factory=dict)
    jobs: Mapping[str, str] = field(default_factory=dict)
    company_created: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What stands above the rows: the period with both its days, when it is paid, in what money."""

    hotel: str
    first: date
    last: date
    pays_on: date
    frequency: Frequency | None
    currency: str
    settings: Settings

    def amount(self, minor: int) -> str:
        """Return minor units as a plain decimal."""
        return str(Money(minor, self.currency))


@dataclass(frozen=True, slots=True)
class File:
    """A file: its name, what kind it is, its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(slots=True)
class Sum:
    """What earnings of one person and code come to."""

    minutes: int | Fraction = 0
    amount: int = 0

    def add(self, each: Earning) -> None:
        """Add an earning."""
        self.minutes += each.minutes
        self.amount += each.amount

    @property
    def hours(self) -> str:
        """The minutes as decimal hours, rounded half up once, of the sum."""
        return hours(self.minutes)

    def says_nothing(self, kind: PayKind) -> bool:
        """Tell whether a file would write a zero: what was corrected came out as it was."""
        return not self.amount if kind in AMOUNTS else self.hours in ("0.00", "-0.00")


def coded(target: Target, told: Told, earnings: Sequence[Earning], wants: Wants) -> list[Earning]:
    """Return what has a code in the target, in an order that rows in any order come to.

    Refuses nothing at all, also where all of it was taken back; a kind that has no code is wanted,
    and its rows are left out.
    """
    there = _standing([each for each in (given.told for given in earnings) if not each.is_empty])
    codes = told.settings.codes
    nameless = {each.kind for each in there if not codes.get(each.kind)}
    if nameless:
        wants.also(CodeMissing(target, nameless))
    kept = [each for each in there if codes.get(each.kind) not in {None, "", LEFT_OUT}]
    if not kept and not nameless:
        raise NothingToExport
    return sorted(kept, key=order)


def _standing(earnings: Sequence[Earning]) -> list[Earning]:
    """Return earnings without what corrections took back whole, of one kind, job and rate."""

    def group(each: Earning) -> tuple[object, ...]:
        return each.person, each.kind, each.rate, each.job, each.position, each.cost_center

    come_to = sums(earnings, group)
    return [
        each
        for each in earnings
        if come_to[group(each)].amount
        or (each.kind not in AMOUNTS and come_to[group(each)].minutes)
    ]


_KINDS = {kind: place for place, kind in enumerate(PayKind)}


def order(each: Earning) -> tuple[str | Fraction | int | date, ...]:
    """Return where an earning stands: by number, kind, day and position."""
    person = each.person
    return (
        *(person.known_as or person.number, person.last_name, person.first_name),
        *(_KINDS[each.kind], each.day, each.position, each.rate or 0, each.minutes, each.amount),
    )


def known(target: Target, earnings: Iterable[Earning], what: str = "a number of its own") -> None:
    """Refuse people whom the target doesn't know, by name."""
    strangers = {each.person for each in earnings if not each.person.known_as}
    if strangers:
        raise NumberMissing(target, what, strangers)


def alike(
    earnings: Iterable[Earning], told_as: Callable[[Person], tuple[str, ...]]
) -> frozenset[Person]:
    """Return the people whom a file would tell as somebody else too; capitals tell nobody apart."""
    people: dict[tuple[str, ...], set[Person]] = {}
    for each in earnings:
        words = tuple(word.casefold() for word in told_as(each.person))
        people.setdefault(words, set()).add(each.person)
    return frozenset(who for same in people.values() if len(same) > 1 for who in same)


def fits(target: Target, earnings: Iterable[Earning], kinds: Sequence[PayKind]) -> None:
    """Refuse earnings that a file of some columns would lose."""
    homeless = {each.kind for each in earnings if each.kind not in kinds}
    if homeless:
        raise NoColumn(target, homeless)


def sums(
    earnings: Iterable[Earning], by: Callable[[Earning], tuple[object, ...]]
) -> dict[tuple[object, ...], Sum]:
    """Add earnings up by a key, in the order in which the keys are met."""
    found: dict[tuple[object, ...], Sum] = {}
    for each in earnings:
        found.setdefault(by(each), Sum()).add(each)
    return found


def refuse_none(records: Sequence[object]) -> None:
    """Refuse a file without a row: everything in it was taken back."""
    if not records:
        raise NothingToExport


def ascii_only(target: Target, *words: str) -> None:
    """Refuse what an ASCII file of a target can't hold."""
    for word in words:
        if not (word.isascii() and word.isprintable()) or "\\" in word:
            raise WordRefused(target, word)


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    """Return text that no spreadsheet takes for a formula (OWASP: a quote in front)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def commas(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV in UTF-8 with CRLF, also at the end."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode()
