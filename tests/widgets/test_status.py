"""What a lab says of itself."""

from helpers.labs.controls import error_in_html
from helpers.widgets.status import Status


def test_it_takes_the_place_of_a_line_of_html():
    status, seen = Status("Ready."), []
    status.observe(lambda change: seen.append(change["new"]), names="value")
    assert status.value == "Ready." and not status.is_alert
    status.value = "<b>Training</b>"
    assert seen == ["<b>Training</b>"]
    assert status.get_state()["value"] == "<b>Training</b>"


def test_an_error_is_an_alert():
    status = Status()
    status.value = error_in_html(ValueError("no luck"))
    assert status.is_alert
