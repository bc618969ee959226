"""Refusals: what the house says no to, in a sentence that may be read to a guest."""

import re
from typing import ClassVar


class Refusal(Exception):
    """A rule said no and nothing was changed.

    `sentence` is English and says the fact, then the way out. `message_id` and `parameters` let
    another language say it; `field` names the input at fault, in the verb's own words.
    """

    status: ClassVar[int] = 409

    def __init__(self, sentence: str, *, field: str | None = None, **parameters: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.parameters = parameters

    @property
    def message_id(self) -> str:
        """The refusal's name in snake case, stable for translations and machines."""
        return spaced(type(self).__name__, "_").lower()


def spaced(name: str, space: str = " ") -> str:
    """Return the name of a class as words: `Rate Plan` of `RatePlan`."""
    return re.sub(r"(?<!^)(?=[A-Z])", space, name)


class Invalid(Refusal):
    """Something typed can't be what it says it is."""

    status = 422


class Busy(Refusal):
    """The write turn didn't come in time; nothing was changed and trying again is safe."""

    status = 503

    def __init__(self) -> None:
        super().__init__("The house is busy at this moment. Nothing was changed; try again.")


class Stale(Refusal):
    """Somebody changed the thing since this page was made."""

    def __init__(self, thing: str) -> None:
        super().__init__(
            f"Someone changed this {thing} meanwhile. Here are the new values; check and try again."
        )
