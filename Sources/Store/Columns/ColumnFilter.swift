import ControlRoom

/// Finds what a query asks for in the columns, as far as they can tell.
struct ColumnFilter {
    let columns: AlertColumns
    let statements: Statements
    let now: Timestamp
    let isExercise: Bool

    /// What was found; where the columns cannot tell, more than was asked for and never less.
    struct Found {
        var bits: Bits
        var isExact: Bool
    }

    func find(_ query: AlertQuery, realm: Int64) throws -> Found {
        guard let realm = columns.realms.known(String(realm)) else {
            return Found(bits: Bits(columns.count, all: false), isExact: true)
        }
        var bits = has(.isThere)
        bits.formIntersection(columns.realm.equal(realm))
        bits.formIntersection(shown(query.filter))
        guard let match = query.filter.match else { return Found(bits: bits, isExact: true) }
        var isExact = true
        bits.formIntersection(try self.bits(match, upwards: true, &isExact))
        return Found(bits: bits, isExact: isExact)
    }

    /// What stands beside the text: the keys of the list.
    private func shown(_ filter: AlertFilter) -> Bits {
        let need = columns.need
        var bits =
            switch filter.shown {
            case .all: Bits(columns.count, all: true)
            case .open: Bits(columns.count) { need[$0] < Alert.firstNormalNeed }
            case .unacknowledged: Bits(columns.count) { need[$0] < Alert.firstAttendedNeed }
            case .shelved:
                Bits(columns.count) { (Alert.firstSuppressedNeed..<Alert.firstNormalNeed).contains(need[$0]) }
            }
        if let tool = filter.tool { bits.formIntersection(self.tool(tool)) }
        if let district = filter.district { bits.formIntersection(self.district(district)) }
        if let severity = filter.minimumSeverity { bits.formIntersection(self.severity(.greaterOrEqual, severity)) }
        return bits
    }

    // MARK: - Joining

    /// - Parameter upwards: where it cannot be told, whether all are taken or none.
    private func bits(_ filter: Filter, upwards: Bool, _ isExact: inout Bool) throws -> Bits {
        switch filter {
        case .all(let parts):
            var bits = Bits(columns.count, all: true)
            for part in parts { bits.formIntersection(try self.bits(part, upwards: upwards, &isExact)) }
            return bits
        case .any(let parts):
            var bits = Bits(columns.count, all: false)
            for part in parts { bits.formUnion(try self.bits(part, upwards: upwards, &isExact)) }
            return bits
        case .not(let part):
            var bits = try self.bits(part, upwards: !upwards, &isExact)
            bits.invert()
            return bits
        case .test(let test):
            if let bits = try bits(test) { return bits }
            isExact = false
            return upwards ? atMost(test) : Bits(columns.count, all: false)
        }
    }

    /// All that a test can meet which no column tells.
    private func atMost(_ test: Filter.Test) -> Bits {
        switch test {
        case .age(.waiting, _, _): state(in: AlertState.waiting)
        case .age(.acknowledged, _, _), .by(.acknowledged, _): has(.acknowledged)
        case .age(.shelved, _, _): state(in: [.shelved])
        case .age(.removed, _, _), .by(.removed, _): has(.outOfService)
        case .by(.requested, _): has(.requested)
        default: Bits(columns.count, all: true)
        }
    }

    // MARK: - Asking

    /// Nil for what stands in no column.
    private func bits(_ test: Filter.Test) throws -> Bits? {
        switch test {
        case .severity(let comparison, let severity): return self.severity(comparison, severity)
        case .state(let states): return state(in: states)
        case .flag(let flag, let holds):
            guard var bits = bits(flag) else { return nil }
            if !holds { bits.invert() }
            return bits
        case .tool(let tool): return self.tool(tool)
        case .otherTool(let known):
            let known = Set(known)
            return columns.tool.bits(columns.tools.map { !known.contains($0) })
        case .status(let status):
            if isExercise { return Bits(columns.count, all: status == .exercise) }
            return equal(columns.status, UInt8(MessageStatus.allCases.firstIndex(of: status) ?? 0))
        case .district(let id): return district(id)
        case .equals(.kind, let text):
            return named(columns.kind, columns.kinds) { $0.elementsEqual(Folding.fold(text)) }
        case .contains(.kind, let text):
            return Folding.fold(text).withUnsafeBufferPointer { wanted in
                named(columns.kind, columns.kinds) { kind in
                    kind.withUnsafeBufferPointer { Folding.contains($0, wanted) }
                }
            }
        case .number(.confidence, let comparison, let number):
            return compare(columns.confidence, comparison, Float(number))
        case .number(.occurrence, let comparison, let number):
            return compare(columns.occurrence, comparison, number) { Double($0) }
        case .age(.raised, let comparison, let milliseconds):
            // The older it is, the smaller the time.
            return raised(comparison.reversed, now.milliseconds &- milliseconds)
        case .time(.raised, let comparison, let time): return raised(comparison, time.milliseconds)
        case .time(.stale, let comparison, let time):
            var bits = compare(columns.stale, comparison, time.milliseconds)
            let stale = columns.stale
            bits.formIntersection(Bits(columns.count) { stale[$0] != AlertColumns.never })
            return bits
        case .within(let metres, let centre, _): return within(metres, of: centre)
        case .words, .phrase: return try text(test)
        case .equals(.asset, let id): return try rows("SELECT id FROM alerts WHERE asset = ?1") { $0.bind(1, id) }
        case .equals(.headline, let text):
            let wanted = Folding.fold(text)
            return headlines { $0.elementsEqual(wanted) }
        case .contains(.headline, let text):
            return Folding.fold(text).withUnsafeBufferPointer { wanted in headlines { Folding.contains($0, wanted) } }
        case .equals(.owner, let text):
            return named(columns.owner, columns.owners, text)
        case .equals(.cause, let text): return named(columns.cause, columns.causes, text)
        case .contains(.cause, let text):
            return Folding.fold(text).withUnsafeBufferPointer { wanted in
                named(columns.cause, columns.causes) { cause in
                    !cause.isEmpty && cause.withUnsafeBufferPointer { Folding.contains($0, wanted) }
                }
            }
        case .equals, .contains, .time, .by, .verdict, .disposition, .reason, .age: return nil
        }
    }

    private func bits(_ flag: Filter.Flag) -> Bits? {
        switch flag {
        case .active:
            let (flags, stale, now) = (columns.flags, columns.stale, now.milliseconds)
            return Bits(columns.count) { flags[$0].contains(.active) && stale[$0] > now }
        case .acknowledged: return has(.acknowledged)
        case .latching: return has(.latching)
        case .owned: return named(columns.owner, columns.owners) { !$0.isEmpty }
        case .escalated: return has(.escalated)
        case .requested: return has(.requested)
        case .assessed, .closed, .reminded, .chattering, .fleeting: return nil
        }
    }

    private func has(_ flag: AlertColumns.Flags) -> Bits {
        let flags = columns.flags
        return Bits(columns.count) { flags[$0].contains(flag) }
    }

    private func equal<Value: Equatable>(_ column: [Value], _ value: Value) -> Bits {
        Bits(columns.count) { column[$0] == value }
    }

    private func compare<Value: Comparable>(_ column: [Value], _ comparison: Filter.Comparison, _ value: Value) -> Bits
    {
        compare(column, comparison, value) { $0 }
    }

    /// Nothing that is no number meets a comparison.
    @inline(__always)
    private func compare<Value, Key: Comparable>(
        _ column: [Value], _ comparison: Filter.Comparison, _ value: Key, _ key: (Value) -> Key
    ) -> Bits {
        switch comparison {
        case .equal: Bits(columns.count) { key(column[$0]) == value }
        case .less: Bits(columns.count) { key(column[$0]) < value }
        case .lessOrEqual: Bits(columns.count) { key(column[$0]) <= value }
        case .greater: Bits(columns.count) { key(column[$0]) > value }
        case .greaterOrEqual: Bits(columns.count) { key(column[$0]) >= value }
        }
    }

    private func severity(_ comparison: Filter.Comparison, _ severity: Severity) -> Bits {
        // Stored with the worst first.
        compare(columns.need, comparison.reversed, Int64(severity.rawValue)) { $0 >> 44 & 7 }
    }

    private func raised(_ comparison: Filter.Comparison, _ milliseconds: Int64) -> Bits {
        compare(columns.need, comparison, milliseconds) { Alert.raisedMilliseconds(need: $0) }
    }

    private func tool(_ tool: Tool) -> Bits {
        guard let number = columns.toolNumbers.known(tool.rawValue) else { return Bits(columns.count, all: false) }
        return columns.tool.equal(number)
    }

    private func district(_ id: String) -> Bits {
        guard let number = columns.districts.known(id) else { return Bits(columns.count, all: false) }
        return columns.district.equal(number)
    }

    /// What has this name; what has none never.
    private func named(_ column: CodeColumn, _ names: AlertColumns.NumberedTexts, _ text: String) -> Bits {
        let wanted = Folding.fold(text)
        return named(column, names) { !$0.isEmpty && $0.elementsEqual(wanted) }
    }

    /// - Parameter isMet: asked once of each text, folded.
    private func named(_ column: CodeColumn, _ names: AlertColumns.NumberedTexts, _ isMet: ([UInt8]) -> Bool) -> Bits {
        column.bits(names.values.map { isMet(Folding.fold($0)) })
    }

    private func headlines(_ isMet: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bits? {
        columns.areHeadlinesWhole ? columns.headlines?.bits(columns.count, isMet) : nil
    }

    // MARK: - States, as `Alert.state(at:)` has them

    private func state(in states: Set<AlertState>) -> Bits {
        let (flags, stale, shelved, now) = (columns.flags, columns.stale, columns.shelvedUntil, now.milliseconds)
        let designed = columns.designedUntil
        // One look-up for each of the ways in which the facts can lie.
        let table = (0..<64).map { states.contains(ColumnFilter.state(of: $0)) }
        return Bits(columns.count) { place in
            let flag = flags[place]
            let isActive = flag.contains(.active) && stale[place] > now
            let isShelved =
                shelved[place] != AlertColumns.never && shelved[place] > now && (isActive || !flag.contains(.once))
            var key = 0
            if flag.contains(.outOfService) {
                key = 32
            } else if designed[place] > now {
                key = 33
            } else if isShelved {
                key = 34
            } else {
                let isLatched = flag.contains(.latching) && !flag.isDisjoint(with: [.latched, .active])
                key = (isActive ? 1 : 0) | (flag.contains(.acknowledged) ? 2 : 0) | (isLatched ? 4 : 0)
            }
            return table[key]
        }
    }

    private static func state(of key: Int) -> AlertState {
        switch key {
        case 32: .outOfService
        case 33: .suppressed
        case 34: .shelved
        default:
            switch (key & 1 != 0, key & 2 != 0, key & 4 != 0) {
            case (true, let isAcknowledged, _): isAcknowledged ? .acknowledged : .unacknowledged
            case (false, let isAcknowledged, true): isAcknowledged ? .latchedAcknowledged : .latchedUnacknowledged
            case (false, let isAcknowledged, false): isAcknowledged ? .normal : .rtnUnacknowledged
            }
        }
    }

    // MARK: - Places and texts

    /// By the band of keys first, and then by the way across the ground.
    private func within(_ metres: Double, of centre: Coordinate) -> Bits {
        let places = columns.place
        var keys = Int64.min...AlertColumns.nowhere - 1
        let circle = MultiPolygon.circle(around: centre, radiusMetres: metres * 1.01 + 2).box
        if let box = circle, box.west >= -180, box.east <= 180 { keys = PlaceKey.band(box).keys }
        return Bits(columns.count) {
            keys.contains(places[$0]) && PlaceKey(rawValue: places[$0]).coordinate.distance(to: centre) <= metres
        }
    }

    /// The index of words answers with rows; nil where it cannot tell.
    private func text(_ test: Filter.Test) throws -> Bits? {
        guard let sql = FilterSQL.textRows(test, firstNumber: 1) else { return nil }
        return try rows(sql.condition) { sql.bind(to: $0) }
    }

    private func rows(_ query: String, _ bind: (Prepared) -> Void) throws -> Bits {
        let statement = try statements(query)
        bind(statement)
        var bits = Bits(columns.count, all: false)
        try statement.each { row in
            if let place = columns.place(row.integer(0)) { bits.insert(place) }
            return true
        }
        return bits
    }
}
