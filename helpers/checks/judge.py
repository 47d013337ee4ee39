"""How an exercise is judged: against the right answer, and against those of the usual mistakes."""

import contextlib
import functools
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from helpers import events
from helpers.errors import ReaderError

UNWRITTEN = "Your function returns nothing so far. Write its body, ending in a return."
PRINTED = (
    "Your function prints something, but returns nothing. If that is the answer, put return in the place of print."
)


@dataclass(frozen=True)
class Verdict:
    """What a check says: `right`, and the words, which is how it prints."""

    right: bool
    words: str

    def __repr__(self):
        return ("Right. " if self.right else "Not yet. ") + self.words


def told(check: Callable) -> Callable:
    """The same check; a class that the learner has joined hears of it when the answer is right."""

    @functools.wraps(check)
    def judged(*arguments, **options) -> Verdict:
        verdict = check(*arguments, **options)
        if verdict.right:
            events.tell("exercise", {"name": check.__name__})
        return verdict

    return judged


class NotAsAskedError(ReaderError):
    """The answer is of another kind than the exercise asks for; the message is for the reader."""


class NothingReturnedError(NotAsAskedError):
    """The reader's function returned None."""


def judge(
    call: Callable,
    right: ArrayLike,
    usual_mistakes: Mapping[str, ArrayLike],
    praise: str,
    usual_errors: Mapping[str, str] | None = None,
    names: Sequence[str] | None = None,
) -> Verdict:
    """Call the reader's function and compare: with what is right, then with what the usual mistakes give.

    usual_mistakes: for each sentence what the mistake returns. usual_errors: what the error says, and the sentence.
    names: what each number stands for, where the reader's function does not return them in this order: several calls,
    or several arrays.
    """
    expected = np.asarray(right)
    try:
        got = numbers(answered(call, usual_errors or {}))
    except NotAsAskedError as error:
        return Verdict(False, str(error))
    if got.shape == expected.shape and np.allclose(got, expected, atol=1e-6):
        return Verdict(True, praise)
    for sentence, mistake in usual_mistakes.items():
        if got.shape == np.shape(mistake) and np.allclose(got, mistake, atol=1e-6, equal_nan=True):
            return Verdict(False, sentence)
    if got.shape != expected.shape:
        return Verdict(False, f"Expected shape {list(expected.shape)}; got shape {list(got.shape)}.")
    place = tuple(int(i) for i in np.unravel_index(np.argmax(~np.isclose(got, expected, atol=1e-6)), expected.shape))
    where = f" at position {list(place)}" if place else ""
    where = f" {names[place[0]]}," if names else where
    kind = "These are other numbers than expected" if names else "The shape is right, the numbers are not"
    return Verdict(False, f"{kind}:{where} expected {expected[place]:.6g}, got {got[place]:.6g}.")


def answered(call: Callable, usual_errors: Mapping[str, str]):
    """What the reader's function returns. Raises NotAsAskedError if that is nothing, if it fails, or is interrupted."""
    page = _Page(sys.stdout)
    try:
        with contextlib.redirect_stdout(page):
            got = call()
        if got is None:
            raise NothingReturnedError
    except NothingReturnedError:
        raise NotAsAskedError(PRINTED if page.printed else UNWRITTEN) from None
    except NotAsAskedError:
        raise
    except KeyboardInterrupt as interrupt:
        raise NotAsAskedError(
            f"You stopped it{_where(interrupt)}. Was it ever going to end? Look at what should end its loop."
        ) from None
    except Exception as error:
        called = bool(_frames(error))
        known = [sentence for part, sentence in usual_errors.items() if called and part in str(error)]
        words = f"{known[0]} Your function stopped{_where(error)}." if known else _stopped(error)
        raise NotAsAskedError(words) from None
    return got


class _Page:
    """A place to print to: hands everything on, and notes whether there was anything."""

    def __init__(self, onwards):
        self.onwards, self.printed = onwards, False

    def write(self, text: str) -> int:
        self.printed = True
        return self.onwards.write(text)

    def __getattr__(self, name: str):
        return getattr(self.onwards, name)


def _stopped(error: Exception) -> str:
    """Where and with what the reader's function stopped, as a sentence."""
    if not _frames(error):  # not even its first line was reached
        return (
            f"Your function could not be called as the exercise asks: {error}. Keep its first line as it was, and hand "
            "it to the check by its name alone, without brackets."
        )
    return f"Your function stopped{_where(error)} with {type(error).__name__}: {error}"


def _where(error: BaseException) -> str:
    """The line of the reader's function that an error comes from, to stand behind a verb."""
    frames = _frames(error)
    lines = [frame.line for frame in frames if frame.filename == frames[0].filename]  # not those of NumPy below it
    return f" in its line {lines[-1]!r}" if lines and lines[-1] else ""


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    """What an error went through, without the checks themselves."""
    here = Path(__file__).parent
    return [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent != here]


def numbers(got) -> np.ndarray:
    """What an answer returned, as an array of numbers. Raises NotAsAskedError for anything else."""
    try:
        array = np.asarray(got)
    except ValueError:  # rows of different lengths
        array = np.array(None)
    if array.dtype.kind not in "biuf":
        shown = " ".join(repr(got).split())[:60]
        raise NotAsAskedError(f"Expected an array of numbers; got {shown}, a {type(got).__name__}.")
    return array


def pair(
    answer, names: str, *shapes: tuple[int, ...], lead: str = "", row: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """The two arrays of an answer such as `return W, b`. Raises NotAsAskedError for any other answer.

    names: "W, b". shapes: those of the two. lead: a sentence to put before the one about shapes. row: whether the
    second array may come as a row [1, n] instead of [n].
    """
    if answer is None:
        raise NothingReturnedError
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        got = f"{len(answer)} things" if isinstance(answer, tuple | list) else f"one {type(answer).__name__}"
        raise NotAsAskedError(f"Expected two arrays, as in: return {names}; got {got}.")
    first, second = map(numbers, answer)
    if row and second.shape == (1, *shapes[1]):
        second = second[0]
    if (second.shape, first.shape) == shapes:
        raise NotAsAskedError(f"The two are turned round. The exercise asks for them in this order: return {names}.")
    if (first.shape, second.shape) != shapes:
        one, other = names.split(", ")
        raise NotAsAskedError(
            f"{lead}Expected {one} of shape {list(shapes[0])} and {other} of shape {list(shapes[1])}; "
            f"got {list(first.shape)} and {list(second.shape)}."
        )
    return first, second


def flat(arrays: Iterable[np.ndarray]) -> np.ndarray:
    """Several arrays as one row of numbers, to be compared at once."""
    return np.concatenate([np.ravel(array) for array in arrays])


def places(names: str, *shapes: tuple[int, ...]) -> list[str]:
    """What each number of `flat` stands for: "in W at [0, 1]" and so on. names: "W, b"; shapes: those of the two."""
    named = zip(names.split(", "), shapes, strict=True)
    return [f"in {name} at {list(place)}" for name, shape in named for place in np.ndindex(shape)]


def softmax(logits: np.ndarray, axis: int = -1) -> np.ndarray:
    """The probabilities along an axis, computed without overflow."""
    exponentials = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


def all_of(answers: Iterable) -> np.ndarray:
    """Answers to several cases, each a number, as one array. Raises NotAsAskedError for any other answers."""
    return np.array([one_number(answer) for answer in answers])


def one_number(answer) -> np.ndarray:
    """An answer that should be a single number."""
    if answer is None:
        raise NothingReturnedError
    number = numbers(answer)
    if number.size != 1:
        raise NotAsAskedError(f"Expected one number; got an array of shape {list(number.shape)}.")
    return number.reshape(())
