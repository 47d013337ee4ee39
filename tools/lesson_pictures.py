"""Make README's pictures, one for each lesson, from what the lessons have stored: `python -m tools.lesson_pictures`."""

import base64
import io
import sys
from pathlib import Path

from PIL import Image

from tools import lessons

# For each lesson what stands in the words of its picture; of several the last is taken.
CHOSEN = {
    "00": "50 handwritten digits",
    "01": "Ten weight images",
    "02": "Share of saturated activations",
    "03": "validation accuracy, each at its own rate",
    "04": "Weights into the hidden units",
    "05": "Ten maps. 2-8-8-8-1",
    "06": "Accuracy on held-out images by width",
    "07": "Two paths lead from w",
    "08": "4 hidden units with their weights",
    "09": "stopped early: accuracy",
    "10": "Feature maps of one digit",
}
SIZE = (300, 190)  # pixels, at most
TARGET = lessons.NOTEBOOKS.parent / "images"
COLOURS = 48


def pictures(path: Path) -> dict[str, Image.Image]:
    """The pictures that a lesson has stored, by their words."""
    found = {}
    for cell in lessons.read(path).cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                packed = base64.b64decode(data["image/png"])
                found[" ".join(data["text/plain"].split())] = Image.open(io.BytesIO(packed)).convert("RGB")
    return found


def main() -> None:
    """Write one small picture for each lesson that has one chosen. Ends in words if a lesson no longer has it."""
    for number, words in CHOSEN.items():
        (path,) = (each for each in lessons.paths() if each.name.startswith(number))
        stored = pictures(path)
        chosen = [picture for said, picture in stored.items() if words in said]
        if not chosen:
            sys.exit(f"{path.name} has no picture with “{words}” among its words, but {list(stored)}.")
        small = chosen[-1].copy()
        small.thumbnail(SIZE, Image.Resampling.LANCZOS)
        TARGET.mkdir(exist_ok=True)
        target = TARGET / f"lesson-{number}.png"
        small.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
        print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
