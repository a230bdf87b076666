"""usage: sh .ci/mutate [--list] [--only N,N...] [--count N] [--seed N] [--results FILE]"""

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import building
import planting
import reporting
import running

ROOT = Path(__file__).resolve().parent.parent.parent
EQUIVALENT = ROOT / ".ci" / "mutations-equivalent.txt"


def arguments():
    parser = argparse.ArgumentParser(prog="sh .ci/mutate", description="Plants mutations in the alarm core.")
    parser.add_argument("--list", action="store_true", help="print what would be planted, and build nothing")
    parser.add_argument("--only", help="run the mutations of these numbers (with commas) alone")
    parser.add_argument("--count", type=int, default=planting.WANTED, help="so many mutations (300)")
    parser.add_argument("--seed", type=int, default=planting.SEED, help="another choice of mutations")
    parser.add_argument("--results", default=str(ROOT / ".build" / "mutations.txt"), help="where the report goes")
    return parser.parse_args()


def git(*words, cwd=ROOT):
    return subprocess.run(["git", *words], cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()


def copy(folder):
    """A work tree of what is committed, below `folder`; the one that is there already is brought up to date."""
    tree, commit = Path(folder) / "tree", git("rev-parse", "HEAD")
    if git("status", "--porcelain"):
        print("mutate: what is not committed is not looked at", file=sys.stderr)
    if (tree / ".git").exists():
        git("checkout", "--quiet", "--force", "--detach", commit, cwd=tree)
    else:
        git("worktree", "add", "--quiet", "--force", "--detach", str(tree), commit)
    return tree


def committed(folder):
    """The same as it was committed, which mutations are chosen from and written anew from."""
    clean = Path(folder) / "clean"
    clean.mkdir(parents=True, exist_ok=True)
    subprocess.run(["rm", "-rf", str(clean / "Sources")], check=True)
    words = ["git", "archive", "HEAD", "Sources", "Package.swift"]
    archive = subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", str(clean)], input=archive.stdout, check=True)
    return clean


class Journal:
    """Verdicts as they come: a run that was interrupted goes on behind them, as long as the sources are the same."""

    def __init__(self, path, plan):
        self.path, self.known = path, {}
        lines = path.read_text().split("\n") if path.exists() else []
        if lines[:1] == [plan]:
            for entry in lines[1:]:
                number, tab, verdict = entry.partition("\t")
                if tab:
                    self.known[int(number)] = verdict or None
        else:
            path.write_text(plan + "\n")

    def note(self, number, verdict):
        with self.path.open("a") as file:
            file.write(f"{number}\t{verdict or ''}\n")


def work(folder, options):
    clean = committed(folder)
    mutations = planting.chosen(clean, options.seed, options.count + planting.SPARE)
    known = reporting.equivalents(EQUIVALENT)
    for path, line, change in reporting.stale(known, planting.candidates(clean)):
        print(f"mutate: equivalent, and not there any more: {path}: {line}: {change}", file=sys.stderr)
    left, program = building.build(clean, copy(folder), Path(folder) / "build", mutations)
    left = dict(list(left.items())[: options.count])
    plan = hashlib.sha256(repr((git("rev-parse", "HEAD"), left)).encode()).hexdigest()
    journal = Journal(Path(folder) / "verdicts", plan)
    if options.only:
        wanted = {int(number) for number in options.only.split(",")}
        left = {number: mutation for number, mutation in left.items() if number in wanted}
    # Who asks for some wants them run, whatever came out before.
    known_verdicts = {} if options.only else journal.known
    runner = running.Runner(program, Path(folder) / "tree")
    runner.measure()

    def told(number, verdict):
        journal.note(number, verdict)
        text = f"{building.told(number, left[number])}: {verdict or 'SURVIVED'}"
        print(f"mutate: {text}", file=sys.stderr, flush=True)

    verdicts = running.run(runner, left, known_verdicts, told)
    text = reporting.report(left, verdicts, known)
    Path(options.results).parent.mkdir(parents=True, exist_ok=True)
    Path(options.results).write_text(text)
    print(f"mutate: the report is in {options.results}", file=sys.stderr)
    print(text.rstrip("\n").rpartition("\n")[2])


def main():
    options = arguments()
    if options.list:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        for number, mutation in planting.chosen(ROOT, options.seed, options.count + planting.SPARE).items():
            print(building.told(number, mutation))
        return
    if folder := os.environ.get("IMPETUS_MUTATE_BUILD"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        work(folder, options)
        return
    with tempfile.TemporaryDirectory(prefix="impetus-mutate-") as folder:
        try:
            work(folder, options)
        finally:
            if (Path(folder) / "tree").exists():
                git("worktree", "remove", "--force", str(Path(folder) / "tree"))


main()
