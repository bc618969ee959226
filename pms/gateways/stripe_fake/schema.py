"""Schema: what Stripe takes and what it says, read from the types that its own library carries.

Stripe makes both from its published description: a request is laid beside the `…Params` of
`stripe.params`, an answer beside the class of its resource. Where the library leaves words open
for the future (some literals, or any text), only the words it names count.
"""

import inspect
import re
import sys
import types
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from types import SimpleNamespace
from typing import (
    Any,
    ClassVar,
    ForwardRef,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import stripe
from stripe import ListObject, RequestOptions, StripeObject
from stripe.checkout import Session
from typing_extensions import is_typeddict

KINDS: dict[str, type[StripeObject]] = {
    kind.OBJECT_NAME: kind
    for kind in (
        Session, stripe.Account, stripe.BalanceTransaction, stripe.Charge, stripe.Customer,
        stripe.Dispute, stripe.Event, stripe.PaymentIntent, stripe.PaymentMethod, stripe.Payout,
        stripe.Refund, stripe.SetupIntent,
    )
}  # fmt: skip
_NAMED = {kind.__name__: kind for kind in KINDS.values()}
_NOT_SAID: set[Any] = {ClassVar}
_WHOLE = re.compile(r"-?[0-9]+")
_FRACTION = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Unfit(Exception):
    """Something isn't as Stripe publishes it: where, in what words, and Stripe's code for that."""

    def __init__(self, at: str, words: str, code: str | None = None) -> None:
        super().__init__(f"{at}: {words}")
        self.at = at
        self.words = words
        self.code = code


# --- what is asked --------------------------------------------------------------------------------


def read(shape: Any, raw: Mapping[str, Any], at: str = "") -> dict[str, Any]:
    """Return the values of a form as what they mean by a TypedDict of Stripe's parameters.

    `raw` has text, lists and mappings. Raises Unfit, in Stripe's words, for a parameter that isn't
    known, is missing, or isn't of its type.
    """
    known = _parameters(shape)
    for name in raw:
        if name not in known:
            path = _within(at, name)
            raise Unfit(path, f"Received unknown parameter: {path}", "parameter_unknown")
    for name in sorted(shape.__required_keys__ - raw.keys()):
        path = _within(at, name)
        raise Unfit(path, f"Missing required param: {path}.", "parameter_missing")
    return {name: _read(known[name], value, _within(at, name)) for name, value in raw.items()}


def _read(hint: Any, raw: Any, at: str) -> Any:
    choices = _choices(hint)
    if isinstance(raw, Mapping):
        for each in choices:
            if is_typeddict(each):
                return read(each, raw, at)
            if get_origin(each) is dict:
                of = get_args(each)[1]
                return {name: _read(of, value, _within(at, name)) for name, value in raw.items()}
    elif isinstance(raw, list):
        for each in choices:
            if get_origin(each) is list:
                [of] = get_args(each)
                return [_read(of, value, _within(at, str(no))) for no, value in enumerate(raw)]
    else:
        return _read_text(choices, raw, at)
    raise _misread(choices, raw, at)


def _read_text(choices: tuple[Any, ...], raw: str, at: str) -> Any:
    words = _words(choices)
    if raw in words:
        return raw
    if raw == "":
        told = f"You passed an empty string for '{at}'. Remove it, or give it a value."
        raise Unfit(at, told, "parameter_invalid_empty")
    if bool in choices and raw in {"true", "false"}:
        return raw == "true"
    if int in choices and _WHOLE.fullmatch(raw):
        return int(raw)
    if _FRACTION.fullmatch(raw) and (float in choices or Decimal in choices):
        return Decimal(raw)
    if str in choices and not words - {""}:
        return raw
    raise _misread(choices, raw, at)


def _misread(choices: tuple[Any, ...], raw: Any, at: str) -> Unfit:
    """Say as Stripe does that a value isn't of its parameter's type."""
    words = sorted(_words(choices) - {""})
    if any(is_typeddict(each) or get_origin(each) is dict for each in choices):
        return Unfit(at, "Invalid object")
    if any(get_origin(each) is list for each in choices):
        return Unfit(at, "Invalid array")
    if int in choices:
        return Unfit(at, f"Invalid integer: {raw}", "parameter_invalid_integer")
    if words:
        return Unfit(at, f"Invalid {at}: must be one of {', '.join(words)}")
    kind = "boolean" if bool in choices else "decimal" if str not in choices else "string"
    return Unfit(at, f"Invalid {kind}: {raw}")


@cache
def _parameters(shape: Any) -> dict[str, Any]:
    """Return the types of a TypedDict's parameters by name; options of the call are none."""
    own = {
        name: hint
        for name, hint in inspect.get_annotations(shape).items()
        if name not in RequestOptions.__annotations__
    }
    where = vars(sys.modules[shape.__module__])
    return get_type_hints(SimpleNamespace(__annotations__=own), where, include_extras=True)


# --- what is said ---------------------------------------------------------------------------------


def check(said: Mapping[str, Any], at: str = "") -> None:
    """Raise Unfit for an object, or a list of them, that isn't as the library's classes have it.

    Each field must be known and of its type, and none be missing that is always there.
    """
    if said["object"] == "list":
        for no, each in enumerate(said["data"]):
            check(each, f"data.{no}.")
        return
    _check_object(KINDS[said["object"]], said, f"{at}{said['object']}")


def _check_object(kind: Any, said: Mapping[str, Any], at: str) -> None:
    fields = _fields(kind)
    for name in _always_there(kind):
        if name not in said:
            raise Unfit(f"{at}.{name}", "is missing")
    for name, value in said.items():
        if name not in fields:
            raise Unfit(f"{at}.{name}", "isn't known")
        if not _fits(fields[name], value, f"{at}.{name}"):
            raise Unfit(f"{at}.{name}", f"can't be {value!r}")


def _fits(hint: Any, value: Any, at: str) -> bool:
    choices = _choices(hint)
    if Any in choices:
        return True
    if isinstance(value, Mapping):
        return any(_is_object(each, value, at) for each in choices)
    if isinstance(value, list):
        kinds = [get_args(each)[0] for each in choices if get_origin(each) is list]
        return any(all(_fits(of, each, at) for each in value) for of in kinds)
    words = _words(choices)
    if isinstance(value, str) and Decimal in choices:
        return _FRACTION.fullmatch(value) is not None
    if isinstance(value, str):
        return value in words or (str in choices and not words)
    return type(value) in choices or value in words


def _is_object(choice: Any, value: Mapping[str, Any], at: str) -> bool:
    if isinstance(choice, ForwardRef):  # what came along in the place of its id
        kind = KINDS.get(value.get("object", ""))
        if kind is None:
            return "object" in value  # a kind that the house doesn't read
        if kind.__name__ != _name(choice):
            return False
        check(value, f"{at}.")
        return True
    of = get_args(choice)
    if get_origin(choice) is ListObject:
        return all(_fits(of[0], each, at) for each in value["data"])
    if of:  # what has words of our own, such as metadata
        return all(_fits(of[-1], each, at) for each in value.values())
    if isinstance(choice, type) and issubclass(choice, StripeObject):
        _check_object(choice, value, at)
        return True
    return False


def expandable(kind: Any, path: Sequence[str]) -> bool:
    """Tell whether what a path leads to can come along in the place of its id."""
    choices = _choices(_fields(kind).get(path[0]))
    ids = {_name(each) for each in choices if isinstance(each, ForwardRef)}
    if len(path) == 1:
        return bool(ids)
    inner = [_NAMED[name] for name in ids if name in _NAMED]
    inner += [each for each in choices if isinstance(each, type) and issubclass(each, StripeObject)]
    return any(expandable(each, path[1:]) for each in inner)


def _name(of: ForwardRef) -> str:
    """Return the name of a resource's class, which the library may use under another one."""
    return of.__forward_arg__.removesuffix("Resource")


@cache
def _fields(kind: Any) -> dict[str, Any]:
    """Return the types of a resource's fields by name."""
    return {
        name: hint
        for name, hint in inspect.get_annotations(kind).items()
        if get_origin(hint) not in _NOT_SAID and not name.startswith("_")
    }


@cache
def _always_there(kind: Any) -> list[str]:
    return [name for name, hint in _fields(kind).items() if type(None) not in _choices(hint)]


# --- both -----------------------------------------------------------------------------------------


@cache
def _choices(hint: Any) -> tuple[Any, ...]:
    """Return the types that a type allows."""
    if get_origin(hint) in {NotRequired, Required}:
        return _choices(get_args(hint)[0])
    if get_origin(hint) in {Union, types.UnionType}:
        return get_args(hint)
    return (hint,)


@cache
def _words(choices: tuple[Any, ...]) -> frozenset[Any]:
    return frozenset(
        word for each in choices if get_origin(each) is Literal for word in get_args(each)
    )


def _within(at: str, name: str) -> str:
    return f"{at}[{name}]" if at else name
