"""The front end: libraries fetched by npm at the versions and digests of `package-lock.json`.

Only the files that pages load are kept, in `static/vendor/`. The drawings of all icons are kept
beside them, so that a new name in `static/icons.txt` costs no network.
"""

import gzip
import json
import re
import shutil
import tempfile
from pathlib import Path

from pms.bootstrap import node, sprite, stamps
from pms.bootstrap.places import ICONS, NPM_LOCK, VENDOR
from pms.bootstrap.steps import SetupFailed

STAMP = VENDOR / ".stamp"
SPRITE = VENDOR / "icons.svg"
SPRITE_STAMP = VENDOR / ".icons.stamp"
OUTLINES = VENDOR / ".icons.json.gz"
FONT_SHEET = VENDOR / "inter.css"

FONT_WEIGHTS = (400, 500, 600)
# A browser loads only the alphabets a page uses; a registration card may need any of them.
ALPHABETS = ("latin", "latin-ext", "greek", "greek-ext", "cyrillic", "cyrillic-ext", "vietnamese")
FONTS = [
    f"inter-{alphabet}-{weight}-normal.woff2" for weight in FONT_WEIGHTS for alphabet in ALPHABETS
]

# What is copied as it is, and where it lies in its package. @tabler/core brings no licence file:
# its licence stands in the first lines of its style sheet.
COPIED = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "uPlot.iife.min.js": "uplot/dist/uPlot.iife.min.js",
    "uPlot.min.css": "uplot/dist/uPlot.min.css",
    "licences/htmx.txt": "htmx.org/LICENSE",
    "licences/inter.txt": "@fontsource/inter/LICENSE",
    "licences/popper.txt": "@popperjs/core/LICENSE.md",
    "licences/tabler-icons.txt": "@tabler/icons/LICENSE",
    "licences/uplot.txt": "uplot/LICENSE",
    **{f"fonts/{font}": f"@fontsource/inter/files/{font}" for font in FONTS},
}

LIBRARIES = [*(VENDOR / name for name in COPIED), FONT_SHEET, OUTLINES]


def libraries_are_ready() -> bool:
    """Whether every library file is there, byte for byte what this lock brought."""
    return stamps.holds(STAMP, [NPM_LOCK, *LIBRARIES])


def fetch_libraries() -> str:
    """Fetch the locked packages and keep the files that pages load."""
    with tempfile.TemporaryDirectory(prefix="pms-npm-") as place:
        packages = node.install(Path(place))
        shutil.rmtree(VENDOR, ignore_errors=True)
        for name, source in COPIED.items():
            (VENDOR / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(packages / source, VENDOR / name)
        FONT_SHEET.write_text(_font_sheet(packages / "@fontsource/inter"), encoding="utf-8")
        outlines = (packages / "@tabler/icons/tabler-nodes-outline.json").read_bytes()
        OUTLINES.write_bytes(gzip.compress(outlines, mtime=0))
    stamps.write(STAMP, [NPM_LOCK, *LIBRARIES])
    return f"{len(LIBRARIES)} files"


def icons_are_ready() -> bool:
    """Whether the sprite was drawn from this `icons.txt` and these outlines."""
    return stamps.holds(SPRITE_STAMP, [ICONS, OUTLINES, SPRITE])


def draw_icons() -> str:
    """Draw the icons that `static/icons.txt` names into one file."""
    wanted = sprite.names(ICONS.read_text(encoding="utf-8"))
    try:
        drawing = sprite.draw(wanted, json.loads(gzip.decompress(OUTLINES.read_bytes())))
    except sprite.UnknownIcon as unknown:
        raise SetupFailed(str(unknown)) from None
    SPRITE.write_text(drawing, encoding="utf-8")
    stamps.write(SPRITE_STAMP, [ICONS, OUTLINES, SPRITE])
    return f"{len(wanted)} icons"


def _font_sheet(package: Path) -> str:
    """The package's own @font-face rules for our weights, with the modern format alone."""
    rules = "\n".join(
        (package / f"{weight}.css").read_text(encoding="utf-8") for weight in FONT_WEIGHTS
    )
    return re.sub(
        r"url\(\./files/([\w-]+\.woff2)\) format\('woff2'\), url\([^)]*\) format\('woff'\)",
        r"url(fonts/\1) format('woff2')",
        rules,
    )
