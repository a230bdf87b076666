// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// A room of the house; `Sources/README.md` says what each holds and whom it may import.
func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: strict)
}

func test(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "impetus",
    platforms: [.macOS(.v14)],
    products: [
        .executable(name: "impetus", targets: ["impetus"]),
        .executable(name: "impetus-bench", targets: ["impetus-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    ],
    targets: [
        room("ControlRoom"),
        room("Standards", ["ControlRoom", "CLibXML2"]),
        room("Settings", [toml]),
        room("Cities", ["ControlRoom", "Standards", "Settings"], resources: [.copy("Packs")]),
        room("Store", ["ControlRoom", grdb, sqlite]),
        room("Feed", ["ControlRoom", "Store"]),
        room("Cells"),
        room("Console", ["ControlRoom"]),
        room("Answers", ["Console", "ControlRoom", "Store"]),
        room("Panes", ["ControlRoom", "Console", "Cells"]),
        room(
            "Appearance", ["Cells", "Console", "Settings"],
            resources: [.copy("../../Themes"), .copy("../../Layouts")]),
        room("Terminal", ["Cells", "CNcurses"]),
        .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .executableTarget(
            name: "impetus",
            dependencies: [
                "ControlRoom", "Standards", "Cities", "Store", "Feed", "Cells", "Console", "Answers", "Panes",
                "Appearance", "Settings", "Terminal", arguments,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "impetus-bench",
            dependencies: ["ControlRoom", "Standards", "Store", "Feed", "Cities", arguments],
            swiftSettings: strict),
        room("TestSupport", ["ControlRoom", "Store"]),
        test("HouseTests", []),
        test("ControlRoomTests", ["ControlRoom", "TestSupport"]),
        test("StandardsTests", ["Standards", "ControlRoom", "CLibXML2"]),
        test("SettingsTests", ["Settings"]),
        test("CitiesTests", ["Cities", "ControlRoom", "Standards"]),
        test("StoreTests", ["Store", "ControlRoom", "TestSupport", grdb]),
        test("FeedTests", ["Feed", "Store", "Standards", "ControlRoom", "TestSupport", grdb]),
        test("PanesTests", ["Panes", "Console", "ControlRoom", "Cells"]),
        test("AppearanceTests", ["Appearance", "Cells", "Console", "Settings"]),
        test("TerminalTests", ["Terminal"]),
        test(
            "ConsoleTests",
            [
                "Console", "ControlRoom", "Cells", "Panes", "Appearance", "Settings", "Cities", "Store", "Feed",
                "Standards", "Answers",
            ], exclude: ["Goldens"]),
        // Runs the real binary, which must be built beside it.
        test("EndToEndTests", ["impetus", grdb]),
    ]
)
