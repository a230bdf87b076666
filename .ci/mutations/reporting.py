"""Says which mutations were killed, which survived, and which of those nobody could tell apart."""

from pathlib import Path

MEMBERS = ("file", "line", "change", "why")


def equivalents(path):
    """The mutations that behave as the original does, with why: blocks of `file:`, `line:`, `change:`, `why:`."""
    result = {}
    text = "\n".join(line for line in Path(path).read_text().split("\n") if not line.startswith("#"))
    for block in text.split("\n\n"):
        if not block.strip():
            continue
        pairs = [line.partition(":")[::2] for line in block.strip().split("\n")]
        entry = {name.strip(): value.strip() for name, value in pairs}
        if set(entry) != set(MEMBERS) or not all(entry.values()):
            raise SystemExit(f"mutate: {path}: a block has file, line, change and why, each on a line:\n{block}")
        result[(entry["file"], entry["line"], entry["change"])] = entry["why"]
    return result


def stale(known, candidates):
    """Entries that name no mutation of today's sources."""
    there = {candidate.key for found in candidates.values() for candidate in found}
    return [key for key in known if key not in there]


def line(number, mutation):
    return f"{number:>3}  {mutation.path}:{mutation.line}  {mutation.change}\n       {mutation.source}"


def report(mutations, verdicts, known):
    """The whole report as text; its last line is the figure."""
    killed = {n: m for n, m in mutations.items() if verdicts[n]}
    survived = {n: m for n, m in mutations.items() if not verdicts[n]}
    equal = {n: m for n, m in survived.items() if m.key in known}
    alive = {n: m for n, m in survived.items() if m.key not in known}
    slow = [n for n in killed if ": not done after" in verdicts[n]]
    parts = [f"Killed: {len(killed)}, {len(slow)} of them by the time limit"]
    parts += [f"{line(n, m)}\n       {verdicts[n]}" for n, m in killed.items()]
    parts += ["", f"Equivalent: {len(equal)}"]
    parts += [f"{line(n, m)}\n       {known[m.key]}" for n, m in equal.items()]
    parts += ["", f"Survived: {len(alive)}"] + [line(n, m) for n, m in alive.items()]
    share = 100 * len(killed) / len(mutations) if mutations else 0
    figure = f"{len(killed)} of {len(mutations)} killed ({share:.1f} %)"
    told = f"; {len(equal)} of the {len(survived)} others are equivalent" if equal else ""
    return "\n".join(parts + ["", figure + told, ""])
