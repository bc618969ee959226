"""Duplicates: profiles that are perhaps the same person, each with what speaks for it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.db import begins_with
from pms.hotel.guests.guests import Guest
from pms.hotel.guests.identity import IdentityDocument
from pms.hotel.guests.spelling import folded

MOST = 20
_PROOF, _STRONG, _WEAK = 100, 40, 15


@dataclass(frozen=True)
class Likeness:
    """A profile like another: how much speaks for it, and what, the strongest first."""

    guest: Guest
    weight: int
    reasons: tuple[str, ...]

    @property
    def is_certain(self) -> bool:
        """Whether a document says it."""
        return self.weight >= _PROOF


def likely(session: Session, guest: Guest) -> list[Likeness]:
    """Return the profiles that are perhaps this guest's, the likeliest first.

    Each question is a range of an index. A surname with the same initial counts only together
    with something else: half a town is called Müller.
    """
    found: dict[int, tuple[Guest, dict[str, int]]] = {}
    for reason, weight, wanted in _questions(guest):
        asked = sa.select(Guest).where(
            Guest.chain_id == guest.chain_id,
            Guest.id != guest.id,
            Guest.merged_into_id.is_(None),
            wanted,
        )
        for other in session.scalars(asked.limit(MOST)):
            found.setdefault(other.id, (other, {}))[1][reason] = weight
    likes = [
        Likeness(
            other,
            sum(reasons.values()),
            tuple(sorted(reasons, key=lambda each: (-reasons[each], each))),
        )
        for other, reasons in found.values()
        if sum(reasons.values()) >= _STRONG
    ]
    return sorted(likes, key=lambda each: (-each.weight, each.guest.id))[:MOST]


def _questions(guest: Guest) -> list[tuple[str, int, sa.ColumnElement[bool]]]:
    given, surname = folded(guest.given_name), folded(guest.surname)
    asked: list[tuple[str, int, sa.ColumnElement[bool]]] = [
        ("The same document", _PROOF, _of_a_document(guest))
    ]
    if guest.email:
        asked.append(("The same e-mail", _STRONG, Guest.email == guest.email))
    if guest.phone:
        asked.append(("The same telephone", _STRONG, Guest.phone == guest.phone))
    if given:
        asked += [
            ("The same name", _STRONG, Guest.folded_name == f"{surname} {given}"),
            ("The names the other way round", _STRONG, Guest.folded_name == f"{given} {surname}"),
            (
                "The same surname and initial",
                _WEAK,
                sa.and_(
                    begins_with(Guest.folded_name, f"{surname} {given[0]}"),
                    Guest.folded_name != f"{surname} {given}",
                ),
            ),
        ]
        if guest.country:
            asked.append(
                (
                    f"Both from {guest.country}",
                    _WEAK,
                    sa.and_(
                        begins_with(Guest.folded_name, f"{surname} {given[0]}"),
                        Guest.country == guest.country,
                    ),
                )
            )
    if guest.folded_native:
        asked.append(
            ("The same name in their script", _STRONG, Guest.folded_native == guest.folded_native)
        )
    return asked


def _of_a_document(guest: Guest) -> sa.ColumnElement[bool]:
    mine, theirs = aliased(IdentityDocument), aliased(IdentityDocument)
    return Guest.id.in_(
        sa.select(theirs.guest_id)
        .join(
            mine,
            sa.and_(
                mine.chain_id == theirs.chain_id,
                mine.kind == theirs.kind,
                mine.number_index == theirs.number_index,
                mine.issuing_country == theirs.issuing_country,
            ),
        )
        .where(
            mine.chain_id == guest.chain_id,
            mine.guest_id == guest.id,
            theirs.guest_id != guest.id,
        )
    )
