import ControlRoom

/// How far a view is behind its log, in time: a value that hears what each stretch of folding found and took.
struct ViewLag: Equatable {
    /// When the oldest entry was recorded that the view may not have yet; nil where it had all.
    private var oldest: Timestamp?

    /// - Parameter first: when the first entry was recorded that the view did not have; nil where there was none.
    mutating func began(at first: Timestamp?) { oldest = first }

    /// The view has a stretch more.
    ///
    /// - Parameter last: when the last entry of it was recorded. What follows was recorded no earlier; whether anything does, the
    ///   next stretch tells.
    mutating func took(last: Timestamp) { oldest = last }

    /// Never negative: the log's clock may be ahead of the hub's.
    func seconds(at now: Timestamp) -> Double { oldest.map { max(0, now.seconds(since: $0)) } ?? 0 }
}
