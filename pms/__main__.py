"""The front door: `python3 -m pms run` and `python3 -m pms test`.

Nothing here but the check of Python's own age, in words that any Python can read:
the set-up behind this door is written for 3.11.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "The hotel system needs Python 3.11 or newer, and this is Python %d.%d. "
        "Install a newer one and start with its name, for example: python3.12 -m pms run"
        % sys.version_info[:2]
    )

from pms.bootstrap.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
