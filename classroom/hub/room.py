"""Whether a machine is fit for a class: for how many learners it suffices, and whether they may use what is shared."""

import os
import subprocess
import sys
from pathlib import Path

from classroom.hub import accounts
from classroom.hub.programs import CannotGoOn
from classroom.hub.settings import MOST_LEARNERS, PROJECT
from helpers import doctor

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NEEDS = Path(__file__).resolve().parent.parent / "needs.toml"
KEPT_FREE = 1500  # MB for the system, the hub, its proxy and the board
LONGEST_WAIT = 180  # seconds
USED = "import helpers.data, tools.own_copy, jupyterhub.singleuser.app"


def check_way_in(folder: Path) -> None:
    """Raise CannotGoOn, with the cure, if learners' accounts cannot use this Python or enter the class's folder."""
    python = Path(sys.executable)
    barred = filter(None, map(accounts.barred, [*accounts.ways_into(python), Path(sys.base_prefix)]))
    if stop := next(barred, None):
        raise CannotGoOn(
            f"The learners' accounts cannot run the Python of these lessons, {python.resolve()}: they may not enter "
            f"{stop}. Set up again with one that all may run, such as the system's: make clean, then make class "
            "PYTHON=/usr/bin/python3"
        )
    for place in (PROJECT, folder.parent):
        if stop := accounts.barred(place):
            raise CannotGoOn(
                f"The learners' accounts may not enter {stop}, where the lessons lie: move them to a place that all "
                "may enter, such as /opt, and start the class there."
            )
    tried = subprocess.run(
        [sys.executable, "-c", USED],
        cwd=PROJECT,
        user=accounts.NOBODY,
        group=accounts.NOBODY,
        extra_groups=[],
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
    )
    if tried.returncode:
        raise CannotGoOn(
            "The learners' accounts cannot use the lessons' packages. The last line of what was tried as nobody: "
            f"{tried.stderr.strip().splitlines()[-1]}. Set up again with files that all may read: umask 022, then "
            "make clean class."
        )


def needs(file: Path = NEEDS) -> dict:
    """What one learner takes, lesson by lesson, as it was measured."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def learners_by_memory(lesson: str, free: float | None = None) -> int:
    """For how many learners in this lesson the memory suffices, the hub's most at most. free: MB, now if left out."""
    of_lesson = needs()["lessons"][lesson]
    free = doctor.memory()[0] / 2**20 if free is None else free
    return min(MOST_LEARNERS, max(0, int((free - KEPT_FREE) / (of_lesson["kernel"] + of_lesson["server"]))))


def learners_by_processors(lesson: str, cores: int | None = None) -> int:
    """For how many the longest cell of this lesson is over in time, if all run it at once."""
    cores = cores or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return int(LONGEST_WAIT * cores / needs()["lessons"][lesson]["longest"])


def suffices_for(free: float | None = None, cores: int | None = None) -> str:
    """For how many learners this machine suffices, lesson by lesson, as a table in words."""
    measured = needs()
    rows = [
        f"{number}      {of_lesson['kernel'] + of_lesson['server']:5} MB"
        f"{learners_by_memory(number, free):12}{learners_by_processors(number, cores):16}"
        for number, of_lesson in measured["lessons"].items()
    ]
    free = doctor.memory()[0] / 2**20 if free is None else free
    return "\n".join(
        [
            f"{free / 1024:.1f} GB of memory are free; each learner has one lesson open.",
            "lesson  a learner   by memory   by processors",
            *rows,
            "",
            f"By processors: so many run the longest cell at once, and the last has it within {LONGEST_WAIT} seconds.",
            "More learners wait longer, and lose nothing. Long runs in labs take more; make class-load tries one.",
            f"Measured on {measured['machine']}; python -m classroom.load.measure does it anew.",
        ]
    )
