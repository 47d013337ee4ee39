"""Presses while a lab is busy: answered at once, the newest wish wins, and Stop and Reset beat what waits."""

import random
import threading
import time

import factories
import ipywidgets as widgets
import numpy as np
import pytest
from factories import PATIENCE, wait_until

from helpers.labs import answers
from helpers.labs.form import Form
from helpers.labs.lab import Lab


class QuickRun:
    """A run without a network: a step is a number that is written down."""

    def __init__(self, settings, steps):
        self.learning_rate, self.width = settings["learning_rate"], settings["width"]
        self.history = factories.history(
            steps=steps, done=0, test_every=steps, rate=self.learning_rate, ended="", notes={"width": str(self.width)}
        )

    def __iter__(self):
        history = self.history
        while history.step < history.steps:
            if self.learning_rate != history.learning_rate:
                history.change_rate(self.learning_rate)
            time.sleep(0.0002)
            history.add_steps(np.full(10, 0.5, np.float32), np.full(10, 0.5, np.float32))
            yield history
        history.ended = "finished"


class Compiler:
    """Makes runs, and takes its time over it when it is held, as a compiler does: it hears nobody."""

    def __init__(self):
        self.steps, self.made, self.error = 50, [], None
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    def hold(self):
        self.begun.clear()
        self.go_on.clear()

    def __call__(self, settings):
        self.begun.set()
        assert self.go_on.wait(PATIENCE), "the test never let it go on"
        if self.error:
            error, self.error = self.error, None
            raise error
        self.made.append(settings)
        return QuickRun(settings, self.steps)


@pytest.fixture
def compiler():
    made = Compiler()
    yield made
    made.go_on.set()


@pytest.fixture
def bench(new_lab, compiler):
    controls = {
        "learning_rate": widgets.FloatSlider(value=0.3, min=0, max=10, description="learning rate"),
        "steps": widgets.IntSlider(value=50, min=1, max=10**9, description="steps"),
        "width": widgets.IntSlider(value=10, min=1, max=1000, description="width"),
    }
    return new_lab(Lab, compiler, Form(controls))


@pytest.fixture
def compiling(bench, compiler):
    """A lab whose Train was pressed, and which compiles until `compiler.go_on` is set."""
    compiler.hold()
    bench.train_button.click()
    assert compiler.begun.wait(PATIENCE)
    assert bench.status.value == answers.COMPILING
    return bench


def let_go(bench, compiler):
    compiler.go_on.set()
    assert bench.runner.idle.wait(PATIENCE), bench.status.value


def at_rest(bench):
    return (bench.train_button.disabled, bench.stop_button.disabled, bench.training) == (False, True, None)


def press_train(bench):
    """As a press that was under way when the button was greyed out."""
    bench._on_train(bench.train_button)


def test_ten_presses_make_one_run(compiling, compiler):
    for _ in range(9):
        press_train(compiling)
    let_go(compiling, compiler)
    assert len(compiler.made) == 1
    assert [run.ended for run in compiling.histories] == ["finished"]
    assert at_rest(compiling)


def test_pressed_again_with_other_settings_the_newest_are_trained_with_and_nothing_else(compiling, compiler):
    for width in (20, 30):
        compiling.controls["width"].value = width
        press_train(compiling)
        assert compiling.status.value == answers.NEXT
        assert compiling.stop_button.disabled is False
    compiling.controls["width"].value = 40  # the sliders show it when the wish begins
    let_go(compiling, compiler)
    assert [run.notes["width"] for run in compiling.histories] == ["40"]


def test_stop_is_answered_while_it_compiles_and_beats_what_waits(compiling, compiler):
    compiling.controls["width"].value = 20
    press_train(compiling)
    compiling.stop_button.click()
    assert compiling.status.value == answers.STOPS
    assert not compiling.runner.idle.is_set()  # it returned, and the compiler is still at it
    assert (compiling.train_button.disabled, compiling.stop_button.disabled) == (False, True)
    let_go(compiling, compiler)
    assert compiling.histories == [] and len(compiler.made) == 1
    assert compiling.status.value == answers.STOPPED
    assert at_rest(compiling)


def test_train_after_stop_is_a_new_wish(compiling, compiler):
    compiling.stop_button.click()
    compiling.train_button.click()
    assert compiling.status.value == answers.NEXT
    let_go(compiling, compiler)
    assert [run.ended for run in compiling.histories] == ["finished"]


def test_reset_is_answered_while_it_compiles_and_beats_what_waits(bench, compiler):
    bench.run(width=5)
    compiler.hold()
    bench.controls["width"].value = 20
    bench.train_button.click()
    assert compiler.begun.wait(PATIENCE)
    press_train(bench)
    bench.reset_button.click()
    assert bench.status.value == answers.FORGETS
    assert bench.settings["width"] == 10  # at once
    bench.stop_button.click()  # takes nothing back
    let_go(bench, compiler)
    assert bench.histories == [] and bench.status.value == answers.READY
    assert at_rest(bench)


def test_train_after_reset_trains_when_all_is_forgotten(compiling, compiler):
    compiling.controls["width"].value = 20
    compiling.reset_button.click()
    compiling.train_button.click()
    let_go(compiling, compiler)
    assert [run.notes["width"] for run in compiling.histories] == ["10"]


def test_an_error_of_the_compiler_is_shown_and_the_wish_that_waits_is_done(compiling, compiler):
    compiler.error = ValueError("no such layer")
    compiling.controls["width"].value = 20
    press_train(compiling)
    shown = []
    compiling.status.observe(lambda change: shown.append(change["new"]), names="value")
    let_go(compiling, compiler)
    assert [run.notes["width"] for run in compiling.histories] == ["20"]
    told = next(number for number, words in enumerate(shown) if "no such layer" in words)
    assert answers.COMPILING not in shown[told:]  # it stays until there is something else to see
    compiler.error = ValueError("no such layer")
    with pytest.raises(ValueError, match="no such layer"):
        compiling.run()
    assert compiling.status.is_alert and at_rest(compiling)
    compiling.train_button.click()
    assert compiling.runner.idle.wait(PATIENCE)
    assert not compiling.status.is_alert


def test_step_takes_up_the_run_that_was_stopped_even_if_stop_is_pressed_meanwhile(bench):
    bench.step_button.click()
    assert bench.runner.idle.wait(PATIENCE)
    bench.step_button.click()
    bench.stop_button.click()
    assert bench.runner.idle.wait(PATIENCE)
    before = bench.histories[-1].step
    bench.step_button.click()
    assert bench.runner.idle.wait(PATIENCE)
    assert len(bench.histories) == 1 and bench.histories[0].step == before + 10


def test_the_rate_is_taken_up_in_mid_run_and_by_what_waits(bench, compiler):
    compiler.steps = 10**8
    bench.train_button.click()
    wait_until(lambda: bench.training and bench.training.history.step)
    history = bench.training.history
    bench.controls["learning_rate"].value = 0.1
    wait_until(lambda: len(history.rates) == 2)
    compiler.hold()
    press_train(bench)
    assert compiler.begun.wait(PATIENCE)
    bench.controls["learning_rate"].value = 0.02
    compiler.go_on.set()
    wait_until(lambda: len(bench.histories) == 2 and bench.histories[1].step)
    assert history.ended == "stopped" and bench.histories[1].rates == [(1, 0.02)]
    bench.stop()


def test_a_run_that_is_waited_for_and_stopped_before_its_first_step_is_no_other_run(bench, compiler):
    earlier = bench.run()
    compiler.hold()
    pressed = threading.Thread(
        target=lambda: (compiler.begun.wait(PATIENCE), bench._on_stop(None), let_go(bench, compiler))
    )
    pressed.start()
    stopped = bench.run()
    pressed.join()
    assert stopped is not earlier and (stopped.step, stopped.ended) == (0, "stopped")
    assert bench.histories == [earlier]


def test_the_chosen_run_stays_chosen_until_it_is_deleted(bench):
    for _ in range(3):
        bench.run()
    assert bench.kept.chosen.value == 3
    bench.kept.chosen.value = 1
    for shown in (False, True):
        bench.kept._on_show(None)
        assert [bench.kept.is_shown(number) for number in (1, 2, 3)] == [shown, True, True]
    newest = bench.run()  # which ends while another is chosen
    first = bench.histories[0]
    bench.kept._on_delete(None)
    assert first not in bench.histories and newest in bench.histories and bench.kept.chosen.value == 1
    bench.kept.chosen.value = 3
    bench.kept._on_delete(None)
    assert newest not in bench.histories and bench.kept.chosen.value == 2


def test_a_step_goes_on_at_the_rate_that_is_shown_and_with_no_run_that_was_deleted(bench):
    bench.form.set(steps=1000)
    bench.start(chunks=1)
    bench.runner.wait()
    first, done = bench.latest, bench.latest.step
    bench.controls["learning_rate"].value = 0.01
    bench.start(chunks=1)
    bench.runner.wait()
    assert bench.latest is first and first.step > done
    assert first.rates[1:] == [(done + 1, 0.01)] and first.learning_rate == bench.settings["learning_rate"]
    bench.kept.delete(1)
    bench.start(chunks=1)
    bench.runner.wait()
    assert bench.latest is not first and bench.histories == [bench.latest]


def test_a_hidden_run_that_is_forgotten_hides_no_later_one(bench):
    bench.run()
    bench.kept.show(1, False)
    bench.reset()
    assert bench.kept.not_shown == []
    bench.run()
    bench.run()
    bench.kept.show(1, False)
    bench.kept.delete(1)
    assert bench.kept.not_shown == [] and bench.kept.is_shown(1)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_two_hands_do_it_comes_to_rest_and_the_last_wish_holds(bench, compiler, seed):
    compiler.steps = 500
    problems = []

    def hand(number):
        chance = random.Random(f"{seed} {number}")
        ways = [
            lambda: press_train(bench),
            lambda: bench._on_stop(None),
            lambda: bench._on_step(None),
            lambda: bench._on_reset(None),
            lambda: bench.form.controls["width"].set_trait("value", chance.randint(1, 1000)),
            lambda: bench.form.controls["learning_rate"].set_trait("value", chance.random()),
            lambda: time.sleep(chance.random() / 200),
        ]
        try:
            for _ in range(150):
                chance.choice(ways)()
        except Exception as error:
            problems.append(error)

    hands = [threading.Thread(target=hand, args=(number,)) for number in range(2)]
    for each in hands:
        each.start()
    for each in hands:
        each.join(PATIENCE)
        assert not each.is_alive(), "a press was never answered"
    assert problems == [] and bench.runner.error is None and not bench.status.is_alert
    bench.controls["width"].value = 77
    bench._on_step(None)
    bench._on_train(None)
    assert bench.runner.idle.wait(PATIENCE), bench.status.value
    assert (bench.histories[-1].notes["width"], bench.histories[-1].ended) == ("77", "finished")
    assert at_rest(bench)
    bench._on_train(None)
    bench._on_reset(None)
    assert bench.runner.idle.wait(PATIENCE)
    assert bench.histories == [] and bench.status.value == answers.READY and at_rest(bench)
