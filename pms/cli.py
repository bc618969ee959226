"""The command line: `pms COMMAND`, everything the house can be told from a terminal."""

from typing import Any

import click

from pms.base.refusal import Refusal
from pms.commands.audit import audit
from pms.commands.backup import backup, restore
from pms.commands.bench import bench
from pms.commands.demo import demo
from pms.commands.doctor import doctor
from pms.commands.erase_papers import erase_papers
from pms.commands.export import export
from pms.commands.hotel import hotel
from pms.commands.migrate import migrate
from pms.commands.move import move
from pms.commands.online_payment import online_payment
from pms.commands.pictures import pictures
from pms.commands.replay import replay
from pms.commands.report import report
from pms.commands.rotate_keys import rotate_keys
from pms.commands.serve import serve
from pms.commands.token import token
from pms.commands.user import user
from pms.commands.verify import verify
from pms.commands.worker import worker

COMMANDS = (
    audit,
    backup,
    bench,
    demo,
    doctor,
    erase_papers,
    export,
    hotel,
    migrate,
    move,
    online_payment,
    pictures,
    replay,
    report,
    restore,
    rotate_keys,
    serve,
    token,
    user,
    verify,
    worker,
)


class House(click.Group):
    """A group whose commands end with a refusal's sentence and status 1, without a traceback."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command asked for."""
        try:
            return super().invoke(context)
        except Refusal as no:
            raise click.ClickException(no.sentence) from no


@click.group(cls=House, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pms", message="%(version)s")
def main() -> None:
    """Run a hotel: its days, its books, its reports."""


for command in COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="pms")
