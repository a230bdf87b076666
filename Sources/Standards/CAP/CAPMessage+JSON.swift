internal import ControlRoom

/// The `data` of the event: what every alert of ours has, and the whole message under `cap`.
extension CAPMessage {
    /// An alert with long outlines would not fit into an event; the outlines then travel thinned out in `area` alone. One that does
    /// not fit without them either loses what stands under `cap`, but for its names, and says so.
    func data(languages: [String]) -> [UInt8] {
        let whole = data(languages, carrying: self)
        if whole.count <= CAPMessage.maximumData { return whole }
        let slim = data(languages, carrying: withoutPolygons)
        return slim.count <= CAPMessage.maximumData ? slim : summaryOnly.data(languages, carrying: head)
    }

    private var withoutPolygons: CAPMessage {
        var copy = self
        for info in copy.infos.indices {
            for area in copy.infos[info].areas.indices { copy.infos[info].areas[area].polygons = [] }
        }
        return copy
    }

    /// Its names alone.
    private var head: CAPMessage {
        CAPMessage(
            version: version, identifier: identifier, sender: sender, sent: sent, status: status,
            messageType: messageType, scope: scope)
    }

    /// What says that the rest was left out.
    private var summaryOnly: CAPMessage {
        var copy = self
        copy.unread.append("the whole message is too long for an event; what this summary does not say was left out")
        return copy
    }

    private func data(_ languages: [String], carrying message: CAPMessage) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writeSummary(languages, &writer)
            writePlace(&writer)
            writeLinks(&writer)
            writer.key("cap")
            message.write(to: &writer)
        }
        return writer.bytes
    }

    private func writeSummary(_ languages: [String], _ writer: inout JSONWriter) {
        writer.member("tool", Tool.cap.code)
        if let index = indexOfInfo(in: languages) {
            writer.member("kind", infos[0].event)
            writer.member("severity", severity.name)
            let event = infos[index].event
            writer.member("headline", infos[index].headline ?? (event.isEmpty ? identifier : event))
            writer.member("description", infos[index].description)
        } else {
            writer.member("kind", "")
            writer.member("severity", severity.name)
            writer.member("headline", identifier)
        }
        writer.member("status", status.lowercased)
        writer.member("external_id", identifier)
        if isSigned { writer.member("signed", true) }
        writer.member("unread", unread)
    }

    private func writePlace(_ writer: inout JSONWriter) {
        let footprint = CAPFootprint(infos)
        if let place = footprint.place {
            writer.member("lat", place.latitude)
            writer.member("lon", place.longitude)
        }
        if let circle = footprint.circle {
            writer.member("radius_m", circle.radiusKilometres * 1000)
        } else if !footprint.rings.isEmpty {
            writer.key("area")
            footprint.write(to: &writer)
        }
        let name = infos.lazy.flatMap(\.areas).first { !$0.description.isEmpty }?.description
        writer.member("area_name", name.map { String($0.prefix(80)) })
    }

    private func writeLinks(_ writer: inout JSONWriter) {
        let expires = infos.indices.lazy.compactMap { infos[$0].expires?.instant }.max()
        writer.member("stale", expires?.rfc3339)
        // What one that was cut off names stands under `cap` alone, and nothing follows from it.
        guard cutOff == nil else { return }
        let subjects = references.compactMap { reference in
            reference.sent.map { CAPMessage.subject(reference.sender, reference.identifier, $0) }
        }
        switch messageType {
        case .update: writer.member("replaces", subjects)
        case .cancel: writer.member("cancels", subjects)
        case .alert, .ack, .error: break
        }
    }

    // MARK: - The message itself

    private func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("version", version.rawValue)
            writer.member("identifier", identifier)
            writer.member("sender", sender)
            writer.member("sent", sent.text)
            writer.member("status", status.rawValue)
            writer.member("msg_type", messageType.rawValue)
            writer.member("source", source)
            writer.member("scope", scope?.rawValue)
            writer.member("restriction", restriction)
            writer.member("addresses", addresses)
            writer.member("code", codes)
            writer.member("note", note)
            writer.objects("references", references) { $0.write(to: &$1) }
            writer.member("incidents", incidents)
            writer.objects("info", infos) { $0.write(to: &$1) }
        }
    }
}

extension CAPReference {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("sender", sender)
            writer.member("identifier", identifier)
            writer.member("sent", sent?.text)
        }
    }
}

extension CAPNamedValue {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("value", value)
        }
    }
}

extension CAPInfo {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("language", language)
            writer.member("category", categories.map { $0.rawValue })
            writer.member("event", event)
            writer.member("response_type", responseTypes.map { $0.rawValue })
            writer.member("urgency", urgency.rawValue)
            writer.member("severity", severity.rawValue)
            writer.member("certainty", certainty.rawValue)
            writer.member("audience", audience)
            writer.objects("event_code", eventCodes) { $0.write(to: &$1) }
            writer.member("effective", effective?.text)
            writer.member("onset", onset?.text)
            writer.member("expires", expires?.text)
            writeWords(&writer)
            writer.objects("parameter", parameters) { $0.write(to: &$1) }
            writer.objects("resource", resources) { $0.write(to: &$1) }
            writer.objects("area", areas) { $0.write(to: &$1) }
        }
    }

    private func writeWords(_ writer: inout JSONWriter) {
        writer.member("sender_name", senderName)
        writer.member("headline", headline)
        writer.member("description", description)
        writer.member("instruction", instruction)
        writer.member("web", web)
        writer.member("contact", contact)
    }
}

extension CAPResource {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("resource_desc", description)
            writer.member("mime_type", mimeType)
            writer.member("size", size)
            writer.member("uri", uri)
            writer.member("deref_uri_length", derefURILength)
            writer.member("digest", digest)
        }
    }
}

extension CAPArea {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("area_desc", description)
            writer.member("polygon", polygons.map { $0.text })
            writer.member("circle", circles.map { $0.text })
            writer.objects("geocode", geocodes) { $0.write(to: &$1) }
            writer.member("altitude", altitude)
            writer.member("ceiling", ceiling)
        }
    }
}

extension JSONWriter {
    /// A list of objects; left out where it is empty.
    fileprivate mutating func objects<Element>(
        _ name: String, _ elements: [Element], _ write: (Element, inout JSONWriter) -> Void
    ) {
        guard !elements.isEmpty else { return }
        key(name)
        array { writer in for element in elements { write(element, &writer) } }
    }
}
