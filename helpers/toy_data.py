"""Points on a plane, of two kinds or each with a value, and the features of them that a network may be given.

Above all the two-arm spiral; the others too are those of TensorFlow Playground (Smilkov and Carter 2016), and two more.
"""

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
OWN, FEWEST_OWN = "your points", 10
HILLS = np.array([(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)])  # x1, x2, top
HILL_SPREAD = 1.0  # wide enough for the noise to matter, narrow enough for six of them


@dataclass(frozen=True)
class Points:
    """Where the points lie, x [n, 2], and of which kind they are, y [n]: 1 or −1; for regression any value between."""

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class Plane:
    """The points to learn from and the points to test with."""

    kind: str
    train: Points
    test: Points

    @property
    def problem(self) -> str:
        """Whether these points ask for classification or for regression."""
        return problem_of(self.kind)

    def __repr__(self):
        return f"{self.kind}: {len(self.train.y)} points to learn from, {len(self.test.y)} to test with"


def problem_of(kind: str) -> str:
    """What points of this kind ask for: "classification" or "regression"."""
    return "regression" if kind in REGRESSIONS else "classification"


def make(
    kind: str = "spiral", *, points: int = POINTS, noise: float = 0.0, train_share: float = 0.5, seed: int = 0
) -> Plane:
    """Make a data set and split it at random: two kinds of points, half of each, or for regression points with values.

    kind: one of KINDS or REGRESSIONS. noise: how far a point may be moved from its place, each way, in units of the
    plane, which reaches from −6 to 6. train_share: the share to learn from. seed: fixes the places, the noise and the
    split.
    Raises ValueError or TypeError, in words, for settings that make no sense.
    Taught in notebooks/05_why_depth.ipynb, "The spiral".
    """
    _check(kind, points)
    _check_split(points, noise, train_share, seed)
    random = np.random.default_rng(seed)
    if kind in KINDS:
        y = np.repeat([1.0, -1.0], points // 2)
        x = KINDS[kind](y, random)
    else:
        x = random.uniform(-REACH, REACH, size=(points, 2))
        y = REGRESSIONS[kind](x)
    return _split(kind, x, y, noise, train_share, random)


def of_points(own: Points, *, noise: float = 0.0, train_share: float = 0.5, seed: int = 0) -> Plane:
    """Split points of one's own, as `own_points` has checked them, as `make` splits those it makes."""
    _check_split(len(own.y), noise, train_share, seed)
    return _split(OWN, own.x, own.y, noise, train_share, np.random.default_rng(seed))


def own_points(points, labels) -> tuple[Points, str]:
    """Check points [n, 2] and labels [n] of two kinds; return them in our form, and in words what was changed.

    The smaller label, or the earlier in the alphabet, becomes −1 and the other 1. Points that reach beyond the plane,
    or fill less than a third of it, are moved and scaled, both ways alike, until they fill it from −5 to 5.
    Raises ValueError or TypeError, in words, for what cannot be learned from.
    """
    try:
        x, y = np.asarray(points, np.float64), np.asarray(labels)
        kinds = np.unique(y)
    except (TypeError, ValueError) as error:
        raise ReaderTypeError(
            f"points should be numbers in two columns, x1 and x2, and labels of two kinds, such as 0 and 1; {error}."
        ) from None
    if x.ndim != 2 or x.shape[1] != 2:
        raise ReaderValueError(
            f"points should have a row for each point and two columns, x1 and x2: shape [n, 2]; got {list(x.shape)}."
        )
    if y.shape != x.shape[:1]:
        raise ReaderValueError(
            f"labels should have one entry for each of the {len(x)} points: shape [{len(x)}]; got {list(y.shape)}."
        )
    if len(x) < FEWEST_OWN:
        raise ReaderValueError(f"It takes {FEWEST_OWN} points or more, to learn from and to test; got {len(x)}.")
    if not np.isfinite(x).all():
        row = int(np.argmin(np.isfinite(x).all(axis=1)))
        raise ReaderValueError(f"Every coordinate should be a number; point {row} is {x[row].tolist()}.")
    if len(kinds) != 2:
        found = f"got {len(kinds)}: {', '.join(map(str, kinds[:5]))}"
        raise ReaderValueError(f"labels should be of two kinds, such as 0 and 1; {found}.")
    words = f"{kinds[0]} is shown as −1, {kinds[1]} as 1."
    low, high = x.min(axis=0), x.max(axis=0)
    reach = np.abs(x).max()
    if reach > REACH or reach < REACH / 3:
        middle, half = (low + high) / 2, max((high - low).max() / 2, 1e-12)
        x = (x - middle) / half * RADIUS
        words += f" Your points were moved and scaled: {half:.3g} of your units are {RADIUS:g} of the plane's."
    return Points(x, np.where(y == kinds[1], 1.0, -1.0)), words


def _split(kind: str, x: np.ndarray, y: np.ndarray, noise: float, train_share: float, random) -> Plane:
    """Move the points by the noise, shuffle them, and part those to learn from and those to test with."""
    x = x + noise * random.uniform(-1, 1, size=(len(y), 2))
    order = random.permutation(len(y))
    x, y = x[order], y[order]
    train = round(train_share * len(y))
    return Plane(kind, Points(x[:train], y[:train]), Points(x[train:], y[train:]))


def features(x: np.ndarray, names: Sequence[str] = PLAIN) -> np.ndarray:
    """What a network is given of points x [n, 2]: one column for each name in FEATURES, shape [n, features].

    Raises ValueError, in words, for a name that is not there, or none at all.
    Taught in notebooks/05_why_depth.ipynb, "The spiral".
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


def _two_moons(y: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Two crescents that reach into one another."""
    angle = np.where(y > 0, 0, np.pi) + random.uniform(0, np.pi, len(y))
    width = 3 + random.uniform(-0.4, 0.4, len(y))
    middle = np.where(y > 0, -1.5, 1.5)[:, None] * np.array([1, 0.5])
    return middle + width[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _chessboard(y: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Sixteen squares, of one kind where a chessboard is white and of the other where it is black."""
    column, row = random.integers(0, 4, len(y)), 2 * random.integers(0, 2, len(y))
    row = row + (column + (y < 0)) % 2
    return 2.5 * np.stack([column - 2, row - 2], axis=1) + random.uniform(0.15, 2.35, size=(len(y), 2))


def _plane(x: np.ndarray) -> np.ndarray:
    """A slope that climbs to the upper right."""
    return x.sum(axis=1) / (2 * REACH)


def _gaussians(x: np.ndarray) -> np.ndarray:
    """Three hills and three hollows, by turns, each a Gaussian."""
    away = x[:, None] - HILLS[:, :2]
    return np.exp(-(away**2).sum(axis=-1) / (2 * HILL_SPREAD**2)) @ HILLS[:, 2]


KINDS: dict[str, Callable] = {
    "spiral": _spiral,
    "circle": _circle,
    "exclusive or": _exclusive_or,
    "two clouds": _two_clouds,
    "two moons": _two_moons,
    "chessboard": _chessboard,
}
REGRESSIONS: dict[str, Callable] = {"plane": _plane, "gaussians": _gaussians}


def _check(kind, points) -> None:
    if kind not in KINDS and kind not in REGRESSIONS:
        raise ReaderValueError(f"There is no data set {kind!r}; there are {', '.join([*KINDS, *REGRESSIONS])}.")
    if not isinstance(points, numbers.Integral) or points < 10 or points % 2:
        raise ReaderValueError(
            f"points should be an even whole number of 10 or more, half for each kind; got {points!r}."
        )


def _check_split(points: int, noise, train_share, seed) -> None:
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
