import Cities
import ControlRoom
import Foundation
import Testing

/// What the events of a shipped pack say, decoded.
struct Told {
    /// No directory of the machine may answer in place of the shipped one.
    static let environment = ["XDG_DATA_HOME": "/nonexistent", "XDG_DATA_DIRS": "/nonexistent"]

    let pack: CityPack
    private let facts: [Fact]
    let exercise: ExerciseScript

    init(_ name: String) throws {
        pack = try CityPack.load(name, environment: Told.environment)
        facts = try pack.definitions.map(Fact.init(of:))
        exercise = try #require(pack.exercises.first)
    }

    var city: City? { facts.compactMap { if case .cityDefined(let city) = $0 { city } else { nil } }.first }

    var districts: [District] {
        facts.compactMap { if case .districtDefined(let district) = $0 { district } else { nil } }
    }

    var sites: [Site] { facts.compactMap { if case .siteDefined(let site) = $0 { site } else { nil } } }

    var assets: [Asset] { facts.compactMap { if case .assetDefined(let asset) = $0 { asset } else { nil } } }

    var streets: [Streets] {
        facts.compactMap { if case .streetsDefined(let streets) = $0 { streets } else { nil } }
    }

    var playbooks: [Playbook] {
        facts.compactMap { if case .playbookPublished(let playbook) = $0 { playbook } else { nil } }
    }

    /// The events of the exercise as they are planned, decoded.
    func planned() throws -> [(inject: ExerciseScript.Inject, fact: Fact)] {
        try exercise.plan(seed: exercise.seed).map { inject in
            let event = Event(
                id: "x", source: "x", type: inject.type, subject: inject.subject, data: .json(inject.data))
            return (inject, try Fact(of: event))
        }
    }

    func alerts() throws -> [(inject: ExerciseScript.Inject, alert: AlertRaised)] {
        try planned().compactMap { inject, fact in
            if case .alertRaised(let alert) = fact { (inject, alert) } else { nil }
        }
    }
}
