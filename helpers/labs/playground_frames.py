"""What the playground's view is sent: a network's maps, weights and curves as numbers, one frame after the other."""

import numpy as np

from helpers import toy_data
from helpers.plots import decision_maps
from helpers.plots.network_map import ROWS, Curves, against_its_largest
from helpers.small_designs import MOST_LAYERS, MOST_NEURONS, SmallDesign
from helpers.small_networks import Learners, SmallNetworks
from helpers.toy_data import FEATURES, Plane

SIDE = decision_maps.SIDE
EVERY = 3  # a thumbnail takes every third point of a map, each way
THUMBNAIL = len(range(EVERY // 2, SIDE, EVERY))
MOST_ROWS = 400  # of the curves that are sent


def offered(fixed: tuple[str, ...] = ()) -> dict:
    """What the view has to offer, "features" and "hidden" among them unless they are fixed."""
    return {"features": list(FEATURES), "layers": MOST_LAYERS, "neurons": MOST_NEURONS, "fixed": list(fixed)}


def design(of: SmallDesign) -> dict:
    """A design, and how much of it is shown."""
    shown = [min(width, ROWS) for width in of.hidden]
    return {
        "sizes": list(of.sizes),
        "shown": shown,
        "features": list(of.features),
        "problem": of.problem,
        "thumbnail": THUMBNAIL,
    }


def feature_maps() -> bytes:
    """The thumbnails of all features that there are."""
    values = toy_data.features(decision_maps.GRID, tuple(FEATURES)).T.reshape(-1, SIDE, SIDE)
    return as_bytes(against_its_largest(_thumbnails(values)))


def points(plane: Plane, test_points: bool) -> dict:
    """The points of the plane with their values, those to learn from first."""
    parts = [plane.train, plane.test] if test_points else [plane.train]
    rows = np.concatenate([np.column_stack([part.x, part.y]) for part in parts])
    return {"points": rows.astype(np.float32).tobytes(), "learned": len(plane.train.y)}


class Maps:
    """The maps of one network, all of them from one way forward over the whole plane."""

    def __init__(self, networks: SmallNetworks):
        self.networks = networks
        grid = toy_data.features(decision_maps.GRID, networks.design.features).astype(networks.values.dtype)
        # Row by row: NumPy does small products on one thread, which is quicker than threads that wait for one another.
        self.grid = grid.reshape(SIDE, SIDE, -1)

    def frame(self, looked_at: str) -> dict:
        """The maps and numbers as they are now, with the large map of the neuron `looked_at`."""
        with np.errstate(over="ignore", invalid="ignore"):  # of weights that grew beyond measure: see as_bytes
            signals = self.networks.forward(self.grid)
            thumbnails = [against_its_largest(_thumbnails(_first(seen))) for seen in signals[1:-1]]
            output = np.clip(signals[-1][..., 0], -1, 1)
            maps = np.concatenate([*thumbnails, _thumbnails(output[None])])
            large = self._large(signals, looked_at, output)
        weights = [W[0].ravel() for W in self.networks.weights]
        biases = [b[0].ravel() for b in self.networks.biases]
        return {
            "maps": as_bytes(maps),
            "large": as_bytes(large),
            "large_of": looked_at,
            "weights": np.concatenate(weights).astype(np.float32).tobytes(),
            "biases": np.concatenate(biases).astype(np.float32).tobytes(),
        }

    def _large(self, signals: list[np.ndarray], looked_at: str, output: np.ndarray) -> np.ndarray:
        if looked_at == "output":
            return output
        if looked_at in FEATURES:
            seen = toy_data.features(decision_maps.GRID, [looked_at]).T.reshape(1, SIDE, SIDE)
        else:
            layer, unit = map(int, looked_at.split(":"))
            seen = signals[layer][None, ..., unit]
        return against_its_largest(seen)[0]

    def has(self, looked_at: str) -> bool:
        """Whether there is such a neuron: the network may be another by the time the page's word arrives."""
        if looked_at == "output" or looked_at in FEATURES:
            return True
        layer, _, unit = looked_at.partition(":")
        hidden = self.networks.design.hidden
        return (
            layer.isdigit() and unit.isdigit() and 1 <= int(layer) <= len(hidden) and int(unit) < hidden[int(layer) - 1]
        )


def curve_rows(curves: Curves) -> bytes:
    """Steps and figures, float32 [rows, 5]: as many as can be seen, the newest always among them."""
    every = 1
    while len(curves.steps) > every * MOST_ROWS:  # by twos, so that rows that were shown stay where they are
        every *= 2
    chosen = [*range(0, len(curves.steps) - 1, every), len(curves.steps) - 1]
    rows = [(curves.steps[at], *curves.metrics[at]) for at in chosen]
    return np.array(rows, np.float32).tobytes()


def until(steps: int) -> int:
    """Where the axis of the curves ends."""
    end = 500
    while end < steps:
        end *= 2
    return end


def line(learners: Learners, optimiser: str, curves: Curves, around: tuple[str, str]) -> str:
    """How it goes, in a line. around: what is to be said around the losses before there is a step."""
    design, steps = learners.networks.design, learners.networks.steps
    network = f"{'-'.join(map(str, design.sizes))}, {design.parameters:,} parameters"
    loss, accuracy, test_loss, test_accuracy = curves.metrics[-1]
    if not steps:
        losses = f"Loss: test {test_loss:.3g}, training {loss:.3g}."
        before, after = around
        return " ".join(filter(None, [f"{network}, {optimiser}.", before, losses, after]))
    epoch = f", epoch {learners.epochs:,}" if learners.steps == steps else ""  # or a cell has made steps of its own
    so_far = f"{network} · step {steps:,}{epoch}"
    if curves.steps[-1] != steps:  # what has been measured since is not a number
        so_far += f" · no loss any more; the last one, at step {curves.steps[-1]:,}"
    if design.problem == "regression":
        return f"{so_far} · loss: test {test_loss:.3g}, training {loss:.3g}"
    test = f"test: accuracy {test_accuracy:.1%}, loss {test_loss:.3f}"
    return f"{so_far} · {test} · training: {accuracy:.1%}, {loss:.3f}"


def no_number(steps: int, regularisation: str) -> str:
    """What is said once the loss is not finite."""
    besides = "" if regularisation == "none" else ", or that of the regularisation,"
    return (
        f"After step {steps:,} the loss is not a number any more: the steps were too long, and the weights grew until "
        f"nothing could hold them. Lower the learning rate{besides} and press Reset."
    )


def as_bytes(values: np.ndarray) -> bytes:
    """Values from −1 to 1 as int8 from −127 to 127; what is not a number as 0, and no other value but 0 itself."""
    values = np.nan_to_num(values)
    return np.copysign(np.ceil(np.abs(values) * 127), values).astype(np.int8).tobytes()


def _first(seen: np.ndarray) -> np.ndarray:
    """The maps of the neurons that are shown, [neurons, SIDE, SIDE]."""
    return seen[..., :ROWS].transpose(2, 0, 1)


def _thumbnails(maps: np.ndarray) -> np.ndarray:
    return maps[:, EVERY // 2 :: EVERY, EVERY // 2 :: EVERY]
