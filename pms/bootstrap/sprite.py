"""The sprite: the icons that the templates name, drawn once in one file.

A template shows one with `<svg class="icon"><use href=".../icons.svg#icon-bed"/></svg>`.
"""

from xml.sax.saxutils import quoteattr

Nodes = list[tuple[str, dict[str, str]]]  # the drawing of one icon: elements and their attributes

# A symbol does not inherit these from the file it stands in, and an icon is only strokes.
PEN = (
    'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round"'
)


class UnknownIcon(LookupError):
    """An icon is asked for that the set does not have."""


def names(text: str) -> list[str]:
    """The icons listed in `static/icons.txt`: one a line, each once, in alphabetical order."""
    return sorted({line.strip() for line in text.splitlines() if line.strip()})


def draw(wanted: list[str], outline: dict[str, Nodes]) -> str:
    """One SVG file, a symbol `icon-NAME` for each name; refuses a name that is not in the set."""
    missing = [name for name in wanted if name not in outline]
    if missing:
        raise UnknownIcon(f"static/icons.txt names icons that do not exist: {', '.join(missing)}")
    symbols = "\n".join(_symbol(name, outline[name]) for name in wanted)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(name: str, nodes: Nodes) -> str:
    return f'<symbol id="icon-{name}" {PEN}>{"".join(map(_element, nodes))}</symbol>'


def _element(node: tuple[str, dict[str, str]]) -> str:
    tag, attributes = node
    return f"<{tag}{''.join(f' {key}={quoteattr(text)}' for key, text in attributes.items())}/>"
