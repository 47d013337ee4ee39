"""How claims are checked: what is printed beside a figure, and what happens when it is off."""

import dataclasses

import factories
import numpy as np
import pytest

from helpers import claims

RUNS = """
[slow]
settings = { learning_rate = 0.003, steps = 2000 }
test_accuracy = { says = "86%", low = 0.85, high = 0.862 }

[quick]
settings = { learning_rate = 0.3, steps = 2000 }
last_tests = { says = "92%", low = 0.91, high = 0.93 }

[quick_beats_slow]
compares = ["quick", "slow"]
last_tests = { says = "0.06", low = 0.05, high = 0.07 }
test_loss = { says = "-0.2", low = -0.3, high = -0.1 }
"""


def a_history(test_accuracy, *, learning_rate=0.003, test_loss=0.7):
    tests = np.atleast_1d(test_accuracy)
    batches = np.repeat([0.5, 0.9], 1000)  # the second half is "the last batches"
    return factories.history(
        steps=2000,
        rate=learning_rate,
        train_accuracy=batches,
        test_accuracy=tests,
        test_loss=np.full(len(tests), test_loss),
    )


@pytest.fixture
def ours(monkeypatch):
    """Three tables of our own in place of the lessons'; a broken claim is told to the reader, as in a lesson."""
    monkeypatch.setattr(claims, "runs", lambda: claims.read(RUNS))
    monkeypatch.delenv(claims.MUST_HOLD)


def test_a_claim_that_holds_is_printed_with_its_band(ours, capsys):
    claims.check("slow", a_history(0.857))
    assert capsys.readouterr().out == "slow: test_accuracy is 0.8570; claimed 86%, from 0.85 to 0.862: holds\n"


def test_figures_that_are_no_history_are_checked_by_name(ours, capsys):
    claims.check("slow", {"test_accuracy": 0.862})
    assert capsys.readouterr().out.endswith(": holds\n")
    claims.check("slow", {"test_accuracy": 0.8621})
    assert ": BROKEN, by 0.0001\n" in capsys.readouterr().out


@pytest.mark.parametrize(("accuracy", "by"), [(0.5, "0.35"), (0.99, "0.13"), (float("nan"), "nan")])
def test_a_claim_that_does_not_hold_says_by_how_much_and_why_and_goes_on(ours, capsys, accuracy, by):
    claims.check("slow", a_history(accuracy))
    printed, told = capsys.readouterr().out.splitlines()
    assert printed.endswith(f": BROKEN, by {by}")
    assert "the test_accuracy of slow" in told
    assert "about one lesson in a hundred falls outside" in told


def test_a_setting_that_was_changed_is_named_and_nothing_is_judged(ours, capsys):
    claims.check("slow", a_history(0.5, learning_rate=0.01))
    words = "slow: not compared, since learning_rate was 0.01 here and is 0.003 in the lesson. "
    assert capsys.readouterr().out.startswith(words)


@pytest.mark.parametrize("done", [50, 150], ids=["before its first test", "after it"])
def test_a_run_that_was_stopped_is_named_and_not_judged(ours, capsys, done):
    stopped = factories.history(steps=2000, done=done, rate=0.003, ended="stopped")
    claims.check("slow", stopped)
    claims.compare("quick_beats_slow", a_history(0.92, learning_rate=0.3), stopped)
    for line, name in zip(capsys.readouterr().out.splitlines(), ("slow", "quick_beats_slow"), strict=True):
        assert line.startswith(f"{name}: not compared, since it was stopped after step {done} of 2,000. Let it end")


def test_in_the_tests_a_broken_claim_is_an_error(ours, monkeypatch):
    monkeypatch.setenv(claims.MUST_HOLD, "1")
    with pytest.raises(claims.BrokenClaimError, match="the test_accuracy of slow"):
        claims.check("slow", a_history(0.5))
    with pytest.raises(claims.BrokenClaimError, match="units die"):
        claims.holds("units die", False)


def test_a_claim_without_a_figure_is_a_sentence_that_holds_or_not(ours, capsys):
    claims.holds("no unit dies", True)
    assert capsys.readouterr().out == "no unit dies: holds\n"
    claims.holds("no unit dies", False)
    assert capsys.readouterr().out.startswith("no unit dies: BROKEN\nNot as claimed here: no unit dies.")


def test_a_comparison_is_judged_by_the_difference_of_its_runs(ours, capsys):
    slow, quick = a_history(0.86), a_history(0.92, learning_rate=0.3, test_loss=0.5)
    claims.compare("quick_beats_slow", quick, slow)
    assert [line.rpartition(": ")[2] for line in capsys.readouterr().out.splitlines()] == ["holds", "holds"]
    claims.compare("quick_beats_slow", a_history(0.90, learning_rate=0.3, test_loss=0.5), slow)
    assert "last_tests is 0.0400; claimed 0.06, from 0.05 to 0.07: BROKEN, by 0.01" in capsys.readouterr().out


def test_a_comparison_takes_figures_too(ours, capsys):
    figures = {"test_accuracy": 0.5, "test_loss": 0.1, "last_tests": 0.9}
    comparison = next(name for name, table in claims.runs().items() if "compares" in table)
    claims.compare(comparison, figures, {name: value - 10 for name, value in figures.items()})
    assert "BROKEN" in capsys.readouterr().out
    assert claims.difference(figures, {**figures, "test_loss": 0.3})["test_loss"] == pytest.approx(-0.2)


def test_the_runs_of_a_comparison_have_to_be_those_of_the_lesson(ours, capsys):
    claims.compare("quick_beats_slow", a_history(0.92), a_history(0.86))
    assert "learning_rate was 0.003 here and is 0.3 in the lesson" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("band", "wider"),
    [
        ("low = 0.05", "low = -0.01"),
        ("low = 0.05", "low = 0"),
        ("high = -0.1", "high = 0"),
        ("high = -0.1", "high = 1"),
    ],
)
def test_a_band_that_admits_the_opposite_story_is_refused(band, wider):
    with pytest.raises(ValueError, match="the opposite story"):
        claims.read(RUNS.replace(band, wider))


def test_a_comparison_of_a_run_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="compares fast, which is no run"):
        claims.read(RUNS.replace('["quick"', '["fast"'))


def test_figures_are_measured_where_the_prose_says():
    tests, thirds = np.linspace(0.5, 0.85, 30), np.repeat([0.5, 0.7, 0.9], 1000)
    losses = np.linspace(2, 0.7, 30)
    history = factories.history(steps=3000, train_accuracy=thirds, test_accuracy=tests, test_loss=losses)
    assert claims.measured(history) == pytest.approx(
        {
            "test_accuracy": 0.85,
            "test_loss": 0.7,
            "train_accuracy": 0.9,
            "first_test_accuracy": 0.5,
            "last_tests": tests[-20:].mean(),
        }
    )


@pytest.mark.parametrize(("says", "said"), [("92%", 0.92), ("0.06", 0.06), ("-0.2", -0.2), ("12", 12)])
def test_what_the_prose_says_is_a_number_and_per_cents_are_shares(says, said):
    claim = claims.Claim(says, 0, 1)
    assert claim.said == pytest.approx(said)
    with pytest.raises(dataclasses.FrozenInstanceError):
        claim.low = -1


def test_both_edges_of_a_band_belong_to_it(ours, capsys):
    for edge in (0.85, 0.862):
        claims.check("slow", {"test_accuracy": edge})
    assert capsys.readouterr().out.count(": holds\n") == 2
