"""The training lab: a model of one's own, with sliders for learning rate, batch size and steps."""

from collections.abc import Callable, Mapping

from helpers import training
from helpers.data import Dataset
from helpers.labs.controls import training_controls
from helpers.labs.form import Form
from helpers.labs.lab import Lab


class TrainingLab(Lab):
    """A lab for one model: learning rate, batch size and steps; Train, Stop, Reset; every run kept on one chart.

    data: the Dataset to train on. build: a function that makes a model, as `training.train` takes it; every run starts
    from the values that its variables are made with. loss, test_every: as `training.train` takes them. presets: by
    name, settings to offer as buttons. state: the text of another lab's `to_json()`, to start from.
    Taught in notebooks/01_one_layer.ipynb, "Turn the knobs".
    """

    def __init__(
        self,
        data: Dataset,
        build: Callable[[], Callable],
        *,
        learning_rate: float = 0.3,
        batch_size: int = 100,
        steps: int = 10_000,
        loss: Callable = training.mean_cross_entropy,
        test_every: int = 100,
        presets: Mapping[str, Mapping] | None = None,
        state: str | None = None,
    ):
        self.source = ModelRuns(data, build, loss, test_every)
        form = Form(training_controls(learning_rate, batch_size, steps), presets=presets)
        if state is not None:
            form.from_json(state)
        super().__init__(self.source.make_run, form, weights=self.source.pixel_weights, simple=True)


class ModelRuns:
    """Makes runs of one model, each from the values that its variables were made with."""

    def __init__(self, data: Dataset, build: Callable[[], Callable], loss: Callable, test_every: int):
        self.data, self.build, self.loss, self.test_every = data, build, loss, test_every
        self.model: Callable | None = None
        self.fresh_values: list = []
        self.loops: dict[int, training.Loop] = {}  # by batch size, since another size has to be compiled anew

    def make_run(self, settings: dict) -> training.Training:
        """A run with these settings, from fresh weights; a batch size that is new is compiled first."""
        batch_size = settings["batch_size"]
        if self.model is None:
            self.model = self.build()
        if batch_size not in self.loops:
            self.loops[batch_size] = training.Loop(self.model, self.loss, self.data, batch_size)
        loop = self.loops[batch_size]
        if not self.fresh_values:
            self.fresh_values = [variable.numpy() for variable in loop.variables]
        for variable, value in zip(loop.variables, self.fresh_values, strict=True):
            variable.assign(value)
        return training.Training(loop, self.data, **settings, test_every=self.test_every, seed=0)

    def pixel_weights(self) -> Callable | None:
        """What reads the weights from pixels straight to digits, if the model has such a layer."""
        variables = next(iter(self.loops.values())).variables if self.loops else []
        return next((variable.numpy for variable in variables if variable.shape == (784, 10)), None)
