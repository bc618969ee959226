"""The forms of hours: as they were worked, and why they are changed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from pms.base import dates
from pms.base.refusal import Invalid
from pms.hotel.people.timeclock import Break
from pms.hotel.people.timeclock.editing import Rest, Times
from pms.web.auth import here
from pms.web.forms import ChoiceField, DateField, Form, TimeField

WHY = StringField("Why", [InputRequired("Say why; both versions are kept."), Length(max=200)])
MOST_BREAKS = 8
FEWEST_SHOWN = 2
FIRST, SECOND = "first", "second"
WHICH = [
    SelectChoice("", "—"),
    SelectChoice(FIRST, "The first time"),
    SelectChoice(SECOND, "The second time"),
]


def _which(label: str) -> SelectField:
    """Return the field that says which one a time is in the night when clocks go back."""
    return SelectField(f"{label}: which one", [Optional()], choices=WHICH)


class WhyForm(Form):
    """Why."""

    why = WHY


class ApproveForm(Form):
    """Why hours are approved by who worked or corrected them, where nobody else could."""

    reason = StringField("Why they are right", [Length(max=200)])


class TimesForm(Form):
    """When somebody worked, by the hotel's clock, in which position, with their breaks.

    The fields of the breaks are added below: `break_1_from` and so on.
    """

    employment = ChoiceField("Position", [InputRequired("Choose one.")])
    day = DateField("Began on", [InputRequired("Say on which day.")])
    started_at = TimeField("From", [InputRequired("Say when.")])
    started_at_which = _which("From")
    ended_at = TimeField("Until", [InputRequired("Say when.")])
    ended_at_which = _which("Until")
    why = WHY

    @property
    def breaks_shown(self) -> range:
        """The numbers of the breaks to show: those that are filled in, and one more."""
        filled = [n for n in range(1, MOST_BREAKS + 1) if self[f"break_{n}_from"].data]
        return range(1, min(max([*filled, FEWEST_SHOWN - 1]) + 1, MOST_BREAKS) + 1)

    @property
    def asks_which(self) -> bool:
        """Whether a time may come twice in these hours: clocks go back that night or the next."""
        day = self.day.data or here().business_date
        zone = here().time_zone
        return any(
            dates.comes_twice(datetime.combine(each, time(hour)), zone)
            for each in (day, day + dates.ONE_DAY)
            for hour in range(4)
        )

    @property
    def times(self) -> Times:
        """What was worked; a time that isn't after the beginning is the next day's.

        Refuses a time that the clock left out when it went forward, one that came twice and isn't
        told apart, and half a break.
        """
        begins = self._instant("started_at", after=None)
        return Times(
            employment=self.employment.chosen,
            started_at=begins,
            ended_at=self._instant("ended_at", after=begins),
            breaks=[
                Rest(
                    self._instant(f"break_{n}_from", after=begins),
                    self._instant(f"break_{n}_until", after=begins),
                    bool(self[f"break_{n}_paid"].data),
                )
                for n in range(1, MOST_BREAKS + 1)
                if self._is_whole(n)
            ],
        )

    def show(self, started_at: datetime, ended_at: datetime | None, taken: Sequence[Break]) -> None:
        """Fill in hours as they are; refuses more breaks than the form has room for."""
        if len(taken) > MOST_BREAKS:
            raise Invalid(f"These hours have more than {MOST_BREAKS} breaks: strike them instead.")
        self.day.data = dates.local(started_at, here().time_zone).date()
        self._fill("started_at", started_at)
        self._fill("ended_at", ended_at)
        for n, each in enumerate(taken, start=1):
            self._fill(f"break_{n}_from", each.started_at)
            self._fill(f"break_{n}_until", each.ended_at)
            self[f"break_{n}_paid"].data = each.paid

    def _fill(self, name: str, at: datetime | None) -> None:
        if at is None:
            return
        wall = dates.local(at, here().time_zone)
        self[name].data = wall.time().replace(fold=0)
        if dates.comes_twice(wall, here().time_zone):
            self[f"{name}_which"].data = SECOND if wall.fold else FIRST

    def _is_whole(self, n: int) -> bool:
        since, until = self[f"break_{n}_from"].data, self[f"break_{n}_until"].data
        if (since is None) != (until is None):
            raise Invalid(
                "Say when the break began and when it ended, or neither.",
                field=f"break_{n}_until" if until is None else f"break_{n}_from",
            )
        return since is not None

    def _instant(self, name: str, *, after: datetime | None) -> datetime:
        """Return the instant of a field; the next day's, where it isn't after another."""
        day, zone = self.day.data or here().business_date, here().time_zone
        at = self._on(name, day, zone)
        if after is not None and at <= after:
            at = self._on(name, day + timedelta(days=1), zone)
        return at

    def _on(self, name: str, day: date, zone: str) -> datetime:
        wall = datetime.combine(day, (self[name].data or time()).replace(second=0))
        if not dates.exists(wall, zone):
            raise Invalid("The clock left that time out that night.", field=name)
        which = self[f"{name}_which"].data
        if dates.comes_twice(wall, zone) and not which:
            raise Invalid(
                f"{wall:%H:%M} came twice that night. Say which one it is.", field=f"{name}_which"
            )
        return dates.instant(wall.replace(fold=which == SECOND), zone)


for _n in range(1, MOST_BREAKS + 1):
    for _name, _label in (("from", "Break from"), ("until", "Break until")):
        setattr(TimesForm, f"break_{_n}_{_name}", TimeField(_label, [Optional()]))
        setattr(TimesForm, f"break_{_n}_{_name}_which", _which(_label))
    setattr(TimesForm, f"break_{_n}_paid", BooleanField("That break is paid"))


class WriteForm(TimesForm):
    """Whose hours nobody punched."""

    employment = ChoiceField("Who, as what", [InputRequired("Choose somebody.")])
