"""The benchmarks' tables: each is printed as soon as it is known."""

import sys

import pytest

from benchmarks import __main__ as bench


class Figures(dict):
    """What any contender may report."""

    def __missing__(self, figure):
        return 1.0


def test_what_was_measured_is_printed_where_the_playground_finds_no_browser(monkeypatch, capsys):
    def contender(module, _environment, *_arguments):
        if module == "playground":
            sys.exit("benchmarks/playground.py failed:\nno browser")
        return Figures()

    monkeypatch.setattr(bench, "contender", contender)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--rounds", "2"])
    with pytest.raises(SystemExit, match="no browser"):
        bench.main()
    printed = capsys.readouterr().out
    assert "median of 2 rounds" in printed and "loading MNIST, s" in printed and "live chart, 7 pairs" in printed
    assert "playground" not in printed
