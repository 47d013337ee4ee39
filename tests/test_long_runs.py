"""Runs that a lesson leaves to the learner to start: what it says of them holds, when they are made anew."""

import ast
import contextlib
import io
from pathlib import Path

import numpy as np
import pytest

from helpers import claims
from tools.bands import code_of
from tools.slices import needed

LESSON = Path(__file__).resolve().parent.parent / "notebooks" / "10_convolution.ipynb"


def run_with(switch: str, result: str) -> dict[str, object]:
    """Run the statement of lesson 10 beginning `if {switch}:`, and those it needs; return what is bound."""
    statements = [ast.unparse(statement) for cell in code_of(LESSON) for statement in ast.parse(cell).body]
    long_run = next(number for number, source in enumerate(statements) if source.startswith(f"if {switch}:"))
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in (statements[number] for number in needed(statements, [long_run])):
            exec(source.replace(f"{switch} = False", f"{switch} = True"), names)
    assert result in names
    return names


@pytest.mark.slow
def test_windows_that_share_nothing_read_as_lesson_10_says():
    own = run_with("start_unshared", "own")["own"]
    stored = claims.stored("unshared_filters")
    assert set(own) == set(stored)
    for name, values in own.items():
        assert len(values) == 5
        assert np.mean(values) == pytest.approx(np.mean(stored[name]), abs=0.003), name


@pytest.mark.slow
def test_five_networks_with_shifts_read_as_well_as_lesson_10_says():
    names = run_with("start_it", "longer")
    results = names["longer"].results
    assert len(results) == 5
    claimed = claims.claims("convolution_longer")
    stored = np.array(claims.stored("convolution_longer")["test_accuracy"])
    assert claimed["mean_of_five"].holds(results.mean()) and claimed["best_of_five"].holds(results.max()), results
    assert abs(results.mean() - stored.mean()) < 0.0005
    assert claimed["mean_of_five"].said == pytest.approx(stored.mean(), abs=0.0005)
    assert claimed["best_of_five"].said == pytest.approx(stored.max(), abs=0.00005)
