"""The house: modules that can be read in one sitting, and lessons that load no more than they need.

Which module may import which is in pyproject.toml; `make lint` holds it.
"""

import re
from pathlib import Path

from helpers import claims, errors, history
from tools import lessons

PROJECT = Path(__file__).resolve().parent.parent
MODULES = sorted((PROJECT / "helpers").rglob("*.py"))
LONGEST = 300
TAUGHT = re.compile(r'notebooks/(\d\d_\w+\.ipynb),\s+"([^"]+)"')


def test_the_modules_for_pictures_and_the_numpy_lesson_do_not_import_tensorflow(in_new_process):
    ended = in_new_process(
        "import sys\n"
        "from helpers import activations, checks, claims, data, errors, history, initialisations\n"
        "from helpers import numpy_training, small_networks, toy_data\n"
        "from helpers import doctor, own_folder\n"
        "from helpers.own import frozen_networks, handwriting, kept_digits, kept_networks, plain_operations\n"
        "from helpers.labs import backprop_stepper, controls, digit_pad, explorers, numpy_lab, playground\n"
        "from helpers.plots import activations, decision_maps, digits, initialisation, layers, live, live_chart\n"
        "from helpers.plots import loss, network_map, panels, style, tables, training_chart\n"
        "print('tensorflow' in sys.modules)"
    )
    assert ended.stdout == "False\n", ended.stderr


def test_the_errors_that_the_reader_meets_are_those_of_python_too():
    for error, of_python in (
        (errors.ReaderValueError, ValueError),
        (errors.ReaderTypeError, TypeError),
        (history.DivergedError, ArithmeticError),
        (claims.BrokenClaimError, AssertionError),
    ):
        assert issubclass(error, errors.ReaderError) and issubclass(error, of_python)


def test_every_module_can_be_read_in_one_sitting():
    lengths = {str(path.relative_to(PROJECT)): len(path.read_text().splitlines()) for path in MODULES}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_the_sections_that_docstrings_name_are_headings_of_their_lessons():
    for path in MODULES:
        for lesson, section in TAUGHT.findall(path.read_text(encoding="utf-8")):
            cells = lessons.read(lessons.NOTEBOOKS / lesson).cells
            lines = [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
            headings = {line.lstrip("# ") for line in lines if line.startswith("#")}
            assert " ".join(section.split()) in headings, f"{path.name}: {section}"
