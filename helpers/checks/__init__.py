"""The exercises of all lessons: whether an answer is right, and if not, in words, what it was instead."""

from helpers.checks import judge
from helpers.checks.convolution import one_window, output_side, pooled
from helpers.checks.depth import collapse, fold, one_feature
from helpers.checks.five_layers import chain, forward, parameters, saturated
from helpers.checks.gain import distance, shares_by_digit
from helpers.checks.generalise import dropout, l2_step, move_image
from helpers.checks.numpy_by_hand import bias_rule, slope_by_trying, tanh_deltas
from helpers.checks.one_layer import accuracy, gradients, one_hot
from helpers.checks.relu import dead, relu, way_back
from helpers.checks.settings import choose, momentum_step
from helpers.checks.zero_init import best_biases, different_units, glorot

__all__ = [
    "accuracy",
    "best_biases",
    "bias_rule",
    "chain",
    "choose",
    "collapse",
    "dead",
    "different_units",
    "distance",
    "dropout",
    "fold",
    "forward",
    "glorot",
    "gradients",
    "l2_step",
    "momentum_step",
    "move_image",
    "one_feature",
    "one_hot",
    "one_window",
    "output_side",
    "parameters",
    "pooled",
    "relu",
    "saturated",
    "shares_by_digit",
    "slope_by_trying",
    "tanh_deltas",
    "way_back",
]

globals().update({name: judge.told(globals()[name]) for name in __all__})
