"""The forms of a group: what is agreed, how sure it is, its allotment, its rooms, its list."""

from datetime import date
from typing import Any

from wtforms import BooleanField, FileField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pms.base.numbers import whole
from pms.hotel.rooms import rates
from pms.hotel.stays.groups import Billing, Status
from pms.web.auth import here
from pms.web.database import session
from pms.web.forms import ChoiceField, DateField, Form, IntegerField, MoneyField

SHORT, LONG = Length(max=120), Length(max=1000)
STATUSES = {
    Status.INQUIRY: "Inquiry, nothing kept",
    Status.TENTATIVE: "Tentative",
    Status.DEFINITE: "Definite",
    Status.LOST: "Lost",
}


class GroupForm(Form):
    """A group and what is agreed with it."""

    code = StringField("Code", [Length(max=24)])
    name = StringField("Name", [SHORT])
    company = StringField("Company", [SHORT])
    agent = StringField("Agent", [SHORT])
    contact = StringField("Contact", [SHORT])
    arrival = DateField("Arrival")
    departure = DateField("Departure")
    plan = ChoiceField("Rate plan")
    cut_off = DateField("Cut-off date", [Optional()])
    cut_off_days = IntegerField("or days before each night", [Optional(), NumberRange(0, 365)])
    elastic = BooleanField("May pick up beyond the allotment while the house has rooms")
    billing = SelectField(
        "Master folio", choices=[SelectChoice(each.value, each.words) for each in Billing]
    )
    notes = TextAreaField("Notes", [LONG])

    def begin(self) -> None:
        """Offer the plans that are sold."""
        plans = rates.plans(session(), here())
        self.plan.offer(plans, label=lambda plan: plan.name)
        if plans:
            self.plan.begin_with(plans[0])

    @property
    def has_dates(self) -> bool:
        """Tell whether the dates and a plan are said; say what is missing."""
        for field in (self.arrival, self.departure):
            if field.data is None and not field.errors:
                field.errors = ["Say the day."]
        if self.plan.chosen is None:
            self.plan.errors = ["Choose a plan."]
        return bool(self.arrival.data and self.departure.data and self.plan.chosen)


class StatusForm(Form):
    """How sure a group is."""

    status = SelectField(
        "Status", choices=[SelectChoice(each.value, word) for each, word in STATUSES.items()]
    )
    deducts = BooleanField("Keep its rooms off sale while it is tentative")
    reason = StringField("Why it is lost", [SHORT])


class AllotForm(Form):
    """Rooms agreed for each night and type; a figure for every night counts where none is typed."""

    agreed = StringField("Agreed")

    def read(
        self, typed: Any, nights: list[date], types: list[int]
    ) -> dict[tuple[date, int], int] | None:
        """Return what was typed, by night and type; None (and why) where it is no number."""
        wanted: dict[tuple[date, int], int] = {}
        for type_id in types:
            every = str(typed.get(f"every-{type_id}", "")).strip()
            for night in nights:
                said = every or str(typed.get(f"n-{night.isoformat()}-{type_id}", "")).strip()
                if not said:
                    continue
                count = whole(said, digits=3)
                if count is None:
                    self.refusals.append(f"“{said[:12]}” is no number of rooms.")
                    return None
                wanted[night, type_id] = count
        return wanted


class PriceForm(Form):
    """What a night of a type costs the group."""

    room_type = ChoiceField("Type", [InputRequired("Choose a type.")])
    price = MoneyField("A night", [Optional()])


class RoomsForm(Form):
    """Several rooms of several types for one guest, on one booking."""

    surname = StringField("Surname", [InputRequired("Say in whose name."), SHORT])
    given_name = StringField("Given name", [SHORT])
    email = StringField("E-mail", [SHORT])
    arrival = DateField("Arrival")
    departure = DateField("Departure")
    adults = IntegerField("Adults in each room", [NumberRange(1, 20)], default=2)
    notes = StringField("Note for the desk", [LONG])


class ListForm(Form):
    """A rooming list: a file, or cells pasted."""

    sheet = TextAreaField("Or paste the cells", [Length(max=200_000)])
    file = FileField("Spreadsheet (XLSX or CSV)")
