import ControlRoom

/// The map: moving, fitting, choosing a district, and the ways between an alert and its place.
extension State {
    mutating func runMap(_ command: Command) -> [Effect]? {
        switch command {
        case .panLeft: return pan(columns: -1, rows: 0)
        case .panRight: return pan(columns: 1, rows: 0)
        case .panUp: return pan(columns: 0, rows: -1)
        case .panDown: return pan(columns: 0, rows: 1)
        case .zoomIn: return zoom(by: 1.5)
        case .zoomOut: return zoom(by: 1 / 1.5)
        case .fitOpen: return [.fetch(.openBox(realm))]
        case .fitCity: return fitCity()
        case .nextDistrict: return selectDistrict(1)
        case .previousDistrict: return selectDistrict(-1)
        case .listDistrict: return listDistrict()
        case .toggleStreets:
            map.showsStreets.toggle()
            map.version += 1
            return []
        case .chooseDistrictSet: return chooseSet()
        case .showAssetAlerts: return showAssetAlerts()
        case .showFrequent: return showFrequent()
        default: return nil
        }
    }

    /// A quarter of the pane at a time.
    private mutating func pan(columns: Int, rows: Int) -> [Effect] {
        guard let inside = Geometry(self).inside(of: .map, width: width) else { return [] }
        let projection = MapProjection(map, columns: inside.columns, rows: inside.rows)
        map.centre = projection.place(
            column: inside.columns / 2 + columns * max(1, inside.columns / 4),
            row: inside.rows / 2 + rows * max(1, inside.rows / 4))
        map.centre.latitude = max(-85, min(85, map.centre.latitude))
        if map.centre.longitude > 180 { map.centre.longitude -= 360 }
        if map.centre.longitude < -180 { map.centre.longitude += 360 }
        return moved()
    }

    private mutating func zoom(by factor: Double) -> [Effect] {
        map.dotsPerDegree = max(MapProjection.smallest, min(MapProjection.largest, map.dotsPerDegree * factor))
        return moved()
    }

    private mutating func moved() -> [Effect] {
        map.isUntouched = false
        map.version += 1
        return askPlaces(Geometry(self))
    }

    private mutating func fitCity() -> [Effect] {
        guard let box = map.cityBox else {
            say(texts(.noDistricts))
            return []
        }
        map.selected = nil
        map.wantsFit = box.grown(by: 0.04)
        return askPlaces(Geometry(self))
    }

    private mutating func selectDistrict(_ step: Int) -> [Effect] {
        guard !map.outlines.isEmpty else {
            say(texts(.noDistricts))
            return []
        }
        let count = map.outlines.count
        let index = map.outlines.firstIndex { $0.id == map.selected }
        let next = index.map { ($0 + step + count) % count } ?? (step > 0 ? 0 : count - 1)
        map.selected = map.outlines[next].id
        map.version += 1
        let open = totals.open(district: map.outlines[next].id).count
        say(texts(.districtNow, map.outlines[next].name, texts.number(open)))
        return []
    }

    private mutating func listDistrict() -> [Effect] {
        guard let selected = map.selected else {
            say(texts(.selectDistrictFirst, keyName(.nextDistrict)))
            return []
        }
        let effects = requery { $0.filter.district = selected }
        return focus(on: .alerts) + effects
    }

    /// From an alert, an asset or a checklist to its place.
    mutating func showOnMap() -> [Effect] {
        guard let place = placeToShow else {
            say(texts(.noPlace))
            return []
        }
        map.centre = place
        let near = map.cityBox?.contains(place) ?? false
        map.dotsPerDegree = max(map.dotsPerDegree, near ? 8_000 : 20)
        map.isUntouched = false
        map.version += 1
        if !near, !map.outlines.isEmpty { say(texts(.outsideMap, keyName(.fitCity, in: .map))) }
        return focus(on: .map)
    }

    private var placeToShow: Coordinate? {
        switch focus {
        case .assets: return assets.current?.asset.place
        case .checklist:
            guard let run = checklist.run else { return nil }
            return alerts.lines.first { $0.alert.subject == run.alert }?.alert.place
        default: return alerts.current?.alert.place
        }
    }

    private mutating func chooseSet() -> [Effect] {
        guard isEmbedded || may(.define) else { return deny(.define) }
        let items = city.sets.map {
            Choice.Item($0, note: $0 == city.city.districtSet ? texts(.current) : "", .showSet($0))
        }
        guard !items.isEmpty else {
            say(texts(.noDistricts))
            return []
        }
        modal = .choice(Choice(title: texts(.chooseSet), items: items))
        return []
    }

    private mutating func showAssetAlerts() -> [Effect] {
        guard let line = assets.current else {
            say(texts(.noAssetHere))
            return []
        }
        let match = Filter.any([.test(.equals(.asset, line.asset.id)), .test(.phrase(line.asset.name))])
        let filter = AlertFilter(show: .all, match, filterVocabulary)
        let effects = requery { $0.filter = filter }
        say(texts(.searchingFor, line.asset.name))
        return focus(on: .alerts) + effects
    }
}
