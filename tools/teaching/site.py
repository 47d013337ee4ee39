"""`make site`: the lessons as pages that can be read without installing anything, with search, a glossary and words.

`make slides` is made here too. Both are written by Sphinx, with all that they need beside them: they open from a
folder, a stick or any web server, and ask the network for nothing.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from tools import lessons
from tools.teaching import copies, slides

WEB = Path(__file__).with_name("web")
INDEX = """# Dense networks by touch

Lessons in which you learn how dense neural networks work by touching them. These pages are for reading: you see what
every cell showed when it was run. To train the networks yourself, move the sliders and have your exercises answered,
set the notebooks up as their README says.

```{{toctree}}
:maxdepth: 1

{names}
```
"""


def write(source: Path) -> None:
    """Write the lessons, their pictures and a first page into a new folder for Sphinx."""
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    copies.copy_what_lessons_show(source)
    pages = []
    for path in lessons.paths():
        lesson = lessons.read(path)
        pages.append(f"{path.stem[:2]} {lessons.title(lesson)} <{path.stem}>")
        for cell in lesson.cells:
            cell.metadata.pop("teaching", None)
        nbformat.write(lesson, source / path.name)
    pages += [path.stem for path in sorted(source.glob("*.md"))]
    (source / "index.md").write_text(INDEX.format(names="\n".join(pages)), encoding="utf-8")


def build(kind: str) -> Path:
    """Make the site or the slides, anew, and return where they are. Raises CalledProcessError if Sphinx complains."""
    source, target = copies.BUILD / f"{kind}-source", copies.BUILD / kind
    shutil.rmtree(target, ignore_errors=True)
    (slides.write if kind == "slides" else write)(source)
    builder = "revealjs" if kind == "slides" else "html"
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-b",
        builder,
        "-c",
        str(WEB),
        "-q",
        "-W",
        "--keep-going",
        "-E",
        "-t",
        kind,
    ]
    subprocess.run([*command, "-d", str(copies.BUILD / f"{kind}-doctrees"), str(source), str(target)], check=True)
    return target


def main(words: list[str]) -> None:
    """Make what the word names, and say how to look at it."""
    target = build(words[0])
    print(f"Open {target.relative_to(Path.cwd()) / 'index.html'} in a browser.")


if __name__ == "__main__":
    main(sys.argv[1:])
