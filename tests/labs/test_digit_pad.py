"""The digit pad without a page: what it says of its ink, what it keeps, what it draws."""

import numpy as np
import pytest

from helpers import networks, training
from helpers.labs.digit_pad import NO_NETWORK, DigitPad
from helpers.own import handwriting, kept_digits, kept_networks
from helpers.plots import handwriting as pictures


@pytest.fixture(scope="module")
def trained(mnist):
    network = networks.Network(networks.Design(hidden=(40,), activation="ReLU", initialisation="He"))
    training.train(network, mnist, learning_rate=0.3, steps=1000)
    return network


@pytest.fixture
def pad(trained):
    kept_networks.keep(trained, "lesson 03")
    return DigitPad()


def ink_comes(pad, image):
    """As from the page, whose bytes are a view of memory."""
    pad.view.set_state({"ink": memoryview(handwriting.on_pad(image).tobytes())})


def wishes(pad, wish, number=0):
    pad.view._handle_custom_msg({"wish": wish, "number": number}, [])


def test_it_reads_what_is_drawn_as_its_network_does(pad, mnist, trained):
    right = 0
    for image, label in zip(mnist.test.images[:200], mnist.test.labels[:200], strict=True):
        ink_comes(pad, image)
        (answer,) = pad.view.answers
        right += np.argmax(answer["probabilities"]) == label
        assert answer["probabilities"] == pytest.approx(pad.answers["lesson 03"].tolist())
        assert pad.view.image == image.tobytes()
    predicted = trained(mnist.test.images[:200].reshape(-1, 784).astype(np.float32) / 255).numpy().argmax(axis=1)
    assert right == np.sum(predicted == mnist.test.labels[:200]) > 180
    assert pad.view.words == pictures.in_words(pad.answers) == pad.view.alt


def test_it_begins_with_the_same_test_digit_and_has_a_still_with_words(pad):
    assert pad.view.example and pad.image.any()
    np.testing.assert_array_equal(pad.image, DigitPad().image)
    words = pad.picture().words
    assert words.startswith("A digit of 28 × 28 pixels") and "lesson 03 reads a" in words


def test_without_ink_or_network_it_says_what_to_do(pad, mnist):
    ink_comes(pad, np.zeros((28, 28), np.uint8))
    assert pad.view.words == "The pad is empty: draw a digit." and not any(pad.view.answers[0]["probabilities"])
    assert pad.picture().words
    assert DigitPad(networks={}).view.words == NO_NETWORK


def test_a_network_that_is_kept_meanwhile_is_there_once_the_pad_is_cleared(pad, trained):
    kept_networks.keep(trained, "my own")
    ink_comes(pad, np.zeros((28, 28), np.uint8))
    assert [each["name"] for each in pad.view.answers] == ["lesson 03", "my own"]


def test_where_it_lies_and_how_large_it_is_matters_once_it_is_not_centred(pad, mnist):
    ink_comes(pad, np.roll(mnist.test.images[0], 4, axis=1))
    centred = pad.view.image
    pad.view.set_state({"centred": False})
    assert centred == mnist.test.images[0].tobytes() != pad.view.image
    assert pad.view.image == np.roll(mnist.test.images[0], 4, axis=1).tobytes()


def test_a_small_digit_is_told_to_be_small(pad):
    ink = np.zeros((112, 112), np.uint8)
    ink[50:80, 50:60] = 255
    pad.view.set_state({"ink": memoryview(ink.tobytes())})
    assert "It is drawn small" in pad.view.words


def test_a_misread_digit_is_kept_shown_explained_and_forgotten(pad, mnist):
    ink_comes(pad, mnist.test.images[0])  # a 7
    for meant in (1, 7):
        wishes(pad, "meant", meant)
    assert pad.view.kept == ["1, taken for a 7 by lesson 03", "7, read rightly"]
    assert pad.view.kept_images == 2 * mnist.test.images[0].tobytes()
    another = DigitPad()  # in another lesson, on another day
    assert another.view.kept == pad.view.kept

    words = pictures.changes(another.digits, another.networks).words
    assert words.startswith("2 digits that are kept, the latest first. 7, read rightly: every network")
    assert "lesson 03 reads a 1 in place of a 7." in words
    wishes(another, "again", 0)
    np.testing.assert_array_equal(another.image, mnist.test.images[0])
    wishes(another, "forget", 0)
    assert another.view.kept == ["7, read rightly"] == [each.words for each in kept_digits.everything()]
    wishes(pad, "meant", 4)
    wishes(another, "forget", 0)  # what another notebook has kept meanwhile stays
    assert [each.meant for each in kept_digits.everything()] == [4]
    wishes(another, "again", 7)  # of a page that lags behind
    assert "error" not in another.status.value


def test_an_empty_pad_is_not_kept_and_the_reader_is_told(pad):
    ink_comes(pad, np.zeros((28, 28), np.uint8))
    wishes(pad, "meant", 3)
    assert "There is nothing on the pad" in pad.status.value and kept_digits.everything() == []


def test_the_oldest_digits_make_room(pad, mnist):
    digits = [kept_digits.KeptDigit(image, 0, {"lesson 03": 1}) for image in mnist.test.images[: kept_digits.MOST + 3]]
    kept_digits.keep(digits)
    kept = kept_digits.everything()
    assert len(kept) == kept_digits.MOST
    np.testing.assert_array_equal(kept[0].image, mnist.test.images[3])
    assert f"{kept_digits.MOST - pictures.SHOWN} older ones are not shown" in pictures.changes(kept, {}).words


def test_a_damaged_file_of_digits_is_told_in_words(pad, empty_own_folder):
    (empty_own_folder / kept_digits.FILE).write_bytes(b"cut off")
    with pytest.raises(ValueError, match=r"work/digits.npz is damaged.*Delete it"):
        kept_digits.everything()
    assert "digits.npz is damaged" in DigitPad().status.value


def test_a_folder_where_nobody_may_write_is_told_in_words(pad, monkeypatch, tmp_path):
    (tmp_path / "a file").touch()
    monkeypatch.setenv("LESSONS_WORK", str(tmp_path / "a file" / "work"))
    wishes(pad, "meant", 3)
    assert "cannot be written" in pad.status.value


def test_what_a_digit_was_taken_for_is_said_network_by_network():
    digit = kept_digits.KeptDigit(np.zeros((28, 28), np.uint8), 7, {"a": 1, "b": 7, "c": 8, "d": 1})
    assert digit.words == "7, taken for a 1 by a, d; for an 8 by c"
