"""Bands from measured values, and the part of a lesson that its claims need."""

import dataclasses
import json
import os
import signal
import time

import factories
import nbformat
import numpy as np
import pytest
import tensorflow as tf

from helpers import claims, data, networks, several_seeds, training
from tools import bands
from tools.slices import needed


def test_a_band_reaches_beyond_what_was_seen_and_further_the_less_was_seen():
    assert bands.band([0.92, *[0.925] * 28, 0.93]) == (0.914, 0.936)
    assert bands.band([65.0, *[70.0] * 16, 85.0]) == (45.0, 105.0)
    assert bands.band([-0.03, *[-0.025] * 28, -0.02]) == (-0.036, -0.014)


def test_a_band_is_rounded_outwards():
    assert bands.band([0.90011, 0.90012]) == (0.9, 0.901)


def test_a_figure_that_never_moves_still_gets_a_band():
    assert bands.band([0.1135, 0.1135]) == (0.113, 0.114)
    assert bands.band([0.0, 0.0]) == (0.0, 0.0)


@pytest.mark.parametrize("seeds", [10, 15, 20, bands.SEEDS])
def test_thirty_claims_hold_together_for_ninety_nine_of_a_hundred_fresh_seeds(seeds):
    random, held = np.random.default_rng(0), []
    for _ in range(500):
        low, high = bands.band(list(random.normal(0.9, 0.01, seeds)))
        fresh = random.normal(0.9, 0.01, 1000)
        held.append(np.mean((low <= fresh) & (fresh <= high)))
    assert np.mean(held) ** 30 > 0.99


def test_bands_are_written_into_the_file_and_nothing_else_changes(tmp_path, monkeypatch):
    file = tmp_path / "claims.toml"
    file.write_text(
        '# why\n[a]\nx = { says = "1", low = 0.5, high = 2 } # kept\n[b]\nx = { says = "1", low = 0, high = 2 }\n'
    )
    monkeypatch.setattr(claims, "FILE", file)
    bands.write({("a", "x"): (0.75, 1.25)})
    assert file.read_text() == (
        '# why\n[a]\nx = { says = "1", low = 0.75, high = 1.25 } # kept\n[b]\nx = { says = "1", low = 0, high = 2 }\n'
    )


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """A file of measured values with one record each of lessons 03 and 10; what is measured, two seeds, is not run."""
    file = tmp_path / "measured.jsonl"
    records = [{"lesson": path.stem, "seed": 1, "figures": {}} for path in (bands.NOTEBOOKS[3], bands.NOTEBOOKS[10])]
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    monkeypatch.setattr(bands, "MEASURED", file)
    monkeypatch.setattr(bands, "propose", dict)
    monkeypatch.setattr(bands, "write", lambda bands: None)
    monkeypatch.setattr(bands, "measure", lambda path, seed, **_how: record_of(path, seed))
    return file


# From 3.12 on Python warns of it where there are threads, such as those that TensorFlow has begun in other tests.
forks = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


def record_of(path, seed):
    return {"lesson": path.stem, "seed": seed, "figures": {"new": seed}, "broken": [], "astray": []}


def ask(monkeypatch, *words):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr("sys.argv", ["bands", "--seeds", "2", *words])
    bands.main()


@forks
def test_a_lesson_is_measured_anew_by_its_number(measured, monkeypatch):
    ask(monkeypatch, "--lesson", "3", "--fresh")
    kept = [(record["lesson"], record["seed"], record["figures"]) for record in bands.kept()]
    lesson = bands.NOTEBOOKS[3].stem
    assert kept[0] == (bands.NOTEBOOKS[10].stem, 1, {})
    assert sorted(kept[1:], key=str) == [(lesson, 1, {"new": 1}), (lesson, 2, {"new": 2})]


@forks
def test_what_is_kept_is_not_measured_again(measured, monkeypatch):
    ask(monkeypatch, "--lesson", "03")
    assert [record["figures"] for record in bands.kept()] == [{}, {}, {"new": 2}]


def test_of_a_lesson_that_there_is_not_nothing_is_forgotten_or_written(measured, monkeypatch):
    before = measured.read_text()
    monkeypatch.setattr(bands, "write", lambda bands: pytest.fail("bands were written"))
    with pytest.raises(SystemExit, match=r"Which lesson\? Name one of 00.*got '12'"):
        ask(monkeypatch, "--lesson", "12", "--fresh")
    assert measured.read_text() == before


@forks
def test_a_process_that_the_system_ends_is_told_and_what_was_measured_stays(measured, monkeypatch):
    def killed_with_seed_2(path, seed, **_how):
        if seed == 2:
            while "05_why_depth" not in measured.read_text():  # until the first has been kept
                time.sleep(0.01)
            os.kill(os.getpid(), signal.SIGKILL)
        return record_of(path, seed)

    monkeypatch.setattr(bands, "measure", killed_with_seed_2)
    monkeypatch.setattr(bands, "write", lambda bands: pytest.fail("bands were written"))
    with pytest.raises(SystemExit, match=r"05_why_depth with seed 2: its process was ended.*-9.*without FRESH=1"):
        ask(monkeypatch, "--lesson", "05")
    assert [(record["lesson"], record["seed"]) for record in bands.kept()][2:] == [("05_why_depth", 1)]


@forks
def test_a_lesson_that_fails_is_named_with_its_seed(measured, monkeypatch):
    def fail(path, seed, **_how):
        raise ZeroDivisionError("in a cell")

    monkeypatch.setattr(bands, "measure", fail)
    with pytest.raises(RuntimeError, match=r"05_why_depth with seed [12]: ZeroDivisionError\('in a cell'\)"):
        ask(monkeypatch, "--lesson", "05")


@forks
def test_two_are_measured_at_a_time_each_in_a_process_of_its_own(measured, monkeypatch, tmp_path):
    began = tmp_path / "began"

    def count(path, seed, **_how):
        (began / str(os.getpid())).mkdir(parents=True)
        time.sleep(0.2)
        at_once = len(list(began.iterdir()))
        (began / str(os.getpid())).rmdir()
        return record_of(path, os.getpid()) | {"figures": {"at once": at_once}}

    monkeypatch.setattr(bands, "measure", count)
    ask(monkeypatch, "--lesson", "05", "--seeds", "5")
    new = bands.kept()[2:]
    assert len({record["seed"] for record in new} - {os.getpid()}) == 5
    assert max(record["figures"]["at once"] for record in new) <= 2


def test_another_seed_changes_everything_random_and_comes_back_to_the_lessons_own():
    def draws():
        return [
            *tf.random.stateless_truncated_normal([3], seed=[0, 1], stddev=0.1).numpy(),
            *tf.random.stateless_uniform([3], [0, 1], -1, 1).numpy(),
            *np.random.default_rng(0).normal(size=3),
        ]

    before = draws()
    with bands.other_seed(7):
        moved = draws()
    with bands.other_seed(8):
        moved_further = draws()
    assert draws() == before
    assert not set(before) & set(moved) and not set(moved) & set(moved_further)


def test_another_seed_holds_out_the_same_images():
    held_out = data.load_mnist(validation=100).validation
    with bands.other_seed(7):
        assert np.array_equal(data.load_mnist(validation=100).validation.images, held_out.images)


def test_a_run_that_a_lesson_has_already_is_one_of_several_with_another_seed_too(small):
    design = networks.Design(hidden=())
    with bands.other_seed(7):
        first = training.train(networks.Network(design), small, learning_rate=0.1, steps=20)
        runs = several_seeds.train(design, small, seeds=2, known=[first], learning_rate=0.1, steps=20)
    assert runs.histories[0] is first and first.seed == 7


def test_a_broken_claim_is_told_with_its_band(tmp_path, monkeypatch):
    cell = "from helpers import claims\nclaims.check('one_layer', {'test_accuracy': 0.5})"
    lesson = tmp_path / "01_a_lesson.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)]), lesson)
    monkeypatch.setattr(claims, "claims", lambda _name: {"test_accuracy": claims.Claim("92%", 0.91, 0.93)})
    record = bands.measure(lesson, seed=31)
    assert record["broken"] == ["one_layer: test_accuracy is 0.5000; claimed 92%, from 0.91 to 0.93"]


def test_a_run_that_had_learned_and_lost_it_all_is_told(small):
    lost, wobbled = (
        factories.history(test_accuracy=[0.5, 0.92, 0.11]),
        factories.history(test_accuracy=[0.92, 0.7, 0.9]),
    )
    never = factories.history(test_accuracy=[0.1, 0.11, 0.11])
    settings = {"steps": 1000, "seeds": 2, "learning_rate": 0.3, "test_every": 100}
    several = several_seeds.SeveralSeeds(networks.Design(), small, **settings)
    several.histories |= {0: wobbled, 1: dataclasses.replace(never, validation_accuracy=lost.test_accuracy)}
    names = {"lost": lost, "wobbled": wobbled, "never": never, "runs": several, "np": np}
    assert bands._astray(names) == ["lost", "runs, seed 1"]


# --- What a statement needs -----------------------------------------------------------------------------------------

LESSON = [
    "import numpy as np",
    "W = np.zeros(3)",
    "unused = W + 1",
    "def step(by):\n    W[0] += by",
    "step(1)",
    "print(W)",
    "for by in [1, 2]:\n    W[1] += by",
    "copy = W.copy()",
    "copy.sort()",
    "W = np.ones(3)",
    "print(copy, W)",
]


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        (10, [0, 1, 3, 4, 6, 7, 8, 9]),  # all that changes W before it is copied
        (6, [0, 1, 3, 4]),
        (5, [0, 1, 3, 4]),
        (2, [0, 1]),
    ],
)
def test_a_statement_needs_what_binds_or_changes_what_it_uses(target, kept):
    assert needed(LESSON, [target]) == [*kept, target]


def test_what_a_function_uses_is_needed_where_it_is_called():
    sources = ["W = [0]", "def model():\n    return W[0]", "def again():\n    W[0] = 1", "again()", "a = model()", "a"]
    assert needed(sources, [5]) == [0, 1, 2, 3, 4, 5]


def test_what_a_library_is_told_is_needed_and_what_is_only_drawn_is_not():
    sources = [
        "import tensorflow as tf",
        "from helpers.plots import digits",
        "tf.set_seed(1)",
        "a = tf.draw()",
        "digits.b(a)",
    ]
    assert needed([*sources, "a"], [5]) == [0, 2, 3, 5]


def test_the_names_inside_a_function_are_needed_too_but_not_its_own():
    sources = ["x = 1", "y = 2", "def f(x):\n    z = x\n    return [y + z for z in range(x)]", "f(3)"]
    assert needed(sources, [3]) == [1, 2, 3]


def test_what_is_added_to_has_to_be_there_first():
    sources = ["runs = [1]", "pairs = [runs]", "pairs += [2]", "runs[0] = 3", "runs"]
    assert needed(sources, [4]) == [0, 1, 2, 3, 4]  # the second holds the runs, so the third may change them


def test_the_claims_of_a_lesson_need_a_part_of_it():
    statements = bands.claimed_statements(["import helpers.claims as claims", "a = 1", "b = 2", "claims.check('r', a)"])
    assert statements == ["import helpers.claims as claims", "a = 1", "claims.check('r', a)"]


def test_the_stored_results_of_other_seeds_are_what_was_measured():
    stored = claims.stored("small_start_against_large")
    for name, run in {"std_1": "five_layers_sigmoid", "std_0_1": "five_layers_sigmoid_small_start"}.items():
        assert stored[name] == bands.measured_values(run, "last_tests")
        assert len(stored[name]) >= bands.ENOUGH
