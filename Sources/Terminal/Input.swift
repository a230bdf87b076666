/// What came from the terminal.
public enum Input: Equatable, Sendable {
    case key(KeyPress)
    /// Text that was pasted, never to be taken for keys; line ends are "\n".
    case paste(String)
    case mouse(Mouse)
    /// The terminal is gone: nothing more will come.
    case lost
}

/// A key with its modifiers. Shift is not told apart, because terminals do not tell it for most keys.
public struct KeyPress: Hashable, Sendable {
    /// What was pressed, without the modifiers. `function` counts from 1.
    public enum Code: Hashable, Sendable {
        case character(Character)
        case enter, escape, tab, backTab, backspace, delete, insert
        case up, down, left, right, home, end, pageUp, pageDown
        case function(Int)
    }

    public var code: Code
    public var control: Bool
    public var alt: Bool

    public init(_ code: Code, control: Bool = false, alt: Bool = false) {
        self.code = code
        self.control = control
        self.alt = alt
    }
}

/// What the mouse did, in cells from the top left corner.
public struct Mouse: Equatable, Sendable {
    /// What a mouse did; its moves are not told.
    public enum Action: Equatable, Sendable { case press, release, wheelUp, wheelDown }

    public var x: Int
    public var y: Int
    /// 1 left, 2 middle, 3 right; 0 for the wheel, and where a terminal does not say which was released.
    public var button: Int
    public var action: Action

    public init(x: Int, y: Int, button: Int, action: Action) {
        self.x = x
        self.y = y
        self.button = button
        self.action = action
    }
}
