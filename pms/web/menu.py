"""The menu: desks by section; what a person may not enter, and what isn't built, isn't shown."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, url_for

from pms.web.auth import here, may_enter, on_duty
from pms.web.doors import HOMES, ICONS, MENU, SETTINGS, TABS, Door, Sections

MOST_UNFOLDED = 14  # doors that are all shown; of more, sections are folded
TABS_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Section:
    """Some doors of the menu under a title; where a person has many, one opens it to see them."""

    title: str
    doors: list[Door]
    folds: bool = False

    @property
    def icon(self) -> str:
        """What stands for it."""
        return ICONS.get(self.title, "dots")

    @property
    def is_here(self) -> bool:
        """Whether this page stands behind one of its doors."""
        return any(door.is_here for door in self.doors)


def sections() -> list[Section]:
    """Return the sections that have a door for the person on duty, what is used most first."""
    found = list(_with_open_doors(MENU))
    many = sum(len(doors) for _, doors in found) > MOST_UNFOLDED
    return [Section(title, doors, folds=many and bool(title)) for title, doors in found]


def named(text: str) -> list[tuple[str, Door]]:
    """Return the doors a word of whose name begins so, then those a word of whose sentence does.

    Each with the section it stands in; fewer than three letters are sought in names only.
    """
    sought = f" {text.strip().casefold()}"
    titled = (*_with_open_doors(MENU), *_with_open_doors(SETTINGS))
    every = [(title, door) for title, doors in titled for door in doors]
    by_name = [each for each in every if sought in f" {each[1].label.casefold()}"]
    says_it = [each for each in every if sought in f" {each[1].says.casefold()}"]
    return by_name + [each for each in says_it if each not in by_name and len(sought) > 3]


def settings() -> Iterator[tuple[str, list[Door]]]:
    """Yield what the person on duty may set, by section."""
    return _with_open_doors(SETTINGS)


def tabs() -> list[Door]:
    """Return the few doors at the foot of a phone, the one of the role's own desk first."""
    mine = _own_desk()
    return sorted(_open(TABS), key=lambda door: door.endpoint != mine)[:TABS_AT_MOST]


def _own_desk() -> str | None:
    role = on_duty().role_in(here().id)
    mine = HOMES.get(role) if role is not None else None
    return mine if mine is not None and exists(mine) else None


def home() -> str:
    """Return where a person begins: their role's own desk, Today, or the first they may enter."""
    mine = _own_desk()
    if mine is not None:
        return url_for(mine)
    doors = [door for section in sections() for door in section.doors]
    return url_for(doors[0].endpoint) if doors else url_for("sign_in.sign_ins")


def exists(endpoint: str) -> bool:
    """Tell whether a view is built and the person on duty may enter it."""
    return endpoint in current_app.view_functions and may_enter(endpoint)


def _with_open_doors(sections: Sections) -> Iterator[tuple[str, list[Door]]]:
    for title, doors in sections.items():
        open_doors = _open(doors)
        if open_doors:
            yield title, open_doors


def _open(doors: tuple[Door, ...]) -> list[Door]:
    return [door for door in doors if exists(door.endpoint)]
