"""Actions: deeds that a page offers, or says why not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """A deed the house knows; `why_not` is the sentence to show where it isn't allowed."""

    name: str
    label: str
    why_not: str | None

    @property
    def allowed(self) -> bool:
        """Whether it may be done."""
        return self.why_not is None
