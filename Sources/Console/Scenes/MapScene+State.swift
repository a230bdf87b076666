import ControlRoom

/// A value that costs something to make, kept as long as what it was made from stays the same.
struct Remembered<Value: Sendable>: Sendable {
    private var known: (key: [Int], value: Value)?

    mutating func value(_ key: [Int], make: () -> Value) -> Value {
        if let known, known.key == key { return known.value }
        let made = make()
        known = (key, made)
        return made
    }
}

/// The parts of a map that seldom change, kept from one scene to the next.
struct MapCache: Sendable {
    var lines = Remembered<MapScene.Lines>()
    var tints = Remembered<[Severity?]>()
    var markers = Remembered<[MapScene.Marker]>()
}

extension State {
    func mapScene(_ geometry: Geometry, _ cache: inout MapCache) -> MapScene {
        let inside = geometry.inside(of: .map, width: width) ?? (1, 1)
        var shown = map
        if let box = map.wantsFit {
            let fit = MapProjection.fitting(box, columns: inside.columns, rows: inside.rows)
            shown.centre = fit.centre
            shown.dotsPerDegree = fit.dotsPerDegree
        }
        let projection = MapProjection(shown, columns: inside.columns, rows: inside.rows)
        let size = [map.version, inside.columns, inside.rows]
        let worst = map.outlines.map { totals.open(district: $0.id).worst?.rawValue ?? -1 }
        return MapScene(
            title: mapTitle(projection), lines: cache.lines.value(size) { lines(projection) },
            tints: cache.tints.value(size + worst) { tints(projection) },
            labels: labels(projection),
            markers: selected(cache.markers.value(size + [map.placesVersion]) { markers(projection) }, projection),
            scale: scale(projection),
            notes: mapNotes(projection))
    }

    private func mapTitle(_ projection: MapProjection) -> TitleScene {
        var notes: [Span] = []
        if let selected = map.selected, let outline = map.outlines.first(where: { $0.id == selected }) {
            let open = totals.open(district: selected)
            let population = city.districts.first { $0.id == selected }?.population
            notes.append(Span(outline.name, .strong))
            if let population { notes.append(Span(texts(.population, texts.number(population)), .dim)) }
            notes.append(
                Span(
                    texts(.openCount, texts.number(open.count)), open.worst.map(Tone.severity) ?? .dim))
        } else {
            let set = city.sets.count > 1 ? " · " + city.city.districtSet : ""
            notes.append(Span(city.city.title + set, .plain))
        }
        return TitleScene(title: texts.title(of: .map), notes: notes)
    }

    // MARK: - Lines

    private func lines(_ projection: MapProjection) -> MapScene.Lines {
        let box = projection.box.grown(by: 0.1)
        let visible = map.outlines.filter { $0.box.intersects(box) }
        var selected: [[(x: Double, y: Double)]] = []
        var outlines: [[(x: Double, y: Double)]] = []
        for outline in visible {
            let rings = outline.shape.polygons.flatMap { $0 }.map { thin($0.map(projection.dots)) }
            if outline.id == map.selected { selected += rings } else { outlines += rings }
        }
        var streets: [(x0: Double, y0: Double, x1: Double, y1: Double)] = []
        if map.showsStreets {
            streets = city.streets.flatMap(\.lines).map { from, to in
                let a = projection.dots(from)
                let b = projection.dots(to)
                return (a.x, a.y, b.x, b.y)
            }
        }
        return MapScene.Lines(version: map.version, outlines: outlines, streets: streets, selected: selected)
    }

    /// Leaves out points that fall into the dot of the one before: a border of thousands of points costs no more than its
    /// length on the screen.
    private func thin(_ ring: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        var kept: [(x: Double, y: Double)] = []
        for (index, point) in ring.enumerated() {
            if let last = kept.last, index < ring.count - 1, abs(last.x - point.x) < 0.7, abs(last.y - point.y) < 0.7 {
                continue
            }
            kept.append(point)
        }
        return kept
    }

    // MARK: - Districts

    private func tints(_ projection: MapProjection) -> [Severity?] {
        let worst: [(MapState.Outline, Severity)] = map.outlines.compactMap { outline in
            guard let severity = totals.open(district: outline.id).worst, severity >= .medium else { return nil }
            return (outline, severity)
        }
        guard !worst.isEmpty else { return [] }
        var tints = [Severity?](repeating: nil, count: projection.columns * projection.rows)
        for (outline, severity) in worst { tint(&tints, outline, severity, projection) }
        return tints
    }

    /// Fills the cells whose middle lies in a district, row by row between the crossings of its border.
    private func tint(
        _ tints: inout [Severity?], _ outline: MapState.Outline, _ severity: Severity, _ projection: MapProjection
    ) {
        let rings = outline.shape.polygons.flatMap { $0 }.map { $0.map(projection.dots) }
        for row in 0..<projection.rows {
            let y = Double(row) * 4 + 2
            var crossings: [Double] = []
            for ring in rings {
                for (a, b) in zip(ring, ring.dropFirst()) where (a.y > y) != (b.y > y) {
                    crossings.append(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
                }
            }
            crossings.sort()
            for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
                let first = max(0, Int(((crossings[pair] - 1) / 2).rounded(.up)))
                let last = min(projection.columns - 1, Int(((crossings[pair + 1] - 1) / 2).rounded(.down)))
                guard first <= last else { continue }
                for column in first...last { tints[row * projection.columns + column] = severity }
            }
        }
    }

    private func labels(_ projection: MapProjection) -> [MapScene.Label] {
        map.outlines.compactMap { outline in
            guard let cell = projection.cell(outline.centroid) else { return nil }
            let open = totals.open(district: outline.id)
            let selected = outline.id == map.selected
            let width = (outline.box.east - outline.box.west) * 1_000
            // Seen from afar a city is a speck: names over it would only hide it.
            guard selected || projection.cells(across: outline.box) >= 3 else { return nil }
            return MapScene.Label(
                column: cell.column, row: cell.row, text: outline.name, selected: selected, worst: open.worst,
                priority: (selected ? 1_000_000 : 0) + open.count * 1_000 + Int(width))
        }
    }

    // MARK: - Alerts

    /// Alerts that fall into the same patch of four cells by one are one marker with their number.
    private func markers(_ projection: MapProjection) -> [MapScene.Marker] {
        var patches: [Int: MapScene.Marker] = [:]
        for count in map.places {
            guard let cell = projection.cell(count.place) else { continue }
            let key = State.patch(column: cell.column, row: cell.row)
            var marker =
                patches[key]
                ?? MapScene.Marker(
                    column: cell.column, row: cell.row, severity: count.worst, count: 0, unacknowledged: false,
                    selected: false)
            if count.worst > marker.severity { (marker.column, marker.severity) = (cell.column, count.worst) }
            marker.count += count.open
            marker.unacknowledged = marker.unacknowledged || count.unacknowledged > 0
            patches[key] = marker
        }
        return patches.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func patch(column: Int, row: Int) -> Int { row * 10_000 + column / 4 }

    /// Marks the patch in which the alert under the list's cursor lies.
    private func selected(_ markers: [MapScene.Marker], _ projection: MapProjection) -> [MapScene.Marker] {
        guard let cell = alerts.current?.alert.place.flatMap(projection.cell) else { return markers }
        let wanted = State.patch(column: cell.column, row: cell.row)
        var marked = markers
        if let index = markers.firstIndex(where: { State.patch(column: $0.column, row: $0.row) == wanted }) {
            marked[index].selected = true
        }
        return marked
    }

    private func scale(_ projection: MapProjection) -> (text: String, cells: Int) {
        let steps: [Double] = [
            50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 500_000, 2_000_000,
        ]
        let wanted = projection.metresPerCell * 8
        let metres = steps.last { $0 <= wanted } ?? steps[0]
        let text = metres >= 1_000 ? texts.number(Int(metres / 1_000)) + " km" : "\(Int(metres)) m"
        return (text, max(2, Int((metres / projection.metresPerCell).rounded())))
    }

    private func mapNotes(_ projection: MapProjection) -> [Span] {
        var notes: [Span] = []
        if map.outlines.isEmpty { notes.append(Span(texts(.mapEmpty), .dim)) }
        if let place = alerts.current?.alert.place, projection.cell(place) == nil {
            let far = map.cityBox.map { !$0.contains(place) } ?? false
            notes.append(Span(texts(far ? .currentOutside : .currentBeyondView, keyName(.showOnMap)), .dim))
        }
        return notes
    }
}
