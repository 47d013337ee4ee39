"""Make the bands of the lessons' claims from many seeds: `make bands`.

Each lesson's own cells are run again with other shuffles and other initial weights, one process for each lesson and
seed, two at a time. What they measure is kept in tests/measured.jsonl, a line each, so that an interrupted run goes on
where it stopped. After a change to what lesson 03 trains, `make bands LESSON=03 FRESH=1` measures it anew.

A band reaches beyond the lowest and the highest value seen by a part of the spread between them: six tenths for thirty
values, more for fewer. For values from a bell curve thirty claims then hold together for 99 in 100 fresh seeds, and a
run that jumps now and then has made its own band wide.
"""

import argparse
import ast
import contextlib
import functools
import io
import json
import math
import multiprocessing
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from unittest.mock import patch

if __name__ == "__main__":  # each process has a core of its own; this has to be said before NumPy and TensorFlow load
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"), "1")

import nbformat
import numpy as np

from helpers import claims, data, numpy_training, several_seeds, small_networks, training
from helpers.errors import ReaderError
from helpers.history import History
from helpers.labs import lab, sweep  # before TensorFlow, as in the lessons
from tools import lessons
from tools.slices import needed

import tensorflow as tf  # isort: skip

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
MEASURED = PROJECT / "tests" / "measured.jsonl"
CLAIM = re.compile(r"^claims\.(?:check|compare)\('(\w+)'", re.MULTILINE)  # as ast.unparse writes it
SEEDS = 30
AT_ONCE = 2  # processes, as when the tests are run
ENOUGH = 10  # values, before they make a band
BEYOND = 18  # divided by the number of values: the part of the spread that a band reaches beyond them, either way


@contextlib.contextmanager
def other_seed(moved_by: int) -> Iterator[None]:
    """Let everything random that a lesson does come out otherwise: shuffles, initial weights, sampled points."""
    numpy_rng, set_keras_seed, parted = np.random.default_rng, tf.keras.utils.set_random_seed, data._parted

    def held_out_as_ever(split, count):  # no seed of a reader's chooses these images, and another sample may be easier
        with patch.object(np.random, "default_rng", numpy_rng):
            return parted(split, count)

    def moved(draw):
        return lambda shape, seed, *rest, **named: draw(shape, [seed[0] + 1000 * moved_by, seed[1]], *rest, **named)

    with contextlib.ExitStack() as patches:
        for owner, name, replacement in (
            (training, "_compiled", functools.cache(training._compiled)),  # each network once only
            (training, "train", functools.partial(training.train, seed=moved_by)),
            (numpy_training, "train", functools.partial(numpy_training.train, seed=moved_by)),
            # A run that a lesson hands in as that of seed 0 has another seed here.
            (several_seeds, "_check_known", lambda *_arguments: None),
            (small_networks, "try_rates", functools.partial(_from_other_seeds, small_networks.try_rates, moved_by)),
            (sweep, "Sweep", functools.partial(sweep.Sweep, seed=moved_by)),
            (tf.random, "stateless_truncated_normal", moved(tf.random.stateless_truncated_normal)),
            (tf.random, "stateless_normal", moved(tf.random.stateless_normal)),
            (tf.random, "stateless_uniform", moved(tf.random.stateless_uniform)),
            (tf.keras.utils, "set_random_seed", lambda seed: set_keras_seed(1000 * moved_by + seed)),
            (np.random, "default_rng", lambda seed=None: numpy_rng([seed, moved_by] if type(seed) is int else seed)),
            (data, "_parted", held_out_as_ever),
            # No claim is made about the labs' runs, and they are much of a lesson's time.
            (lab.Lab, "run", lambda *_self, **_settings: None),
        ):
            patches.enter_context(patch.object(owner, name, replacement))
        yield


def _from_other_seeds(try_rates, moved_by: int, *arguments, seed: int = 0, **settings):
    return try_rates(*arguments, seed=seed + 100 * moved_by, **settings)  # a lesson uses fewer than a hundred


def measure(path: Path, seed: int, *, whole: bool = True) -> dict:
    """Run a lesson with another seed; return the figures that it claims, which claims are broken, which runs are lost.

    whole: every cell, as a reader would; otherwise only what the figures need, which takes half the time.
    """
    figures: dict[str, float] = {}
    broken: list[str] = []

    def note(name, values):
        bands = claims.claims(name)
        figures.update({f"{name}.{figure}": float(f"{value:.5g}") for figure, value in values.items()})
        broken.extend(
            f"{name}: {figure} is {values[figure]:.4f}; claimed {claim.says}, from {claim.low} to {claim.high}"
            for figure, claim in bands.items()
            if not claim.holds(values[figure])
        )

    def check(name, result):
        note(name, claims.measured(result) if isinstance(result, History) else result)

    def compare(name, result, other):
        note(name, claims.difference(result, other))

    def holds(sentence, truth):
        broken.extend([] if truth else [sentence])

    cells = code_of(path)
    names: dict[str, object] = {"display": lambda *_shown: None}  # which Jupyter gives a cell
    with (
        other_seed(seed),
        patch.multiple(claims, check=check, compare=compare, holds=holds),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        for source in cells if whole else claimed_statements(cells, claimed_before(path)):
            exec(compile(source, path.name, "exec"), names)
    return {"lesson": path.stem, "seed": seed, "figures": figures, "broken": broken, "astray": _astray(names)}


def _astray(names: dict[str, object]) -> list[str]:
    """The runs that had learned and then, after a step too long, ended by calling everything one digit."""
    runs = {name: run for name, run in names.items() if isinstance(run, History)}
    for name, several in names.items():
        if isinstance(several, several_seeds.SeveralSeeds):
            runs |= {f"{name}, seed {seed}": run for seed, run in several.histories.items()}
    tests = {
        name: run.validation_accuracy if len(run.validation_accuracy) else run.test_accuracy
        for name, run in runs.items()
    }
    return [name for name, shares in tests.items() if len(shares) and max(shares) > 0.8 and shares[-1] < 0.2]


def claimed_statements(cells: Sequence[str], measured_elsewhere: Iterable[str] = ()) -> list[str]:
    """The statements of a lesson that its claimed figures need, as far as their bands are made here."""
    statements = [ast.unparse(statement) for cell in cells for statement in ast.parse(cell).body]
    claimed = {number: match[1] for number, source in enumerate(statements) if (match := CLAIM.match(source))}
    left_out = {*measured_elsewhere, *(name for name, table in claims.runs().items() if "seeds" in table)}
    wanted = [number for number, name in claimed.items() if name not in left_out]
    return [statements[number] for number in needed(statements, wanted)]


def claimed_before(path: Path) -> set[str]:
    """The runs that an earlier lesson claims figures of; where a lesson makes the same run again it is the same run."""
    sources = (code for earlier in NOTEBOOKS if earlier < path for code in code_of(earlier))
    return {name for source in sources for name in CLAIM.findall(ast.unparse(ast.parse(source)))}


def code_of(path: Path) -> list[str]:
    """The code cells of a notebook."""
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def kept() -> list[dict]:
    """What has been measured so far: a record for each lesson and seed."""
    return [json.loads(line) for line in MEASURED.read_text(encoding="utf-8").splitlines()] if MEASURED.exists() else []


def measured_values(name: str, figure: str) -> list[float]:
    """Every value that was measured of one claim."""
    key = f"{name}.{figure}"
    return [record["figures"][key] for record in kept() if key in record["figures"]]


def band(values: Sequence[float]) -> tuple[float, float]:
    """The band that a claim gets from its measured values: low and high, rounded outwards to three digits."""
    low, high = min(values), max(values)
    beyond = BEYOND / len(values) * (high - low)
    largest = max(abs(low), abs(high))
    digits = 2 - math.floor(math.log10(largest)) if largest else 0
    down, up = math.floor((low - beyond) * 10**digits + 1e-6), math.ceil((high + beyond) * 10**digits - 1e-6)
    return round(down / 10**digits, digits), round(up / 10**digits, digits)


def measure_missing(seeds: Iterable[int], chosen: Sequence[Path], *, fresh: bool = False) -> None:
    """Measure these lessons with every seed that is not kept yet; fresh: forget what is kept of them."""
    others = {path.stem for path in NOTEBOOKS if path not in chosen}
    records = [record for record in kept() if not fresh or record["lesson"] in others]
    MEASURED.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    done = {(record["lesson"], record["seed"]) for record in records}
    jobs = [(path, seed) for seed in seeds for path in chosen if (path.stem, seed) not in done]
    for number, record in enumerate(_measured(jobs), start=1):
        with MEASURED.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
        print(f"{number} of {len(jobs)}: {record['lesson']}, seed {record['seed']}", flush=True)


def _measured(jobs: Iterable[tuple[Path, int]]) -> Iterator[dict]:
    """The record of each job as soon as it is there. Raises ReaderError, in words, once a process was ended.

    A forked process has TensorFlow loaded; a fresh one for each job starts with memory as empty as a reader's. They are
    no pool's, which would wait for ever for the answer of a process that the system has ended.
    """
    fork = multiprocessing.get_context("fork")
    waiting = list(jobs)
    running: dict[Connection, tuple[BaseProcess, str]] = {}
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            path, seed = waiting.pop(0)
            hears, says = fork.Pipe(duplex=False)
            process = fork.Process(target=_measure, args=(path, seed, says), daemon=True)  # which ends with this one
            process.start()
            says.close()  # the process alone has it now, so that `hears` comes to its end with the process
            running[hears] = process, f"{path.stem} with seed {seed}"
        ready = connection.wait(list(running))
        for hears in [each for each in running if each in ready]:
            done, job = running.pop(hears)
            try:
                answer = hears.recv()
            except EOFError:
                done.join()
                raise ReaderError(
                    f"{job}: its process was ended (exit code {done.exitcode}), most likely because memory ran out. "
                    "What was measured before is kept: the same command, without FRESH=1, goes on from there."
                ) from None
            done.join()
            if isinstance(answer, str):
                raise RuntimeError(f"{job}: {answer}")
            yield answer


def _measure(path: Path, seed: int, says: Connection) -> None:
    try:
        record = measure(path, seed, whole=False)
    except Exception as error:  # not every exception can travel from one process to another
        says.send(repr(error))
    else:
        del record["broken"], record["astray"]  # judged by the bands of today, and these are about to change
        says.send(record)


def propose() -> dict[tuple[str, str], tuple[float, float]]:
    """The band of every claim that was measured often enough; shares stay between 0 and 1."""
    bands = {}
    for name, table in claims.runs().items():
        for figure, claim in claims.claims(name).items():
            values = measured_values(name, figure)
            if len(values) >= ENOUGH and "seeds" not in table and claim.seeds is None:
                low, high = band(values)
                low, high = min(low, claim.said), max(high, claim.said)  # which is rounded, and may lie beside them all
                bands[name, figure] = (max(low, 0.0), min(high, 1.0)) if claim.says.endswith("%") else (low, high)
    return bands


def write(bands: dict[tuple[str, str], tuple[float, float]]) -> None:
    """Put the bands into claims.toml, and leave everything else there as it is."""
    lines, name = claims.FILE.read_text(encoding="utf-8").splitlines(), ""
    for number, line in enumerate(lines):
        if line.startswith("["):
            name = line[1 : line.index("]")]
        figure = line.partition(" = ")[0]
        if (name, figure) in bands:
            low, high = bands[name, figure]
            lines[number] = re.sub(r"low = [^,]+, high = [^ ]+", f"low = {low:g}, high = {high:g}", line)
    claims.FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Measure what is missing, then write the bands."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--seeds", type=int, default=SEEDS, help=f"how many (default: {SEEDS})")
    arguments.add_argument("--lesson", metavar="03", help="only this one (default: all of them)")
    arguments.add_argument("--fresh", action="store_true", help="forget what was measured before")
    options = arguments.parse_args()
    try:
        chosen = [lessons.numbered(options.lesson)] if options.lesson else NOTEBOOKS
        measure_missing(range(1, options.seeds + 1), chosen, fresh=options.fresh)
    except ReaderError as error:
        sys.exit(str(error))
    write(propose())
    print(f"The bands are in {claims.FILE.name}; `git diff` shows what has changed. Execute the lessons they are in.")


if __name__ == "__main__":
    main()
