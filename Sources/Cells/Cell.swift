/// One place on the screen: a base character, at most two combining marks, and a style.
///
/// A wide character fills its own cell (`width` 2) and leaves a continuation (`width` 0) behind it.
public struct Cell: Equatable, Sendable {
    /// Unicode scalar value of the base character; never a control character.
    public var scalar: UInt32
    public var mark1: UInt32
    public var mark2: UInt32
    public var style: Style
    public var width: UInt8

    public init(scalar: UInt32, style: Style, width: UInt8 = 1, mark1: UInt32 = 0, mark2: UInt32 = 0) {
        self.scalar = scalar
        self.mark1 = mark1
        self.mark2 = mark2
        self.style = style
        self.width = width
    }

    public static func blank(_ style: Style) -> Cell { Cell(scalar: 0x20, style: style) }

    static func continuation(_ style: Style) -> Cell { Cell(scalar: 0x20, style: style, width: 0) }
}
