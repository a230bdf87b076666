/// The list as it stood at another time.
extension Texts {
    static let englishPast: [Phrase: String] = [
        .travelTitle: "As it stood at",
        .travelHow: "14:05, yesterday 14:05, 2026-11-26 14:05, or how long ago: 2h",
        .travelUnknown: "that is no time",
        .travelReading: "reading how it stood at {1}…",
        .travelBefore: "the log reaches back to {1}",
        .travelIncomplete: "older events are still coming",
        .travelFuture: "that has not come yet",
        .travelThere: "as it stood at {1}; {2} returns to now",
        .travelThereOpen: "what was open at {1}; what was over is left out; {2} returns to now",
        .travelBack: "this is now",
        .travelLookOnly: "this is {1}: look only; {2} returns to now",
        .pastBanner: "AS-OF {1} · now {2} unack",
        .pastShort: "AS-OF {1} · {2}!",
        .travelTooMuch: "too much has happened since to fold it back",
    ]

    static let italianPast: [Phrase: String] = [
        .travelTitle: "Com'era alle",
        .travelHow: "14:05, yesterday 14:05, 2026-11-26 14:05, o quanto fa: 2h",
        .travelUnknown: "non è un'ora",
        .travelReading: "leggo com'era alle {1}…",
        .travelBefore: "il registro risale alle {1}",
        .travelIncomplete: "gli eventi più vecchi stanno ancora arrivando",
        .travelFuture: "non è ancora venuta",
        .travelThere: "com'era alle {1}; {2} torna a ora",
        .travelThereOpen: "ciò che era aperto alle {1}; il resto manca; {2} torna a ora",
        .travelBack: "questo è ora",
        .travelLookOnly: "queste sono le {1}: si guarda soltanto; {2} torna a ora",
        .pastBanner: "COM'ERA {1} · ora {2} da ric.",
        .pastShort: "COM'ERA {1} · {2}!",
        .travelTooMuch: "da allora è successo troppo per tornare indietro",
    ]
}
