"""How a step follows from the gradients, and how the learning rate falls: each in a few readable lines.

An optimiser makes `slots`, what it remembers of each variable, and `update` takes one step with one variable. A
schedule is a function of the share of the run that is done, 0 to 1, to what the learning rate is multiplied by.
"""

from collections.abc import Callable
from dataclasses import dataclass

import tensorflow as tf


@dataclass(frozen=True)
class SGD:
    """Gradient descent; with momentum, a step also keeps that share of the step before it.

    momentum: 0 to below 1; 0.9 is usual.
    """

    momentum: float = 0.0

    def slots(self, variable: tf.Variable) -> list[tf.Variable]:
        """The latest step of the variable, where momentum needs it."""
        return [tf.Variable(tf.zeros_like(variable), trainable=False)] if self.momentum else []

    def update(self, variable: tf.Variable, gradient: tf.Tensor, slots: list, rate: tf.Tensor, _step) -> None:
        """Take one step: against the gradient, and on in the direction of the step before."""
        if not self.momentum:
            variable.assign_sub(rate * gradient)
            return
        (velocity,) = slots
        velocity.assign(self.momentum * velocity - rate * gradient)
        variable.assign_add(velocity)

    def __str__(self):
        return f"momentum {self.momentum:g}" if self.momentum else "SGD"


@dataclass(frozen=True)
class Adam:
    """Adam (Kingma & Ba 2015): running means of gradient and squared gradient give each number a step of its own.

    beta1, beta2: the shares of the means that each step keeps. epsilon: keeps the division from 0; added to the root,
    as Keras does, whose values these are.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-7

    def slots(self, variable: tf.Variable) -> list[tf.Variable]:
        """The running means of the variable's gradient and of its square."""
        return [tf.Variable(tf.zeros_like(variable), trainable=False) for _ in range(2)]

    def update(self, variable: tf.Variable, gradient: tf.Tensor, slots: list, rate: tf.Tensor, step: tf.Tensor) -> None:
        """Take step number `step`, counted from 1: the means start at 0, which the two powers make up for."""
        mean, square = slots
        mean.assign(self.beta1 * mean + (1 - self.beta1) * gradient)
        square.assign(self.beta2 * square + (1 - self.beta2) * gradient * gradient)
        step = tf.cast(step, gradient.dtype)
        made_up_for = tf.sqrt(1 - self.beta2**step) / (1 - self.beta1**step)
        variable.assign_sub(rate * made_up_for * mean / (tf.sqrt(square) + self.epsilon))

    def __str__(self):
        return "Adam"


Optimiser = SGD | Adam
PLAIN = SGD()


@dataclass(frozen=True)
class Schedule:
    """How the learning rate changes over a run: `factor` of the share that is done, 0 to 1, and its name in words."""

    name: str
    factor: Callable[[float], float]

    def __str__(self):
        return self.name


CONSTANT = Schedule("constant", lambda done: 1.0)
LINEAR_TO_ZERO = Schedule("linear to 0", lambda done: 1.0 - done)


def exponential(to: float) -> Schedule:
    """A rate that shrinks by the same factor with every step, to the share `to` of itself at the end of the run."""
    return Schedule(f"exponential to {to:g} of itself", lambda done: to**done)
