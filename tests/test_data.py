import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import data
from helpers.data import batches

TEST_LABELS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]  # as published with MNIST
TRAIN_LABELS = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]


@pytest.fixture
def altered_file(tmp_path, monkeypatch):
    """A function that makes a changed copy of the data file the one that is loaded."""

    def alter(change):
        file = tmp_path / "mnist.npz"
        file.write_bytes(change(bytearray(data.MNIST_FILE.read_bytes())))
        monkeypatch.setattr(data, "MNIST_FILE", file)
        return file

    return alter


def test_there_are_60000_images_to_learn_from_and_10000_to_judge_by(mnist):
    for split, examples in [(mnist.train, 60_000), (mnist.test, 10_000)]:
        assert len(split) == examples
        assert split.images.shape == (examples, 28, 28)
        assert split.labels.shape == (examples,)
        assert split.images.dtype == split.labels.dtype == np.uint8
    assert mnist.validation is None


def test_it_prints_as_what_it_is(mnist):
    assert repr(mnist) == (
        "train: 60,000 images of 28 × 28 pixels (uint8) with their labels\n"
        "test:  10,000 images of 28 × 28 pixels (uint8) with their labels"
    )
    assert "validation: 500 images" in repr(data.Dataset(mnist.train, mnist.test, mnist.train[:500]))


def test_pixels_run_from_paper_0_to_ink_255(mnist):
    assert mnist.train.images.min() == 0
    assert mnist.train.images.max() == 255
    assert 0.1 < np.mean(mnist.train.images > 0) < 0.3


def test_every_digit_has_its_published_share(mnist):
    assert np.bincount(mnist.test.labels).tolist() == TEST_LABELS
    assert np.bincount(mnist.train.labels).tolist() == TRAIN_LABELS


def test_nothing_can_be_overwritten(mnist):
    with pytest.raises(dataclasses.FrozenInstanceError):
        mnist.train = mnist.test
    with pytest.raises(dataclasses.FrozenInstanceError):
        mnist.train.labels = mnist.test.labels
    for array in (mnist.train.images, mnist.train.labels, mnist.test.images, mnist.test.labels, mnist.train[:5].images):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_validation_holds_out_a_sample_with_the_same_share_of_each_digit(mnist):
    held_out, again = data.load_mnist(validation=5000), data.load_mnist(validation=5000)
    assert (len(held_out.train), len(held_out.validation), len(held_out.test)) == (55_000, 5000, 10_000)
    assert np.array_equal(held_out.validation.images, again.validation.images)
    assert np.bincount(held_out.validation.labels) == pytest.approx(np.array(TRAIN_LABELS) / 12, abs=1)
    both = np.concatenate([held_out.train.images, held_out.validation.images])
    labels = np.concatenate([held_out.train.labels, held_out.validation.labels])
    assert sorted(_sums(both, labels)) == sorted(_sums(mnist.train.images, mnist.train.labels))


def _sums(images, labels):
    """A number for each image with its label, by which it can be told from the others."""
    return (images.reshape(len(images), -1) @ np.arange(1, 785)) * 10 + labels


def test_the_sample_comes_from_all_over_the_training_set(mnist):
    # The last images are by other writers and easier: held out, they would promise too much for the test set.
    held_out = data.load_mnist(validation=5000).validation
    sample = _sums(held_out.images, held_out.labels)
    places = np.flatnonzero(np.isin(_sums(mnist.train.images, mnist.train.labels), sample))
    assert np.histogram(places, 12, (0, 60_000))[0] == pytest.approx(np.full(12, 5000 / 12), rel=0.2)
    assert places[:5].tolist() == [20, 66, 68, 69, 73]  # the lessons' figures hang on this very sample


@pytest.mark.parametrize("validation", [-1, 60_000, 0.1, 5000.0, "5000", True, None])
def test_a_validation_that_makes_no_sense_is_answered_in_words(validation):
    with pytest.raises(ValueError, match="whole number from 0 to 59,999") as error:
        data.load_mnist(validation=validation)
    assert f"got {validation!r}" in str(error.value)


def test_a_slice_is_a_smaller_split_without_a_copy(mnist):
    part = mnist.train[100:300]
    assert len(part) == 200
    assert np.array_equal(part.labels, mnist.train.labels[100:300])
    assert np.shares_memory(part.images, mnist.train.images)


def test_asking_a_split_for_one_image_says_how(mnist):
    with pytest.raises(TypeError, match=r"takes a slice.*mnist\.train\.images\[7\]"):
        mnist.train[7]


def test_a_missing_file_is_named_with_the_cure(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "MNIST_FILE", tmp_path / "mnist.npz")
    with pytest.raises(data.DataError) as error:
        data.load_mnist()
    for words in (str(tmp_path / "mnist.npz"), "No such file", "git checkout -- "):
        assert words in str(error.value)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda packed: packed[: len(packed) // 2], id="cut in half"),
        pytest.param(lambda packed: packed[:1_000_000] + packed[1_000_001:], id="one byte missing"),
        pytest.param(lambda packed: packed[:-1000] + bytes([packed[-1000] ^ 1]) + packed[-999:], id="one byte altered"),
        pytest.param(lambda packed: b"", id="empty"),
        pytest.param(lambda packed: b"<html>404: not found</html>", id="a web page"),
    ],
)
def test_a_damaged_file_is_named_with_what_is_wrong_and_the_cure(altered_file, change):
    file = altered_file(change)
    with pytest.raises(data.DataError) as error:
        data.load_mnist()
    for words in (str(file), f"{file.stat().st_size:,} bytes", "SHA-256 sum differs", "cut short", "git checkout -- "):
        assert words in str(error.value)


def test_an_untouched_copy_of_the_file_loads(altered_file, mnist):
    altered_file(lambda packed: packed)
    assert np.array_equal(data.load_mnist().test.labels, mnist.test.labels)


def test_the_sum_is_stated_beside_the_data():
    assert data.MNIST_SHA256 in data.MNIST_FILE.with_name("MNIST.md").read_text(encoding="utf-8")


# --- Batches --------------------------------------------------------------------------------------------------------


@given(st.data(), st.integers(1, 60), st.integers(0, 2**32))
def test_every_example_comes_once_an_epoch(drawing, examples, seed):
    batch_size = drawing.draw(st.integers(1, examples))
    order = batches(examples, batch_size, seed)
    epochs = 3
    drawn = [next(order) for _ in range(-(-epochs * examples // batch_size))]
    assert all(len(batch) == batch_size for batch in drawn)
    stream = np.concatenate(drawn)[: epochs * examples].reshape(epochs, examples)
    assert (np.sort(stream, axis=1) == np.arange(examples)).all()


def test_a_batch_may_hold_the_end_of_one_epoch_and_the_start_of_the_next():
    order = batches(10, 4, seed=0)
    first, second, third = (next(order) for _ in range(3))
    assert len({*first, *second, *third[:2]}) == 10


def test_each_epoch_and_each_seed_is_shuffled_differently():
    order, other = batches(100, 100, seed=0), batches(100, 100, seed=1)
    first, second = next(order), next(order)
    assert not np.array_equal(first, np.arange(100))
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, next(other))


def test_a_split_is_compared_and_kept_by_what_it_is_not_by_its_pixels(mnist):
    one, other = mnist.train[:5], mnist.train[:5]
    assert one == one and one != other
    assert len({one, other, data.Dataset(one, other), data.Dataset(one, other)}) == 4


def test_the_labels_are_the_ten_digits(mnist):
    assert set(mnist.train.labels) == set(range(data.CLASSES))


def test_a_single_image_may_be_held_out_or_all_but_one():
    assert len(data.load_mnist(validation=1).validation) == 1
    assert len(data.load_mnist(validation=59_999).train) == 1


# --- Data of one's own ----------------------------------------------------------------------------------------------


def own(n=60, classes=3, side=(5, 4)):
    random = np.random.default_rng(0)
    labels = np.arange(n) % classes
    return (random.integers(0, 50, (n, *side)) + 60 * labels[:, None, None]).astype(np.uint8), labels


def test_arrays_of_ones_own_make_a_dataset_with_a_sixth_to_judge_by():
    images, labels = own()
    dataset = data.from_arrays(images, labels, validation=6)
    assert (len(dataset.train), len(dataset.test), len(dataset.validation), dataset.classes) == (44, 10, 6, 3)
    assert np.bincount(dataset.validation.labels).tolist() == [2, 2, 2]
    images[:] = 0
    assert dataset.train.images.any()  # a copy, which nobody can change


def test_test_arrays_of_ones_own_are_taken_as_they_are():
    images, labels = own()
    dataset = data.from_arrays(images[:50], labels[:50], images[50:], labels[50:])
    assert np.array_equal(dataset.train.images, images[:50]) and np.array_equal(dataset.test.labels, labels[50:])
    assert dataset.validation is None


IMAGES, LABELS = own()
MISTAKES = {
    "rows": ((IMAGES.reshape(60, 20), LABELS), r"images.reshape\(n, height, width\)"),
    "colours": ((IMAGES[..., None].repeat(3, axis=3), LABELS), r"images.mean\(axis=-1\)"),
    "shares": ((IMAGES / 255, LABELS), r"astype\(np.uint8\)"),
    "one-hot": ((IMAGES, np.eye(3)[LABELS]), r"labels.argmax\(axis=1\)"),
    "too few labels": ((IMAGES, LABELS[1:]), "one label for each of the 60"),
    "names": ((IMAGES, np.array(["cat", "dog", "cow"] * 20)), "return_inverse"),
    "below 0": ((IMAGES, LABELS - 1), "whole numbers from 0"),
    "above 255": ((IMAGES, LABELS + 254), "whole numbers from 0 to 255"),
    "halves": ((IMAGES, LABELS / 2), "whole numbers from 0"),
    "one class": ((IMAGES, LABELS * 0), "two classes"),
    "none": ((IMAGES[:0], LABELS[:0]), "no training images"),
    "another class in the test": ((IMAGES, LABELS, IMAGES, LABELS + 1), "does not have"),
    "another size in the test": ((IMAGES, LABELS, IMAGES[:, 1:], LABELS), "one size"),
    "test labels missing": ((IMAGES, LABELS, IMAGES), "one label"),
}


@pytest.mark.parametrize(("arrays", "words"), MISTAKES.values(), ids=MISTAKES)
def test_arrays_that_cannot_be_trained_on_are_answered_in_words(arrays, words):
    with pytest.raises(ValueError, match=words):
        data.from_arrays(*arrays)


@pytest.mark.parametrize("validation", [-1, 50, 0.5, True])
def test_too_much_validation_of_ones_own_is_answered_in_words(validation):
    with pytest.raises(ValueError, match="from 0 to 49"):
        data.from_arrays(IMAGES, LABELS, validation=validation)


def test_unpacked_arrays_are_mapped_and_are_the_same(mnist, tmp_path, monkeypatch):
    """What is mapped is no memory of this process: the system shares it among all that map the file."""
    folder = tmp_path / "not" / "made yet"
    data.unpack(folder)
    monkeypatch.setenv(data.UNPACKED, str(folder))
    mapped = data.load_mnist()
    for ours, theirs in ((mapped.train, mnist.train), (mapped.test, mnist.test)):
        assert np.array_equal(ours.images, theirs.images) and np.array_equal(ours.labels, theirs.labels)
        assert isinstance(ours.images.base.base, np.memmap)
        assert data.aligned(ours.images) is ours.images  # TensorFlow computes on it where it is
    assert len(data.load_mnist(validation=5000).train) == 55_000
    before = (folder / "x_train.npy").read_bytes()
    mapped.train.images.base[:100] = 1  # by force: what one kernel writes stays its own
    assert (folder / "x_train.npy").read_bytes() == before
    data.unpack(folder)  # again, as at the next start, while somebody has it mapped
    assert np.array_equal(data.load_mnist().train.images, mnist.train.images)


def test_an_unpacked_folder_that_lacks_something_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv(data.UNPACKED, str(tmp_path / "gone"))
    with pytest.raises(data.DataError, match=r"LESSONS_UNPACKED names .*gone, which cannot be read"):
        data.load_mnist()


@pytest.mark.parametrize("order", [[0, 1, 2, 2], [0, 1, 2, 4], [0, 1, 2], [[0, 1], [2, 3]]])
def test_an_order_that_loses_pixels_is_answered_in_words(order):
    images, labels = own(side=(2, 2))
    with pytest.raises(ValueError, match="order should name each of the 4 pixels once"):
        data.rearranged(data.from_arrays(images, labels), order)


def test_pixels_are_rearranged_the_same_way_in_every_image():
    images, labels = own(side=(2, 2))
    dataset = data.from_arrays(images, labels, validation=6)
    turned = data.rearranged(dataset, [3, 2, 1, 0])
    for name in ("train", "test", "validation"):
        ours, theirs = getattr(turned, name), getattr(dataset, name)
        assert np.array_equal(ours.images, theirs.images[:, ::-1, ::-1]) and np.array_equal(ours.labels, theirs.labels)
