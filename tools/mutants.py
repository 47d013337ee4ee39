"""Change one token of the numerical core, run that module's own tests, see whether they notice: `make mutants`.

Of all such changes a seeded sample is tried. Results are kept in build/mutants.txt, so that an interrupted run goes on
where it stopped, and an edit lets only its own module be tried anew. It needs fork, so Linux or macOS. No library
fits: cosmic-ray, mutmut and mutatest start TensorFlow anew for each change, or write the change to the work tree.
"""

import argparse
import ast
import functools
import hashlib
import importlib.util
import itertools
import keyword
import os
import resource
import signal
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = Path(__file__).resolve().parent.parent
CORE = [
    "data",
    "history",
    "claims",
    "toy_data",
    "activations",
    "initialisations",
    "small_designs",
    "small_networks",
    "numpy_training",
    "networks",
    "layer_statistics",
    "argument_checks",
    "setting_checks",
    "optimisers",
    "compiled_loop",
    "training",
]
TESTS = "tests/test_{}.py"
ALSO = {  # tests that hold a module to what another's are about
    "compiled_loop": ["tests/test_training.py"],  # every step is NumPy's
    "training": ["tests/test_optimisers.py"],  # and Keras'
    "setting_checks": ["tests/test_numpy_training.py"],  # which gives epochs, not steps
    "networks": ["tests/test_compiled_loop.py"],  # dropout acts in steps, and only there
}
SEED, SAMPLE, ENOUGH = 8, 300, 0.9
CHILDREN = 2  # at a time, each on one core: TensorFlow and NumPy read these as they are imported
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
PRELOADED = "helpers hypothesis ipywidgets keras.layers matplotlib.pyplot nbformat pytest tensorflow threadpoolctl"
PYTEST = ["-x", "-q", "-p", "no:cacheprovider", "-p", "pytest_timeout", "-o", "addopts=", "-o", "timeout=120"]
# What may stand in a token's place:
SIGNS = "+ -|- +|* /|/ *|** *|// /|% *|+= -=|-= +=|*= /=|/= *=|== !=|!= ==|< <= >|<= < >=|> >= <|>= > <="
OPERATORS = {"&": ["|"], "|": ["&"]} | {sign: others for sign, *others in map(str.split, SIGNS.split("|"))}
WORDS = {"and": "or", "or": "and", "not": "", "is": "is not", "True": "False", "False": "True"}
PAIRS = "min max|any all|mean sum|reduce_mean reduce_sum|maximum minimum|argmax argmin|zeros ones|sin cos"
CALLED = dict(pair for one, two in map(str.split, PAIRS.split("|")) for pair in ((one, two), (two, one)))


class Change(NamedTuple):
    """One token changed: the line before and after, as mutants.toml knows it, and where; and all text after it."""

    module: str
    line: str
    becomes: str
    number: int
    text: str

    @property
    def key(self) -> str:
        """What its result is kept under: a sum over the changed text and the tests."""
        tests = b"".join(Path(file).read_bytes() for file in tests_of(self.module))
        return hashlib.sha256(self.text.encode() + tests).hexdigest()


def tests_of(module: str) -> list[str]:
    """The files with a module's own tests."""
    return [TESTS.format(module), *ALSO.get(module, [])]


def left_alone(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """From where to where nothing is changed: errors and their words, f-strings, annotations, and `strict=`."""
    for node in ast.walk(ast.parse(text)):
        spared = isinstance(node, ast.Raise | ast.JoinedStr) or getattr(node, "arg", None) == "strict"
        parts = (spared and node, getattr(node, "annotation", None), getattr(node, "returns", None))
        for part in filter(None, parts):
            yield (part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)


def others(before: tokenize.TokenInfo, token: tokenize.TokenInfo, after: tokenize.TokenInfo) -> list[str]:
    """What may stand in a token's place, given its neighbours."""
    word, follows = token.string, after.string
    if token.type == tokenize.NUMBER:
        if not word.replace("_", "").isdecimal():
            return [repr(float(ast.literal_eval(word)) / 2 or 1.0)]
        return [str(int(word) + 1)] + ["0"] * (word == "1")
    if word in CALLED and follows == "(":
        return [CALLED[word]]
    if word in WORDS and (word, follows) != ("is", "not"):
        return [WORDS[word]]
    a_value = before.type in (tokenize.NUMBER, tokenize.NAME) or before.string in (")", "]")
    if not a_value or keyword.iskeyword(before.string):  # an operator with one side only: a sign, or a star
        return [""] if word == "-" else []
    texts_or_types = "STRING" in tokenize.tok_name[after.type] or (word in "&|" and before.string != ")")
    return [] if texts_or_types else OPERATORS.get(word, [])


def changes(module: str) -> Iterator[Change]:
    """Every change of one token that we can think of."""
    text = Path(f"helpers/{module}.py").read_text("utf-8")
    lines, spared = text.splitlines(keepends=True), list(left_alone(text))
    tokens = list(tokenize.generate_tokens(iter(lines).__next__))
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        (number, column), line = token.start, token.line
        if not any(start <= (number, len(line[:column].encode())) < end for start, end in spared):  # ast counts bytes
            for other in others(before, token, after):
                changed = line[:column] + other + line[token.end[1] :]
                whole = "".join([*lines[: number - 1], changed, *lines[number:]])
                yield Change(module, line.strip(), changed.strip(), number, whole)


def start(module: str, text: str, output: int, seconds: int) -> int:
    """Run a module's tests on another text of it, in a child that has TensorFlow already; return the child's id."""
    if child := os.fork():
        return child
    status = 1
    try:
        os.dup2(output, 1)
        os.dup2(output, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))  # a busy machine does not use them up
        pytest = importlib.import_module("pytest")
        # A process that a test starts would run the text on disk.
        subprocess.Popen.__init__ = lambda *_, **__: pytest.skip("a process of its own")  # type: ignore[method-assign]
        spec = importlib.util.find_spec(f"helpers.{module}")
        assert spec and spec.origin
        sys.modules[spec.name] = changed = importlib.util.module_from_spec(spec)
        exec(compile(text, spec.origin, "exec"), changed.__dict__)
        status = pytest.main([*PYTEST, *tests_of(module)])
        sys.stdout.flush()
    finally:
        os._exit(status)


@functools.cache
def seconds_allowed(module: str) -> int:
    """Three times the processor's time that a module's own tests take; ends the tool if they fail."""
    text = Path(f"helpers/{module}.py").read_text("utf-8")
    print(f"The tests of {module}, before anything is changed:", flush=True)
    _, status, used = os.wait4(start(module, text, sys.stdout.fileno(), 600), 0)
    if status:
        sys.exit(f"The tests of {module} fail before anything is changed. Make them pass first.")
    return round(3 * (used.ru_utime + used.ru_stime)) + 10


def try_out(todo: list[Change]) -> Iterator[tuple[Change, str]]:
    """Run the tests on each change, two at a time, and hand out what became of it."""
    for name in PRELOADED.split():
        importlib.import_module(name)
    running: dict[int, Change] = {}
    waiting = iter(todo)
    with open(os.devnull, "w") as nowhere:
        try:
            while True:
                for each in itertools.islice(waiting, CHILDREN - len(running)):
                    running[start(each.module, each.text, nowhere.fileno(), seconds_allowed(each.module))] = each
                if not running:
                    return
                child, status = os.wait()
                yield running.pop(child), "noticed" if status else "survived"
        finally:
            for child in running:
                os.kill(child, signal.SIGKILL)


def report(sample: list[Change], results: dict[str, str]) -> float:
    """Print what was not noticed, and the shares that were; return the share in all."""
    listed = tomllib.loads(Path("tests/mutants.toml").read_text("utf-8"))["change"]  # those that change nothing
    listed = {(each["module"], each["line"], each["becomes"]) for each in listed}
    noticed = [each for each in sample if results[each.key] == "noticed"]
    missed = [each for each in sample if results[each.key] == "survived" and each[:3] not in listed]
    for each in missed:
        print(f"\nNot noticed: helpers/{each.module}.py:{each.number}\n  - {each.line}\n  + {each.becomes}")
    for name in sorted(listed & {each[:3] for each in noticed}):
        print(f"\nStale in tests/mutants.toml, for it was noticed: {name}")
    print("\nmodule        changed nothing noticed")
    for module in (*dict.fromkeys(each.module for each in sample), "in all"):
        tried, seen, unseen = (sum(module in (x.module, "in all") for x in part) for part in (sample, noticed, missed))
        share = seen / max(seen + unseen, 1)
        print(f"{module:14}{tried:7}{tried - seen - unseen:8}{seen:8}{share:7.1%}")
    return share


def main() -> int:
    """Try the sample and report; 1 if too few changes were noticed."""
    os.chdir(PROJECT)
    os.environ |= dict.fromkeys(THREADS, "1") | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    parser = argparse.ArgumentParser(description="Change single tokens of the numerical core: do its tests notice?")
    parser.add_argument("modules", nargs="*", default=CORE, help=f"some of {', '.join(CORE)}")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many changes (default: %(default)s)")
    arguments = parser.parse_args()
    modules = [module for module in arguments.modules if os.path.exists(TESTS.format(module))]
    if left_out := sorted(set(arguments.modules) - set(modules)):
        print(f"Without tests of their own, and so left out: {', '.join(left_out)}.")
    # At random, but no change's place depends on the others: an edit leaves most of the sample as it is.
    everything = [change for module in modules for change in changes(module)]
    everything.sort(key=lambda change: hashlib.sha256(repr((SEED, *change[:3])).encode()).digest())
    sample = sorted(everything[: arguments.sample], key=lambda change: (modules.index(change.module), change.number))
    os.makedirs("build", exist_ok=True)
    with open("build/mutants.txt", "a+") as kept:
        kept.seek(0)
        results = dict(line.split() for line in kept)
        if todo := [change for change in sample if change.key not in results]:
            for number, (change, outcome) in enumerate(try_out(todo), start=1):
                results[change.key] = outcome
                print(change.key, outcome, file=kept, flush=True)
                print(f"{number} of {len(todo)}: {change.module}.py:{change.number} {outcome}", flush=True)
    return int(report(sample, results) < ENOUGH)


if __name__ == "__main__":
    sys.exit(main())
