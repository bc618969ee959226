"""No form writes over a colleague unseen: what it opens with is what it is checked against.

Read out of the code: whoever fills a form in from what stands does it in a function that is handed
to `shows`, so that the page carries a mark of it and `attempt` refuses where it has changed. What a
new thing begins with, or a deed proposes, writes over nothing; each is named here with what it is.
"""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from tests.test_house import ROOT, listed, name, tree

DESKS = ("front_office", "back_office")
VIEWS = [file for desk in DESKS for file in sorted((ROOT / "pms" / desk).rglob("*.py"))]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FILLS = {"begin_with", "begin_as", "process"}
ASIDE = {"formdata", "prefix", "meta"}
HANDED = {"shows", "shows_columns"}

# Functions that fill a form in without handing it to `shows`: why nothing is written over.
PROPOSES = {
    "what a new one begins with": """
        back_office/cashier/paying_out.py:pay_out
        back_office/hours/editing.py:new
        back_office/housekeeping/views.py:block
        back_office/maintenance/keeping.py:_form
        back_office/maintenance/views.py:new
        back_office/papers/forms.py:forget_address
        back_office/papers/issuing.py:offer_whom
        back_office/papers/together.py:of_rooms
        back_office/payment_requests/asked.py:begin_link
        back_office/payment_requests/views.py:_begin
        back_office/payroll/beside.py:declare_tips
        back_office/payroll/beside.py:give_bonus
        back_office/payroll/rules.py:new_rules
        back_office/payroll/tips.py:new_pool
        back_office/payroll/views.py:_follow
        back_office/people/acting.py:_offer_courses
        back_office/people/acting.py:_offer_positions
        back_office/people/acting.py:_offer_systems
        back_office/people/paying.py:_page
        back_office/people/views.py:new
        back_office/roster/shifting.py:_begin_with_usual
        back_office/roster/shifting.py:new
        back_office/taxes/adding.py:_begin
        front_office/booking/walking.py:walk_in
        front_office/concierge/bookings.py:_begin
        front_office/concierge/catalogue.py:activity
        front_office/groups/listing.py:pick_up
        front_office/requests/duties.py:duty_list
        front_office/requests/views.py:new
        front_office/traces/views.py:_page
        front_office/traces/views.py:day
        front_office/waiting/views.py:turned_away
        front_office/waiting/views.py:who_waits
    """,
    "an amount out of what is owed, booked once under its key": """
        back_office/cashier/mine.py:_page
        back_office/city_ledger/acting.py:_for_all
        back_office/city_ledger/acting.py:_move_form
        back_office/city_ledger/acting.py:_refund_form
        back_office/city_ledger/forms.py:__init__
        back_office/city_ledger/views.py:_page
        back_office/folios/deposits.py:_page
        back_office/folios/forms.py:__init__
        back_office/folios/forms.py:offer_ways_back
        back_office/folios/page.py:ready_to_pay
        back_office/payment_requests/acting.py:_page
        back_office/payment_requests/views.py:_page
        front_office/companies/earning.py:_page
    """,
    "where a letter or a paper goes, once": """
        back_office/city_ledger/stating.py:statement
        back_office/papers/forms.py:begin_with_address
        back_office/papers/views.py:paper
        front_office/check_out/express.py:ask_express
        front_office/concierge/bookings.py:mail
        front_office/reservations/letters.py:_begin
        front_office/reservations/letters.py:letters
    """,
    "what a deed proposes; the page carries the version of the row it is done to": """
        front_office/check_out/views.py:check_out
        front_office/checkin/forms.py:proposes
        front_office/checkin/giving.py:assign
        front_office/checkin/queue.py:wait
        front_office/checkin/staying.py:move
        front_office/checkin/views.py:check_in
        front_office/concierge/catalogue.py:change_activity
        front_office/requests/keeping.py:hand_over
        front_office/reservations/ending.py:cancel
        front_office/reservations/ending.py:reinstate
        front_office/reservations/ending.py:take_back
        front_office/tape_chart/asking.py:_begin
    """,
    "since when something shall hold; what stands is marked beside it": """
        back_office/papers/views.py:_deposit_tax_form
        back_office/rates/plans.py:_agreement_form
        back_office/taxes/views.py:end
        back_office/taxes/views.py:tax
        front_office/companies/views.py:_page
    """,
    "what was looked at, carried and compared by the verb": """
        back_office/folios/refreshing.py:posted
        back_office/my_rooms/views.py:tap
        back_office/rates/views.py:_look
        back_office/rates/views.py:_page
    """,
    "read from a document or a sheet that was laid there": """
        front_office/checkin/identity.py:_offer
        front_office/checkin/identity.py:refuse
        front_office/checkin/identity.py:_read
        front_office/groups/listing.py:_read
    """,
    "keys and choices of the form itself": """
        back_office/clock/views.py:tablet
        front_office/booking/forms.py:begin
        front_office/booking/forms.py:take_a_key
        front_office/concierge/forms.py:prepare
        front_office/groups/forms.py:begin
        front_office/requests/forms.py:__init__
        front_office/waiting/forms.py:begin
    """,
}

# Templates with fields drawn by hand that begin with what stands, and what marks it.
DRAWN = {
    "papers/together.html": "which payments a receipt is for, once",
    "papers/credit.html": "which lines to credit, once",
    "sign_in/again.html": "what was typed, with the marks that came along",
    "groups/grid.html": "the group's version",
    "groups/together.html": "whom to take in, of whom each is asked anew",
    "housekeeping/share.html": "who works today, dealt out once",
    "my_rooms/card.html": "the task's version, in words of its own",
    "names/names.html": "each name carries what it was",
    "night_audit/night_audit.html": "each decision carries what was decided",
    "rates/plan.html": "each season's mark",
    "reservations/deeds.html": "the reservation's version",
}
# Forms drawn by hand that change nothing which stands.
NOTHING_STANDS = {
    "templates/booking/new.html",
    "templates/booking/walk_in.html",
    "templates/groups/list.html",
    "templates/rates/calendar.html",
    "templates/sign_in/again.html",
}


def filled(node: ast.AST) -> bool:
    """Whether this puts a value into a form before it is sent."""
    if isinstance(node, ast.Assign):
        return any(
            isinstance(each, ast.Attribute) and each.attr == "data"
            for target in node.targets
            for each in ast.walk(target)
        )
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        return node.func.attr in FILLS
    is_form = isinstance(node.func, ast.Name) and node.func.id.endswith("Form")
    return is_form and any(each.arg not in ASIDE for each in node.keywords)


def calls(node: ast.AST, names: set[str]) -> bool:
    """Whether this calls something by one of these names."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
    )


def of_a_form(call: ast.AST) -> bool:
    """Whether a method is called of what is named as a form; verbs have such names too."""
    return "form" in ast.unparse(call).partition("(")[0].lower()


@cache
def handed(file: Path) -> frozenset[ast.AST]:
    """Everything that stands in what a file hands to `shows`, itself or as somebody's `fill`."""
    found = [each for each in ast.walk(tree(file)) if calls(each, HANDED)]
    found += [
        each
        for each in ast.walk(tree(file))
        if isinstance(each, ast.keyword) and each.arg == "fill"
    ]
    return frozenset(inside for each in found for inside in ast.walk(each))


def functions(file: Path) -> Iterator[ast.FunctionDef]:
    return (each for each in ast.walk(tree(file)) if isinstance(each, ast.FunctionDef))


def methods_of_forms(file: Path) -> Iterator[ast.FunctionDef]:
    for kind in ast.walk(tree(file)):
        if isinstance(kind, ast.ClassDef) and kind.name.endswith("Form"):
            yield from (each for each in kind.body if isinstance(each, ast.FunctionDef))


@cache
def reached(file: Path) -> frozenset[str]:
    """The functions of a file that are handed to `shows` somewhere, and what these call there."""
    named = {each.id for each in handed(file) if isinstance(each, ast.Name)}
    named |= {each.attr for at in VIEWS for each in handed(at) if isinstance(each, ast.Attribute)}
    called = (
        each.func.attr
        for function in functions(file)
        if function.name in named
        for each in ast.walk(function)
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute)
    )
    return frozenset({*named, *called})


def unseen(does: Callable[[ast.AST], bool]) -> set[str]:
    """Return the functions that do something to a form which `shows` knows nothing of."""
    return {
        f"{name(file).removeprefix('pms/')}:{function.name}"
        for file in VIEWS
        for function in functions(file)
        if function.name not in reached(file)
        and any(does(each) for each in ast.walk(function) if each not in handed(file))
    }


def test_what_a_form_opens_with_is_what_it_is_checked_against() -> None:
    named = {each for said in PROPOSES.values() for each in said.split()}
    found = unseen(filled)
    ways = {
        each.name
        for file in VIEWS
        for each in methods_of_forms(file)
        if each.name in reached(file) and any(map(filled, ast.walk(each)))
    }

    listed([f"{each} fills a form in: hand it to `shows`" for each in found - named])
    listed([f"{each} fills nothing in any more" for each in named - found])
    beside = unseen(lambda node: calls(node, ways) and of_a_form(node)) - named
    listed([f"{each} fills a form in beside `shows`" for each in beside])


def test_a_field_drawn_by_hand_says_what_marks_it() -> None:
    found = {each.relative_to(ROOT / "templates").as_posix() for each in TEMPLATES if drawn(each)}

    listed([f"{each} draws what stands: carry a mark of it" for each in found - DRAWN.keys()])
    listed([f"{each} draws nothing any more" for each in DRAWN.keys() - found])


FORM = re.compile(r"(?s)<form[^>]*method=\"post\".*?</form>|{% call form_of.*?{% endcall %}")
AN_ID = r"(?! ?(?:each|line|choice|reservation)[^}]*\.(?:id|no|entry_id) ?}})"
STANDS = re.compile(
    r"<input(?![^>]*type=\"(?:hidden|radio)\")[^>]*(?:value=\"{{" + AN_ID + r"|%} checked)"
    r"|<option[^>]*%} selected|<textarea[^>]*>{{"
)


def drawn(template: Path) -> bool:
    """Whether a template draws fields of a form that is sent, with what stands in them."""
    text = template.read_text(encoding="utf-8")
    return any(STANDS.search(each.group()) for each in FORM.finditer(text))


def test_a_form_drawn_by_hand_carries_its_marks() -> None:
    """Who writes `<form>` by hand around fields of a form sends its marks along."""

    def faults() -> Iterator[str]:
        for template in TEMPLATES:
            for form in FORM.findall(template.read_text(encoding="utf-8")):
                by_hand = form.startswith("<form") and re.search(r"\bfield\(", form)
                if by_hand and not re.search(r"carried\(|\.version\(", form):
                    said = template.relative_to(ROOT).as_posix()
                    if said not in NOTHING_STANDS:
                        yield f"{said}: {form[:90]}"

    listed(faults())
