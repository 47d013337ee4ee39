"""The backpropagation stepper: every number on it against NumPy's tables, trying, and its own expression."""

import re

import numpy as np
import pytest

from helpers.labs import backprop_stepper


def settings(seed):
    """Settings that the sliders can take, by chance; seed 0 is the start."""
    if seed == 0:
        return {name: np.array(value) for name, value in backprop_stepper.START.items()}
    random = np.random.default_rng(seed)
    sizes = {"x": 2, "W1": (2, 3), "W2": (3, 2)}
    drawn = {name: random.integers(-10, 11, size=size) / 10 for name, size in sizes.items()}
    return drawn | {"goal": random.integers(0, 11, size=2) / 10, "rate": random.integers(0, 11) / 10}


@pytest.fixture(params=range(8))
def chosen(request):
    return settings(request.param)


@pytest.fixture(params=[0, 3])
def drawn(request):
    """Fewer, since every picture takes its time."""
    return settings(request.param)


def half_error(x, W1, W2, goal):
    return np.sum((np.maximum(x @ W1, 0) @ W2 - goal) ** 2) / 2


def by_tables(x, W1, W2, goal, rate):
    """All 27 numbers by place, as the lesson's matrix products give them."""
    sums = x @ W1
    hidden = np.maximum(sums, 0)
    output = hidden @ W2
    output_delta = output - goal
    hidden_delta = W2 @ output_delta * (sums > 0)
    W1_delta, W2_delta = np.outer(x, hidden_delta), np.outer(hidden, output_delta)
    arrays = {
        "sum": sums,
        "hidden": hidden,
        "output": output,
        "error": half_error(x, W1, W2, goal),
        "output delta": output_delta,
        "hidden delta": hidden_delta,
        "W1 delta": W1_delta,
        "W2 delta": W2_delta,
        "error after": half_error(x, W1 - rate * W1_delta, W2 - rate * W2_delta, goal),
    }
    return {(name, *place): value for name, array in arrays.items() for place, value in np.ndenumerate(array)}


def test_every_number_is_what_the_matrix_products_give(chosen):
    made = backprop_stepper.numbers(**chosen)
    assert len({number.place for number in made}) == 27
    assert {number.place: number.value for number in made} == pytest.approx(by_tables(**chosen))


@pytest.mark.parametrize("name", ["W1", "W2"])
def test_weight_deltas_are_the_slopes_that_trying_finds(chosen, name):
    del chosen["rate"]
    h = 1e-6
    for number in backprop_stepper.numbers(**chosen, rate=0.1):
        if number.place[0] == f"{name} delta":
            losses = []
            for nudge in (h, -h):
                moved = {key: np.array(value, float) for key, value in chosen.items()}
                moved[name][number.place[1:]] += nudge
                losses.append(half_error(**moved))
            sums = chosen["x"] @ chosen["W1"]
            if np.abs(sums).min() > 2 * h:  # at the kink itself there is no slope
                assert number.value == pytest.approx((losses[0] - losses[1]) / (2 * h), abs=1e-8)


def test_every_expression_gives_its_number(chosen):
    for number in backprop_stepper.numbers(**chosen):
        text = number.expression.split(" = ")[-1]  # the letters, if there are any, stand before
        for sign, python in (("−", "-"), ("·", "*"), ("²", "**2"), ("½", "0.5*"), ("relu", "max(0, ")):
            text = text.replace(sign, python)
        text += ")" * (text.count("(") - text.count(")"))
        assert eval(text, {"max": max}) == pytest.approx(number.value, abs=5e-4), number


def test_the_sign_says_whether_a_number_is_rounded():
    assert repr(backprop_stepper.Number("a", ("sum", 0), 0.1 + 0.2, "0.1 + 0.2")) == "a = 0.1 + 0.2 = 0.3"
    assert repr(backprop_stepper.Number("a", ("sum", 0), 2 / 3, "2 / 3")) == "a = 2 / 3 ≈ 0.6667"


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, "0"), (-0.0, "0"), (-0.00001, "0"), (1.0, "1"), (-0.3, "−0.3"), (0.12345, "0.1235")]
)
def test_numbers_are_said_without_idle_zeros(value, said):
    assert backprop_stepper.say(value) == said


def texts(picture):
    return [text.get_text() for text in picture.figure.axes[0].texts]


def beside(number):
    """How the picture writes a number."""
    kind = number.place[0]
    before = {"sum": ", sum ", "W1 delta": "Δ ", "W2 delta": "Δ "}.get(kind, "delta " if "delta" in kind else "")
    return before + backprop_stepper.say(number.value)


def test_numbers_come_onto_the_picture_one_at_a_time_with_their_expression(drawn):
    made = backprop_stepper.numbers(**drawn)
    before = texts(backprop_stepper.picture(0, **drawn))
    for step, number in enumerate(made, start=1):
        picture = backprop_stepper.picture(step, **drawn)
        now = texts(picture)
        assert f"{step} of 27: {'backward' if 'delta' in number.place[0] else 'forward'}" in now
        assert repr(number) in now and repr(number) in picture.words
        shown = [text for text in now if text.endswith(beside(number)) and text != repr(number)]
        assert len(shown) > len([text for text in before if text.endswith(beside(number)) and "=" not in text])
        before = now


def test_at_the_end_every_number_stands_where_it_belongs(drawn):
    axes = backprop_stepper.picture(27, **drawn).figure.axes[0]
    at = {text.get_position(): text.get_text() for text in axes.texts}
    for number in backprop_stepper.numbers(**drawn):
        kind, *place = number.place
        if kind in ("hidden", "output"):
            layer = 1 if kind == "hidden" else 2
            assert at[
                backprop_stepper.COLUMNS[layer], backprop_stepper.HEIGHTS[layer][place[0]]
            ] == backprop_stepper.say(number.value)
        if kind in ("W1 delta", "W2 delta"):
            layer, far = (0, 0.25) if kind == "W1 delta" else (1, 0.75)
            heights = [backprop_stepper.HEIGHTS[layer + n][unit] for n, unit in enumerate(place)]
            x = backprop_stepper.COLUMNS[layer] + 4 * far
            y = heights[0] + far * (heights[1] - heights[0])
            weight = drawn[kind[:2]][tuple(place)]
            close = [text for (left, up), text in at.items() if abs(left - x) < 1e-9 and abs(up - y) < 0.06]
            assert sorted(close) == sorted([backprop_stepper.say(weight), f"Δ {backprop_stepper.say(number.value)}"])


def test_no_two_texts_of_the_full_picture_overlap():
    figure = backprop_stepper.picture(27, **backprop_stepper.START).figure
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    overlapping = [(i, j) for i, a in enumerate(boxes) for j, b in enumerate(boxes[:i]) if a.overlaps(b)]
    assert overlapping == []
    assert all(figure.bbox.contains(*corner) for box in boxes for corner in (box.min, box.max))


# --- The sliders ----------------------------------------------------------------------------------------------------


def test_the_sliders_start_where_the_lesson_does():
    made = backprop_stepper.Stepper(number=27)
    assert made.picture().words == backprop_stepper.picture(27, **backprop_stepper.START).words
    assert texts(made.picture()) == texts(backprop_stepper.picture(27, **backprop_stepper.START))


def test_every_slider_moves_its_own_number_and_what_follows_from_it():
    made = backprop_stepper.Stepper(number=27)
    start = texts(made.picture())
    for name, slider in made.controls.items():
        if name == "number":
            continue
        kept, slider.value = slider.value, -0.5 if slider.min < 0 else 0.6
        assert made.status.value == ""
        moved = texts(made.picture())
        changed = [(a, b) for a, b in zip(start, moved, strict=True) if a != b]
        assert changed, name
        if match := re.fullmatch(r"([xh])(\d)([ho])(\d)", name):
            layer, i, j = ("W1" if match[1] == "x" else "W2"), int(match[2]) - 1, int(match[4]) - 1
            values = {key: np.array(value) for key, value in backprop_stepper.START.items()}
            values[layer][i, j] = -0.5
            assert moved == texts(backprop_stepper.picture(27, **values)), name
        slider.value = kept
    assert texts(made.picture()) == start


def test_the_number_slider_works_over_its_whole_range():
    made = backprop_stepper.Stepper()
    assert (made.controls["number"].min, made.controls["number"].max) == (0, 27)
    assert made.picture().words.endswith("Nothing is computed yet.")
    for number in range(28):
        made.controls["number"].value = number
        assert made.status.value == ""
    assert "error after the step" in made.picture().words
