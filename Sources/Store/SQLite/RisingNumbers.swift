/// Rising numbers in few bytes: the steps between them, seven bits a byte, the lowest first (LEB128). A number may stand there
/// more than once.
enum RisingNumbers {
    static func pack(_ numbers: [Int64]) -> [UInt8] {
        var packed: [UInt8] = []
        var before: Int64 = 0
        for number in numbers {
            var step = UInt64(bitPattern: number &- before)
            while step > 0x7F {
                packed.append(UInt8(truncatingIfNeeded: step) | 0x80)
                step >>= 7
            }
            packed.append(UInt8(truncatingIfNeeded: step))
            before = number
        }
        return packed
    }

    static func unpack(_ packed: [UInt8], _ body: (Int64) -> Void) {
        var (number, step, shift) = (Int64(0), UInt64(0), UInt64(0))
        for byte in packed {
            step |= UInt64(byte & 0x7F) << shift
            shift += 7
            guard byte & 0x80 == 0 else { continue }
            number &+= Int64(bitPattern: step)
            body(number)
            (step, shift) = (0, 0)
        }
    }
}
