"""Forms as a browser reads them: what each of a page would send, untouched."""

from typing import Any

from lxml import html

Sent = dict[str, list[str]]


def on(page: str, action: str, address: str) -> Sent:
    """Return what the form of a page sends that goes to an action; the first, where several do."""
    sent: Sent = {}
    for name, value in _form(page, action, address).form_values():
        sent.setdefault(name, []).append(value)
    return sent


def others(page: str, action: str, address: str, field: str) -> list[str]:
    """Return what else could be chosen in a field."""
    chosen = _form(page, action, address).inputs[field]
    return [each for each in chosen.value_options if each != chosen.value]


def _form(page: str, action: str, address: str) -> Any:
    [work] = html.fromstring(page).xpath("//*[@id='work']")
    for form in work.xpath(".//form"):
        if form.method == "POST" and (form.get("action") or address).partition("#")[0] == action:
            return form
    raise LookupError(f"No form of {address} goes to {action}.")


def send(client: Any, action: str, sent: Sent, **typed: Any) -> Any:
    """Send a form as it was read, with what was typed into it."""
    return client.post(action, data={**sent, **typed}, follow_redirects=True)
