"""The forms of housekeeping: a room kept from guests, sent back, moved; how the house is kept."""

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from pms.web.forms import ChoiceField, DateField, Form, IntegerField, MoneyField


class BlockForm(Form):
    """Which nights a room is kept from guests, why, and how it comes back."""

    kind = ChoiceField("Kind", [InputRequired()])
    first = DateField("From", [InputRequired("Say from which night.")])
    until = DateField("Back on", [InputRequired("Say when it comes back.")])
    reason = StringField("Reason", [InputRequired("Say why."), Length(max=200)])
    return_condition = ChoiceField("Comes back", [InputRequired()])
    force = StringField("Sold out, and yet a fact, because", [Length(max=200)])


class RedoForm(Form):
    """Why a room goes back."""

    why = StringField("What isn't well", [InputRequired("Say what isn't well."), Length(max=200)])


class MoveForm(Form):
    """To whose sheet a room goes."""

    person = ChoiceField("To", [InputRequired("Choose somebody.")])


class ResolveForm(Form):
    """What a difference turned out to be."""

    resolution = ChoiceField("It turned out", [InputRequired("Choose one.")])
    words = StringField("In words", [Length(max=200)])


class RulesForm(Form):
    """How the house is kept."""

    linen_every = IntegerField("Fresh linen every so many nights", [NumberRange(0, 30)])
    shift_minutes = IntegerField("Minutes to clean in a shift", [NumberRange(30, 720)])
    inspect_own = BooleanField("Attendants may inspect rooms, also their own")


class EffortForm(Form):
    """How long a room takes, and what it counts."""

    minutes = IntegerField("Minutes", [InputRequired("Say how long."), NumberRange(1, 480)])
    credits = IntegerField("Credits", [NumberRange(0, 99)])


class ItemForm(Form):
    """Something in the minibar."""

    name = StringField("What", [InputRequired("Say what it is."), Length(max=60)])
    price = MoneyField("Price", [InputRequired("Say what it costs.")])
    code = ChoiceField("Charged as", [InputRequired("Choose one.")])
