"""The forms of hours: as they were worked, and why they are changed."""

from datetime import datetime, time, timedelta

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length, Optional

from pms.base import dates
from pms.base.refusal import Invalid
from pms.hotel.people.timeclock.editing import Rest, Times
from pms.web.auth import here
from pms.web.forms import ChoiceField, DateField, Form, TimeField

WHY = StringField("Why", [InputRequired("Say why; both versions are kept."), Length(max=200)])


class WhyForm(Form):
    """Why."""

    why = WHY


class TimesForm(Form):
    """When somebody worked, by the hotel's clock, in which position, with at most two breaks."""

    employment = ChoiceField("Position", [InputRequired("Choose one.")])
    day = DateField("Began on", [InputRequired("Say on which day.")])
    started_at = TimeField("From", [InputRequired("Say when.")])
    ended_at = TimeField("Until", [InputRequired("Say when.")])
    first_from = TimeField("Break from", [Optional()])
    first_until = TimeField("Break until", [Optional()])
    first_paid = BooleanField("That break is paid")
    second_from = TimeField("Second break from", [Optional()])
    second_until = TimeField("Second break until", [Optional()])
    second_paid = BooleanField("The second break is paid")
    why = WHY

    @property
    def times(self) -> Times:
        """What was worked; a time that isn't after the beginning is the next day's.

        Refuses a time that the clock left out when it went forward, and half a break.
        """
        for name in ("first", "second"):
            since, until = self[f"{name}_from"].data, self[f"{name}_until"].data
            if (since is None) != (until is None):
                raise Invalid(
                    "Say when the break began and when it ended, or neither.",
                    field=f"{name}_until" if until is None else f"{name}_from",
                )
        begins = self.started_at.data or time()
        return Times(
            employment=self.employment.chosen,
            started_at=self._instant(begins, "started_at", after=None),
            ended_at=self._instant(self.ended_at.data or time(), "ended_at", after=begins),
            breaks=[
                Rest(
                    self._instant(since, "first_from", after=begins),
                    self._instant(until, "first_until", after=begins),
                    bool(paid),
                )
                for since, until, paid in (
                    (self.first_from.data, self.first_until.data, self.first_paid.data),
                    (self.second_from.data, self.second_until.data, self.second_paid.data),
                )
                if since is not None and until is not None
            ],
        )

    def _instant(self, at: time, field: str, *, after: time | None) -> datetime:
        day = self.day.data or here().business_date
        if after is not None and at <= after:
            day += timedelta(days=1)
        wall = datetime.combine(day, at.replace(second=0))
        if not dates.exists(wall, here().time_zone):
            raise Invalid("The clock left that time out that night.", field=field)
        return dates.instant(wall, here().time_zone)


class WriteForm(TimesForm):
    """Whose hours nobody punched."""

    employment = ChoiceField("Who, as what", [InputRequired("Choose somebody.")])
