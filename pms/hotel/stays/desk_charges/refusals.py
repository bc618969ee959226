"""What is refused of a charge by hand, and what one of tonight may be."""

import enum
from datetime import date

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.tariff.charges import ChargeCode


class Tonight(enum.StrEnum):
    """What a charge of tonight is, where the audit would make one too."""

    ITS_NIGHT = "its_night"
    ON_TOP = "on_top"


class AuditCharges(Invalid):
    """The audit will charge that too, and nobody said whether it is the same."""

    def __init__(self, text: str, night: date, gross: Money, *, in_house: bool) -> None:
        way_out = (
            "Say whether this is that charge, made now, or one on top of it."
            if in_house
            else "Take a deposit for it instead, or say that this comes on top."
        )
        super().__init__(
            f"The night audit charges {text} for {night:%a %d %b} by itself, "
            f"{gross.said} with all that is due. {way_out}",
            field="tonight",
        )


class NothingDueTonight(Invalid):
    """There is no charge of tonight that the audit would make."""

    def __init__(self) -> None:
        super().__init__(
            "The audit has nothing of that to charge tonight: it is charged already, or the party "
            "isn't in house.",
            field="tonight",
        )


class AgreedOtherwise(Invalid):
    """The stay's own night costs what was agreed, for who sleeps there, where routing sends it."""

    def __init__(self, field: str) -> None:
        super().__init__(
            "Tonight's own charge is what was agreed, for who sleeps here, and goes where the "
            "routing says. Leave this empty, or change the reservation first.",
            field=field,
        )


class OneNightAtATime(Invalid):
    """Nights of a stay differ, and those to come aren't charged yet."""

    def __init__(self, code: ChargeCode) -> None:
        super().__init__(
            f"{code.name} bears taxes by night, and each night of a stay has its own price, heads "
            "and taxes. Post one night at a time; those to come the audit charges as they pass, "
            "and who pays them ahead makes a payment.",
            field="quantity",
        )


class NotItsNight(Invalid):
    """A night that the stay behind a bill hasn't, or not yet."""

    def __init__(self, night: date, why: str) -> None:
        super().__init__(f"{night:%a %d %b %Y} {why}", field="night")
