"""Points of two kinds on a plane, above all the two-arm spiral, and the features that a network may be given."""

import numbers
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.errors import ReaderTypeError, ReaderValueError

POINTS = 1000
REACH = 6.0  # the plane is looked at from −6 to 6 both ways; without noise the spiral ends at 5
RADIUS, TURNS = 5.0, 1.75  # of the spiral, as in TensorFlow Playground (Smilkov and Carter 2016)
FEATURES: dict[str, Callable] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1²": lambda x1, x2: x1**2,
    "x2²": lambda x1, x2: x2**2,
    "x1x2": lambda x1, x2: x1 * x2,
    "sin x1": lambda x1, x2: np.sin(x1),
    "sin x2": lambda x1, x2: np.sin(x2),
}
PLAIN = ("x1", "x2")


@dataclass(frozen=True)
class Points:
    """Where the points lie, x [n, 2], and of which kind they are, y [n], which is 1 or −1."""

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class Plane:
    """The points to learn from and the points to test with."""

    kind: str
    train: Points
    test: Points

    def __repr__(self):
        return f"{self.kind}: {len(self.train.y)} points to learn from, {len(self.test.y)} to test with"


def make(
    kind: str = "spiral", *, points: int = POINTS, noise: float = 0.0, train_share: float = 0.5, seed: int = 0
) -> Plane:
    """Make a data set of two kinds of points, half of each, and split it at random.

    kind: one of KINDS. noise: how far a point may be moved from its place, each way, in units of the plane, which
    reaches from −6 to 6. train_share: the share to learn from. seed: fixes the places, the noise and the split.
    Raises ValueError or TypeError, in words, for settings that make no sense.
    Taught in notebooks/05_deeper_and_wider.ipynb, "Why depth: the spiral".
    """
    _check(kind, points, noise, train_share, seed)
    random = np.random.default_rng(seed)
    y = np.repeat([1.0, -1.0], points // 2)
    x = KINDS[kind](y, random) + noise * random.uniform(-1, 1, size=(len(y), 2))
    order = random.permutation(len(y))
    x, y = x[order], y[order]
    train = round(train_share * len(y))
    return Plane(kind, Points(x[:train], y[:train]), Points(x[train:], y[train:]))


def features(x: np.ndarray, names: Sequence[str] = PLAIN) -> np.ndarray:
    """What a network is given of points x [n, 2]: one column for each name in FEATURES, shape [n, features].

    Raises ValueError, in words, for a name that is not there, or none at all.
    Taught in notebooks/05_deeper_and_wider.ipynb, "Why depth: the spiral".
    """
    check_features(names)
    return np.stack([FEATURES[name](x[:, 0], x[:, 1]) for name in names], axis=1)


def check_features(names: Sequence[str]) -> None:
    """Raise ValueError or TypeError, in words, unless `names` are one or more of FEATURES, each once."""
    if isinstance(names, str):
        raise ReaderTypeError(f'Features come as a list of names, such as ["x1", "x2"]; got the text {names!r}.')
    unknown = [name for name in names if name not in FEATURES]
    if unknown:
        raise ReaderValueError(f"There is no feature {unknown[0]!r}; there are {', '.join(FEATURES)}.")
    if not names or len(set(names)) < len(names):
        raise ReaderValueError(f"A network needs at least one feature, and each once only; got {list(names)}.")


def _spiral(y: np.ndarray, _random: np.random.Generator) -> np.ndarray:
    """Two arms, one turned half way round against the other."""
    arm = np.arange(1, len(y) // 2 + 1) / (len(y) // 2)
    along = np.concatenate([arm, arm])
    angle = TURNS * 2 * np.pi * along + np.where(y > 0, 0, np.pi)
    return RADIUS * along[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)


def _circle(y: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A disc, and a ring around it with a gap between."""
    radius = np.where(y > 0, random.uniform(0, 2.5, len(y)), random.uniform(3.5, 5, len(y)))
    angle = random.uniform(0, 2 * np.pi, len(y))
    return radius[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)


def _exclusive_or(y: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Four squares: 1 where both coordinates have the same sign, −1 where they have not."""
    x = random.uniform(0.3, 5, size=(len(y), 2)) * random.choice([-1, 1], size=(len(y), 1))
    x[y < 0, 0] *= -1
    return x


def _two_clouds(y: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Two round clouds around (2, 2) and (−2, −2)."""
    return 2 * y[:, None] + random.normal(size=(len(y), 2))


KINDS = {"spiral": _spiral, "circle": _circle, "exclusive or": _exclusive_or, "two clouds": _two_clouds}


def _check(kind, points, noise, train_share, seed) -> None:
    if kind not in KINDS:
        raise ReaderValueError(f"There is no data set {kind!r}; there are {', '.join(KINDS)}.")
    if not isinstance(points, numbers.Integral) or points < 10 or points % 2:
        raise ReaderValueError(
            f"points should be an even whole number of 10 or more, half for each kind; got {points!r}."
        )
    if not isinstance(noise, numbers.Real) or not 0 <= float(noise) <= REACH:
        raise ReaderValueError(f"noise should be a number from 0 to {REACH:g}, such as 0.2; got {noise!r}.")
    if not isinstance(train_share, numbers.Real) or not 0 < float(train_share) < 1:
        raise ReaderValueError(
            f"train_share should lie between 0 and 1, such as 0.5 for half of the points; got {train_share!r}. "
            "Some points have to stay for the test."
        )
    if not 1 <= round(float(train_share) * int(points)) < int(points):
        raise ReaderValueError(
            f"Of {points} points, a share of {train_share!r} leaves none to learn from, or none to test."
        )
    if not isinstance(seed, numbers.Integral) or seed < 0:
        raise ReaderValueError(f"seed should be a whole number of 0 or more; got {seed!r}.")
