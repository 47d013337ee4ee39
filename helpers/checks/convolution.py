"""Exercises of lesson 10, a network that sees."""

from collections.abc import Callable

import numpy as np

from helpers.checks import judge
from helpers.checks.judge import Verdict


def one_window(answer: Callable) -> Verdict:
    """Check a function from image, filter, row and column to one number of a convolution. Exercise 1 of lesson 10."""
    random = np.random.default_rng(5)
    image, small, large = (np.round(random.normal(size=(side, side)), 1) for side in (9, 3, 5))
    cases = [(small, 2, 4), (small, 0, 0), (large, 4, 1)]

    def at(shown, weights, row, column):
        rows, columns = weights.shape
        return (shown[row : row + rows, column : column + columns] * weights).sum()

    def each(number: Callable) -> np.ndarray:
        return np.array([number(weights, row, column) for weights, row, column in cases])

    return judge.judge(
        lambda: judge.all_of(answer(image.copy(), weights.copy(), *place) for weights, *place in cases),
        each(lambda weights, row, column: at(image, weights, row, column)),
        {
            "Row and column are turned round. The row comes first: image[row…, column…].": each(
                lambda weights, row, column: at(image, weights, column, row)
            ),
            "That turns the filter over first. Here window and filter lie on each other as they are.": each(
                lambda weights, row, column: at(image, weights[::-1, ::-1], row, column)
            ),
            "The window is always 3 × 3. It should be as large as the filter: use filter.shape.": each(
                lambda weights, row, column: at(image, weights[:3, :3], row, column)
            ),
            "That is the mean of the products. Add them up.": each(
                lambda weights, row, column: at(image, weights, row, column) / weights.size
            ),
            "That multiplies the window's sum with the filter's sum. Multiply number by number, then add up.": each(
                lambda weights, row, column: at(image, np.ones_like(weights), row, column) * weights.sum()
            ),
            "That adds up the window alone. Multiply it with the filter first.": each(
                lambda weights, row, column: at(image, np.ones_like(weights), row, column)
            ),
        },
        praise="That is all a filter does: one window, as many products as it has numbers, one sum.",
        usual_errors={
            "could not be broadcast": "Window and filter differ in size. The window should be as large as the filter.",
            "operands could not": "Window and filter differ in size. The window should be as large as the filter.",
        },
        names=["for the 3 × 3 filter at row 2, column 4", "for it at row 0, column 0", "for the 5 × 5 filter"],
    )


def output_side(answer: Callable) -> Verdict:
    """Check a function from size, filter size and stride to the side of the output. Exercise 2 of lesson 10."""
    cases = [(28, 3, 1), (28, 5, 2), (12, 3, 1), (28, 5, 3), (7, 7, 2), (10, 3, 4)]

    def each(side: Callable) -> np.ndarray:
        return np.array([side(*case) for case in cases], float)

    return judge.judge(
        lambda: judge.all_of(answer(*case) for case in cases),
        each(lambda size, width, stride: (size - width) // stride + 1),
        {
            "One is missing: the first place counts as well.": each(
                lambda size, width, stride: (size - width) // stride
            ),
            "That may be a fraction. The last part of a step leads to no place: divide with //.": each(
                lambda size, width, stride: (size - width) / stride + 1
            ),
            "That rounds up. A filter that does not fit any more has no place: divide with //.": each(
                lambda size, width, stride: -(-(size - width) // stride) + 1
            ),
            "The 1 has to be added after the division: Python goes by the brackets.": each(
                lambda size, width, stride: (size - width + 1) // stride
            ),
            "The stride is missing: only every so-many-th place counts.": each(
                lambda size, width, stride: size - width + 1
            ),
            "The filter's size is missing: near the border it does not fit.": each(
                lambda size, width, stride: size // stride
            ),
        },
        praise="With these three numbers you can follow any image through any stack of convolutions.",
        names=[f"for size {size}, filter {width}, stride {stride}" for size, width, stride in cases],
    )


def pooled(answer: Callable) -> Verdict:
    """Check a function from a map [2n, 2m] to the largest of each 2 × 2 block [n, m]. Exercise 3 of lesson 10."""
    values = np.round(np.random.default_rng(9).normal(size=(4, 6)) - 0.5, 1)
    blocks = values.reshape(2, 2, 3, 2)
    return judge.judge(
        lambda: answer(values.copy()),
        blocks.max(axis=(1, 3)),
        {
            "That is the mean of each block. Max pooling keeps the largest number.": blocks.mean(axis=(1, 3)),
            "That is the smallest number of each block. Keep the largest.": blocks.min(axis=(1, 3)),
            "That keeps the first number of each block, as a stride of 2 would. Keep the largest.": values[::2, ::2],
            "That is the sum of each block. Keep the largest number.": blocks.sum(axis=(1, 3)),
            "These are the largest of every window of 2 × 2. Blocks do not overlap: take every second one.": (
                np.lib.stride_tricks.sliding_window_view(values, (2, 2)).max(axis=(2, 3))
            ),
            "That begins at 0: a block of negative numbers has a largest one too.": np.maximum(
                blocks.max(axis=(1, 3)), 0
            ),
            "That pools the rows only. Pool the columns as well.": values.reshape(2, 2, 6).max(axis=1),
            "That pools the columns only. Pool the rows as well.": values.reshape(4, 3, 2).max(axis=2),
            "That is one number for the whole map. Keep one for each block.": values.max(),
        },
        praise="A quarter of the numbers is left: what was found, and roughly where.",
        usual_errors={"cannot reshape": "A block is 2 × 2: the new shape has rows // 2 blocks of 2 rows, and so on."},
    )
