"""The form of a lab: settings at once or not at all, and a state text that is taken as it is or answered in words."""

import json

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import ReaderError
from helpers.labs.form import Form
from helpers.labs.form_box import FormBox
from helpers.labs.network_form import PRESETS, network_form
from helpers.labs.playground_form import playground_form
from helpers.widgets.number_slider import NumberSlider, decades
from helpers.widgets.playground_view import PlaygroundView

FORMS = {
    "lab": lambda state=None: network_form(PRESETS, "lesson 02", state),
    "playground": lambda state=None: playground_form(PlaygroundView(), "8 neurons", state),
}
LONGEST = 320
both = pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)


@both
def test_a_state_text_brings_back_every_setting(make):
    form = make()
    form.set(hidden=(3, 7), learning_rate=0.05, seed=4)
    form.hidden_names = ("seed",)
    again = make(form.to_json())
    assert (again.settings, again.hidden_names) == (form.settings, ("seed",))
    assert again.to_json() == form.to_json()


WRONG = {
    "a list": ("[1]", "state should be"),
    "null": ("null", "state should be"),
    "a number": ("5", "state should be"),
    "a word": ('"ReLU"', "state should be"),
    "no JSON": ("{'hidden': [5]}", "state should be"),
    "nothing": ("", "state should be"),
    "no text": ({"hidden": [5]}, "which is no text"),
    "None inside": (json.dumps({"seed": None}), "seed can be"),
    "a number for a list": ('{"hidden": 5}', "hidden can be"),
    "a number for names to hide": ('{"hide": 5}', "cannot hide 5"),
    "a number among names to hide": ('{"hide": [5]}', "cannot hide"),
    "an unknown name to hide": ('{"hide": ["colour"]}', "cannot hide"),
    "an unknown setting": ('{"colour": "blue"}', "no setting 'colour'"),
    "true as a number": ('{"learning_rate": true}', "learning_rate can be"),
    "true as a seed": ('{"seed": true}', "seed can be"),
    "true among layers": ('{"hidden": [true]}', "hidden can be"),
    "text as a number": ('{"learning_rate": "0.1"}', "learning_rate can be"),
    "half a neuron": ('{"hidden": [2.5]}', "hidden can be"),
    "NaN": ('{"learning_rate": NaN}', "learning_rate can be"),
    "Infinity": ('{"learning_rate": Infinity}', "learning_rate can be"),
    "too large a number": ('{"seed": 1e99}', "seed can be"),
    "a number with thirty zeros": ('{"learning_rate": 1%s}' % ("0" * 30), "got 10000000...000000000"),
    "a name twice": ('{"seed": 1, "seed": 2}', "'seed' twice"),
    "deep nesting": ('{"hidden": ' + "[" * 100_000 + "]" * 100_000 + "}", "brackets within brackets"),
    "a little nesting": ('{"hidden": ' + "[" * 50 + "]" * 50 + "}", "hidden can be"),
    "a key of 10 MB": (json.dumps({"x" * 10_000_000: 1}), "no setting 'xxx"),
    "a value of 10 MB": (json.dumps({"activation": "x" * 10_000_000}), "activation can be"),
    "a number of many digits": ('{"seed": ' + "9" * 10_000 + "}", ""),
}


@both
@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG)
def test_any_other_text_is_answered_in_one_short_sentence_and_changes_nothing(make, text, words):
    form = make()
    before = form.to_json()
    with pytest.raises(ReaderError) as answer:
        form.from_json(text)
    said = str(answer.value)
    assert words in said
    assert len(said) <= LONGEST and "\n" not in said
    assert isinstance(answer.value, ValueError | TypeError)
    assert form.to_json() == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = ("hidden", "features", "activation", "std", "learning_rate", "batch_size", "steps", "seed", "hide", "noise")


@settings(max_examples=60)  # each makes a form
@given(st.sampled_from(list(FORMS)), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=2))
def test_whatever_is_taken_is_what_the_form_then_holds(name, state):
    form = FORMS[name]()
    try:
        form.from_json(json.dumps(state))
    except (ValueError, TypeError) as answer:
        assert isinstance(answer, ReaderError) and len(str(answer)) <= LONGEST
        return
    held = json.loads(form.to_json())
    assert {setting: held.get(setting, []) for setting in state} == state


def test_several_settings_are_told_as_one_change_and_none_if_one_of_them_is_wrong():
    form, told = FORMS["playground"](), []
    form.on_change = told.append
    form.set(hidden=(3,), noise=0.2, seed=form.settings["seed"])
    assert told == [{"hidden", "noise"}]
    with pytest.raises(ValueError):
        form.set(noise=0.3, hidden=(99,))
    assert told == [{"hidden", "noise"}] and form.settings["noise"] == 0.2


@pytest.mark.parametrize(
    ("name", "hidden", "kept", "offered"),
    [
        ("playground", {"features": ["x1", "x2"]}, ("x1", "x2"), ["8 neurons", "3 layers of 8", "44 neurons"]),
        ("playground", {"features": ["x1"]}, ("x1",), []),
        ("lab", {"hidden": [100]}, (100,), ["lesson 04"]),
    ],
)
def test_no_preset_turns_on_what_a_handout_hides(name, hidden, kept, offered):
    setting = next(iter(hidden))
    form = FORMS[name](json.dumps({**hidden, "hide": [setting]}))
    assert form.offered_presets == offered
    for preset in form.presets:
        form.use_preset(preset)
        assert form.settings[setting] == kept, preset
    assert form.settings["learning_rate"] == (form.start | form.presets[preset])["learning_rate"]


def test_a_value_between_the_stops_is_held_exactly_however_it_comes():
    form = FORMS["lab"]()
    for rate in (0.301995172040201, 0.07):
        form.from_json(json.dumps({"learning_rate": rate, "steps": 250}))
        assert json.loads(form.to_json())["learning_rate"] == rate
        assert form.settings["steps"] == 250
    form.use_preset("lesson 03")
    assert form.settings["learning_rate"] == 0.3


def test_layers_keep_their_room_when_there_are_fewer():
    form = FORMS["lab"]()
    form.set(hidden=(3,))
    widths = form.controls["hidden"].widths
    assert [width.layout.visibility for width in widths] == ["visible"] + ["hidden"] * 5
    assert {width.layout.display for width in widths} == {None}
    assert "neurons in layer 2" not in form.knobs()


def test_what_is_folded_up_says_how_it_is_set_and_how_much_of_it_is_not_as_at_the_start():
    form, pace = FORMS["lab"](), widgets.Dropdown(options={"fast": 0, "slow": 1}, value=0, description="pace")
    box = FormBox(form, {"pace": pace})
    assert box.more.label == "More settings: batch size 100, seed 0, pace fast"
    form.set(seed=7, batch_size=1000)
    assert box.more.label == "More settings (2 changed): batch size 1,000, seed 7, pace fast"
    form.use_preset("lesson 03")
    pace.value = 1
    assert box.more.label == "More settings (1 changed): batch size 100, seed 0, pace slow"
    hiding = FormBox(FORMS["lab"]('{"seed": 3, "hide": ["seed"]}'), {"pace": pace})
    assert hiding.more.label == "More settings: batch size 100, pace slow"


@both
def test_whole_numbers_may_come_as_json_or_numpy_writes_them(make):
    form = make()
    form.from_json('{"hidden": [8.0, 3], "seed": 3.0}')
    assert form.to_json() == make('{"hidden": [8, 3], "seed": 3}').to_json()
    form.set(hidden=(np.int64(7),), seed=np.int32(5))
    assert json.loads(form.to_json())["hidden"] == [7] and form.settings["hidden"] == (7,)


def test_numbers_of_numpy_are_numbers():
    form = FORMS["lab"]()
    form.set(hidden=(np.int64(3),), learning_rate=np.float32(0.5), steps=np.int64(1000))
    assert form.settings["hidden"] == (3,) and form.settings["learning_rate"] == 0.5


def test_turning_the_widgets_of_the_layers_is_one_change_each():
    form, told = FORMS["lab"](), []
    form.on_change = told.append
    layers = form.controls["hidden"]
    layers.depth.value = 2
    layers.widths[1].value = 3
    layers.widths[0].value = 40
    assert form.settings["hidden"] == (40, 3)
    assert told == [{"hidden"}] * 3


def test_a_slider_whose_value_is_just_arriving_as_a_whole_number_still_takes_a_fraction():
    rate = NumberSlider(0.5, decades(0.0001, 10), description="learning rate")
    form = Form({"rate": rate}, start={"rate": 0.5})
    with rate.hold_trait_notifications():
        rate.value = 10  # as the page sends it, not yet checked
        assert form.schema()["properties"]["rate"]["type"] == "number"
