"""Run the tests in parts, as `make test` and `make test-all` do; everything after the options goes on to pytest.

Training gains little from a second core, so two tests at a time gain more than two threads do. What measures frames
or the ratio of two times runs by itself, and only among all the tests, since a core rests meanwhile.
"""

import os
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field

ONE_THREAD = dict.fromkeys(("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
FOUR_THREADS = dict.fromkeys(ONE_THREAD, "4")
TWO = ("-n", "2", "--no-loadscope-reorder")  # conftest.py says which tests stay together
NOTHING_SELECTED = 5  # pytest's exit code


@dataclass(frozen=True)
class Part:
    """Some of the tests: what pytest is told, and what is set in its environment."""

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def processor(name: str) -> dict[str, str]:
    """What makes TensorFlow's compiler use no newer instructions than this processor's."""
    return {"XLA_FLAGS": f"--xla_cpu_max_isa={name}"}


LAST = Part("is anything left", ("-m", "last", "--noconftest", "tests/test_nothing_left.py"))
QUICK = (Part("two at a time", (*TWO, "-m", "not alone and not slow and not last"), ONE_THREAD), LAST)
ALL = (
    QUICK[0],
    Part("slow, two at a time", (*TWO, "-m", "slow and not alone"), ONE_THREAD),
    Part("lessons with AVX2, one thread", (*TWO, "notebooks"), ONE_THREAD | processor("AVX2")),
    Part("lessons with SSE4.2, four threads", (*TWO, "notebooks"), FOUR_THREADS | processor("SSE4_2")),
    Part("alone", ("-m", "alone")),
    LAST,
)


def main(words: list[str]) -> int:
    """Run the parts one after the other, all of them even when one fails; return the exit code for the shell."""
    parts = ALL if "--all" in words else QUICK
    words = [word for word in words if word != "--all"]
    os.environ["TESTS_RUN"] = uuid.uuid4().hex
    codes, said = [], []
    for part in parts:
        print(f"\n--- {part.name}", flush=True)
        began = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "--durations=12", *part.arguments]  # where time goes
        command += [] if part is LAST else words
        codes.append(subprocess.run(command, env=os.environ | part.environment, check=False).returncode)
        said.append(f"{part.name}: {(time.monotonic() - began) / 60:.1f} min")
    print(f"\n{'; '.join(said)}.", flush=True)
    failed = [code for code in codes if code not in (0, NOTHING_SELECTED)]
    return failed[0] if failed else min(codes[:-1])  # nothing selected is a failure too: a name misspelt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
