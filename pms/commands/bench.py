"""`pms bench`: how fast the house is, beside what the machine could do at all."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
import orjson

from pms.bench import BENCHES, Asked, replay
from pms.commands.database import json_option


@click.command()
@click.argument("name", type=click.Choice(sorted(BENCHES)), required=False)
@click.option(
    "--size",
    type=click.Choice(["tiny", "short", "full"]),
    default="full",
    show_default=True,
    help="How much: tiny for a try, short for a minute, full for figures.",
)
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Its data."
)
@click.option("--database", metavar="URL", help="An empty database; else a file that goes again.")
@json_option
def bench(
    name: str | None, size: str, data: Path | None, database: str | None, as_json: bool
) -> None:
    """Run a bench in a database of its own, or list the benches; ends with 1 if it goes wrong."""
    if name is None:
        for each, run in sorted(BENCHES.items()):
            click.echo(f"{each:12} {(run.__doc__ or replay.__doc__ or '').splitlines()[0]}")
        return
    say = partial(click.echo, err=True, nl=False)
    answer = BENCHES[name](Asked(size=size, data=data, database=database, say=say))
    if as_json:
        click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2))
    else:
        _tell(answer)
    if not answer["ok"]:
        raise SystemExit(1)


def _tell(answer: Mapping[str, Any], indent: str = "") -> None:
    """Write an answer down, what belongs together further in."""
    for key, value in answer.items():
        if isinstance(value, dict):
            click.echo(f"{indent}{key}")
            _tell(value, indent + "  ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for each in value:
                click.echo(f"{indent}{key}")
                _tell(each, indent + "  ")
        else:
            click.echo(f"{indent}{key:26} {value}")
