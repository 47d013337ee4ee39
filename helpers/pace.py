"""How long a training takes on the reader's machine: measured once, and said before each run.

A run's time on the machine that these lessons were made on is worked out from how much it computes. Lesson 00 measures
how much quicker or slower the reader's machine is, and keeps that among the learner's own files.
"""

import json
import math
from dataclasses import dataclass

from helpers import own_folder
from helpers.errors import ReaderOSError, ReaderValueError
from helpers.history import History

FILE = "pace.json"
# Two cores of an AMD EPYC, from `make bench`: 10,000 steps of the one-layer and of the five-layer network take 1.7 s
# and 6.3 s, with a test of 10,000 images every 100 steps. These two numbers solve for both.
A_STEP = 0.15e-3  # seconds for each step, however small the network
A_MULTIPLICATION = 6.5e-12  # seconds, and the addition that goes with it
BACK = 2  # a step goes forward once, and back at twice the price
WORTH_SAYING = 1.5  # seconds: what is shorter is over before it is read
ABOUT_EQUAL = 1.25  # times as fast or as slow
ENOUGH = 1000  # steps, to measure a machine by


@dataclass(frozen=True)
class Pace:
    """How a machine compares: `slower` is how many times as long a run takes on it. Prints as a sentence or two."""

    slower: float
    steps: int
    seconds: float
    kept: str

    def __repr__(self):
        compared = (
            f"{self.slower:.1f} times as slow as" if self.slower > 1 else f"{1 / self.slower:.1f} times as fast as"
        )
        if max(self.slower, 1 / self.slower) < ABOUT_EQUAL:
            compared = "about as fast as"
        return (
            f"{self.steps:,} steps in {self.seconds:.1f} s: your machine is {compared} the one "
            f"that these lessons were made on. {self.kept}"
        )


def expected(multiplications: float, *, steps: int, batch_size: int, tested: int = 0, tests: int = 0) -> float:
    """Seconds that a run takes on the machine that these lessons were made on.

    multiplications: of the network for one image. tested: images in one test. tests: how many tests there are.
    """
    images = steps * batch_size * (1 + BACK) + tests * tested
    return steps * A_STEP + images * multiplications * A_MULTIPLICATION


def keep(history: History) -> Pace:
    """Compare this machine with the one that the lessons were made on, by a finished run, and keep the result.

    Raises ValueError, in words, for a run that is too short. If it cannot be kept, what it returns says so and why.
    Taught in notebooks/00_start_here.ipynb, "Your own digit".
    """
    if history.ended != "finished" or history.step < ENOUGH:
        raise ReaderValueError(
            f"To measure the machine, a run should be finished and have {ENOUGH:,} steps at least; "
            f"this one has {history.step:,}{' and was ' + history.ended if history.ended != 'finished' else ''}. "
            "Run the cell with the training again, and let it end."
        )
    slower = history.seconds / history.expected_seconds
    try:
        own_folder.keep(FILE, json.dumps({"slower": round(slower, 3)}).encode())
        said = "The later lessons will tell you beforehand how long they take on yours."
    except ReaderOSError as error:
        said = f"This could not be kept for the later lessons. {error}"
    return Pace(slower, history.step, history.seconds, said)


def about(seconds: float) -> str:
    """How long something takes on the reader's machine, or, if that was not measured, on ours: "about 4 s on …".

    seconds: what it takes on the machine that these lessons were made on.
    """
    slower, why_not = _slower()
    if slower:
        return f"about {_rounded(seconds * slower)} on your machine"
    return f"about {_rounded(seconds)} on the machine that these lessons were made on; {why_not}"


def tell(what: str, seconds: float) -> None:
    """Print how long something takes, unless it is short.

    what: how much there is to do, such as "10,000 steps". seconds: what it takes on the machine of the lessons.
    """
    if seconds >= WORTH_SAYING:
        print(f"{what}: {about(seconds)}.")


def _slower() -> tuple[float, str]:
    """How many times as long a run takes on this machine; 0 if that is not known, and the reason in words."""
    try:
        text = own_folder.kept(FILE)
    except ReaderOSError as error:
        return 0.0, str(error).rstrip(".")
    if text is None:
        return 0.0, "lesson 00 measures yours"
    try:
        slower = float(json.loads(text)["slower"])
    except (ValueError, KeyError, TypeError):
        slower = math.nan
    if not 0 < slower < math.inf:
        return 0.0, f"{FILE} among your own files holds no measurement: run lesson 00 to write it anew"
    return slower, ""


def _rounded(seconds: float) -> str:
    if seconds < 10:
        return f"{max(1, round(seconds))} s"
    if seconds < 90:
        return f"{5 * round(seconds / 5)} s"
    return f"{seconds / 60:.0f} minutes"
