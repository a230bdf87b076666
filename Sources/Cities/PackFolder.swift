internal import ControlRoom
import Foundation

/// The files of one pack, each as the events it defines.
struct PackFolder {
    let path: String

    func city() throws -> City { try toml("city.toml").read { try City(reading: &$0) } }

    func streets(of city: String) throws -> [Event] {
        guard exists("streets.json") else { return [] }
        let text = try PackText(json: full("streets.json"))
        return [try text.read { try PackFolder.event(.streetsDefined, subject: "streets/" + city, &$0) }]
    }

    func playbooks() throws -> [Event] {
        try names(in: "playbooks", ending: ".toml").map { name in
            let playbook = try toml("playbooks/" + name).read { try Playbook(reading: &$0) }
            let data = JSONWriter.bytes(playbook.write)
            return PackFolder.event(.playbookPublished, subject: "playbook/" + playbook.id, data)
        }
    }

    // MARK: - Files

    func full(_ file: String) -> String { path + "/" + file }

    func toml(_ file: String) throws(CityPackError) -> PackText { try PackText(toml: full(file)) }

    func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: full(file)) }

    /// In alphabetical order, so that a pack makes the same events on every machine.
    func names(in folder: String, ending: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: full(folder))) ?? []
        return all.filter { $0.hasSuffix(ending) }.sorted()
    }

    // MARK: - Events

    /// A definition names itself by its content: the same pack defines nothing twice, a changed one only its change.
    static func event(_ type: EventType, subject: String, _ data: [UInt8]) -> Event {
        Event(
            id: subject + "/" + ContentID.of(data), source: "urn:impetus:city", type: type, subject: subject,
            data: .json(data))
    }

    /// The next value as a definition, once it was seen to say what its type asks for.
    static func event(_ type: EventType, subject: String, _ reader: inout JSONReader) throws -> Event {
        let range = try reader.skip()
        let event = event(type, subject: subject, Array(reader.bytes[range]))
        try check(event, at: range.lowerBound)
        return event
    }

    /// - Parameter start: where the event's data stand in the file, from where the reader's errors count.
    static func check(_ event: Event, at start: Int) throws {
        do {
            _ = try Fact(of: event)
        } catch let error as JSONError {
            throw JSONError(offset: start + error.offset, reason: error.reason)
        }
    }
}
