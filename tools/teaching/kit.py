"""`make kit`: one archive that sets the lessons up without a network, for this platform and this Python.

It holds every wheel, the sum of each in requirements.txt, the students' copy of the lessons, and a script to install.
pip refuses a wheel whose sum differs, and is told to look nowhere else. `make kit CLASS=1` makes one for the machine
that serves a class, with the hub, its proxy and the board.
"""

import hashlib
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from packaging.utils import parse_wheel_filename

from tools.teaching import copies

PROJECT = copies.BUILD.parent
SCRIPTS = Path(__file__).with_name("install")
SYSTEM = f"{platform.system()} {platform.machine()}".replace("Darwin", "macOS")
# What `python -m tools.lab` needs of the project, beside the helpers, which are a wheel.
TOOLS = ("__init__.py", "lab.py", "own_copy.py", "lessons.py", "jupyter_server_config.py", "jupyterlab/overrides.json")
# What a class needs as well: its package, and the proxy, a program for Node with all that it needs.
CLASS = ("classroom", "build/proxy")


def name(*, for_class: bool = False) -> str:
    """The kit's name, which says what it is for, such as dense-networks-linux-x86_64-python-3.11."""
    python = ".".join(platform.python_version_tuple()[:2])
    what = "dense-networks-class" if for_class else "dense-networks"
    return f"{what}-{platform.system()}-{platform.machine()}-python-{python}".lower()


def collect(wheels: Path, extra: str = "") -> None:
    """Put the wheel of the helpers and of all that they need into a folder. Raises CalledProcessError if pip fails."""
    for pattern in ("lib", "bdist.*"):  # left by an earlier build; setuptools would pack it once more
        for left in (PROJECT / "build").glob(pattern):
            shutil.rmtree(left)
    options = ["--no-build-isolation", "--constraint", "constraints.txt", "--wheel-dir", str(wheels), "-qq"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, f".{extra}"], cwd=PROJECT, check=True)


def requirements(wheels: Path) -> str:
    """A line for each wheel of a folder, with its exact version and its SHA-256."""
    lines = []
    for wheel in sorted(wheels.glob("*.whl")):
        project, version, *_ = parse_wheel_filename(wheel.name)
        lines.append(f"{project}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    return "".join(lines)


def make(target: Path, *, for_class: bool = False) -> Path:
    """Make the kit in a folder of its own below `target`, and return its archive.

    for_class: for the machine that serves a class; `make kit` has set up the proxy before.
    """
    kit = target / name(for_class=for_class)
    shutil.rmtree(kit, ignore_errors=True)
    collect(kit / "wheels", "[class]" if for_class else "")
    (kit / "requirements.txt").write_text(requirements(kit / "wheels"), encoding="utf-8")
    copies.make_student(kit / "notebooks", solutions_into=None)
    for tool in TOOLS:
        place = kit / "tools" / tool
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / "tools" / tool, place)
    for folder in CLASS if for_class else ():
        shutil.copytree(PROJECT / folder, kit / folder, ignore=shutil.ignore_patterns("__pycache__", "kubernetes"))
    python = ".".join(platform.python_version_tuple()[:2])
    for script in SCRIPTS.iterdir():
        if script.name == "class.sh" and not for_class:
            continue
        text = script.read_text(encoding="utf-8").replace("@PYTHON@", python).replace("@SYSTEM@", SYSTEM)
        ends = "\r\n" if script.suffix in (".cmd", ".txt") else "\n"
        (kit / script.name).write_text(text, encoding="utf-8", newline=ends)
    return Path(shutil.make_archive(str(kit), "zip", target, kit.name))


def main() -> None:
    """Make the kit, and say how large it is and what to do with it."""
    for_class = "class" in sys.argv[1:]
    print("Collecting every package: a minute or two.", flush=True)
    archive = make(copies.BUILD / "kit", for_class=for_class)
    megabytes = archive.stat().st_size / 1e6
    print(
        f"{archive.relative_to(Path.cwd())}, {megabytes:.0f} MB, for {SYSTEM} with Python "
        f"{platform.python_version().rpartition('.')[0]}. Unpack it on a machine of this kind, copy the folder to its "
        "disk, and go on as READ ME FIRST.txt says."
        + " `sh class.sh` serves a class from there; it takes the options of python -m classroom."
        * for_class
    )


if __name__ == "__main__":
    main()
