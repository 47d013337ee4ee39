"""Exercises of lesson 09, what generalises."""

from collections.abc import Callable

import numpy as np

from helpers.checks import judge
from helpers.checks.judge import Verdict


def l2_step(answer: Callable) -> Verdict:
    """Check one step of gradient descent with L2: from W, gradient, learning rate and l2 to the new W. Exercise 1."""
    random = np.random.default_rng(4)
    W, gradient = random.normal(size=(3, 2)), random.normal(size=(3, 2))
    rate, l2 = 0.5, 0.1
    given = W.copy()

    def call():
        return answer(given, gradient.copy(), rate, l2)

    return judge.judge(
        call,
        W - rate * (gradient + 2 * l2 * W),
        {
            "That is the step without L2. What is the slope of l2 * W**2 for W?": W - rate * gradient,
            "The 2 is missing: the slope of a square is twice the number.": W - rate * (gradient + l2 * W),
            "That lets the weights grow. L2's slope is added to the gradient, before the minus.": (
                W - rate * (gradient - 2 * l2 * W)
            ),
            "That steps uphill. The step goes against the slope: W minus.": W + rate * (gradient + 2 * l2 * W),
            "L2's part is not multiplied by the learning rate. It belongs to the slope, inside the brackets.": (
                W - rate * gradient - 2 * l2 * W
            ),
            "That adds l2 times W squared. Add its slope instead.": W - rate * (gradient + l2 * W**2),
            "That adds the sum of squares itself. Add its slope for each weight instead.": (
                W - rate * (gradient + l2 * np.sum(W**2))
            ),
            "That adds the same number everywhere. L2's slope is different for each weight.": W
            - rate * (gradient + l2),
            "That pulls all weights alike, whatever their size: it is the slope of l2 * |W|.": (
                W - rate * (gradient + l2 * np.sign(W))
            ),
            "That is the slope. Take the step, too: W minus the learning rate times it.": gradient + 2 * l2 * W,
            "That is the change. Return the new weights: W minus it.": rate * (gradient + 2 * l2 * W),
        },
        praise=(
            "Put the other way: each step multiplies W by 1 − 2 × rate × l2 and then does what it did before. "
            "That is why it is also called weight decay."
        ),
    )


def dropout(answer: Callable) -> Verdict:
    """Check dropout by hand: from hidden [n, units], draws from 0 to 1 of that shape, and the share. Exercise 2."""
    random = np.random.default_rng(6)
    hidden = np.maximum(random.normal(size=(4, 5)), 0) + 0.1
    draws, share = random.random((4, 5)), 0.4
    stays = draws >= share
    return judge.judge(
        lambda: answer(hidden.copy(), draws.copy(), share),
        np.where(stays, hidden / (1 - share), 0),
        {
            "The right units stay, and they are not scaled: divide them by 1 - share.": np.where(stays, hidden, 0),
            "Those that should go are kept. Off are the units whose draw is below the share.": np.where(
                ~stays, hidden / (1 - share), 0
            ),
            "Those that should go are kept, and they are not scaled either.": np.where(~stays, hidden, 0),
            "That divides by the share that is switched off. Divide by the share that stays, 1 - share.": np.where(
                stays, hidden / share, 0
            ),
            "That makes the units that stay smaller. They have to make up for the others: divide.": np.where(
                stays, hidden * (1 - share), 0
            ),
            "All units are on. Set those to 0 whose draw is below the share.": hidden / (1 - share),
            "These are the units as they came. Set those to 0 whose draw is below the share.": hidden,
            "That is the mask. Multiply the units by it, and scale them.": stays,
            "That is the mask, scaled. Multiply the units by it.": stays / (1 - share),
            "That multiplies by the draws themselves. A unit is on or off: compare the draws with the share.": (
                hidden * draws
            ),
        },
        praise="On average over many draws, each unit puts out what it would without dropout.",
    )


def move_image(answer: Callable) -> Verdict:
    """Check a function that moves an image [height, width] down and right, or up and left if negative. Exercise 3."""
    image = np.arange(1, 31).reshape(5, 6)
    moves = {
        "down 1, right 0": (1, 0),
        "down 0, right 2": (0, 2),
        "down 1, right 2": (1, 2),
        "down −2, right −1": (-2, -1),
        "down 0, right 0": (0, 0),
        "down 1, right −1": (1, -1),
    }

    def of_all(move: Callable) -> np.ndarray:
        return np.array([move(image.copy(), *each) for each in moves.values()])

    def call():
        answers = [answer(image.copy(), *each) for each in moves.values()]
        if any(each is None for each in answers):
            return None
        arrays = [judge.numbers(each) for each in answers]
        wrong = [array.shape for array in arrays if array.shape != image.shape]
        if wrong:
            raise judge.NotAsAskedError(
                f"An image of shape {list(image.shape)} came back as {list(wrong[0])}. It should keep its size: "
                "what leaves on one side is lost, and paper, 0, comes in on the other."
            )
        return np.array(arrays)

    return judge.judge(
        call,
        of_all(_moved),
        {
            "That is np.roll: what leaves on one side comes in on the other. There should be paper, 0.": of_all(
                lambda image, down, right: np.roll(image, (down, right), (0, 1))
            ),
            "Down and right are exchanged: rows are the first axis, columns the second.": of_all(
                lambda image, down, right: _moved(image, right, down)
            ),
            "It moves the wrong way: down is towards larger row numbers, right towards larger columns.": of_all(
                lambda image, down, right: _moved(image, -down, -right)
            ),
            "The image has not moved.": of_all(lambda image, down, right: image),
            "It moves down, and not to the right.": of_all(lambda image, down, right: _moved(image, down, 0)),
            "It moves to the right, and not down.": of_all(lambda image, down, right: _moved(image, 0, right)),
            "Down and right work; up and left, negative numbers, do not yet.": of_all(
                lambda image, down, right: _moved(image, max(down, 0), max(right, 0))
            ),
        },
        praise="One image has become as many as you like: nine of them if it moves by up to one pixel each way.",
        names=[f"for {name}" for name in moves],
    )


def _moved(image: np.ndarray, down: int, right: int) -> np.ndarray:
    """An image moved by so many pixels, within its frame; 0 comes in."""
    moved = np.zeros_like(image)
    height, width = image.shape
    moved[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = image[
        max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)
    ]
    return moved
