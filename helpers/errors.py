"""Errors about the reader's own work."""


class ReaderError(Exception):
    """A mistake in what the reader wrote or chose."""


class ReaderValueError(ReaderError, ValueError):
    """A value that cannot be used."""


class ReaderTypeError(ReaderError, TypeError):
    """Something of the wrong kind."""
