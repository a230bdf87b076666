import Cities
import ControlRoom
import Testing

@Suite("Exercises of the shipped packs")
struct ExerciseTests {
    @Test("all eight tools send, and report themselves", arguments: CityPack.shipped)
    func tools(name: String) throws {
        let told = try Told(name)
        let reports = told.exercise.injects.filter { $0.type == .toolReported }.map { Tool(code: $0.subject) }
        #expect(Set(reports) == Set(Tool.toolkit))
        let senders = try told.alerts().map(\.alert.tool)
        #expect(Set(senders).isSuperset(of: Tool.toolkit), "\(Set(senders).map(\.code).sorted())")
    }

    @Test("the first 20 seconds raise at least five alerts", arguments: CityPack.shipped)
    func start(name: String) throws {
        let early = try Told(name).alerts().filter { $0.inject.atSeconds <= 20 }
        #expect(Set(early.map(\.inject.subject)).count >= 5)
    }

    @Test("the plan is the same for the same seed, and another for another", arguments: CityPack.shipped)
    func seed(name: String) throws {
        let exercise = try Told(name).exercise
        let plan = exercise.plan(seed: exercise.seed)
        #expect(plan == exercise.plan(seed: exercise.seed))
        #expect(plan != exercise.plan(seed: exercise.seed + 1))
        #expect(plan.map(\.atSeconds) == plan.map(\.atSeconds).sorted())
        #expect(plan.allSatisfy { (0..<exercise.durationSeconds).contains($0.atSeconds) })
    }

    @Test("every alert is offered a playbook", arguments: CityPack.shipped)
    func offers(name: String) throws {
        let told = try Told(name)
        for (inject, alert) in try told.alerts() {
            let fits = told.playbooks.map { $0.fits(tool: alert.tool.code, kind: alert.kind) }.max() ?? 0
            #expect(fits > 0, "\(inject.subject): \(alert.tool.code) \(alert.kind)")
        }
    }

    @Test("what ends was raised before", arguments: CityPack.shipped)
    func ends(name: String) throws {
        var raised: Set<String> = []
        for (inject, fact) in try Told(name).planned() {
            switch fact {
            case .alertRaised: raised.insert(inject.subject)
            case .alertCleared: #expect(raised.contains(inject.subject), "\(inject.subject)")
            default: break
            }
        }
    }
}
