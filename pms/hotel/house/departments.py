"""Departments: who in the house does what kind of work."""

import enum


class Department(enum.StrEnum):
    """Who does the work; management answers for all of them."""

    FRONT_OFFICE = "front_office"
    HOUSEKEEPING = "housekeeping"
    ENGINEERING = "engineering"
    CONCIERGE = "concierge"
    FOOD_AND_BEVERAGE = "food_and_beverage"
    MANAGEMENT = "management"

    @property
    def words(self) -> str:
        """The department in words."""
        return self.value.replace("_", " ").capitalize()
