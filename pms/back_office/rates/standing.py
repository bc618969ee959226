"""What stands of a plan: what its forms open with, or would write over, read anew each time."""

from pms.back_office.rates.plan_forms import DeriveForm
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


def of_season(found: RatePlan, season: Season | None) -> tuple[object, ...]:
    """Return a season as it stands; for a new one, which there are."""
    if season is None:
        return tuple((each.id, each.first, each.last) for each in seasons.of_plan(session(), found))
    prices = sorted(seasons.prices_of(session(), season).items())
    return season.name, season.first, season.last, prices


def agreed(found: RatePlan) -> list[tuple[object, ...]]:
    """Return with whom a plan is agreed, and for when."""
    firms = negotiated.companies_of(session(), found)
    return [(company.id, each.first, each.last) for company, each in firms]


def policy(hotel: Hotel, found: RatePlan) -> Policy | None:
    """Return the policy that a plan is booked under by itself."""
    policy_id = policies.attached(session(), hotel).get(found.id)
    return session().get(Policy, (hotel.id, policy_id)) if policy_id else None
