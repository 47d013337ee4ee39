"""The figures that the lessons claim, and whether a run keeps to them."""

import functools
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.history import History

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = Path(__file__).with_name("expected.toml")
NO_CLAIMS = ("settings", "stored")  # what a table holds besides its claims
LAST_BATCHES = 1000  # how many of them the accuracy "on training batches" is the mean of


@dataclass(frozen=True)
class Claim:
    """One figure: as the prose says it, and the band, from low to high, that a run must land in."""

    says: str
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a measured value lies in the band."""
        return self.low <= value <= self.high


@functools.cache
def runs() -> dict[str, dict]:
    """What expected.toml holds: for each run its settings, its claims, and what is stored of it, by name."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: {key: value if key in NO_CLAIMS else Claim(**value) for key, value in table.items()}
        for name, table in tables.items()
    }


def claims(run: str) -> dict[str, Claim]:
    """The claims about one run, by the name of the figure."""
    return {name: claim for name, claim in runs()[run].items() if name not in NO_CLAIMS}


def stored(run: str) -> dict[str, list[float]]:
    """The figures of a run that is too long for a lesson, measured once and written down: by name, one an epoch."""
    return runs()[run]["stored"]


def measured(history: History) -> dict[str, float]:
    """The figures of a run that claims are made about, by name."""
    return {
        "test_accuracy": float(history.test_accuracy[-1]),
        "test_loss": float(history.test_loss[-1]),
        "train_accuracy": float(history.train_accuracy[-LAST_BATCHES:].mean()),
        "first_test_accuracy": float(history.test_accuracy[0]),
    }


def check(run: str, result: History | Mapping[str, float]) -> None:
    """Print every claim about a run beside what was measured; raise AssertionError if one does not hold.

    run: a name in expected.toml. result: the run's History, or the figures themselves by name.
    Taught in every lesson, "What we claimed".
    """
    values = measured(result) if isinstance(result, History) else result
    broken = [name for name, claim in claims(run).items() if not claim.holds(values[name])]
    for name, claim in claims(run).items():
        verdict = "BROKEN" if name in broken else "holds"
        print(f"{run}: {name} is {values[name]:.4f}; claimed {claim.says}, from {claim.low} to {claim.high}: {verdict}")
    if broken:
        raise AssertionError(
            f"The claim about {' and '.join(broken)} of {run} does not hold here. The likely cause: a setting was "
            "changed in a cell above; the claims are made for the settings as the lesson came. If you changed nothing, "
            "run all cells from the top, and if it stays, tell us: a claim of ours is wrong."
        )
