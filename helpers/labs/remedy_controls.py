"""Controls of what can be added to plain training, and what they mean to the training loop."""

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from helpers.data import Dataset
from helpers.labs.controls import number
from helpers.optimisers import CONSTANT, LINEAR_TO_ZERO, PLAIN, SGD, Adam, exponential
from helpers.widgets.number_slider import even

# By the name in the list: what the training loop takes, and how it is written.
OPTIMISERS = {
    "SGD": (PLAIN, "SGD()"),
    "momentum 0.9": (SGD(momentum=0.9), "SGD(momentum=0.9)"),
    "Adam": (Adam(), "Adam()"),
}
SCHEDULES = {
    "constant": (CONSTANT, "CONSTANT"),
    "linear to 0": (LINEAR_TO_ZERO, "LINEAR_TO_ZERO"),
    "exponential to 0.03": (exponential(to=0.03), "exponential(to=0.03)"),
}
IMAGES = (500, 1000, 2000, 5000, 10_000, 20_000)
STRENGTHS = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01)
START: dict[str, Any] = {
    "schedule": "linear to 0",
    "optimiser": "SGD",
    "images": 5000,
    "l2": 0.0,
    "dropout": 0.0,
    "shift": 0,
}


def remedy_controls(data: Dataset) -> dict[str, widgets.ValueWidget]:
    """The controls by the names of their settings; as many training images can be chosen as `data` has."""
    most = len(data.train)
    images = [*(count for count in IMAGES if count < most), most]
    return {
        "schedule": widgets.Dropdown(options=list(SCHEDULES), value=START["schedule"], description="rate over the run"),
        "optimiser": widgets.Dropdown(options=list(OPTIMISERS), description="optimiser"),
        "images": number(min(START["images"], most), images, min=100, description="training images"),
        "l2": number(START["l2"], STRENGTHS, description="L2"),
        "dropout": number(START["dropout"], even(0, 0.8, 0.05), description="dropout"),
        "shift": number(START["shift"], range(6), description="shift by up to"),
    }


def of_a_loop(settings: Mapping) -> dict[str, Any]:
    """What the settings of a form, if it has these controls, mean for a training.Loop."""
    if "optimiser" not in settings:
        return {}
    return {"optimiser": OPTIMISERS[settings["optimiser"]][0], "l2": settings["l2"], "shift": settings["shift"]}


def of_a_run(settings: Mapping) -> dict[str, Any]:
    """What they mean for a training.Training besides."""
    return {"schedule": SCHEDULES[settings["schedule"]][0]} if "schedule" in settings else {}


def in_notes(settings: Mapping) -> dict[str, str]:
    """What they are, for the table of runs and the names on the chart."""
    if "images" not in settings:
        return {}
    return {
        "images": f"{settings['images']:,}",
        "optimiser": settings["optimiser"],
        "schedule": settings["schedule"],
        "L2": f"{settings['l2']:g}",
        "dropout": f"{settings['dropout']:g}",
        "shift": f"{settings['shift']}",
    }


def as_arguments(settings: Mapping) -> str:
    """The arguments of `training.train` that they stand for, a line each."""
    if "optimiser" not in settings:
        return ""
    return (
        f"    optimiser={OPTIMISERS[settings['optimiser']][1]},\n    schedule={SCHEDULES[settings['schedule']][1]},\n"
        f"    l2={settings['l2']!r},\n    shift={settings['shift']!r},\n"
    )
