import base64
import io
import itertools
import threading

import matplotlib
import numpy as np
import pytest
from factories import history
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from helpers.plots import curves, digits, drawing, live, loss, style, training_chart
from helpers.plots.training_chart import TrainingChart


def ten_images(repeats=1):
    """Images 28 × 28 of every digit, a little different from each other, and their labels."""
    labels = np.tile(np.arange(10), repeats)
    images = np.random.default_rng(0).integers(0, 256, (len(labels), 28, 28)).astype(np.uint8)
    return images, labels


def unwrapped(bundle):
    return " ".join(bundle["text/plain"].split())


def png(picture):
    data, _ = picture.bundle()
    return Image.open(io.BytesIO(base64.b64decode(data["image/png"])))


# --- Every picture carries its words --------------------------------------------------------------------------------

IMAGES, LABELS = ten_images(5)
PREDICTED = np.where(np.arange(50) < 4, (LABELS + 3) % 10, LABELS)
PROBABILITIES = np.eye(10)[PREDICTED] * 0.73 + 0.03
WEIGHTS = np.zeros((784, 10))
WEIGHTS[3, 7], WEIGHTS[5, 2] = 1.25, -0.5

PICTURES = {
    "digit sheet": (
        lambda: digits.digit_sheet(IMAGES, LABELS, rows=3),
        ["30 handwritten digits, 3 of each from 0 to 9"],
    ),
    "pixels": (
        lambda: digits.pixels(np.eye(28, dtype=np.uint8) * 200),
        ["784 pixels", "28 hold ink (1 to 255)", "756 are 0"],
    ),
    "weight images": (
        lambda: digits.weight_images(WEIGHTS),
        ["from -0.50", "to 1.25", "strongest single weight belongs to digit 7"],
    ),
    "mosaic": (
        lambda: digits.mosaic(IMAGES, LABELS, PREDICTED, columns=10),
        ["50 test images", "the 4 wrongly read ones first", "8.0% of the area is red"],
    ),
    "confusion matrix": (
        lambda: digits.confusion_matrix(LABELS, PREDICTED),
        ["50 images: 46 are right", "is a 0 read as a 3, 1 times"],
    ),
    "confusion matrix without mistakes": (
        lambda: digits.confusion_matrix(LABELS, LABELS),
        ["50 images: all are right"],
    ),
    "confident mistakes": (
        lambda: digits.confident_mistakes(IMAGES, LABELS, PROBABILITIES),
        ["The 4 most confident mistakes", "the first is a 0 that the network calls a 3 with 76.0%"],
    ),
    "cross-entropy": (lambda: loss.cross_entropy(0.25), ["given probability 0.25", "loss of this image is 1.39"]),
    "cross-entropy of being sure": (lambda: loss.cross_entropy(1.0), ["probability 1:", "this image is 0.00"]),
    "training curves": (
        lambda: training_chart.training_curves(history(end=0.9, end_loss=0.3)),
        ["from 18.0% at step 100 to 90.0% at step 1,000", "test loss from 2.1 to 0.3 per image"],
    ),
    "training curves, zoomed": (
        lambda: training_chart.training_curves(
            history(), history(end=0.95), labels=["1: rate 0.3", "2: rate 3"], zoom=True
        ),
        ["Run 1: rate 0.3: test accuracy", "Run 2: rate 3: test accuracy", "to 95.0%"],
    ),
    "no run yet": (lambda: training_chart.training_curves(), ["there is no run yet"]),
    "a run before its first test": (
        lambda: training_chart.training_curves(history(done=50, ended="stopped")),
        ["has no test result yet"],
    ),
    "a run that went wrong at once": (
        lambda: training_chart.training_curves(history(done=0, ended="diverged")),
        ["has no test result yet"],
    ),
}


@pytest.mark.parametrize(("draw", "words"), PICTURES.values(), ids=PICTURES.keys())
def test_a_picture_says_in_words_what_it_shows(draw, words):
    picture = draw()
    data, metadata = picture._repr_mimebundle_()  # as a notebook asks for it
    width, height = picture.figure.get_size_inches()
    image = png(picture)
    assert image.size == (int(width * style.DPI + 1e-6), int(height * style.DPI + 1e-6))
    assert len(np.unique(np.asarray(image.convert("L")))) > 3  # it is not blank
    assert metadata == {"image/png": {"width": round(width * 96), "height": round(height * 96), "alt": picture.words}}
    assert unwrapped(data) == repr(picture) == picture.words
    for expected in words:
        assert expected in picture.words


# --- What the pictures show -----------------------------------------------------------------------------------------


def test_the_digit_sheet_has_a_column_for_each_digit():
    images = np.zeros((50, 28, 28), np.uint8) + (np.tile(np.arange(10), 5) * 20).astype(np.uint8)[:, None, None]
    sheet = digits.digit_sheet(images, np.tile(np.arange(10), 5)).figure.axes[0].images[0].get_array()
    columns = [column.max() for column in np.split(np.asarray(sheet), 10, axis=1)]
    assert columns == [20 * digit for digit in range(10)]


def test_the_number_in_each_pixel_is_its_value():
    image = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    texts = digits.pixels(image).figure.axes[0].texts
    assert [int(text.get_text()) for text in texts] == image.ravel().tolist()


@pytest.mark.parametrize("wrong", [0, 1, 37, 200])
def test_the_red_share_of_the_mosaic_is_the_error_rate_and_comes_first(wrong):
    blank, labels = np.zeros((200, 28, 28), np.uint8), np.zeros(200, int)
    predicted = np.random.default_rng(0).permutation((np.arange(200) < wrong).astype(int))
    picture = digits.mosaic(blank, labels, predicted, columns=20)
    sheet = np.asarray(picture.figure.axes[0].images[0].get_array())
    tiles = sheet.reshape(10, sheet.shape[0] // 10, 20, sheet.shape[1] // 20, 3).mean(axis=(1, 3)).reshape(200, 3)
    red = tiles[:, 0] > tiles[:, 1] * 1.5
    assert red.tolist() == [True] * wrong + [False] * (200 - wrong)
    assert f"{wrong / 200:.1%} of the area is red" in picture.words


@pytest.mark.parametrize("shape", [(28, 20), (20, 28), (64, 64), (8, 8), (2, 2)])
def test_the_mosaic_takes_images_of_any_size(shape):
    images = np.zeros((20, *shape), np.uint8)
    images[:, -1:, -1:] = images[:, ::4, ::4] = 255
    sheet = digits.mosaic_sheet(images, np.zeros(20, int), np.zeros(20, int), columns=5)
    assert sheet.shape[0] % 4 == 0 and sheet.shape[1] % 5 == 0
    high, wide = sheet.shape[0] // 4, sheet.shape[1] // 5
    assert high / wide == pytest.approx(shape[0] / shape[1], rel=0.2) and max(high, wide) <= 12


def test_a_confusion_matrix_has_as_many_classes_as_there_are():
    labels = np.arange(26)
    assert "26 are right" in digits.confusion_matrix(labels, np.append(labels[:-1], 0)).words.replace("25", "26")


def test_the_mosaic_holds_each_image_once_even_if_its_last_row_is_not_full():
    images, labels = ten_images(3)
    picture = digits.mosaic(images, labels, labels, columns=8)
    sheet = np.asarray(picture.figure.axes[0].images[0].get_array())
    side = sheet.shape[1] // 8
    tiles = sheet.reshape(4, side, 8, side, 3).swapaxes(1, 2).reshape(32, -1)
    assert len({tile.tobytes() for tile in tiles[:30]}) == 30
    assert (tiles[30:] == tiles[30:].max()).all()


def test_the_confusion_matrix_counts_every_image_in_the_row_of_its_digit():
    random = np.random.default_rng(0)
    labels, predicted = random.integers(10, size=(2, 500))
    texts = digits.confusion_matrix(labels, predicted).figure.axes[0].texts
    counts = np.array([int(text.get_text().replace("·", "0")) for text in texts]).reshape(10, 10)
    assert counts.sum(axis=1).tolist() == np.bincount(labels).tolist()
    assert counts.sum(axis=0).tolist() == np.bincount(predicted).tolist()
    assert counts[3, 5] == np.sum((labels == 3) & (predicted == 5))


def test_confident_mistakes_come_surest_first_and_leave_out_what_is_right():
    probabilities = np.full((50, 10), 0.01)
    sureness = np.linspace(0.5, 0.99995, 50)
    said = np.where(np.arange(50) % 2, LABELS, (LABELS + 1) % 10)  # every other one is wrong
    probabilities[np.arange(50), said] = sureness
    titles = [
        axes.get_title(loc="left") for axes in digits.confident_mistakes(IMAGES, LABELS, probabilities).figure.axes
    ]
    surest = [which for which in reversed(range(50)) if said[which] != LABELS[which]][:12]
    assert [title.split()[1] for title in titles] == [str(said[which]) for which in surest]
    assert titles[0] == f"says {said[48]} ({sureness[48]:.1%})"


def test_nearly_sure_is_never_rounded_up_to_sure():
    probabilities = np.eye(10)[PREDICTED] * 0.9999 + 1e-6
    assert "with over 99.9%" in digits.confident_mistakes(IMAGES, LABELS, probabilities).words


def test_no_mistakes_to_show_is_said():
    with pytest.raises(ValueError, match="no mistakes to show: every image is read rightly"):
        digits.confident_mistakes(IMAGES, LABELS, np.eye(10)[LABELS])


def test_weight_images_are_red_for_and_blue_against():
    row = training_chart.weight_row(WEIGHTS)
    assert row.shape == (28, 300)
    assert row[0, 7 * 30 + 1 + 3] > 0
    assert row[0, 2 * 30 + 1 + 5] < 0


# --- The lines ------------------------------------------------------------------------------------------------------


@given(st.integers(0, 4000), st.integers(1, 60), st.integers(0, 100))
def test_the_batches_are_summed_up_as_their_mean_and_a_band_that_holds_each(done, width, seed):
    run = history(steps=4000, done=done, seed=seed)
    for (steps, lowest, mean, highest), values in zip(
        curves.batches(run, width), (run.train_accuracy, run.train_loss), strict=True
    ):
        stretches = [values[start : start + width] for start in range(0, done, width)]
        middles = [width * number + (1 + len(stretch)) / 2 for number, stretch in enumerate(stretches)]
        assert steps.tolist() == middles
        assert lowest.tolist() == [stretch.min() for stretch in stretches]
        assert highest.tolist() == [stretch.max() for stretch in stretches]
        assert mean == pytest.approx([stretch.mean() for stretch in stretches], rel=1e-5)


def test_a_chart_of_a_long_run_has_few_points():
    assert curves.stretch([history(steps=10_000)]) == 62
    (lines,) = TrainingChart([history(steps=10_000)]).lines
    assert len(lines.train_loss.get_xdata()) == -(-10_000 // 62)


def test_the_chart_shows_the_runs_numbers():
    run = history(steps=300)
    chart = TrainingChart([run])
    (lines,) = chart.lines
    (middles, low, accuracy, high), (_, _, losses, _) = curves.batches(run, chart.width)
    band = lines.bands[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == (pytest.approx(low.min()), pytest.approx(high.max()))
    for line, steps, values in [
        (lines.train_accuracy, middles, accuracy),
        (lines.train_loss, middles, losses),
        (lines.test_accuracy, run.test_steps, run.test_accuracy),
        (lines.test_loss, run.test_steps, run.test_loss),
    ]:
        assert np.array_equal(line.get_xdata(), steps)
        assert np.array_equal(line.get_ydata(), values)
    assert lines.test_loss.get_linewidth() > lines.train_loss.get_linewidth()
    assert lines.accuracy_label.get_text() == "90.0%"
    assert lines.loss_label.get_text() == "0.300"


def test_validation_is_shown_in_place_of_the_test_set_and_the_chart_says_so():
    run = history(steps=300, validation_accuracy=np.array([0.3, 0.4, 0.35]), validation_loss=np.array([2.0, 1.5, 1.75]))
    chart = TrainingChart([run], show="validation")
    (lines,) = chart.lines
    assert lines.test_accuracy.get_ydata().tolist() == [0.3, 0.4, 0.35]
    assert lines.test_loss.get_ydata().tolist() == [2.0, 1.5, 1.75]
    assert (lines.accuracy_label.get_text(), lines.loss_label.get_text()) == ("35.0%", "1.750")
    assert chart.key.get_text() == "thick: validation images; thin: training, mean of 2 batches; band: their range"
    assert "validation accuracy goes from 30.0% at step 100 to 35.0%" in chart.words
    assert "validation loss from 2 to 1.75 per image" in chart.words
    assert "thick: test set" in TrainingChart([run]).key.get_text()
    assert "test accuracy goes" in training_chart.training_curves(run).words


@pytest.mark.parametrize(("show", "words"), [("validation", r"load_mnist\(validation=5000\)"), ("both", "got 'both'")])
def test_what_cannot_be_shown_is_answered_in_words(show, words):
    with pytest.raises(ValueError, match=words):
        TrainingChart([history()], show=show)
    if show == "validation":
        TrainingChart([history(done=0)], show=show)  # there may be some to come


def test_optimiser_and_schedule_are_named():
    plain, adam = history(), history(notes={"optimiser": "Adam", "schedule": "linear to 0", "hidden": "30"})
    named = "Adam, rate linear to 0"

    def legend(*arguments):
        chart = TrainingChart(*arguments)
        return [text.get_text() for text in chart.figure.legends[0].get_texts()], chart.words

    assert legend([adam])[0] == [named] and f"Run {named}: test" in legend([adam])[1]
    assert legend([plain, adam])[0] == ["plain descent", named]
    assert legend([plain, adam], ["1: rate 3", f"2: {named}"])[0] == ["1: rate 3 (plain descent)", f"2: {named}"]
    assert TrainingChart([plain]).figure.legends == []


def test_runs_differ_by_more_than_colour_and_each_shows_its_batches():
    chart = TrainingChart([history(seed=number) for number in range(6)], [f"{number}: seed" for number in range(1, 7)])
    assert len({line.test_accuracy.get_color() for line in chart.lines}) == 6
    assert len({str(line.test_accuracy._dash_pattern) for line in chart.lines}) == 6
    assert all(len(line.train_loss.get_xdata()) for line in chart.lines)
    assert len({line.train_loss.get_color() for line in chart.lines}) == 6


def test_the_legend_covers_nothing():
    names = [f"{number}: rate 0.5, start truncated normal 1" for number in range(1, 7)]
    for count in range(1, 7):
        chart = TrainingChart([history(seed=number) for number in range(count)], names[:count])
        chart.figure.canvas.draw()
        (legend,) = chart.figure.legends
        place = legend.get_window_extent()
        assert place.y0 > max(axes.get_tightbbox().y1 for axes in (chart.accuracy, chart.loss))
        assert 0 <= place.x0 and place.x1 <= chart.figure.bbox.x1 and place.y1 <= chart.figure.bbox.y1


def test_the_words_above_and_in_the_loss_hide_one_another_nowhere():
    run = history()
    run.train_loss[:20] = 12345
    chart = TrainingChart([run])
    chart.figure.canvas.draw()
    title = chart.loss._left_title.get_window_extent()
    assert not title.overlaps(chart.above.get_window_extent())
    assert not chart.nothing.get_window_extent().overlaps(chart.above.get_window_extent())
    assert not chart.key.get_window_extent().overlaps(chart.accuracy.xaxis.label.get_window_extent())


def test_losses_in_the_thousands_get_a_logarithmic_axis_that_holds_every_one():
    run = history()
    run.train_loss[0] = 4000.0
    chart = TrainingChart([run], log_loss=True)
    assert chart.loss.get_yscale() == "log" and "logarithmic" in chart.loss.get_title(loc="left")
    low, high = chart.loss.get_ylim()
    assert low < min(run.train_loss.min(), run.test_loss.min()) and high > 4000
    assert low < chart.lines[0].loss_label.get_position()[1] < high
    assert not chart.above.get_text()


def test_a_closer_zoom_begins_where_it_is_told_and_the_loss_ends_lower():
    chart = TrainingChart([history()], zoom=0.95)
    assert chart.accuracy.get_ylim() == (0.95, 1.0)
    assert chart.loss.get_ylim() == pytest.approx((0, 0.7 / 3))


def test_zoom_is_85_to_100_per_cent_and_losses_to_0_7():
    chart = TrainingChart([history()], zoom=True)
    assert chart.accuracy.get_ylim() == (0.85, 1.0)
    assert chart.loss.get_ylim() == (0, 0.7)


def test_a_first_batch_that_is_far_off_leaves_the_axis_and_is_named():
    run = history()
    run.train_loss[:20] = 50
    chart = TrainingChart([run])
    assert chart.loss.get_ylim() == (0, pytest.approx(1.1 * np.log(10)))
    assert chart.above.get_text() == "↑ batches: up to 50.0"
    assert TrainingChart([history()]).above.get_text() == ""


def test_the_chart_shows_validation_results_and_says_so():
    run = history(validation_accuracy=np.full(10, 0.8), validation_loss=np.full(10, 0.5))
    chart = TrainingChart([run], show="validation")
    assert chart.lines[0].test_accuracy.get_ydata().tolist() == [0.8] * 10
    assert "thick: validation images" in chart.key.get_text()
    assert chart.words.startswith("The run: validation accuracy goes from 80.0%")


def test_the_training_batches_can_be_left_out():
    run = history()
    chart = TrainingChart([run], batches=False)
    (lines,) = chart.lines
    assert not len(lines.train_accuracy.get_xdata()) and not lines.bands[0].get_paths()
    assert lines.test_accuracy.get_ydata().tolist() == run.test_accuracy.tolist()
    assert chart.key.get_text() == "measured on the test set" and chart.above.get_text() == ""


def test_the_line_of_knowing_nothing_is_labelled_and_only_there_for_a_cross_entropy():
    run = history()
    assert TrainingChart([run]).nothing.get_text() == "knows nothing: 2.30"
    run.loss = "squared_error"
    assert TrainingChart([run]).nothing is None


ENDS = {
    "alone": [(0.922, 0.27)],
    "two alike": [(0.922, 0.27), (0.922, 0.27)],
    "six alike": [(0.922, 0.27)] * 6,
    "six at the top": [(1.0, 1e-4)] * 6,
    "six at the bottom": [(0.0, 2.3)] * 6,
    "one beyond the frame": [(0.92, 0.27), (0.1, 12345.0), (0.1, 12345.0)],
    "close together": [(0.92, 0.27), (0.93, 0.26), (0.90, 0.31), (0.95, 0.2), (0.5, 1.1)],
    "tiny": [(0.9999, 1.23e-5), (0.99, 0.000123)],
}


@pytest.mark.parametrize("weights", [False, True], ids=["curves", "with weight images"])
@pytest.mark.parametrize("zoom", [False, True], ids=["whole", "zoomed"])
@pytest.mark.parametrize("ends", ENDS.values(), ids=ENDS.keys())
def test_labels_at_the_lines_ends_can_all_be_read(ends, zoom, weights):
    runs = [history(end=end, end_loss=loss) for end, loss in ends]
    names = [f"{number}: rate 0.3" for number in range(1, len(runs) + 1)] if len(runs) > 1 else []
    chart = TrainingChart(runs, names, zoom=zoom, weights=(lambda: WEIGHTS) if weights else None)
    chart.figure.canvas.draw()
    ticks = [label.get_window_extent() for label in chart.loss.get_yticklabels() if label.get_text()]
    for labels in zip(*(line.labels for line in chart.lines), strict=True):
        places = [label.get_window_extent() for label in labels]
        for first, second in itertools.combinations(places, 2):
            assert not first.overlaps(second)
        for place in places:
            assert 0 <= place.x0 and place.x1 <= chart.figure.bbox.x1
            assert 0 <= place.y0 and place.y1 <= chart.figure.bbox.y1
            assert not any(place.overlaps(tick) for tick in ticks)


# --- Live -----------------------------------------------------------------------------------------------------------


class Page(live.Place):
    """A place that is shown, and keeps all that was put into it."""

    def __init__(self):
        super().__init__()
        self.shown, self.contents = True, []

    def put_frame(self, image, size, words):
        self.contents.append((image, words))

    def replace(self, picture, *, at_rest=True):
        self.contents.append((picture.bundle()[0]["image/png"], picture.words))


@pytest.fixture
def every_frame_is_due(monkeypatch):
    monkeypatch.setattr(live, "FRAME", 0)
    monkeypatch.setattr(drawing, "SHARE", 1)  # no frame has to wait for others
    monkeypatch.setattr(live, "BUDGET", drawing.Budget())


def grow(run, whole, done):
    """Let `run` have the first `done` steps of `whole`."""
    tests = np.sum(whole.test_steps <= done)
    run.train_accuracy, run.train_loss = whole.train_accuracy[:done], whole.train_loss[:done]
    run.test_steps, run.test_accuracy = whole.test_steps[:tests], whole.test_accuracy[:tests]
    run.test_loss = whole.test_loss[:tests]


@pytest.mark.parametrize("weights", [None, lambda: WEIGHTS], ids=["curves", "with weight images"])
def test_fifty_frames_are_drawn_with_the_same_artists_and_end_as_the_static_chart(every_frame_is_due, weights):
    whole, run, earlier = history(), history(done=50, ended=""), history(seed=1, end=0.7)
    labels = ["1: rate 3", "2: rate 0.3"]
    chart, page = TrainingChart([earlier, run], labels, weights=weights), Page()
    frames = live.Frames(chart, page)
    frames.show()
    artists, moving = chart.figure.findobj(), chart.moving
    for done in range(20, 1001, 20):
        grow(run, whole, done)
        assert frames.show()
    assert chart.moving == moving
    assert len(chart.figure.findobj()) == len(artists)
    run.ended = "finished"
    frames.show(final=True)
    assert len(page.contents) == 52
    static, _ = TrainingChart([earlier, whole], labels, weights=weights).picture().bundle()
    assert page.contents[-1][0] == static["image/png"]


def test_a_frame_shows_the_present_numbers_in_words_and_picture(every_frame_is_due):
    whole, run = history(), history(done=50, ended="")
    page = Page()
    frames = live.Frames(TrainingChart([run]), page)
    frames.show()
    grow(run, whole, 500)
    frames.show()
    (first, _), (second, words) = page.contents
    assert first != second
    assert "to 50.0% at step 500" in words


def test_a_frame_looks_as_the_final_picture_does(every_frame_is_due):
    run, page = history(ended=""), Page()
    live.Frames(TrainingChart([run]), page).show()
    passing = Image.open(io.BytesIO(page.contents[0][0]))
    final = png(TrainingChart([run]).picture()).convert("RGB")
    seen = [np.asarray(image.resize((86, 30), Image.Resampling.BOX), float) for image in (passing, final)]
    assert np.abs(seen[0] - seen[1]).mean() < 2  # of 255: the two have different resolutions


def test_frames_come_no_oftener_than_the_eye_needs(every_frame_is_due, monkeypatch):
    monkeypatch.setattr(live, "FRAME", 3600)
    page = Page()
    frames = live.Frames(TrainingChart([history(ended="")]), page)
    assert [frames.show() for _ in range(5)] == [True, False, False, False, False]
    assert frames.show(final=True)
    assert len(page.contents) == 2


def test_a_place_does_nothing_before_it_is_shown(monkeypatch):
    asked = []
    monkeypatch.setattr(live.DisplayHandle, "display", lambda *_arguments, **_options: asked.append("display"))
    monkeypatch.setattr(live.DisplayHandle, "update", lambda *_arguments, **_options: asked.append("update"))
    place, chart = live.Place(), TrainingChart([history()])
    place.replace(chart.picture())
    assert not live.Frames(chart, place).show(final=True)
    assert asked == [] and place.widget.image == b""
    place.show()
    place.replace(chart.picture())
    assert asked == ["display", "update"] and place.widget.image.startswith(b"\x89PNG")


# --- The style stays where it belongs -------------------------------------------------------------------------------


def test_drawing_leaves_the_readers_own_style_alone():
    before = dict(matplotlib.rcParams)
    training_chart.training_curves(history()).bundle()
    assert dict(matplotlib.rcParams) == before


def test_drawing_in_several_threads_leaves_the_readers_own_style_alone():
    before = dict(matplotlib.rcParams)
    first_is_in, second_is_in = threading.Event(), threading.Event()

    def first():
        with style.styled():
            first_is_in.set()
            second_is_in.wait(0.2)  # it may have to wait for us

    def second():
        first_is_in.wait()
        with style.styled():
            second_is_in.set()
            threads[0].join(0.2)

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dict(matplotlib.rcParams) == before


def test_nothing_uses_pyplot(in_new_process):
    # TensorFlow imports it for itself, so only rooms without TensorFlow are asked, and then nothing may be in its list.
    ended = in_new_process(
        "import sys\n"
        "from helpers.labs import explorers\n"
        "from helpers.plots import loss\n"
        "loss.cross_entropy(0.5).bundle()\n"
        "explorers.cross_entropy_explorer().picture().bundle()\n"
        "print('matplotlib.pyplot' in sys.modules)\n"
        "from helpers.labs import training_lab\n"
        "import matplotlib.pyplot\n"
        "training_lab.TrainingLab(None, None).chart().picture().bundle()\n"
        "print(matplotlib.pyplot.get_fignums())"
    )
    assert ended.stdout.splitlines() == ["False", "[]"], ended.stderr
    assert ended.stderr == ""
