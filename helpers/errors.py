"""Errors about the reader's own work: each message is a sentence that says what was expected, and usually the cure.

They are the errors that Python would raise for the same mistake as well, so that `except ValueError` catches them. A
lab shows them without a traceback in view; any other error is a fault of this project.
"""


class ReaderError(Exception):
    """Something that the reader can put right, said in words."""


class ReaderValueError(ReaderError, ValueError):
    """A value that makes no sense where it was given."""


class ReaderTypeError(ReaderError, TypeError):
    """Something of another kind than is needed."""
