"""Runs that a learner may choose to start, since they are long: a lesson shows what is stored; here they are made."""

import ast
from pathlib import Path

import numpy as np
import pytest

from helpers import claims
from tools import bands
from tools.slices import needed

GENERALISE = Path(__file__).resolve().parent.parent / "notebooks" / "09_generalise.ipynb"


def run_until(path: Path, *names: str, **switches: bool) -> dict[str, object]:
    """Run the statements of a lesson that these names need, with switches of the learner set; return what is bound."""
    statements = [ast.unparse(each) for cell in bands.code_of(path) for each in ast.parse(cell).body]
    for name, value in switches.items():
        assert f"{name} = {not value}" in statements
        statements[statements.index(f"{name} = {not value}")] = f"{name} = {value}"
    wanted = [number for number, source in enumerate(statements) if any(f"{name} = " in source for name in names)]
    bound: dict[str, object] = {}
    for number in needed(statements, wanted):
        exec(statements[number], bound)
    return bound


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_long_comparison_of_lesson_09_gives_what_is_stored():
    bound = run_until(GENERALISE, "measured", "on_test", train_here=True)
    stored = claims.stored("all_images")
    for name, (accuracies, losses) in bound["measured"].items():
        # Another processor rounds otherwise, which a run at a constant rate makes as large as another seed would.
        assert np.mean(accuracies) == pytest.approx(np.mean(stored[f"{name}: accuracy"]), abs=0.002), name
        assert np.mean(losses) == pytest.approx(np.mean(stored[f"{name}: loss"]), rel=0.15), name
    assert bound["on_test"].mean() == pytest.approx(np.mean(stored["test_accuracy"]), abs=0.001)
    assert bound["on_test"].mean() >= 0.985


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_fair_race_of_lesson_09_gives_what_is_stored():
    bound = run_until(GENERALISE, "tried_more", try_more=True)
    stored = claims.stored("practice_trials")
    assert {name.rpartition(": ")[0] for name in stored} == set(bound["tried_more"])
    for name, (accuracies, losses) in bound["tried_more"].items():
        assert len(accuracies) == 5
        assert np.mean(accuracies) == pytest.approx(np.mean(stored[f"{name}: accuracy"]), abs=0.004), name
        assert np.mean(losses) == pytest.approx(np.mean(stored[f"{name}: loss"]), rel=0.15), name
