import Metrics

/// How long a tenant's events take on their way through the hub: histograms, for a site to alert on.
struct TenantTimings: Sendable {
    /// One transaction of the log, until it is durable.
    let append: Timer
    /// One stretch of the log into the view, with the rules and the copies for others that follow from it.
    let fold: Timer
    /// From when the log recorded the first event of a frame until the frame was handed to a follower's connection; what is
    /// read from the log, because its follower is behind, is not counted.
    let delivery: Timer

    init(_ tenant: String) {
        let dimensions = [("tenant", tenant)]
        append = Timer(label: "impetus_hub_append_seconds", dimensions: dimensions)
        fold = Timer(label: "impetus_hub_fold_seconds", dimensions: dimensions)
        delivery = Timer(label: "impetus_hub_delivery_seconds", dimensions: dimensions)
    }
}
