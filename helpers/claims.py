"""The figures that the lessons claim, and whether a run keeps to them."""

import functools
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.errors import ReaderError
from helpers.history import History

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = Path(__file__).with_name("claims.toml")
NO_CLAIMS = ("settings", "stored", "compares", "seeds")  # what a table holds besides its claims
LAST_BATCHES = 1000  # the accuracy "on training batches" is the mean over so many
LAST_TESTS = 20  # the accuracy "over the last tests" is the mean over so many
MUST_HOLD = "CLAIMS_MUST_HOLD"  # set in the environment by the tests: there a broken claim is an error


class BrokenClaimError(ReaderError, AssertionError):
    """A claim does not hold in a run that the tests made."""


@dataclass(frozen=True)
class Claim:
    """One figure: as the prose says it, and the band, from low to high, that a run must land in."""

    says: str
    low: float
    high: float
    seeds: int | None = None  # how many were tried, where the band was made by hand

    @property
    def said(self) -> float:
        """What the prose says, as a number; per cents as a share."""
        return float(self.says.removesuffix("%")) / (100 if self.says.endswith("%") else 1)

    def holds(self, value: float) -> bool:
        """Whether a measured value lies in the band."""
        return self.low <= value <= self.high


@functools.cache
def runs() -> dict[str, dict]:
    """What claims.toml holds: for each run, or each comparison of two, its claims and what else is said of it."""
    return read(FILE.read_text(encoding="utf-8"))


def read(text: str) -> dict[str, dict]:
    """The tables of a text in TOML, by name, their claims as `Claim`s.

    Raises ValueError for a comparison with a band that admits the opposite story, or that compares what is not there.
    """
    tables: dict[str, dict[str, Any]] = {
        name: {key: value if key in NO_CLAIMS else Claim(**value) for key, value in table.items()}
        for name, table in tomllib.loads(text).items()
    }
    for name, table in tables.items():
        if missing := [run for run in table.get("compares", ()) if run not in tables]:
            raise ValueError(f"{name} compares {missing[0]}, which is no run in {FILE.name}.")
        for figure, claim in table.items():
            if "compares" in table and figure not in NO_CLAIMS and claim.low <= 0 <= claim.high:
                raise ValueError(
                    f"The band of {figure} in {name}, from {claim.low} to {claim.high}, holds 0: it would hold for the "
                    "opposite story as well. Measure more seeds, or drop the claim."
                )
    return tables


def claims(run: str) -> dict[str, Claim]:
    """The claims about one run or comparison, by the name of the figure."""
    return {name: claim for name, claim in runs()[run].items() if name not in NO_CLAIMS}


def stored(run: str) -> dict[str, list[float]]:
    """The figures of runs that are too long for a lesson, measured once: by name, one for each epoch or seed."""
    return runs()[run]["stored"]


def measured(history: History) -> dict[str, float]:
    """The figures of a run that claims are made about, by name."""
    return {
        "test_accuracy": float(history.test_accuracy[-1]),
        "test_loss": float(history.test_loss[-1]),
        "train_accuracy": float(history.train_accuracy[-LAST_BATCHES:].mean()),
        "first_test_accuracy": float(history.test_accuracy[0]),
        "last_tests": float(history.test_accuracy[-LAST_TESTS:].mean()),
    }


def check(run: str, result: History | Mapping[str, float]) -> None:
    """Print every claim about a run beside what was measured here.

    run: a name in claims.toml. result: the run's History, or the figures themselves by name.
    A run that was stopped, or has other settings than the lesson's, is named as such. Raises BrokenClaimError in the
    tests only.
    Taught in every lesson, "What we claimed".
    """
    if why := _not_the_lessons(run, result):
        return print(f"{run}: not compared, since {why}, and run all cells, to compare.")
    _judge(run, measured(result) if isinstance(result, History) else result)


def compare(comparison: str, result: History | Mapping[str, float], other: History | Mapping[str, float]) -> None:
    """Print every claim about the difference of two runs, the first minus the second, beside what was measured here.

    comparison: a name in claims.toml, whose `compares` names the two runs. result, other: their Histories, or the
    figures themselves by name, such as means over several seeds. Otherwise as `check`.
    """
    pairs = zip(runs()[comparison]["compares"], (result, other), strict=True)
    if why := next(filter(None, (_not_the_lessons(run, each) for run, each in pairs)), ""):
        return print(f"{comparison}: not compared, since {why}, and run all cells, to compare.")
    _judge(comparison, difference(result, other))


def difference(result: History | Mapping[str, float], other: History | Mapping[str, float]) -> dict[str, float]:
    """The figures of the first minus those of the second, by name."""
    ours, theirs = (measured(each) if isinstance(each, History) else each for each in (result, other))
    return {name: ours[name] - theirs[name] for name in ours}


def holds(sentence: str, truth: bool) -> None:
    """Print a claim that is no single figure, and whether it holds here. Raises BrokenClaimError in the tests only."""
    print(f"{sentence}: {'holds' if truth else 'BROKEN'}")
    if not truth:
        _broken(sentence)


def _not_the_lessons(run: str, result: History | Mapping[str, float]) -> str:
    """Why a run is not the lesson's, and what to do about it, in words; an empty text if it is."""
    if isinstance(result, History) and result.ended == "stopped":
        return f"it was stopped after step {result.step:,} of {result.steps:,}. Let it end"
    claimed = runs()[run].get("settings", {}) if isinstance(result, History) else {}
    others = {name: getattr(result, name) for name in claimed if getattr(result, name) != claimed[name]}
    words = [f"{name} was {value} here and is {claimed[name]} in the lesson" for name, value in others.items()]
    return f"{' and '.join(words)}. Change it back" if words else ""


def _judge(name: str, values: Mapping[str, float]) -> None:
    broken = []
    for figure, claim in claims(name).items():
        value = values[figure]
        verdict = "holds"
        if not claim.holds(value):
            beyond = max(claim.low - value, value - claim.high)
            verdict = f"BROKEN, by {beyond:.2g}"
            broken.append(f"the {figure} of {name}")
        print(f"{name}: {figure} is {value:.4f}; claimed {claim.says}, from {claim.low} to {claim.high}: {verdict}")
    if broken:
        _broken(" and ".join(broken))


def _broken(what: str) -> None:
    words = (
        f"Not as claimed here: {what}. If you changed a cell above, that is the likely cause, and a result worth a "
        "look. If you changed nothing, or only a seed: with seeds that nobody had tried before "
        "about one lesson in a hundred falls outside; run all cells again to see whether it stays."
    )
    if os.environ.get(MUST_HOLD):
        raise BrokenClaimError(words)
    print(words)
