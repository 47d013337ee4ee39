"""Says whether this machine is fit for the lessons, and how to cure what is not: `python -m helpers.doctor`.

Nothing is sent anywhere. Run from a terminal it ends with 1 if something needs a cure.
"""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psutil
from packaging.requirements import Requirement

from helpers import own_folder
from helpers.errors import ReaderError
from helpers.plots.live import on_page, view_of
from helpers.widgets.pulse import Pulse

PROJECT = Path(__file__).resolve().parent.parent
CONTROL_GROUP = Path("/sys/fs/cgroup")  # where Linux says what a container may have
PACKAGE = "dense-networks-by-touch"
PYTHONS = ((3, 10), (3, 13))  # the oldest and the newest; pyproject.toml says it to pip
NEEDED = 1.2e9  # bytes that a lesson's kernel takes at most, 1.16 GB after 200 changes in the network lab
STEPS = 1000
INSTALL = "python -m pip install -c constraints.txt -e ."


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what was found, and the cure if it is a problem."""

    said: str
    cure: str = ""

    def __repr__(self):
        return f"✗ {self.said}\n  Cure: {self.cure}" if self.cure else f"✓ {self.said}"


class Checkup:
    """All findings; prints as a line for each. In a notebook one more follows, in which the page itself answers."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings
        self.pulse = Pulse()

    @property
    def problems(self) -> list[Finding]:
        """What needs a cure."""
        return [each for each in self.findings if each.cure]

    def __repr__(self):
        count = len(self.problems)
        verdict = f"{count} thing{'s need' if count > 1 else ' needs'} a cure." if count else "All is well."
        return "\n".join([*map(repr, self.findings), verdict])

    def _ipython_display_(self) -> None:
        from IPython.display import display

        print(self)
        if on_page():
            words = (
                "Controls: not asked yet. Run this cell; if this line stays, the page cannot show controls: open the "
                "lessons with make lab, in JupyterLab."
            )
            display(view_of(self.pulse) | {"text/html": f"<p>{words}</p>", "text/plain": words}, raw=True)


def checkup() -> Checkup:
    """Look at everything that the lessons need, in a few seconds. Taught in notebooks/00_start_here.ipynb."""
    findings = [*python(), *packages(), *cores_and_memory(), *own_files(), *mnist()]
    if not any(each.cure for each in findings):  # with less memory than it takes TensorFlow would end this process
        findings += _looked_at("The training", speed)
    return Checkup(findings)


def python() -> Iterator[Finding]:
    """Whether this Python is one that the lessons are tested with."""
    oldest, newest = (".".join(map(str, version)) for version in PYTHONS)
    version = ".".join(map(str, sys.version_info[:3]))
    if PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        yield Finding(f"Python {version}")
    else:
        yield Finding(
            f"Python {version}; the lessons are tested with {oldest} to {newest}.",
            f"Install one of these and set up again: make clean, then make lab PYTHON=/path/to/python{newest}",
        )


def packages() -> Iterator[Finding]:
    """Whether the packages that the lessons use are there, in the versions that they were tested in."""
    try:
        wanted = [Requirement(line) for line in metadata.requires(PACKAGE) or [] if "extra ==" not in line]
    except metadata.PackageNotFoundError:
        yield Finding("The lessons' own package is not installed.", f"In the folder of the project: {INSTALL}")
        return
    pinned = PROJECT / "constraints.txt"  # an installation from an archive has none: its versions are pinned already
    lines = pinned.read_text(encoding="utf-8").splitlines() if pinned.exists() else []
    pins = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    tested = {_plain(pin.name): pin.specifier for pin in pins if pin.marker is None or pin.marker.evaluate()}
    names = [each.name for each in wanted if each.marker is None or each.marker.evaluate()]
    others = []
    for name in names:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            others.append(f"{name} is missing")
            continue
        specifier = tested.get(_plain(name))
        if specifier is not None and not specifier.contains(version, prereleases=True):
            others.append(f"{name} is {version}, tested was {str(specifier).removeprefix('==')}")
    if others:
        yield Finding(f"Packages: {'; '.join(others)}.", f"In the folder of the project: {INSTALL}")
    else:
        yield Finding(f"{len(names)} packages" + ", in the versions that were tested" * bool(tested))


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def cores_and_memory() -> Iterator[Finding]:
    """How many cores there are, and whether a lesson finds the memory that it takes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding(f"{cores} core{'s' * (cores > 1)}; two are enough" + ", and with one all takes longer" * (cores == 1))
    free, limit = memory()
    said = f"{free / 1e9:.1f} GB of memory for a lesson, {NEEDED / 1e9:.1f} GB needed{limit}"
    if free >= NEEDED:
        yield Finding(said)
    else:
        yield Finding(
            f"Only {said}.",
            "Shut down the kernels of other lessons (in JupyterLab: Kernel, Shut Down All Kernels) and close other "
            "programs" + (", or have the limit raised" if limit else ""),
        )


def memory() -> tuple[float, str]:
    """Bytes that this process can have in all, and which limit it is that allows no more, in words."""
    process = psutil.Process()
    ours = process.memory_info()
    found = [(psutil.virtual_memory().available + ours.rss, "")]
    for file, used, given_back in (
        ("memory.max", "memory.current", "inactive_file"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "total_inactive_file"),
    ):
        limits = CONTROL_GROUP / file
        try:
            limit, taken = int(limits.read_text()), int((CONTROL_GROUP / used).read_text())
            listed = dict(line.split() for line in limits.with_name("memory.stat").read_text().splitlines())
        except (OSError, ValueError):  # another system, or no limit, which is written "max"
            continue
        taken -= int(listed.get(given_back, 0))  # files that were read: the system gives their memory back
        found.append((limit - taken + ours.rss, " (the container's limit)"))
    if hasattr(process, "rlimit"):
        limit = process.rlimit(psutil.RLIMIT_AS)[0]
        if limit != psutil.RLIM_INFINITY:
            found.append((limit - ours.vms + ours.rss, " (the limit of ulimit -v)"))
    return min(found)


def own_files() -> Iterator[Finding]:
    """Whether the learner's own files can be kept."""
    try:
        own_folder.keep(".trial", b"")
        (own_folder.folder() / ".trial").unlink()
    except ReaderError as error:
        yield Finding(str(error), f"Set {own_folder.VARIABLE} to a folder where you may write, then start JupyterLab")
    else:
        yield Finding(f"Your own files can be kept, in the folder {own_folder.folder().name}/")


def mnist() -> Iterator[Finding]:
    """Whether the images are there, and whole."""
    from helpers import data

    try:
        images = data.load_mnist()
    except data.DataError as error:
        yield Finding(str(error), f"git checkout -- helpers/{data.MNIST_FILE.name}, or copy it from a neighbour")
    else:
        yield Finding(f"MNIST is whole: {len(images.train) + len(images.test):,} images")


def speed() -> Iterator[Finding]:
    """How long a thousand steps take, and what that means for the lessons."""
    from helpers import data, networks, pace, training

    network = networks.Network(networks.Design(hidden=(100,), activation="ReLU", initialisation="He"))
    history = training.train(network, data.load_mnist(), learning_rate=0.1, steps=STEPS)
    yield Finding(repr(pace.keep(history)))


def _looked_at(what: str, look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """What was found, or that looking failed."""
    try:
        return list(look())
    except Exception as error:
        return [
            Finding(
                f"{what} fails: {type(error).__name__}: {error}",
                f"In the folder of the project: {INSTALL}; make clean and make lab set everything up anew",
            )
        ]


def main() -> int:
    """Print the findings; return the exit code for the shell."""
    found = checkup()
    print(found)
    return int(bool(found.problems))


if __name__ == "__main__":
    sys.exit(main())
