"""Chooses mutations and writes them all into a copy of the sources, each behind its number."""

import random
from pathlib import Path

from candidates import Finder

CORE = (
    "Sources/ControlRoom/Alerts/**/*.swift",
    "Sources/Feed/EventForm.swift",
    "Sources/Feed/Admitter.swift",
    "Sources/HubCore/Admission/HubAdmission.swift",
    "Sources/Feed/Verification/LogVerifier.swift",
    "Sources/Trust/Certificates/KnownMembers.swift",
)
SEED = 15
WANTED = 300
# So many more are planted, because some will not compile.
SPARE = 60
TESTS = ("ControlRoomTests", "StoreTests", "TrustTests", "FeedTests", "HubCoreTests", "SyncTests")

# An operator has no number in its name: eight arrows stand for the digits.
ARROWS = "←↑→↓↔↕↖↗"

SWITCH = """import Glibc

/// The mutation that runs: the number in the environment variable IMPETUS_MUTANT; none where it is not set.
private let chosen: Int = getenv("IMPETUS_MUTANT").flatMap { Int(String(cString: $0)) } ?? 0

func planted(_ number: Int) -> Bool { chosen == number }

func plantedOffByOne<T: AdditiveArithmetic & ExpressibleByIntegerLiteral>(_ number: Int, _ value: T) -> T {
    planted(number) ? value + 1 : value
}

func plantedMax<T: Comparable>(_ number: Int, _ a: T, _ b: T) -> T { planted(number) ? min(a, b) : max(a, b) }

func plantedMin<T: Comparable>(_ number: Int, _ a: T, _ b: T) -> T { planted(number) ? max(a, b) : min(a, b) }
"""

OPERATORS = {
    "prefix": """prefix operator {op}
prefix func {op} (a: Bool) -> Bool {{ planted({n}) ? a : !a }}
""",
    "logic": """infix operator {op}: {precedence}
func {op} (a: Bool, b: @autoclosure () throws -> Bool) rethrows -> Bool {{
    planted({n}) ? try a {after} b() : try a {before} b()
}}
""",
    "arithmetic": """infix operator {op}: AdditionPrecedence
func {op} <T: AdditiveArithmetic>(a: T, b: T) -> T {{ planted({n}) ? a {after} b : a {before} b }}
""",
    "order": """infix operator {op}: ComparisonPrecedence
func {op} <T: Comparable>(a: T, b: T) -> Bool {{ planted({n}) ? a {after} b : a {before} b }}
""",
    "equality": """infix operator {op}: ComparisonPrecedence
func {op} <T: Equatable>(a: T, b: T) -> Bool {{ planted({n}) ? a {after} b : a {before} b }}
func {op} <T>(a: T?, b: _OptionalNilComparisonType) -> Bool {{ planted({n}) ? a {after} nil : a {before} nil }}
""",
}

# The copy builds these tests and what they need, and a warning does not end its build.
MANIFEST = """
var wanted: Set<String> = [{tests}]
for _ in package.targets {{
    for target in package.targets where wanted.contains(target.name) {{
        for case .byNameItem(let name, _) in target.dependencies {{ wanted.insert(name) }}
    }}
}}
package.products = []
package.targets.removeAll {{ !wanted.contains($0.name) }}
for target in package.targets where target.swiftSettings != nil {{
    target.swiftSettings = [
        .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("InternalImportsByDefault"),
    ]
}}
"""


def files(tree):
    """The files of the alarm core, below `tree`."""
    found = []
    for pattern in CORE:
        paths = sorted(Path(tree).glob(pattern))
        if not paths:
            raise SystemExit(f"mutate: there is no {pattern}: bring CORE in .ci/mutations/planting.py up to date")
        found += [str(path.relative_to(tree)) for path in paths]
    return found


def candidates(tree):
    """Every mutation that there could be, by file. Where two of a line would read alike, they are numbered."""
    return {path: numbered(Finder(path, (Path(tree) / path).read_text()).all()) for path in files(tree)}


def numbered(found):
    seen, result = {}, []
    for candidate in found:
        times = seen[(candidate.line, candidate.change)] = seen.get((candidate.line, candidate.change), 0) + 1
        told = candidate.change + (f" (number {times} in the line)" if times > 1 else "")
        result.append(type(candidate)(**{**vars(candidate), "change": told}))
    return result


def chosen(tree, seed=SEED, count=WANTED + SPARE):
    """So many mutations at random, in the order in which they count: spread over the files by their size, and one a line,
    so that an error of the compiler is that of one mutation."""
    ranked = []
    for path, found in candidates(tree).items():
        chance = random.Random(f"{seed} {path}")
        lines = {}
        for candidate in found:
            lines.setdefault(candidate.line, []).append(candidate)
        picked = [chance.choice(lines[line]) for line in sorted(lines)]
        chance.shuffle(picked)
        size = sum(1 for line in (Path(tree) / path).read_text().split("\n") if line.strip())
        ranked += [((place + chance.random()) / size, path, candidate) for place, candidate in enumerate(picked)]
    ranked.sort(key=lambda each: each[:2])
    return {number: each[2] for number, each in enumerate(ranked[:count], 1)}


def plant(original, copy, mutations):
    """Writes the sources of `copy` anew: those of `original` with these mutations."""
    by_path, rooms = {path: [] for path in files(original)}, {}
    for number, mutation in mutations.items():
        by_path[mutation.path].append((number, mutation))
    for path, planted in by_path.items():
        room = path.split("/")[1]
        rooms.setdefault(room, [SWITCH])
        rooms[room] += [operator(number, mutation) for number, mutation in planted if mutation.operator]
        write(Path(copy) / path, mutated((Path(original) / path).read_text(), planted))
    for room, parts in rooms.items():
        write(Path(copy) / "Sources" / room / "PlantedMutations.swift", "\n".join(parts))
    manifest = (Path(original) / "Package.swift").read_text()
    names = ", ".join(f'"{name}"' for name in TESTS)
    write(Path(copy) / "Package.swift", manifest + MANIFEST.format(tests=names))


def write(path, text):
    """Only where it is different: the compiler goes by the time of a file."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def mutated(text, planted):
    """A source with mutations in it; its lines keep their numbers."""
    pieces = []
    for number, mutation in planted:
        for edit in mutation.edits:
            new = edit.text.format(n=number, op=arrows(number))
            # Of several that end at one place, that which began last ends first.
            pieces.append((edit.start, edit.end, -mutation.edits[0].start, new))
    result, at = [], 0
    for start, end, _, new in sorted(pieces):
        result += [text[at:start], new]
        at = end
    return "".join(result) + text[at:]


def arrows(number):
    return "⇒" + "".join(ARROWS[int(digit)] for digit in f"{number:o}")


def operator(number, mutation):
    kind, before, after = mutation.operator
    if kind == "comparison":
        kind = "equality" if before in ("==", "!=") else "order"
    precedence = "LogicalConjunctionPrecedence" if before == "&&" else "LogicalDisjunctionPrecedence"
    return OPERATORS[kind].format(op=arrows(number), n=number, before=before, after=after, precedence=precedence)
