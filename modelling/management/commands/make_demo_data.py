"""Make synthetic clients in the published layout, for first starts and load tests."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from modelling.demo_data import FileFormat, write_demo_data
from modelling.demo_data.errors import DemoDataError

DEFAULT_CLIENTS = 2_000
DEFAULT_SEED = 1


class Command(BaseCommand):
    """`make_demo_data OUT --clients N --seed S`: nothing stands in OUT before everything does."""

    help = "Write synthetic clients and their credit history to the folder OUT. Same seed, same bytes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("out", type=Path, help="a folder that is empty or does not exist yet")
        parser.add_argument("--clients", type=int, default=DEFAULT_CLIENTS, help="how many (default %(default)s)")
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="which world (default %(default)s)")
        parser.add_argument(
            "--format", choices=[form.value for form in FileFormat], default=FileFormat.CSV.value, dest="file_format"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        clients = options["clients"]
        try:
            with tqdm(total=clients, unit=" clients", disable=options["verbosity"] == 0) as progress:
                rows = write_demo_data(
                    options["out"],
                    clients=clients,
                    seed=options["seed"],
                    file_format=FileFormat(options["file_format"]),
                    on_clients=progress.update,
                )
        except DemoDataError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{clients:,} demo clients with {sum(rows.values()):,} rows are in {options['out']}.")
