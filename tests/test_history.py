"""The history of a run: how it starts, how it prints, and what is said when a run goes wrong."""

import factories
import numpy as np
import pytest

from helpers.history import DivergedError, History


def a_history(done=0, **settings):
    """A run of 1200 steps of which so many are done, tested every 100."""
    defaults = {"steps": 1200, "batch_size": 50, "loss": "mean_cross_entropy", "reduction": "mean", "test_every": 100}
    history = History(**{**defaults, "seed": 3, "rates": [(1, 0.25)], **settings})
    history.train_loss = np.linspace(2.0, 0.5, done).astype(np.float32)
    history.test_steps = np.arange(100, done + 1, 100)
    tests = len(history.test_steps)
    history.test_accuracy = np.linspace(0.5, 0.9, tests).astype(np.float32)
    history.test_loss = np.linspace(2.0, 0.25, tests).astype(np.float32)
    return history


def test_a_run_that_has_not_begun_holds_nothing_yet():
    history = History(1200, 50, "mean_cross_entropy", "mean", 100, 3, [(1, 0.25)])
    assert (history.step, history.seconds, history.ended, history.notes) == (0, 0, "", {})
    assert history.expected_seconds == 0
    validated = (history.validation_accuracy, history.validation_loss)
    for measured in (
        history.train_loss,
        history.train_accuracy,
        history.test_loss,
        history.test_accuracy,
        *validated,
    ):
        assert measured.shape == (0,) and measured.dtype == np.float32
    assert history.test_steps.shape == (0,) and history.test_steps.dtype == int
    assert repr(history) == "0 steps of 50 images at learning rate 0.25 (mean loss), in 0.0 s."


def test_two_runs_share_nothing_and_are_the_same_only_if_they_are_one():
    one, other = a_history(), a_history()
    for name in ("train_loss", "train_accuracy", "test_steps", "test_loss", "test_accuracy"):
        setattr(other, name, getattr(one, name))
    assert one == one and one != other
    one.notes["hidden"] = "30"
    assert other.notes == {}


def test_the_learning_rate_is_the_latest_one():
    history = a_history(200, rates=[(1, 0.5), (101, 0.25), (151, 0.125)])
    assert history.learning_rate == 0.125
    assert "at learning rate 0.5, then 0.25, then 0.125 (mean loss)" in repr(history)


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        ("", ""),
        ("finished", ""),
        ("stopped", ", stopped after step 1,150 of 1,200"),
        ("diverged", ", diverged after step 1,150 of 1,200"),
    ],
)
def test_a_run_prints_as_one_sentence_that_says_how_it_ended(ended, words):
    history = a_history(1150, ended=ended, seconds=12.34)
    assert repr(history) == (
        f"1,150 steps of 50 images at learning rate 0.25 (mean loss){words}: "
        "test accuracy 90.0%, test loss 0.250 per image, in 12.3 s."
    )


def test_before_the_first_test_no_test_is_told():
    assert "test accuracy" not in repr(a_history(99))
    assert "test accuracy 50.0%" in repr(a_history(100))


def test_a_run_that_diverges_says_where_and_what_its_rate_is():
    error = DivergedError(a_history(61), float("nan"))
    assert "The loss became nan at step 62; it was 0.5 per image a step before." in str(error)
    assert "a learning rate that is too high (it is 0.25): try a tenth of it" in str(error)
    assert error.history.step == 61


def test_a_run_that_diverges_at_once_is_asked_about_its_weights():
    words = str(DivergedError(a_history(0), float("inf")))
    assert "The loss became inf at step 1; there was no good step before (were the weights set anew" in words


def test_the_rate_for_a_sum_is_told_as_it_would_be_for_a_mean():
    words = str(DivergedError(a_history(5, reduction="sum"), float("nan")))
    assert "(it is 0.25 for a loss summed over 50 images, which is like 12.5 for a mean)" in words


def test_a_run_grows_by_its_own_methods_and_keeps_its_kinds_of_numbers():
    history = a_history()
    history.add_steps(np.array([2.5, 2.0]), [0.1, 0.2])
    history.add_test((np.float64(0.25), 1.75))
    history.change_rate(0.5)
    history.add_steps(np.float32([1.5]), np.float32([0.5]))
    history.add_test((0.75, 1.25), (0.5, 1.5))
    assert (history.validation_accuracy.tolist(), history.validation_loss.tolist()) == ([0.5], [1.5])
    assert history.step == 3 and history.learning_rate == 0.5
    assert history.rates == [(1, 0.25), (3, 0.5)]
    assert history.train_loss.tolist() == [2.5, 2.0, 1.5]
    assert history.train_accuracy == pytest.approx([0.1, 0.2, 0.5])
    assert history.test_steps.tolist() == [2, 3]
    assert (history.test_accuracy.tolist(), history.test_loss.tolist()) == ([0.25, 0.75], [1.75, 1.25])
    for measured in (history.train_loss, history.train_accuracy, history.test_loss, history.test_accuracy):
        assert measured.dtype == np.float32
    assert history.test_steps.dtype == int


def test_a_run_says_what_was_chosen_beyond_plain_descent():
    assert factories.history().recipe == ""
    notes = {"hidden": "30", "L2": "0.001", "optimiser": "momentum 0.9", "schedule": "linear to 0", "shift": "1"}
    run = factories.history(notes=notes)
    assert run.recipe == "momentum 0.9, rate linear to 0, L2 0.001, shift 1"
    assert f"(mean loss), {run.recipe}: test accuracy" in repr(run)
    assert factories.history(notes={"shift": "0", "rate falls": "no"}).recipe == ""


def test_tests_are_on_the_test_set_or_on_validation_images():
    run = factories.history(steps=200)
    assert run.tests_on("test") == (run.test_accuracy, run.test_loss)
    with pytest.raises(ValueError, match="no validation results"):
        run.tests_on("validation")
    run.validation_accuracy, run.validation_loss = np.array([0.1, 0.2]), np.array([2.0, 1.0])
    assert run.tests_on("validation") == (run.validation_accuracy, run.validation_loss)
    with pytest.raises(ValueError, match="got 'train'"):
        run.tests_on("train")
