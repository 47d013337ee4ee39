"""The same training from several seeds: what one run shows may be luck."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from helpers import argument_checks, pace, setting_checks, training
from helpers.activations import ACTIVATIONS, Activation
from helpers.data import Dataset
from helpers.errors import ReaderTypeError, ReaderValueError
from helpers.history import SETS, DivergedError, History, Measured
from helpers.interrupts import Interrupt
from helpers.losses import mean_cross_entropy, sum_cross_entropy
from helpers.networks import Design, Network
from helpers.optimisers import CONSTANT, PLAIN, SGD, Adam

LAST_TESTS = 20  # whose mean is a run's result: one test alone wobbles
SETTINGS = {"steps": 10_000, "batch_size": 100, "test_every": 100}  # unless said otherwise, as training.train has them
OF_A_RUN = ("learning_rate", "steps", "batch_size", "test_every", "schedule")
OF_A_LOOP = ("optimiser", "l2", "shift", "xla")
AS_USUAL = {"optimiser": str(PLAIN), "schedule": str(CONSTANT), "L2": "0", "shift": "0"}  # what no History notes
OUR_LOSSES = (mean_cross_entropy, sum_cross_entropy)


class SeveralSeeds:
    """One training for each seed: `run()` makes those that are missing, so that an interrupted one can go on.

    make: a networks.Design, or a function from a seed to a fresh model; one that starts the same model again and
    returns it has it compiled once only. seeds: how many, counted from 0. known: the histories that the first of these
    seeds gave already, which are not made again. judged_by: "test", or "validation" for the images that the data holds
    out. settings: as `training.train` takes them, `learning_rate` at least.
    Prints as a sentence; `histories` holds the runs by seed.
    """

    def __init__(
        self,
        make: Design | Callable,
        data: Dataset,
        *,
        seeds: int = 5,
        known: Sequence[History] = (),
        judged_by: Measured = "test",
        **settings,
    ):
        if not isinstance(make, Design) and not callable(make):
            raise ReaderTypeError(
                "The first argument should be a networks.Design, or a function from a seed to a fresh model; "
                f"got {type(make).__name__}. Each run needs a network of its own."
            )
        argument_checks.check_data(data)
        setting_checks.check_count("seeds", seeds)
        allowed = (*OF_A_RUN, *OF_A_LOOP, "loss")
        unknown = [name for name in settings if name not in allowed]
        if unknown or "learning_rate" not in settings:
            wrong = f"got {unknown[0]!r}" if unknown else "learning_rate is missing"
            raise ReaderTypeError(f"The settings may be {', '.join(allowed)}, learning_rate at least; {wrong}.")
        if judged_by not in SETS or (judged_by == "validation" and not data.validation):
            raise ReaderValueError(
                'Runs are judged by "test" or, where the data holds images out, as data.load_mnist(validation=5000) '
                f'does, by "validation"; got {judged_by!r}.'
            )
        self.make, self.data, self.seeds, self.settings = make, data, seeds, SETTINGS | settings
        self.judged_by = judged_by
        checked = ("learning_rate", *SETTINGS, "l2", "shift")
        setting_checks.check_settings(
            **{name: self.settings[name] for name in checked if name in self.settings},
            seed=0,
            examples=len(data.train),
        )
        self.histories: dict[int, History] = dict(enumerate(known))
        _check_known(self.histories, seeds, self.settings)
        self._loop: training.Loop | None = None  # of the model that a function of the reader's made last
        self._own: tuple[Network, training.Loop] | None = None  # of a design, with a loss or optimiser of the reader's

    @property
    def results(self) -> np.ndarray:
        """The mean of the last tests' accuracy of every run that is done, by seed; NaN for one that diverged."""
        return self._last_tests(0)

    @property
    def losses(self) -> np.ndarray:
        """The mean of the last tests' loss per image of every run that is done, by seed; NaN for one that diverged."""
        return self._last_tests(1)

    def run(self) -> "SeveralSeeds":
        """Train the seeds that are missing, one after the other; interrupted, it keeps those that are done."""
        # Not two at a time: TensorFlow shares one run's products out among the processors already. In eight pairs two
        # threads were 0.9 to 1.3 times as quick, 1.1 in the middle, and each of them needs a Loop compiled for it.
        missing = [seed for seed in range(self.seeds) if seed not in self.histories]
        if self.histories and missing:
            print(f"Going on: {len(self.histories)} of {self.seeds} runs are done already.")
        with Interrupt() as interrupt:
            try:
                for seed in missing:
                    self._train(seed, interrupt, left=len(missing) if seed == missing[0] else 0)
            except KeyboardInterrupt:
                print(f"Stopped: {len(self.histories)} of {self.seeds} runs are done and kept. `.run()` goes on.")
        return self

    def _train(self, seed: int, interrupt: Interrupt, left: int) -> None:
        """One run. left: how many there are to be made, if that should be told."""
        loop = self._compiled(seed)
        chosen = {name: self.settings[name] for name in OF_A_RUN if name in self.settings}
        run = training.Training(loop, self.data, **chosen, seed=seed)
        if left:
            pace.tell(f"{left} run{'s' * (left > 1)}", left * run.history.expected_seconds)
        try:
            for _ in run:
                interrupt.check()
        except DivergedError:
            pass  # a result like any other, which its history tells
        self.histories[seed] = run.history

    def _compiled(self, seed: int) -> training.Loop:
        choices = {name: self.settings[name] for name in OF_A_LOOP if name in self.settings}
        loss = self.settings.get("loss", mean_cross_entropy)
        rest = loss, self.data, self.settings["batch_size"]
        if not isinstance(self.make, Design):
            model = self.make(seed)
            if self._loop is None or self._loop.model is not model:
                self._loop = training.Loop(model, *rest, **choices)
            return self._loop
        design = replace(self.make, seed=0)
        if loss in OUR_LOSSES and isinstance(choices.get("optimiser", PLAIN), SGD | Adam):
            network, loop = _of_design(design, ACTIVATIONS[design.activation], *rest, **choices)
        else:  # what a reader wrote may mean something else by the next call, under the same name
            network, loop = self._own = self._own or _compile(design, *rest, **choices)
        network.start_again(replace(self.make, seed=seed))
        return loop

    def _last_tests(self, which: int) -> np.ndarray:
        """Of every run the mean over its last tests: of the accuracy, 0, or of the loss, 1."""
        runs = [self.histories[seed] for seed in sorted(self.histories)]
        tests = [(run.ended == "finished", run.tests_on(self.judged_by)[which][-LAST_TESTS:]) for run in runs]
        return np.array([float(values.mean()) if done and len(values) else np.nan for done, values in tests])

    def __repr__(self):
        good = self.results[np.isfinite(self.results)]
        lost = len(self.results) - len(good)
        words = f"{len(self.histories)} of {self.seeds} runs"
        if len(good):
            words += (
                f": {self.judged_by} accuracy {good.mean():.1%} on average, from {good.min():.1%} to {good.max():.1%} "
                f"(mean of each run's last {LAST_TESTS} tests)"
            )
        return words + (f"; {lost} diverged." if lost else ".")


def train(
    make: Design | Callable,
    data: Dataset,
    *,
    seeds: int = 5,
    known: Sequence[History] = (),
    judged_by: Measured = "test",
    **settings,
) -> SeveralSeeds:
    """Train the same network from several seeds, initial weights and shuffles both, and return the runs.

    Arguments as `SeveralSeeds` takes them; says beforehand how long it takes. Interrupted, `.run()` of what it returned
    goes on. Raises ValueError or TypeError for mistakes in the arguments; a run that diverges is kept as such.
    """
    return SeveralSeeds(make, data, seeds=seeds, known=known, judged_by=judged_by, **settings).run()


@functools.lru_cache(maxsize=1)
def _of_design(design: Design, _activation: Activation, *rest, **choices) -> tuple[Network, training.Loop]:
    """A network that can be started again from any seed, at any rate, without being compiled anew: the latest one."""
    return _compile(design, *rest, **choices)


def _compile(design: Design, *rest, **choices) -> tuple[Network, training.Loop]:
    network = Network(design)
    return network, training.Loop(network, *rest, **choices)


def _check_known(histories: dict[int, History], seeds: int, settings: dict) -> None:
    if len(histories) > seeds:
        raise ReaderValueError(f"There are {len(histories)} known runs for {seeds} seeds. Ask for as many at least.")
    chosen = {"optimiser": PLAIN, "schedule": CONSTANT, "l2": 0.0, "shift": 0} | settings
    loss = settings.get("loss", mean_cross_entropy)
    wanted = {name: settings[name] for name in ("learning_rate", "steps", "batch_size", "test_every")}
    wanted |= {"loss": getattr(loss, "__name__", type(loss).__name__)}
    wanted |= AS_USUAL | training.in_words(*(chosen[name] for name in ("optimiser", "schedule", "l2", "shift")))
    for seed, history in histories.items():
        told = {name: getattr(history, name) for name in ("seed", "learning_rate", "batch_size", "test_every", "loss")}
        told |= {"steps": history.step} | AS_USUAL | history.notes
        for name, value in ({"seed": seed} | wanted).items():
            if told[name] != value:
                raise ReaderValueError(
                    f"A known run of this comparison should have {name} {value}; this one has {told[name]}. "
                    "Hand in runs of the same settings, beginning with seed 0, or leave `known` out."
                )
