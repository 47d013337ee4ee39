"""Errors about the reader's own work: each message is a sentence that says what was expected, and usually the cure.

They are the errors that Python would raise for the same mistake as well, so that `except ValueError` catches them. A
notebook shows the sentence and the reader's own line, and folds the traceback below; a lab does likewise. Any other
error is a fault of this project, or none of its business, and is shown as Python shows it.
"""

import html
import linecache
import sys
import textwrap
import traceback
from collections.abc import Iterator

WIDTH = 88  # letters in a line of the block: JupyterLab would break longer ones in the middle of a word
RED, BLACK = "\x1b[31m", "\x1b[39m"  # as notebooks colour the name of any error


class ReaderError(Exception):
    """Something that the reader can put right, said in words."""

    def _render_traceback_(self) -> list[str]:
        """The lines that IPython shows for it: of the reader's mistake rather than of our insides."""
        from IPython import get_ipython  # here, since plain Python shows the ordinary traceback without it

        shell = get_ipython()
        asked_for = sys.exc_info()[1] is not self  # by %tb, after it was shown
        if asked_for or not hasattr(shell, "kernel"):
            return shell.InteractiveTB.structured_traceback(type(self), self, self.__traceback__)
        _show_after_the_cell(folded(self))
        said = f"{name_of(self)}: {self}".splitlines()
        block = [line for each in said for line in textwrap.wrap(each, WIDTH, break_long_words=False)]
        block[0] = RED + block[0].replace(":", BLACK + ":", 1)
        return block + _line_of_reader(self)


class ReaderValueError(ReaderError, ValueError):
    """A value that makes no sense where it was given."""


class ReaderTypeError(ReaderError, TypeError):
    """Something of another kind than is needed."""


class ReaderOSError(ReaderError, OSError):
    """A file or a folder that cannot be read or written."""


def name_of(error: BaseException) -> str:
    """What an error is called on the page: ours are named like the error of Python's that they are."""
    return type(error).__name__.removeprefix("Reader")


def folded(error: BaseException) -> str:
    """The whole traceback of an error as HTML: one line, which unfolds when it is clicked."""
    lines = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return f"<details><summary>Where it happened</summary><pre>{html.escape(lines)}</pre></details>"


def _show_after_the_cell(fold: str) -> None:
    """Show HTML below the error, which is not yet on its way when IPython asks how to show it."""
    from IPython import get_ipython
    from IPython.display import HTML, display

    events = get_ipython().events

    def show() -> None:
        events.unregister("post_execute", show)
        display(HTML(fold))

    events.register("post_execute", show)


def _line_of_reader(error: BaseException) -> list[str]:
    """The line of the notebook that an error is about, as lines to show; none if no cell took part in it.

    It is the innermost one: of a model that failed in training, the line in the model.
    """
    from IPython import get_ipython

    lines = []
    for cause in _causes(error):
        for frame, number in traceback.walk_tb(cause.__traceback__):
            file = frame.f_code.co_filename
            cell = get_ipython().compile.format_code_name(file)  # ("Cell", "In[3]"), or None for any other file
            if cell:
                lines = ["", f"{cell[1]}, line {number}:", f"    {linecache.getline(file, number).strip()}"]
    return lines


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, then what it was raised from, and so on."""
    cause: BaseException | None = error
    while cause:
        yield cause
        cause = cause.__cause__
