"""The house: one direction of imports, and rooms that can be read in one sitting."""

import ast
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ROOMS = sorted(path for path in (PROJECT / "helpers").glob("*.py") if path.stem != "__init__")
LONGEST_ROOM = 300


def floor_plan() -> list[str]:
    """The rooms in the order of README's table, from the ground up."""
    table = (PROJECT / "README.md").read_text().split("## Where to look in the code")[1].split("\n## ")[0]
    return re.findall(r"`helpers/(\w+)\.py`", table)


def imported(room: Path) -> set[str]:
    """The rooms that this one imports."""
    names = set()
    for node in ast.walk(ast.parse(room.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "helpers":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module.startswith("helpers."):
            names.add(node.module.split(".")[1])
    return names


def test_the_readme_shows_every_room():
    assert sorted(floor_plan()) == [room.stem for room in ROOMS]


def test_a_room_imports_only_from_rooms_below_it():
    floors = {name: floor for floor, name in enumerate(floor_plan())}
    wrong = {room.stem: name for room in ROOMS for name in imported(room) if floors[name] >= floors[room.stem]}
    assert wrong == {}


def test_the_rooms_for_pictures_and_data_and_lesson_06_do_not_import_tensorflow(in_new_process):
    rooms = (
        "by_hand, charts, checks, data, expected, hand_lab, history, layers, live, maps, playground, plotting, "
        "small_network, spiral, stepper, style, units"
    )
    ended = in_new_process(f"import sys\nfrom helpers import {rooms}\nprint('tensorflow' in sys.modules)")
    assert ended.stdout == "False\n", ended.stderr


def test_every_room_can_be_read_in_one_sitting():
    lengths = {room.stem: len(room.read_text().splitlines()) for room in ROOMS}
    assert max(lengths.values()) <= LONGEST_ROOM, lengths
