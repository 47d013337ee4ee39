"""`make kit`: one archive that sets the lessons up without a network, for this platform and this Python.

It holds every wheel, the sum of each in requirements.txt, the students' copy of the lessons, and a script to install.
pip refuses a wheel whose sum differs, and is told to look nowhere else.
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


def name() -> str:
    """The kit's name, which says what it is for, such as dense-networks-linux-x86_64-python-3.11."""
    python = ".".join(platform.python_version_tuple()[:2])
    return f"dense-networks-{platform.system()}-{platform.machine()}-python-{python}".lower()


def collect(wheels: Path) -> None:
    """Put the wheel of the helpers and of all that they need into a folder. Raises CalledProcessError if pip fails."""
    options = ["--no-build-isolation", "--constraint", "constraints.txt", "--wheel-dir", str(wheels), "-qq"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "."], cwd=PROJECT, check=True)


def requirements(wheels: Path) -> str:
    """A line for each wheel of a folder, with its exact version and its SHA-256."""
    lines = []
    for wheel in sorted(wheels.glob("*.whl")):
        project, version, *_ = parse_wheel_filename(wheel.name)
        lines.append(f"{project}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    return "".join(lines)


def make(target: Path) -> Path:
    """Make the kit in a folder of its own below `target`, and return its archive."""
    kit = target / name()
    shutil.rmtree(kit, ignore_errors=True)
    collect(kit / "wheels")
    (kit / "requirements.txt").write_text(requirements(kit / "wheels"), encoding="utf-8")
    copies.make_student(kit / "notebooks", solutions_into=None)
    for tool in TOOLS:
        place = kit / "tools" / tool
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / "tools" / tool, place)
    python = ".".join(platform.python_version_tuple()[:2])
    for script in SCRIPTS.iterdir():
        text = script.read_text(encoding="utf-8").replace("@PYTHON@", python).replace("@SYSTEM@", SYSTEM)
        ends = "\r\n" if script.suffix in (".cmd", ".txt") else "\n"
        (kit / script.name).write_text(text, encoding="utf-8", newline=ends)
    return Path(shutil.make_archive(str(kit), "zip", target, kit.name))


def main() -> None:
    """Make the kit, and say how large it is and what to do with it."""
    print("Collecting every package: a minute or two.", flush=True)
    archive = make(copies.BUILD / "kit")
    megabytes = archive.stat().st_size / 1e6
    print(
        f"{archive.relative_to(Path.cwd())}, {megabytes:.0f} MB, for {SYSTEM} with Python "
        f"{platform.python_version().rpartition('.')[0]}. Unpack it on a machine of this kind, copy the folder to its "
        "disk, and go on as READ ME FIRST.txt says."
    )


if __name__ == "__main__":
    main()
