"""Builds the copy that holds all mutations, without those that do not compile."""

import re
import subprocess
import sys
from pathlib import Path

from planting import plant

ROUNDS = 5
# The tests run 300 times, and so faster; assertions stay.
OPTIMISED = ("-Xcc", "-O2", "-Xswiftc", "-O", "-Xswiftc", "-assert-config", "-Xswiftc", "Debug")
ERROR = re.compile(r"^(/[^:\n]+\.swift):(\d+):\d+: error: (.*)$", re.MULTILINE)


def build(original, copy, scratch, mutations):
    """Plants and builds until it compiles; returns the mutations that are left, and the test program."""
    left = dict(mutations)
    for attempt in range(1, ROUNDS + 1):
        plant(original, copy, left)
        print(f"mutate: build {attempt}, {len(left)} mutations", file=sys.stderr, flush=True)
        command = [
            "swift", "build", "--build-tests", "--package-path", str(copy), "--scratch-path", str(scratch),
            "-debug-info-format", "none", *OPTIMISED,
        ]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        if done.returncode == 0:
            return left, program(scratch)
        dropped = broken(done.stdout, copy, left)
        if not dropped:
            raise SystemExit(f"mutate: the copy does not compile, and not for a mutation:\n{done.stdout[-6000:]}")
        for number in sorted(dropped):
            print(f"mutate: does not compile: {told(number, left.pop(number))}", file=sys.stderr)
    raise SystemExit(f"mutate: it does not compile after {ROUNDS} rounds; the mutations above are no good")


def program(scratch):
    found = sorted((Path(scratch) / "debug").glob("*PackageTests.xctest"))
    if not found:
        raise SystemExit(f"mutate: there are no tests in {scratch}/debug")
    return found[0]


def broken(output, copy, mutations):
    """The numbers of the mutations on whose lines the compiler has found errors; where an error is on a line without any,
    the nearest above: that a value is not set, or not returned, is told at the end of a function."""
    result = set()
    for path, line, _ in ERROR.findall(output):
        try:
            path, line = str(Path(path).resolve().relative_to(Path(copy).resolve())), int(line)
        except ValueError:
            continue
        if path.endswith("/PlantedMutations.swift"):
            result |= by_operator(Path(copy) / path, line)
            continue
        here = {n: m for n, m in mutations.items() if m.path == path}
        exact = {n for n, m in here.items() if m.line == line}
        result |= exact or nearest(here, line)
    return result & set(mutations)


def nearest(here, line):
    """Those at most 40 lines above, down to the first that stand together: they are few, and one of them is it."""
    above = sorted((m.line, n) for n, m in here.items() if line - 40 <= m.line <= line)
    return {n for _, n in above[-4:]}


def by_operator(path, line):
    """The mutation to whose operator a line of the written file belongs."""
    text = "\n".join(path.read_text().split("\n")[line - 1:])
    found = re.search(r"planted\((\d+)\)", text)
    return {int(found.group(1))} if found else set()


def told(number, mutation):
    return f"{number}  {mutation.path}:{mutation.line}  {mutation.change}"
