public import Console

extension Library {
    /// The layout `operator`, compiled in, so that the console opens when no file can be read.
    public static let builtInLayout = Layout(
        name: "operator", title: "Operator: alerts, map, checklist, assets",
        root: .split(.columns, [Layout.Share(weight: 57, node: left), Layout.Share(weight: 43, node: right)]))

    private static let left = Layout.Node.split(
        .rows,
        [
            Layout.Share(weight: 52, node: .pane(.alerts)),
            Layout.Share(weight: 24, node: .pane(.detail)),
            Layout.Share(weight: 24, node: .pane(.assets)),
        ])

    private static let right = Layout.Node.split(
        .rows,
        [Layout.Share(weight: 50, node: .pane(.map)), Layout.Share(weight: 50, node: .pane(.checklist))])
}
