"""The lab and its controls without a page: every slider over its whole range, every button, every way to go wrong."""

import signal
import time

import factories
import ipywidgets as widgets
import numpy as np
import pytest
import tensorflow as tf
from factories import wait_until

from helpers import training
from helpers.data import Dataset
from helpers.errors import ReaderValueError
from helpers.history import DivergedError
from helpers.labs import answers, controls, explorers, lab
from helpers.labs.training_lab import ModelRuns, TrainingLab
from helpers.plots import live, loss, style, tables
from helpers.plots.drawing import DRAWER


@pytest.fixture(scope="module")
def compiled(small, new_model):
    """The network of all labs here: compiling takes longer than what they train."""
    runs = ModelRuns(small, new_model, training.mean_cross_entropy, test_every=100)
    runs.make_run({"learning_rate": 0.3, "batch_size": 100, "steps": 20})
    return runs


@pytest.fixture
def bench(new_lab, small, new_model, compiled):
    made = new_lab(TrainingLab, small, new_model, steps=20)
    made.source.model, made.source.fresh_values = compiled.model, compiled.fresh_values
    made.source.loops = dict(compiled.loops)
    return made


def start_endless(bench):
    """A run that goes on until it is stopped, with its first steps done."""
    bench.controls["steps"].value = factories.ENDLESS
    before = len(bench.histories)
    bench.start()
    wait_until(lambda: len(bench.histories) > before and bench.histories[-1].step)
    return bench.histories[-1]


def assert_idle(bench):
    assert bench.runner.idle.is_set()
    assert bench.training is None
    assert (bench.train_button.disabled, bench.stop_button.disabled) == (False, True)


def assert_same(first, second):
    for name in ("train_loss", "train_accuracy", "test_steps", "test_loss", "test_accuracy"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes(), name


# --- Settings -------------------------------------------------------------------------------------------------------


def test_a_run_trains_with_its_settings_and_the_sliders_follow(bench, small, new_model):
    history = bench.run(learning_rate=0.05, batch_size=50, steps=120)
    assert bench.settings == {"learning_rate": 0.05, "batch_size": 50, "steps": 120}
    assert (history.batch_size, history.steps, history.step, history.ended) == (50, 120, 120, "finished")
    assert_same(history, training.train(new_model(), small, learning_rate=0.05, batch_size=50, steps=120))
    assert repr(history).replace("&", "&amp;") == bench.status.value
    assert_idle(bench)


def test_settings_that_are_not_named_come_from_the_sliders(bench):
    bench.controls["learning_rate"].value = 0.02
    history = bench.run(steps=120)
    assert (history.learning_rate, history.batch_size, history.steps) == (0.02, 100, 120)


def test_the_batch_slider_trains_at_both_ends_and_between_its_stops(bench):
    slider = bench.controls["batch_size"]
    assert slider.stops == [10, 20, 50, 100, 200, 500, 1000]
    for size in (1, 37, 1000):  # each is compiled anew
        history = bench.run(batch_size=size)
        assert history.batch_size == size == slider.value
    assert history.test_accuracy[-1] > 0.3


def test_the_csv_has_the_rate_of_each_test(bench):
    bench.histories.append(factories.history(steps=300, rates=[(1, 0.3), (101, 0.01)]))
    head, *tests = (line.split(",") for line in bench.kept.to_csv().splitlines())
    assert [float(each[head.index("learning_rate")]) for each in tests] == [0.3, 0.01, 0.01]


def test_every_number_of_steps_can_be_chosen(small, new_model):
    slider = TrainingLab(small, new_model).controls["steps"]
    assert slider.stops == [500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000]
    assert slider.reach == "1 to 100,000"


def test_the_number_of_steps_is_trained_that_was_typed(bench):
    bench.controls["steps"].set_state({"value": 37})  # as the page sends it
    history = bench.run()
    assert (history.steps, history.step) == (37, 37)


def test_the_rate_slider_trains_from_one_end_to_the_other(bench):
    slider = bench.controls["learning_rate"]
    assert (slider.min, slider.max) == (1e-4, 10)
    for rate in (*slider.stops[::4], 0.301995172, slider.max):
        slider.value = rate
        history = bench.run()
        assert history.learning_rate == rate
        assert np.isfinite(history.train_loss).all()


@pytest.mark.parametrize("pace", lab.PACES.values(), ids=lab.PACES.keys())
def test_every_pace_trains_the_same(bench, pace):
    at_full_speed = bench.run(steps=120)
    bench.pace.value = pace
    assert_same(bench.run(steps=120), at_full_speed)


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"rate": 0.3}, TypeError, "no setting 'rate'; it has learning_rate, batch_size, steps"),
        ({"batch_size": 0}, ValueError, "batch_size can be 1 to 1,000; got 0"),
        ({"steps": 1.5}, ValueError, "steps can be 1 to 10,000,000; got 1.5"),
        ({"learning_rate": "fast"}, ValueError, "learning_rate can be 0.0001 to 10; got 'fast'"),
        ({"learning_rate": 50}, ValueError, "learning_rate can be 0.0001 to 10; got 50"),
        ({"learning_rate": 0}, ValueError, "learning_rate can be 0.0001 to 10; got 0"),
        ({"learning_rate": True}, ValueError, "learning_rate can be 0.0001 to 10; got True"),
        ({"learning_rate": float("nan")}, ValueError, "learning_rate can be 0.0001 to 10; got nan"),
        ({"steps": 20, "learning_rate": 50}, ValueError, "got 50"),
    ],
    ids=str,
)
def test_a_setting_that_the_sliders_do_not_have_is_answered_in_words(bench, settings, error, words):
    before = bench.settings
    with pytest.raises(error, match=words):
        bench.run(**settings)
    assert bench.histories == []
    assert bench.settings == before


def test_every_run_starts_from_the_values_that_the_network_was_made_with(new_lab, small):
    random = np.random.default_rng(0)

    def build():
        W = tf.Variable(random.normal(scale=0.1, size=(784, 10)), dtype=tf.float32)
        return lambda x: x @ W

    bench = new_lab(TrainingLab, small, build, steps=20)
    first, other_batch, again = bench.run(), bench.run(batch_size=50), bench.run(batch_size=100)
    assert_same(first, again)
    assert first.train_loss[0] != other_batch.train_loss[0]


# --- Buttons --------------------------------------------------------------------------------------------------------


def test_train_stop_and_reset_do_what_they_say(bench):
    bench.controls["steps"].value = factories.ENDLESS
    bench.controls["learning_rate"].value = 0.01
    bench.train_button.click()
    assert (bench.train_button.disabled, bench.stop_button.disabled) == (True, False)
    wait_until(lambda: bench.histories and bench.histories[0].step)
    bench.stop_button.click()
    bench.runner.idle.wait()
    assert_idle(bench)
    assert bench.histories[0].ended == "stopped"
    assert "stopped after step" in bench.status.value
    bench.reset_button.click()
    bench.runner.idle.wait()
    assert bench.histories == []
    assert bench.settings == {"learning_rate": 0.3, "batch_size": 100, "steps": 20}
    assert bench.status.value == answers.READY


def test_reset_sets_the_pace_back(bench):
    bench.pace.value = 500
    bench.reset()
    assert bench.pace.value == 0


def test_stop_keeps_the_run_and_marks_it(bench):
    history = start_endless(bench)
    bench.runner.stopping.set()  # as Stop does, and then it waits
    before = history.step
    bench.stop()
    done = history.step
    assert 0 < done <= before + training.CHUNK  # the call under way as it was pressed, and no more
    assert bench.histories == [history]
    assert f"stopped after step {done:,}" in tables.runs_table(bench.histories)["text/html"]
    time.sleep(0.05)
    assert history.step == done


def test_stop_is_heard_at_the_slowest_pace_too(bench):
    bench.pace.value = 500
    history = start_endless(bench)
    bench.stop()
    assert history.ended == "stopped"


def test_stop_without_a_run_does_nothing(bench):
    bench.stop()
    bench.run()
    bench.stop()
    assert bench.histories[-1].ended == "finished"


def test_a_new_run_stops_the_one_under_way(bench):
    first = start_endless(bench)
    second = bench.run(steps=20)
    assert (first.ended, second.ended) == ("stopped", "finished")
    assert bench.histories == [first, second]
    assert first.rates == [(1, 0.3)]


def test_moving_sliders_for_a_new_run_leaves_the_record_of_the_one_under_way(bench, monkeypatch):
    first, set_form = start_endless(bench), bench.form.set

    def set_and_let_it_train_on(**settings):
        set_form(**settings)
        done = first.step
        wait_until(lambda: first.ended or first.step > done + 100)

    monkeypatch.setattr(bench.form, "set", set_and_let_it_train_on)
    bench.run(learning_rate=0.01, steps=20)
    assert first.rates == [(1, 0.3)]


def test_reset_during_a_run_is_safe(bench):
    start_endless(bench)
    bench.reset()
    assert bench.histories == []
    assert_idle(bench)
    assert bench.run().ended == "finished"


def test_interrupting_a_run_that_is_waited_for_stops_it(bench, monkeypatch):
    wait = bench.runner.idle.wait

    def wait_and_press(seconds=None):
        if seconds and bench.histories and bench.histories[0].step:  # whoever waits with a limit waits for the end
            signal.raise_signal(signal.SIGINT)
        return wait(seconds)

    monkeypatch.setattr(bench.runner.idle, "wait", wait_and_press)
    history = bench.run(steps=factories.ENDLESS)
    assert history.ended == "stopped"
    assert_idle(bench)


def test_a_rate_moved_while_it_trains_is_used_and_written_down(bench):
    bench.pace.value = 500
    history = start_endless(bench)
    bench.controls["learning_rate"].value = 0.001
    wait_until(lambda: len(history.rates) == 2)
    bench.stop()
    (_, before), (since, after) = history.rates
    assert (before, after) == (0.3, 0.001)
    assert 1 < since <= history.step
    assert tables.run_labels([history, history])[0] == "1: the same settings"
    assert "0.3 then 0.001" in tables.runs_table([history])["text/plain"]


def test_two_labs_at_once_do_not_disturb_each_other(new_lab, small, new_model):
    first, second = (new_lab(TrainingLab, small, new_model) for _ in range(2))
    for each, rate in [(first, 0.3), (second, 0.01)]:
        each.controls["learning_rate"].value, each.controls["steps"].value = rate, 120
        each.start()
    for each in (first, second):
        each.runner.idle.wait()
    for each in (first, second):
        assert_same(each.histories[0], each.run())


# --- What goes wrong is seen on the page ----------------------------------------------------------------------------


def assert_shown_folded(status, name, sentence):
    assert f"<b>{name}:</b> {sentence}" in status
    assert "<details><summary>Where it happened</summary><pre>Traceback (most recent call last):" in status
    assert 'role="alert"' in status


def test_a_model_that_cannot_be_trained_is_answered_on_the_page_and_by_run(new_lab, small):
    W = tf.Variable(tf.zeros([784, 9]))
    bench = new_lab(TrainingLab, small, lambda: lambda x: x @ W)
    with pytest.raises(ValueError, match=r"It returned shape \[100, 9\]"):
        bench.run()
    assert_shown_folded(bench.status.value, "ValueError", "The model should return one row of 10 logits")
    assert_idle(bench)
    assert bench.histories == []


def test_a_run_that_becomes_nan_is_answered_and_kept(new_lab, small):
    W = tf.Variable(tf.zeros([784, 10]))
    bench = new_lab(TrainingLab, small, lambda: lambda x: x @ W * 1e30)
    with pytest.raises(DivergedError) as error:
        bench.run()
    assert_shown_folded(bench.status.value, "DivergedError", "The loss became nan at step 2")
    assert "exception's" not in str(error.value)  # a lab keeps the history and sets the weights anew by itself
    assert bench.histories == [error.value.history]
    assert "(diverged after step 1)" in tables.runs_table(bench.histories)["text/plain"]
    assert_idle(bench)


def test_a_failure_of_the_data_leaves_the_lab_usable(bench, small):
    bench.source.loops.clear()
    bench.source.data = Dataset(small.train[:0], small.test)
    with pytest.raises(Exception, match=r"\w"):
        bench.run(batch_size=100)
    assert 'role="alert"' in bench.status.value
    assert_idle(bench)
    bench.source.data = small
    assert bench.run().ended == "finished"
    assert "alert" not in bench.status.value


@pytest.mark.parametrize(("button", "method"), [("train", "start"), ("stop", "stop"), ("reset", "reset")])
def test_an_exception_in_a_button_is_shown_on_the_page(bench, monkeypatch, button, method):
    def fail(**_options):
        raise RuntimeError("no <b>luck</b>")

    with monkeypatch.context() as broken:
        broken.setattr(bench, method, fail)
        getattr(bench, f"{button}_button").click()
    assert_shown_folded(bench.status.value, "RuntimeError", "no &lt;b&gt;luck&lt;/b&gt;")


def test_an_exception_in_the_rate_slider_is_shown_on_the_page(bench):
    bench.training = object()  # which has no learning rate to set
    bench.controls["learning_rate"].value = 0.1
    bench.training = None
    assert_shown_folded(bench.status.value, "AttributeError", "")


# --- What is shown --------------------------------------------------------------------------------------------------


def test_labels_name_what_differs():
    assert tables.run_labels([]) == []
    assert tables.run_labels([factories.history()]) == [""]
    assert tables.run_labels([factories.history(), factories.history()]) == [
        "1: the same settings",
        "2: the same settings",
    ]
    assert tables.run_labels([factories.history(), factories.history(rate=3)]) == ["1: rate 0.3", "2: rate 3"]
    assert tables.run_labels([factories.history(), factories.history(batch_size=10, steps=500)]) == [
        "1: batch 100, steps 1,000",
        "2: batch 10, steps 500",
    ]
    plain, adam = factories.history(), factories.history(rate=0.003, notes={"optimiser": "Adam"})
    assert tables.run_labels([plain, adam]) == ["1: rate 0.3", "2: rate 0.003, optimiser Adam"]


def test_the_table_holds_every_run_with_its_settings_and_its_end():
    runs = [
        factories.history(end=0.921, seconds=1.25),
        factories.history(rate=0.003, batch_size=10, steps=2000, done=50, ended="stopped"),
        factories.history(done=150, end=0.921, ended="diverged"),
    ]
    table = tables.runs_table(runs)
    header, *rows = table["text/plain"].splitlines()
    assert header.split() == ["run", "rate", "batch", "steps", "test", "accuracy", "seconds"]
    assert rows[0].split() == ["1", "0.3", "100", "1,000", "92.1%", "1.2"]
    assert rows[1].split()[:4] == ["2", "0.003", "10", "2,000"]
    assert "not measured (stopped after step 50)" in rows[1]
    assert "92.1% (diverged after step 150)" in rows[2]
    assert table["text/html"].count("<tr>") == 4
    assert "<td>not measured (stopped after step 50)</td>" in table["text/html"]


def test_an_empty_table_says_so():
    assert tables.runs_table([])["text/plain"] == "No runs yet."
    assert "No runs yet." in tables.runs_table([])["text/html"]


def test_the_chart_shows_as_many_runs_as_can_be_told_apart_the_latest_with_its_weights(bench):
    for _ in range(len(style.RUNS) + 2):
        bench.run()
    chart = bench.chart()
    assert chart.runs == bench.histories[2:]
    assert chart.labels[0] == "3: the same settings"
    assert len(np.unique(chart.sheet.image.get_array()[:, :, 0])) > 50  # shades of the trained weights


@pytest.mark.parametrize("start", [{"learning_rate": 1e30}, {"steps": 3.7}, {"batch_size": "many"}])
def test_a_lab_that_is_to_start_from_what_its_controls_cannot_show_says_so(small, new_model, start):
    with pytest.raises(ReaderValueError, match=r"can be a (whole )?number from .* to .*; got"):
        TrainingLab(small, new_model, **start)


@pytest.fixture
def page(monkeypatch):
    """What the page shows, a list of bundles for each place in the order in which the places were shown."""
    places = {}

    def display(handle, bundle, metadata=None, raw=False):
        places[handle.display_id] = [bundle]

    monkeypatch.setattr(live.DisplayHandle, "display", display)
    monkeypatch.setattr(
        live.DisplayHandle,
        "update",
        lambda handle, bundle, metadata=None, raw=False: places[handle.display_id].append(bundle),
    )
    shown = []
    monkeypatch.setattr(controls, "display", lambda bundle, raw: shown.append(bundle))
    return lambda: (shown, *places.values())


def test_on_a_page_the_lab_shows_its_controls_its_chart_and_its_table(bench, page):
    bench._ipython_display_()
    bench.run(learning_rate=0.01, steps=120)
    (shown,), charts, tables = page()
    view = "application/vnd.jupyter.widget-view+json"
    assert view in shown and all(view in chart for chart in charts)
    for words in ("learning rate", "0.3", "0.0001 to 10", "batch size", "1 to 1,000", "pace"):
        assert words in shown["text/html"] and words in shown["text/plain"]
    assert shown["text/html"].count("<tr>") == 5
    assert "there is no run yet" in charts[0]["text/plain"]
    assert "image/png" in charts[-1] and "test accuracy goes from" in charts[-1]["text/plain"]
    assert bench.kept.live_chart.widget.number > 2
    assert len(charts) == 2  # frames go to the widget; only the still picture is put into the output
    assert "0.01" in tables[-1]["text/plain"]
    bench.reset()
    _, charts, tables = page()
    assert "there is no run yet" in charts[-1]["text/plain"]
    assert tables[-1]["text/plain"] == "No runs yet."


def test_a_run_that_goes_wrong_on_a_page_keeps_its_chart(new_lab, small, page):
    W = tf.Variable(tf.zeros([784, 10]))
    bench = new_lab(TrainingLab, small, lambda: lambda x: x @ W * 1e30)
    bench._ipython_display_()
    with pytest.raises(DivergedError):
        bench.run()
    _, charts, tables = page()
    assert "image/png" in charts[-1]
    assert "diverged after step 1" in tables[-1]["text/plain"]


# --- The cross-entropy explorer -------------------------------------------------------------------------------------


def test_the_explorer_follows_its_slider_over_the_whole_range(page):
    explorer = explorers.cross_entropy_explorer()
    explorer._ipython_display_()
    slider = explorer.controls["probability"]
    probabilities = [slider.min, 0.05, 0.5, slider.max]
    words = [explorer.place.widget.alt]
    for probability in probabilities:
        slider.value = probability
        DRAWER.wait()
        words.append(explorer.place.widget.alt)
    (shown,), pictures = page()
    assert len(pictures) == 1 + len(probabilities)  # at rest each time, the notebook keeps the picture
    assert "probability 0.1 (0.001 to 1)" in shown["text/plain"]
    assert "<td>probability</td><td><b>0.1</b></td><td>0.001 to 1</td>" in shown["text/html"]
    assert words[0] == "The right digit was given probability 0.1: the loss of this image is 2.30."
    assert words[1:] == [
        f"The right digit was given probability {p:.3g}: the loss of this image is {abs(np.log(p)):.2f}."
        for p in probabilities
    ]
    assert explorer.status.value == ""


def test_an_exception_in_the_explorer_is_shown_on_the_page_and_goes_away():
    slider = widgets.FloatSlider(value=1, min=0, max=2)
    explorer = explorers.Explorer(lambda number: loss.cross_entropy(1 / number), number=slider)
    slider.value = 0
    DRAWER.wait()
    assert_shown_folded(explorer.status.value, "ZeroDivisionError", "float division by zero")
    slider.value = 2
    DRAWER.wait()
    assert explorer.status.value == ""
