"""`pms bench`: how fast the house is, beside what the machine could do at all."""

from pathlib import Path

import click
import orjson

from pms.bench import BENCHES
from pms.commands.database import json_option


@click.command()
@click.argument("name", type=click.Choice(sorted(BENCHES)), required=False)
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Its data."
)
@json_option
def bench(name: str | None, data: Path | None, as_json: bool) -> None:
    """Run a bench in a database of its own, or list the benches; ends with 1 if it goes wrong."""
    if name is None:
        for each, run in sorted(BENCHES.items()):
            click.echo(f"{each:12} {(run.__doc__ or '').splitlines()[0]}")
        return
    answer = BENCHES[name](data, lambda words: click.echo(words, err=True, nl=False))
    if as_json:
        click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2))
    else:
        for key, value in answer.items():
            click.echo(f"{key:26} {value}")
    if not answer["ok"]:
        raise SystemExit(1)
