import Foundation

@testable import Cells

/// How well two colours can be told apart.
enum Sight: CaseIterable {
    case usual, withoutRed, withoutGreen

    /// Contrast after WCAG 2: 1 for equal colours, 21 for black on white.
    static func contrast(_ one: Colour, _ other: Colour) -> Double {
        let (a, b) = (luminance(one) + 0.05, luminance(other) + 0.05)
        return max(a, b) / min(a, b)
    }

    /// Distance in CIELAB as seen with this sight; under 20 two thin strokes of text look alike.
    func distance(_ one: Colour, _ other: Colour) -> Double {
        let (a, b) = (lab(one), lab(other))
        return zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
    }

    private static func luminance(_ colour: Colour) -> Double {
        weigh([0.2126, 0.7152, 0.0722], linear(colour))
    }

    private static func linear(_ colour: Colour) -> [Double] {
        let (red, green, blue) = Colour.components(of: Int(colour.index))
        return [red, green, blue].map { value in
            let share = Double(value) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
    }

    private static func weigh(_ row: [Double], _ values: [Double]) -> Double {
        zip(row, values).map(*).reduce(0, +)
    }

    /// Machado, Oliveira and Fernandes 2009, full severity.
    private var matrix: [[Double]] {
        switch self {
        case .usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        case .withoutRed:
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
        case .withoutGreen:
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
        }
    }

    private func lab(_ colour: Colour) -> [Double] {
        let seen = matrix.map { min(1, max(0, Sight.weigh($0, Sight.linear(colour)))) }
        let white = [0.95047, 1, 1.08883]
        let rows = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
        let scaled = zip(rows, white).map { row, full in
            let share = Sight.weigh(row, seen) / full
            return share > 0.008856 ? cbrt(share) : 7.787 * share + 16 / 116
        }
        return [116 * scaled[1] - 16, 500 * (scaled[0] - scaled[1]), 200 * (scaled[1] - scaled[2])]
    }
}
