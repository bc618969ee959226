"""What stands of a plan: what its forms open with, or would write over, read anew each time."""

from pms.back_office.rates.plan_forms import AgreementForm, DeriveForm
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import derivations, negotiated, policies, seasons
from pms.hotel.rooms.policies import Policy
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.seasons import Season
from pms.web.auth import here
from pms.web.database import session


def fill_derived(form: DeriveForm, found: RatePlan) -> None:
    """Fill in the plan that a plan follows."""
    derived = derivations.all_of(session(), here()).get(found.id)
    if derived is not None:
        form.parent.begin_with(session().get(RatePlan, (here().id, derived.parent_id)))


def step(found: RatePlan) -> tuple[object, ...] | None:
    """Return how far a plan stands from the one it follows, as its page says it in words."""
    derived = derivations.all_of(session(), here()).get(found.id)
    if derived is None:
        return None
    return derived.points, derived.amount, derived.step, derived.rounding.value


def of_season(season: Season) -> tuple[object, ...]:
    """Return a season as it stands."""
    prices = sorted(seasons.prices_of(session(), season).items())
    return season.name, season.first, season.last, prices


def show_agreed(form: AgreementForm, found: RatePlan) -> None:
    """Mark with whom a plan is agreed, and for when: a form agrees with one company."""
    form.shows(
        found,
        beside=lambda: {
            company.code: (each.first, each.last)
            for company, each in negotiated.companies_of(session(), found)
        },
        writes=lambda: (form.company.data or "").strip().upper(),
    )


def policy(hotel: Hotel, found: RatePlan) -> Policy | None:
    """Return the policy that a plan is booked under by itself."""
    policy_id = policies.attached(session(), hotel).get(found.id)
    return session().get(Policy, (hotel.id, policy_id)) if policy_id else None
