"""Whether a machine is fit for a class: for how many learners it suffices, and whether they may use what is shared."""

import subprocess
import sys
from pathlib import Path

from classroom.hub import accounts
from classroom.hub.programs import CannotGoOn
from classroom.hub.settings import PROJECT

NEEDS = Path(__file__).resolve().parent.parent / "needs.toml"
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
    for place in (PROJECT, folder):
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


def suffices_for() -> str:
    """For how many learners this machine suffices, lesson by lesson."""
    return ""
