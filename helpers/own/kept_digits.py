"""The learner's own digits that a network took for another, kept among their own files."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from helpers import own_folder
from helpers.errors import ReaderValueError

FILE = "digits.npz"
MOST = 40  # digits; the oldest make room


@dataclass(frozen=True, eq=False)
class KeptDigit:
    """One digit. image: uint8 [28, 28]. meant: what its writer meant. taken_for: what each network said, by name."""

    image: np.ndarray
    meant: int
    taken_for: Mapping[str, int]

    @property
    def words(self) -> str:
        """What happened to it, as in "7, taken for a 1 by lesson 03"."""
        by = {said: [name for name, each in self.taken_for.items() if each == said] for said in self.taken_for.values()}
        wrong = [f"for {a(said)} by {', '.join(names)}" for said, names in by.items() if said != self.meant]
        return f"{self.meant}, taken {'; '.join(wrong)}" if wrong else f"{self.meant}, read rightly"


def a(digit: int) -> str:
    """A digit with its article."""
    return f"{'an' if digit == 8 else 'a'} {digit}"


def everything() -> list[KeptDigit]:
    """All digits that are kept, the oldest first. Raises ValueError, in words, if their file is damaged."""
    content = own_folder.kept(FILE)
    if content is None:
        return []
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            images, listed = file["images"], json.loads(str(file["listed"]))
        if images.dtype != np.uint8 or images.shape != (len(listed), 28, 28):
            raise ValueError(f"images {images.dtype} {list(images.shape)}")
        return [
            KeptDigit(image, int(meant), {str(name): int(said) for name, said in taken_for.items()})
            for image, (meant, taken_for) in zip(images, listed, strict=True)
        ]
    except (ValueError, KeyError, TypeError, AttributeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ReaderValueError(
            f"Your own digits cannot be read: {own_folder.folder().name}/{FILE} is damaged ({error!s:.60}). Delete it, "
            "or give it another name, and keep digits anew."
        ) from error


def forget(digit: KeptDigit) -> None:
    """Keep all the others, also those that another notebook has kept meanwhile."""
    digits = everything()
    known = digit.meant, dict(digit.taken_for)
    same = [
        place
        for place, each in enumerate(digits)
        if (each.meant, dict(each.taken_for)) == known and np.array_equal(each.image, digit.image)
    ]
    keep([each for place, each in enumerate(digits) if place not in same[:1]])


def keep(digits: list[KeptDigit]) -> None:
    """Keep these digits, the newest last, in place of those before. Raises OSError, in words, if it cannot be done."""
    digits = digits[-MOST:]
    file, listed = io.BytesIO(), json.dumps([[each.meant, dict(each.taken_for)] for each in digits])
    images = np.array([each.image for each in digits], np.uint8).reshape(-1, 28, 28)
    np.savez_compressed(file, images=images, listed=np.array(listed))
    own_folder.keep(FILE, file.getvalue())
