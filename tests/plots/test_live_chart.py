"""The training chart that moves: what it hands to the page, and the table where there is no page."""

import numpy as np
import pytest
from factories import history

from helpers.plots import curves, live, live_chart
from helpers.plots.live_chart import LiveChart
from helpers.plots.style import DARK, DASHES, PAPER, RUNS, Picture
from helpers.plots.training_chart import TrainingChart

WEIGHTS = np.zeros((784, 10))
WEIGHTS[3, 7], WEIGHTS[5, 2] = 1.25, -0.5
VIEW = "application/vnd.jupyter.widget-view+json"


def grow(run, whole, done):
    """Let `run` have the first `done` steps of `whole`."""
    tests = np.sum(whole.test_steps <= done)
    run.train_accuracy, run.train_loss = whole.train_accuracy[:done], whole.train_loss[:done]
    run.test_steps, run.test_accuracy = whole.test_steps[:tests], whole.test_accuracy[:tests]
    run.test_loss = whole.test_loss[:tests]


def unpacked(packed, count):
    """Columns as the page reads them."""
    return np.frombuffer(packed, np.float32).reshape(count, -1)


def see(chart):
    """Let the page acknowledge the newest frame."""
    chart.widget._on_page_message(chart.widget, {"seen": chart.widget.number}, [])


@pytest.fixture
def places(monkeypatch):
    """What was put on the page: the contents of each place, in the order in which they were opened."""
    found = {}

    def display(handle, bundle, metadata=None, raw=False):
        found[handle.display_id] = [bundle]

    def update(handle, bundle, metadata=None, raw=False):
        found[handle.display_id].append(bundle)

    monkeypatch.setattr(live_chart.DisplayHandle, "display", display)
    monkeypatch.setattr(live_chart.DisplayHandle, "update", update)
    monkeypatch.setattr("helpers.widgets.live.LATEST_LOOKS", {})  # or a page that is dark here darkens other tests
    return lambda: list(found.values())


# --- The numbers ----------------------------------------------------------------------------------------------------


def test_the_page_gets_tests_and_batches_of_every_run():
    earlier, latest = history(seed=1, end=0.7), history(steps=300)
    chart = LiveChart()
    chart.follow([earlier, latest], ["1: rate 3", "2: rate 0.3"])
    chart.put()
    for packed, run in zip([*chart.widget.earlier, chart.widget.tests], (earlier, latest), strict=True):
        assert np.array_equal(unpacked(packed, 3), np.stack([run.test_steps, run.test_accuracy, run.test_loss]))
    steps, *spread = unpacked(chart.widget.batches, 7)
    width = round(1000 / curves.STRETCHES)
    assert steps[0] == (1 + width) / 2 and steps[-1] <= 300
    for (low, mean, high), values in zip(
        (spread[:3], spread[3:]), (latest.train_accuracy, latest.train_loss), strict=True
    ):
        assert (low[0], high[0]) == (values[:width].min(), values[:width].max())
        assert mean[0] == pytest.approx(values[:width].mean(), rel=1e-5)
        assert (low.min(), high.max()) == (values.min(), values.max())  # it reaches every high and low
    (packed,) = chart.widget.earlier_batches
    assert np.array_equal(unpacked(packed, 7)[1:4], np.float32(curves.stretches(earlier.train_accuracy, width)))
    assert [line["prefix"] for line in chart.widget.setting["lines"]] == ["1: ", "2: "]


def test_a_frame_costs_the_page_few_numbers_however_long_the_run():
    chart = LiveChart()
    chart.follow([history(steps=100_000)])
    chart.put()
    assert unpacked(chart.widget.batches, 7).shape[1] <= 2 * curves.STRETCHES


def test_the_stretches_of_the_batches_stay_where_they_are_while_the_run_grows():
    whole, run, chart = history(steps=5000), history(steps=5000, done=0, ended=""), LiveChart()
    chart.follow([run])
    grow(run, whole, 2000)
    chart.put()
    before = unpacked(chart.widget.batches, 7)
    grow(run, whole, 2100)
    chart.put()
    assert np.array_equal(unpacked(chart.widget.batches, 7)[:, : before.shape[1] - 1], before[:, :-1])


def test_the_weights_are_ten_images_a_byte_a_pixel():
    chart = LiveChart()
    chart.follow([history()], weights=lambda: WEIGHTS)
    chart.put()
    sheet = np.frombuffer(chart.widget.sheet, np.uint8).reshape(28, 10, 28)
    assert (sheet[0, 7, 3], sheet[0, 2, 5]) == (255, 0)
    assert np.sum(sheet != 128) == 2


def test_a_setting_is_sent_anew_only_when_it_changes():
    chart, changes = LiveChart(), []
    chart.follow([history(done=500, ended="")])
    chart.put()
    chart.widget.observe(changes.append, names="setting")
    chart.put()
    assert changes == []


def test_axes_reach_the_planned_steps_and_those_done_once_a_run_has_ended():
    assert curves.last_step([history(steps=2000, done=50, ended="")]) == 2000
    assert curves.last_step([history(steps=2000, done=50, ended="stopped")]) == 50
    assert curves.last_step([history(done=0, ended="diverged")]) == 1
    assert curves.last_step([]) == 10_000


def test_the_axis_of_the_loss_bears_a_bad_first_batch_and_a_run_that_goes_wild():
    knows_nothing = np.log(10)
    first_batch = history()
    first_batch.train_loss[:20] = 50
    wild = history(end_loss=12345.0, start_loss=9000.0)
    slow = history(start_loss=8.0, end_loss=3.0)
    assert curves.loss_top([history()]) == pytest.approx(1.1 * knows_nothing)
    assert curves.loss_top([first_batch]) == pytest.approx(1.1 * knows_nothing)
    assert curves.loss_top([history(), wild]) == pytest.approx(4.4 * knows_nothing)
    assert curves.loss_top([slow]) >= np.percentile(slow.test_loss, 90)
    assert curves.loss_top([history(done=50, ended="")]) == pytest.approx(1.1 * knows_nothing)
    assert curves.loss_top([history(done=0, ended="diverged")]) == pytest.approx(1.1 * knows_nothing)
    assert curves.loss_top([history(loss="squared", start_loss=0.4, end_loss=0.1)]) == 0.5
    assert curves.loss_top([history(loss="squared"), history(loss="squared", end_loss=1e9)]) == 10
    assert curves.knows_nothing([history(classes=2)]) == pytest.approx(np.log(2))


def test_the_chart_says_whether_it_shows_test_or_validation():
    run = history(validation_accuracy=np.full(10, 0.8, np.float32), validation_loss=np.full(10, 0.5, np.float32))
    chart = LiveChart("validation")
    chart.follow([run])
    chart.put()
    assert chart.widget.setting["lines"][0]["name"] == "validation images"
    assert unpacked(chart.widget.tests, 3)[1].tolist() == run.validation_accuracy.tolist()
    assert "validation accuracy goes from 80.0%" in chart.words
    with pytest.raises(ValueError, match="has no validation results"):
        curves.tests(history(), "validation")
    with pytest.raises(ValueError, match='"test" or "validation"'):
        curves.tests(history(), "train")


def test_a_chart_may_begin_zoomed_and_is_kept_so(places, monkeypatch):
    kept = []

    class Kept(TrainingChart):
        def picture(self):
            kept.append(self.accuracy.get_ylim())
            return super().picture()

    monkeypatch.setattr(live_chart, "on_page", lambda: True)
    monkeypatch.setattr(live_chart, "TrainingChart", Kept)
    for zoom, lowest in ((False, 0.0), (True, 0.85)):
        watch = live.chart(zoom=zoom)
        watch(history())
        assert watch.chart.widget.setting["zoomed"] is zoom
        assert kept[-1] == (lowest, 1.0)


def test_what_else_was_chosen_for_a_run_alone_is_named():
    chart = LiveChart()
    chart.follow([history(notes={"optimiser": "Adam", "schedule": "linear to 0"})])
    chart.put()
    assert chart.widget.setting["lines"][0]["name"] == "test set (Adam, rate linear to 0)"


# --- Looks ----------------------------------------------------------------------------------------------------------


def luminance(colour):
    shares = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(first, second):
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def test_every_value_can_be_read_on_a_light_and_on_a_dark_page():
    for colour in RUNS:
        text, dark = live_chart.LETTERS[colour], DARK[colour]
        assert contrast(text, "#ffffff") >= 4.5 and contrast(text, PAPER) >= 4.5
        assert contrast(dark, "#111111") >= 4.5


def test_runs_differ_by_more_than_colour():
    chart = LiveChart()
    chart.follow([history(seed=number) for number in range(6)], [f"{number}: seed" for number in range(1, 7)])
    chart.put()
    lines = chart.widget.setting["lines"]
    assert [line["light"] for line in lines] == list(RUNS)
    assert len({tuple(line["dash"]) for line in lines}) == len(DASHES)


# --- Frames ---------------------------------------------------------------------------------------------------------


def test_frames_wait_for_the_page_and_come_no_oftener_than_the_eye_needs(places, monkeypatch):
    monkeypatch.setattr(live_chart, "FASTEST", 3600)
    monkeypatch.setattr(live_chart, "SLOWEST", 3600)
    chart = LiveChart()
    chart.follow([history(done=50, ended="")])
    assert not chart.show(final=True)  # it has no place yet
    chart.open()
    assert [chart.show() for _ in range(3)] == [True, False, False]
    chart.due = 0
    assert not chart.show()  # two are on their way
    see(chart)
    assert chart.show()
    assert chart.show(final=True)


def test_where_many_programs_want_the_cores_there_are_fewer_frames(monkeypatch):
    monkeypatch.setattr(live_chart.os, "cpu_count", lambda: 2)
    between = []
    for wanting in (0.5, 4, 8, 40, 4000):
        monkeypatch.setattr(live_chart.os, "getloadavg", lambda wanting=wanting: (wanting, 0, 0), raising=False)
        between.append(live_chart._seconds_between(0.03))
    assert between == pytest.approx([0.12, 0.12, 0.24, 1.2, live_chart.CALMEST])


def test_with_few_cores_a_page_that_is_slow_to_answer_gets_fewer_frames(monkeypatch):
    monkeypatch.setattr(live_chart.os, "getloadavg", lambda: (0.0, 0.0, 0.0), raising=False)
    monkeypatch.setattr(live_chart.os, "cpu_count", lambda: 2)
    assert live_chart._seconds_between(0.005) == live_chart.FASTEST
    assert live_chart._seconds_between(0.03) == pytest.approx(0.12)
    assert live_chart._seconds_between(2) == live_chart.SLOWEST
    monkeypatch.setattr(live_chart.os, "cpu_count", lambda: 8)
    assert live_chart._seconds_between(2) == live_chart.FASTEST


def test_the_file_keeps_the_still_picture_its_words_and_the_view(places):
    run, whole = history(done=50, ended=""), history()
    chart = LiveChart()
    chart.follow([run], weights=lambda: WEIGHTS)
    chart.open()
    grow(run, whole, 1000)
    run.ended = "finished"
    chart.show(final=True)
    first, last = places()[0]
    assert VIEW in first and "image/png" not in first
    still, _ = TrainingChart([run], weights=lambda: WEIGHTS).picture().bundle()
    assert last == first | still
    assert chart.widget.alt == chart.widget.said == repr(Picture(None, chart.words)) == TrainingChart([run]).words


def test_the_view_is_left_alone_while_it_is_enlarged(places):
    chart = LiveChart()
    chart.follow([history()])
    chart.open()
    page = chart.widget._on_page_message
    page(chart.widget, {"room": 900}, [])
    chart.show(final=True)
    assert len(places()[0]) == 1
    page(chart.widget, {"room": 0}, [])
    assert "image/png" in places()[0][1]
    page(chart.widget, {"dark": True}, [])
    assert len(places()[0]) == 2


def test_while_it_trains_words_are_announced_every_few_seconds_only(places, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(live_chart.time, "perf_counter", lambda: now[0])
    run, whole, said = history(done=0, ended=""), history(), []
    chart = LiveChart()
    chart.follow([run])
    chart.widget.observe(lambda change: said.append(change["new"]), names="said")
    for done in range(0, 1000, 50):
        grow(run, whole, done)
        chart.put()
        now[0] += 1
    assert said[1] == "Step 300 of 1,000: test accuracy 34.0%, loss 1.7."
    assert len(said) == 4


def test_each_run_that_is_watched_gets_a_chart_of_its_own(places, monkeypatch):
    monkeypatch.setattr(live_chart, "on_page", lambda: True)
    watch = live.chart()
    for end in (0.8, 0.9):
        run = history(end=end, done=50, ended="")
        watch(run)
        grow(run, history(end=end), 1000)
        run.ended = "finished"
        watch(run)
    assert [" ".join(place[-1]["text/plain"].split()) for place in places()] == [
        f"The run: test accuracy goes from {ends} at step 1,000, and test loss from 2.1 to 0.3 per image."
        for ends in ("17.0% at step 100 to 80.0%", "18.0% at step 100 to 90.0%")
    ]


def test_a_run_that_goes_wrong_at_its_first_step_still_has_its_chart(places, monkeypatch):
    monkeypatch.setattr(live_chart, "on_page", lambda: True)
    live.chart(weights=lambda: np.full((784, 10), np.nan))(history(done=0, ended="diverged"))
    assert "has no test result yet" in places()[0][-1]["text/plain"]


# --- Where there is no page -----------------------------------------------------------------------------------------


def test_outside_a_notebook_a_short_table_is_printed(capsys):
    watch, whole, run = live.chart(), history(steps=3000), history(steps=3000, done=0, ended="")
    for done in range(50, 3001, 50):
        grow(run, whole, done)
        run.ended = "finished" if done == 3000 else ""
        watch(run)
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["step", "test", "accuracy", "test", "loss", "per", "image"]
    assert 8 <= len(rows) <= 12
    assert len({row.split()[0] for row in rows}) == len(rows)
    assert rows[0].split() == ["100", f"{whole.test_accuracy[0]:.1%}", f"{whole.test_loss[0]:.3f}"]
    assert rows[-1].split() == ["3,000", "90.0%", "0.300"]


def test_a_run_stopped_between_tests_prints_no_row_twice(capsys):
    watch, run = live.chart(), history(steps=1000, done=150, ended="")
    watch(run)
    run.ended = "stopped"
    watch(run)
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_table_watches_one_run_after_the_other(capsys):
    watch = live.chart()
    for _ in range(2):
        watch(history())
    assert len(capsys.readouterr().out.splitlines()) == 4
