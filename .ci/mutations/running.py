"""Runs the test program once for each mutation, two at a time, until something fails."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

# The fast ones first; what survives them meets the next. Each is a regular expression over the names of tests.
STAGES = (
    r"^(ControlRoomTests|TrustTests|FeedTests\.AdmissionTests|HubCoreTests\.CentralTests|SyncTests\.VerifierTests)\W",
    r"^(FeedTests|HubCoreTests|StoreTests\.(LawTests|LateOrderTests|SeenActsTests|SourceLawTests|UndoStoreTests))\W",
    r"^(StoreTests\.(\w*Tests)|SyncTests)\W",
)
# Not run: they kill processes and fill disks, or are among the stages before.
NOT_WANTED = r"^StoreTests\.(Killed|Damage|DiskFull|Lease|Law|LateOrder|SeenActs|SourceLaw|UndoStore)\w*\W"
LEAST_SECONDS = 60
# A busy machine is no mutation's fault: a stage may take so many times what it takes without one.
PATIENCE = 4
SEEDS = "40"
ISSUE = re.compile(r"recorded an issue|Fatal error|Crash:")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Runner:
    """Runs the test program, and knows how long each stage may take."""

    def __init__(self, program, package):
        self.program, self.package = str(program), str(package)
        self.limits = [LEAST_SECONDS] * len(STAGES)

    def measure(self):
        """Runs each stage without a mutation: it must pass, and says how long to wait for one that hangs."""
        for stage in range(len(STAGES)):
            began = time.monotonic()
            self.limits[stage] = 3_600
            verdict, output = self.stage(stage, 0)
            if verdict:
                raise SystemExit(f"mutate: stage {stage + 1} fails without a mutation: {verdict}\n{output[-4000:]}")
            took = time.monotonic() - began
            self.limits[stage] = max(LEAST_SECONDS, PATIENCE * took)
            print(
                f"mutate: stage {stage + 1} passes without a mutation in {took:.0f} s; "
                f"a mutation is killed after {self.limits[stage]:.0f} s", file=sys.stderr, flush=True)

    def verdict(self, stage, number):
        """Why a mutation is killed in a stage; nil where it survives that."""
        killed, _ = self.stage(stage, number)
        return f"stage {stage + 1}: {killed}" if killed else None

    def stage(self, stage, number):
        """What ended the tests of a stage, or nil where all pass; and what they printed."""
        folder = tempfile.mkdtemp(prefix="impetus-mutant-")
        environment = {
            **os.environ, "IMPETUS_MUTANT": str(number), "IMPETUS_SEEDS": SEEDS, "TMPDIR": folder,
            "SWIFT_BACKTRACE": "enable=no",
        }
        command = [self.program, "--testing-library", "swift-testing", "--filter", STAGES[stage], "--skip", NOT_WANTED]
        if stage < len(STAGES) - 1:
            command = command[:-2]
        try:
            with subprocess.Popen(
                command, cwd=self.package, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
            ) as process:
                return watch(process, self.limits[stage])
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def watch(process, limit):
    """Reads what the tests print, and ends them at the first failure or at the limit in seconds."""
    is_over = threading.Event()

    def expire():
        is_over.set()
        end(process)

    clock = threading.Timer(limit, expire)
    clock.start()
    lines, failure = [], None
    try:
        for line in process.stdout:
            line = COLOUR.sub("", line)
            lines.append(line)
            if failure is None and ISSUE.search(line):
                failure = " ".join(line.split())[:200]
                end(process)
        status = process.wait()
    finally:
        clock.cancel()
        end(process)
    output = "".join(lines)
    if failure:
        return failure, output
    if is_over.is_set():
        return f"not done after {limit:.0f} s", output
    if status:
        return f"ended with {status}", output
    if not re.search(r"Test run with [1-9]", output):
        raise SystemExit(f"mutate: no test ran:\n{output[-2000:]}")
    return None, output


def end(process):
    """Ends the tests and what they started, also where that outlives them: they are a session of their own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run(runner, mutations, known, told):
    """Verdicts by number; `known` are those of a run before, `told` is called with each new one. All go through a stage before
    any goes into the next: what survives the fast ones is known soon."""
    lock = threading.Lock()

    def one(stage, number):
        verdict = runner.verdict(stage, number)
        if verdict or stage == len(STAGES) - 1:
            with lock:
                known[number] = verdict
                told(number, verdict)

    with ThreadPoolExecutor(max_workers=2) as pool:
        try:
            for stage in range(len(STAGES)):
                waiting = [number for number in mutations if number not in known]
                print(f"mutate: stage {stage + 1}: {len(waiting)} mutations", file=sys.stderr, flush=True)
                for done in [pool.submit(one, stage, number) for number in waiting]:
                    done.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return {number: known[number] for number in mutations}
