"""What is mutated and what is not: `sh .ci/mutate` runs this first."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import building
import reporting
import running
from candidates import Candidate, Finder
from planting import mutated, numbered, operator

SOURCE = '''
/// true && false
@attribute(1) struct Sample: Comparable {
    static let most = 50
    var name: Set<String> = []
    func plain(_ a: Int = 7, _ b: Bool = true) -> Int {
        guard a < most, !b, let c = name.first else { return 0 }
        // a == 1
        let text = "\\(a == 1 ? "true" : "false") && 5"
        if case .some(3) = Optional(a) { return max(a, c.count) }
        return b && text.isEmpty ? a + 2 : a
    }
    mutating func change(_ what: What) {
        switch what {
        case .one, .two(4): name = []
        case .three where ready: break
        default:
            name.insert(
                "x"
            )
        }
    }
}
'''


class Mutations(unittest.TestCase):
    def setUp(self):
        self.found = numbered(Finder("Sample.swift", SOURCE).all())
        self.told = {(each.line, each.change) for each in self.found}

    def lines(self, line):
        return sorted(change for number, change in self.told if number == line)

    def test_text_signatures_attributes_and_patterns_stay(self):
        self.assertEqual([self.lines(line) for line in (2, 3, 5, 6, 8, 9, 16)], [[]] * 7)
        self.assertFalse([each for each in self.told if "`3`" in each[1] or "`4`" in each[1]])

    def test_a_condition_is_forced_and_turned_round(self):
        self.assertEqual(self.lines(7), [
            "`!` removed", "`0` -> `0 + 1`", "`<` -> `<=`", "`<` -> `>=`", "condition `!b` -> `false`",
            "condition `!b` -> `true`", "condition `a < most` -> `false`", "condition `a < most` -> `true`",
            "condition `let c = name.first` fails",
        ])

    def test_values_choices_and_calls(self):
        self.assertEqual(self.lines(4), ["`50` -> `50 + 1`"])
        self.assertIn("`max` -> `min`", self.lines(10))
        self.assertEqual(self.lines(11), [
            "`&&` -> `||`", "`+` -> `-`", "`2` -> `2 + 1`", "choice by `b && text.isEmpty` exchanged",
        ])

    def test_statements_and_cases_are_left_out(self):
        self.assertEqual(self.lines(15), [
            "`case .one, .two(4):` left out", "assignment `name = []` left out",
        ])
        self.assertEqual(self.lines(18), ['call `name.insert( "x" )` left out'])

    def test_the_text_changes_where_it_should_and_keeps_its_lines(self):
        for number, each in enumerate(self.found, 1):
            text = mutated(SOURCE, [(number, each)])
            self.assertEqual(text.count("\n"), SOURCE.count("\n"))
            changed = [i for i, (a, b) in enumerate(zip(SOURCE.split("\n"), text.split("\n")), 1) if a != b]
            self.assertEqual(changed[0], each.line, each.change)
            self.assertTrue(each.operator or f"({number}" in text, each.change)

    def test_all_at_once(self):
        lines = {}
        for each in self.found:
            lines.setdefault(each.line, each)
        text = mutated(SOURCE, list(enumerate(lines.values(), 1)))
        self.assertIn("case .one, .two(4) where !planted(", text)
        self.assertEqual(text.count("{"), text.count("}"))

    def test_an_operator_is_what_it_replaces_until_it_is_chosen(self):
        each = next(each for each in self.found if each.change == "`&&` -> `||`")
        self.assertIn("planted(9) ? try a || b() : try a && b()", operator(9, each))
        self.assertIn("LogicalConjunctionPrecedence", operator(9, each))

    def test_what_the_compiler_refuses_is_dropped(self):
        chosen = {n: Candidate("Sources/Room/File.swift", line, "", "", ()) for n, line in ((1, 5), (2, 30), (3, 300))}
        with tempfile.TemporaryDirectory() as folder:
            at = f"{Path(folder).resolve()}/Sources/Room/File.swift"
            self.assertEqual(building.broken(f"{at}:30:7: error: no\n{at}:5:1: warning: so\n", folder, chosen), {2})
            self.assertEqual(building.broken(f"{at}:31:1: error: missing return\n", folder, chosen), {1, 2})
            self.assertEqual(building.broken("/elsewhere/File.swift:30:1: error: no\n", folder, chosen), set())
            written = Path(folder) / "Sources/Room/PlantedMutations.swift"
            written.parent.mkdir(parents=True)
            written.write_text("import Glibc\nprefix operator x\nfunc x() { planted(3) }\n")
            self.assertEqual(building.broken(f"{written.resolve()}:2:1: error: no\n", folder, chosen), {3})

    def test_the_report_counts_survivors_and_names_equivalents_apart(self):
        chosen = {n: Candidate("A.swift", n, f"line {n}", "`<` -> `<=`", ()) for n in (1, 2, 3, 4)}
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("# Words\n\nfile: A.swift\nline: line 2\nchange: `<` -> `<=`\nwhy: never: equal\n")
            file.flush()
            known = reporting.equivalents(file.name)
        verdicts = {1: "stage 1: failed", 2: None, 3: None, 4: "stage 2: not done after 60 s"}
        text = reporting.report(chosen, verdicts, known)
        self.assertIn("Killed: 2, 1 of them by the time limit", text)
        self.assertIn("never: equal", text)
        self.assertTrue(text.endswith("2 of 4 killed (50.0 %); 1 of the 2 others are equivalent\n"), text)
        self.assertEqual(reporting.stale(known, {"A.swift": [chosen[1]]}), [("A.swift", "line 2", "`<` -> `<=`")])

    def ended(self, script, limit=60):
        with subprocess.Popen(
            ["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        ) as process:
            return running.watch(process, limit)[0]

    def test_a_failure_a_crash_and_a_hang_kill_and_nothing_else_does(self):
        failing = "printf '\\033[91mx\\033[0m Test t recorded an issue at F.swift:1\\n'; sleep 600"
        self.assertEqual(self.ended(failing), "x Test t recorded an issue at F.swift:1")
        self.assertEqual(self.ended("sleep 600", limit=1), "not done after 1 s")
        self.assertEqual(self.ended("sleep 600 & exit 0", limit=1), "not done after 1 s")
        self.assertEqual(self.ended("kill -ILL $$"), "ended with -4")
        self.assertIsNone(self.ended("echo recorded a known issue; echo Test run with 3 tests passed"))
        with self.assertRaises(SystemExit):
            self.ended("echo Test run with 0 tests passed")


if __name__ == "__main__":
    unittest.main(verbosity=0)
