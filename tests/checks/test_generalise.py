"""The exercises of lesson 09: right answers are right, and the usual mistakes are named."""

import numpy as np
import pytest

from helpers import checks


def says(verdict, right, *words):
    assert verdict.right == right, verdict
    assert all(each in verdict.words for each in words), verdict


def in_place(W, gradient, learning_rate, l2):
    W -= learning_rate * (gradient + 2 * l2 * W)
    return W


def padded(image, down, right):
    height, width = image.shape
    paper = np.pad(image, 10)
    return paper[10 - down : 10 - down + height, 10 - right : 10 - right + width]


def rolled_and_wiped(image, down, right):
    moved = np.roll(image, (down, right), (0, 1))
    if down > 0:
        moved[:down] = 0
    if down < 0:
        moved[down:] = 0
    if right > 0:
        moved[:, :right] = 0
    if right < 0:
        moved[:, right:] = 0
    return moved


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        (checks.l2_step, lambda W, gradient, rate, l2: W * (1 - 2 * rate * l2) - rate * gradient),
        (checks.l2_step, in_place),
        (checks.dropout, lambda hidden, draws, share: hidden * (draws >= share) / (1 - share)),
        (checks.dropout, lambda hidden, draws, share: np.where(draws < share, 0, hidden / (1 - share))),
        (checks.move_image, padded),
        (checks.move_image, rolled_and_wiped),
        (checks.move_image, lambda image, down, right: padded(image, down, right).tolist()),
    ],
)
def test_right(check, answer):
    says(check(answer), True)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda W, g, rate, l2: W - rate * g, "without L2"),
        (lambda W, g, rate, l2: W - rate * (g + l2 * W), "The 2 is missing"),
        (lambda W, g, rate, l2: W - rate * (g - 2 * l2 * W), "lets the weights grow"),
        (lambda W, g, rate, l2: W + rate * (g + 2 * l2 * W), "uphill"),
        (lambda W, g, rate, l2: W - rate * g - 2 * l2 * W, "not multiplied by the learning rate"),
        (lambda W, g, rate, l2: W - rate * (g + l2 * W**2), "squared"),
        (lambda W, g, rate, l2: W - rate * (g + l2 * np.sum(W**2)), "sum of squares"),
        (lambda W, g, rate, l2: W - rate * (g + l2), "the same number everywhere"),
        (lambda W, g, rate, l2: W - rate * (g + l2 * np.sign(W)), "whatever their size"),
        (lambda W, g, rate, l2: g + 2 * l2 * W, "That is the slope"),
        (lambda W, g, rate, l2: rate * (g + 2 * l2 * W), "That is the change"),
        (lambda W, g, rate, l2: None, "returns nothing"),
    ],
)
def test_l2_step_wrong(answer, words):
    says(checks.l2_step(answer), False, words)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda hidden, draws, share: hidden * (draws >= share), "not scaled"),
        (lambda hidden, draws, share: hidden * (draws < share) / (1 - share), "should go are kept"),
        (lambda hidden, draws, share: hidden * (draws < share), "not scaled either"),
        (lambda hidden, draws, share: hidden * (draws >= share) / share, "share that stays"),
        (lambda hidden, draws, share: hidden * (draws >= share) * (1 - share), "divide"),
        (lambda hidden, draws, share: hidden / (1 - share), "All units are on"),
        (lambda hidden, draws, share: hidden, "as they came"),
        (lambda hidden, draws, share: draws >= share, "the mask. Multiply"),
        (lambda hidden, draws, share: (draws >= share) / (1 - share), "mask, scaled"),
        (lambda hidden, draws, share: hidden * draws, "on or off"),
    ],
)
def test_dropout_wrong(answer, words):
    says(checks.dropout(answer), False, words)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda image, down, right: np.roll(image, (down, right), (0, 1)), "np.roll"),
        (lambda image, down, right: padded(image, right, down), "exchanged"),
        (lambda image, down, right: padded(image, -down, -right), "wrong way"),
        (lambda image, down, right: image, "not moved"),
        (lambda image, down, right: padded(image, down, 0), "not to the right"),
        (lambda image, down, right: padded(image, 0, right), "not down"),
        (lambda image, down, right: padded(image, max(down, 0), max(right, 0)), "negative numbers"),
        (lambda image, down, right: image[max(down, 0) :], "keep its size"),
        (lambda image, down, right: None, "returns nothing"),
    ],
)
def test_move_image_wrong(answer, words):
    says(checks.move_image(answer), False, words)
