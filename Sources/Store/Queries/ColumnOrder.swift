import ControlRoom

/// The one number by which a list is sorted by several columns: from the memory, and from the file.
struct ColumnOrder {
    private let sorted: [SortColumn]
    /// Ids of districts as they follow each other.
    private let districts: [String]
    /// Tools that can be named, as their codes follow each other; no more than there are places before the last.
    private let tools: [Tool: Int64]

    static let noDistrict = SortColumn.Field.district.greatest

    static let noTool = SortColumn.Field.tool.greatest

    init(_ columns: [SortColumn], _ reader: StoreReader) throws {
        sorted = columns
        let needed = columns.contains { $0.field == .district }
        districts =
            needed ? try reader.statements("SELECT DISTINCT id FROM districts ORDER BY id").all { $0.text(0) } : []
        guard columns.contains(where: { $0.field == .tool }) else {
            tools = [:]
            return
        }
        let codes = try reader.toolRegister().known.prefix(Int(ColumnOrder.noTool)).sorted { $0.code < $1.code }
        tools = Dictionary(uniqueKeysWithValues: zip(codes, 0...))
    }

    // MARK: - From memory

    /// The keys of a whole column of alerts are made from their parts; `rank` is asked for the numbers of texts once.
    func value(need: Int64, tool: Int64, district: Int64, occurrence: Int32) -> Int64 {
        var key: Int64 = 0
        for column in sorted {
            var value: Int64 =
                switch column.field {
                case .severity: need >> 44 & 7
                case .state: need >> 47
                case .age: need & SortColumn.Field.age.greatest
                case .district: district
                case .tool: tool
                case .occurrence: 4_095 - min(4_095, Int64(occurrence))
                }
            if column.isReversed { value = column.field.greatest - value }
            key = key << Int64(column.field.bits) | value
        }
        return key
    }

    /// How many ids of districts go before this one.
    func rank(district: String) -> Int64 {
        let bytes = Array(district.utf8)
        let before = districts.count { Array($0.utf8).lexicographicallyPrecedes(bytes) }
        return min(ColumnOrder.noDistrict - 1, Int64(before))
    }

    func rank(tool: Tool) -> Int64 { tools[tool] ?? ColumnOrder.noTool }

    // MARK: - From the file

    var sql: String {
        var key = "0"
        for column in sorted {
            var value =
                switch column.field {
                case .severity: "((need >> 44) & 7)"
                case .state: "(need >> 47)"
                case .age: "(need & \(SortColumn.Field.age.greatest))"
                case .district:
                    """
                    CASE WHEN district IS NULL THEN \(ColumnOrder.noDistrict) ELSE min(\(ColumnOrder.noDistrict - 1), (
                        SELECT count(DISTINCT d.id) FROM districts d WHERE d.id < alerts.district)) END
                    """
                case .tool:
                    "CASE tool "
                        + tools.map { "WHEN \($0.rawValue) THEN \($1)" }.sorted().joined(separator: " ")
                        + " ELSE \(ColumnOrder.noTool) END"
                case .occurrence: "(4095 - min(4095, \(AlertRows.timesAnnunciated)))"
                }
            if column.isReversed { value = "(\(column.field.greatest) - (\(value)))" }
            key = "((\(key) << \(column.field.bits)) | (\(value)))"
        }
        return key
    }
}
