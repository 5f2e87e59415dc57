"""How demo data are written: same seed same bytes, whole folders or none, in seconds."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from modelling.demo_data import FileFormat, write_demo_data
from modelling.demo_data.chunk import Frames, draw_chunk
from modelling.demo_data.errors import DemoDataError
from modelling.demo_data.people import CHUNK_CLIENTS
from modelling.demo_data.writing import FILES, MARKER
from tests.demo_data import HISTORY, SEED


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("file_format", list(FileFormat))
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, file_format: FileFormat) -> None:
    for name in ("first", "second"):
        write_demo_data(tmp_path / name, clients=150, seed=SEED, file_format=file_format)

    assert digests(tmp_path / "first") == digests(tmp_path / "second")


def test_another_seed_gives_other_rows(tmp_path: Path) -> None:
    write_demo_data(tmp_path / "first", clients=50, seed=1)
    write_demo_data(tmp_path / "second", clients=50, seed=2)

    first, second = digests(tmp_path / "first"), digests(tmp_path / "second")
    assert all(first[f"{name}.csv"] != second[f"{name}.csv"] for name in FILES)


@pytest.mark.slow
def test_the_bytes_do_not_depend_on_the_number_of_threads(tmp_path: Path) -> None:
    write_demo_data(tmp_path / "many", clients=300, seed=SEED)
    program = (
        "import sys; from pathlib import Path; from modelling.demo_data import write_demo_data;"
        f"write_demo_data(Path(sys.argv[1]), clients=300, seed={SEED})"
    )
    alone = os.environ | dict.fromkeys(("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")

    subprocess.run([sys.executable, "-c", program, str(tmp_path / "one")], check=True, env=alone)

    assert digests(tmp_path / "many") == digests(tmp_path / "one")


def test_the_first_clients_are_the_same_whatever_their_number() -> None:
    whole = draw_chunk(SEED, 0, clients=CHUNK_CLIENTS)
    few = draw_chunk(SEED, 0, clients=40)

    last = 100_000 + 40
    for name in (*HISTORY, "application_train", "application_test"):
        assert few[name].equals(whole[name].filter(pl.col("SK_ID_CURR") <= last)), name
    kept = few["bureau"]["SK_ID_BUREAU"].implode()
    assert few["bureau_balance"].equals(whole["bureau_balance"].filter(pl.col("SK_ID_BUREAU").is_in(kept)))


def test_a_chunk_does_not_depend_on_those_before_it(frames: Frames) -> None:
    alone = draw_chunk(SEED, 2, clients=CHUNK_CLIENTS)

    for name in FILES:
        assert frames[name].tail(alone[name].height).equals(alone[name]), name


def test_a_folder_with_anything_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")

    with pytest.raises(DemoDataError, match="is not an empty folder"):
        write_demo_data(tmp_path, clients=10, seed=SEED)


def test_no_client_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DemoDataError, match="At least 1 client"):
        write_demo_data(tmp_path / "out", clients=0, seed=SEED)


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    def stop(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_demo_data(tmp_path / "out", clients=10, seed=SEED, on_clients=stop)

    assert list(tmp_path.iterdir()) == []


def test_the_folder_says_that_it_is_demo_data_in_both_languages(tmp_path: Path) -> None:
    write_demo_data(tmp_path / "out", clients=10, seed=SEED)

    text = (tmp_path / "out" / MARKER).read_text(encoding="utf-8")
    assert "démonstration" in text
    assert "Demo data" in text


@pytest.mark.parametrize("file_format", list(FileFormat))
def test_every_format_holds_the_same_rows(tmp_path: Path, file_format: FileFormat) -> None:
    write_demo_data(tmp_path / "out", clients=60, seed=SEED, file_format=file_format)

    path = tmp_path / "out" / f"bureau.{file_format}"
    read = pl.read_parquet(path) if file_format is FileFormat.PARQUET else pl.read_csv(path, infer_schema_length=None)
    drawn = draw_chunk(SEED, 0, clients=60)["bureau"]
    assert read.columns == drawn.columns
    assert read["SK_ID_BUREAU"].to_list() == drawn["SK_ID_BUREAU"].to_list()
    assert read["AMT_CREDIT_SUM"].to_list() == drawn["AMT_CREDIT_SUM"].to_list()


def test_no_chunk_repeats_another(frames: Frames) -> None:
    scores = frames["application_train"]["EXT_SOURCE_2"].drop_nulls()

    # Scores of eight decimals meet by chance for next to nobody; the best one is reached by some.
    assert scores.n_unique() > 0.99 * len(scores)


@pytest.mark.slow
def test_two_thousand_clients_take_a_few_seconds(tmp_path: Path) -> None:
    start = time.perf_counter()

    write_demo_data(tmp_path / "out", clients=2_000, seed=SEED)

    assert time.perf_counter() - start < 10


@pytest.mark.slow
def test_full_size_would_take_under_ten_minutes_and_four_gigabytes(tmp_path: Path) -> None:
    program = (
        "import resource, sys, time; from pathlib import Path; from modelling.demo_data import write_demo_data;"
        "start = time.perf_counter(); write_demo_data(Path(sys.argv[1]), clients=20_000, seed=1);"
        "print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "out")], check=True, capture_output=True, text=True
    )

    seconds, kilobytes = (float(word) for word in done.stdout.split())
    # Chunks are written and let go: time grows with the clients, memory does not.
    assert seconds < 600 * 20_000 / 356_255
    assert kilobytes < 4_000_000
