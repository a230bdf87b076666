import ControlRoom
import Testing

@Suite("Risk of an asset")
struct RiskTests {
    private func asset(_ criticality: Int, _ exposure: Asset.Exposure) -> Asset {
        Asset(
            id: "a", name: "A", kind: "", vendor: "", product: "", version: "", owner: "", criticality: criticality,
            exposure: exposure, zone: "", site: nil, district: nil, place: nil, connects: [])
    }

    private let exploits = Risk.Exploits(count: 3, dueDay: 20_000, ransomware: true)

    @Test("each reason adds its weight, the heaviest is named first")
    func score() {
        let risk = Risk(of: asset(4, .internet), exploits: exploits, openAlerts: 2, worst: .high)
        #expect(risk.score == 16 + 20 + (30 + 6 + 2) + 16)
        #expect(risk.reasons.first == .knownExploited(count: 3, dueDay: 20_000, ransomware: true))
        #expect(risk.reasons.count == 4)
        #expect(Risk(of: asset(1, .isolated), exploits: nil, openAlerts: 0, worst: nil).reasons == [.criticality(1)])
    }

    @Test("the score stays between 0 and 100, and no reason lowers it")
    func monotonic() {
        let worst = Risk(
            of: asset(5, .internet), exploits: .init(count: 999, dueDay: 0, ransomware: true), openAlerts: 99,
            worst: .critical)
        #expect(worst.score == 100 && worst.score >= Risk.fixNow)
        for criticality in 1...5 {
            for exposure in Asset.Exposure.allCases {
                let plain = Risk(of: asset(criticality, exposure), exploits: nil, openAlerts: 0, worst: nil)
                let exploited = Risk(of: asset(criticality, exposure), exploits: exploits, openAlerts: 0, worst: nil)
                let reported = Risk(of: asset(criticality, exposure), exploits: nil, openAlerts: 1, worst: .info)
                #expect(plain.score < exploited.score && plain.score < reported.score && plain.score >= 4)
            }
        }
    }
}
