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

let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = ["Hummingbird", "HummingbirdCore", "HummingbirdTLS"].map {
    Target.Dependency.product(name: $0, package: "hummingbird")
}
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")

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

/// Linked only with libFuzzer, which brings its own `main`: `.ci/fuzz` asks for it.
let fuzzing: [Target] =
    Context.environment["IMPETUS_FUZZ"] == nil
    ? []
    : [
        .executableTarget(
            name: "impetus-fuzz", dependencies: ["ParserProperties"], path: "Tests/Fuzzing",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
    ]

let package = Package(
    name: "impetus",
    platforms: [.macOS(.v14)],
    products: [
        .executable(name: "impetus", targets: ["impetus"]),
        .executable(name: "impetus-hub", targets: ["impetus-hub"]),
        .executable(name: "impetus-bench", targets: ["impetus-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
    ],
    targets: [
        room("ControlRoom"),
        room("Tenancy", ["ControlRoom"]),
        room("Standards", ["ControlRoom", "CLibXML2", "CZlib"]),
        room("Settings", [toml]),
        room("Cities", ["ControlRoom", "Standards", "Settings"], resources: [.copy("Packs")]),
        room("SQLite", ["ControlRoom", grdb, sqlite]),
        room("Store", ["ControlRoom", "SQLite", "Trust", grdb, sqlite, heap]),
        room("Trust", ["ControlRoom", crypto, cryptoExtras, x509, asn1]),
        room("Feed", ["ControlRoom", "Store", "Trust"]),
        room("HubCore", ["ControlRoom", "Tenancy", "Store", "Trust", "Feed"]),
        room(
            "Sync",
            ["ControlRoom", "Standards", "Trust", "Store", "Feed", httpClient, nio, nioPosix, nioHTTP, nioSSL]),
        room(
            "Hub",
            [
                "ControlRoom", "Standards", "Settings", "Store", "Trust", "Tenancy", "Feed", "HubCore", "Nats",
                logging, metrics, coreMetrics, lifecycle, nio, nioPosix, nioHTTP, nioSSL, nioTLS, nioHTTPTypes,
                httpTypes,
            ] + hummingbird),
        room("Cells"),
        room("Console", ["ControlRoom"]),
        room("Answers", ["Console", "ControlRoom", "Store"]),
        room("Panes", ["ControlRoom", "Console", "Cells"]),
        room(
            "Appearance", ["Cells", "Console", "Settings"],
            resources: [.copy("../../Themes"), .copy("../../Layouts")]),
        room("Terminal", ["Cells", "CNcurses"]),
        .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        room("Nats", ["ControlRoom", "Trust", crypto, nio, nioPosix, nioSSL, nioTLS]),
        room("JetStreamLog", ["ControlRoom", "Nats", "SQLite"]),
        room("SQLiteLog", ["ControlRoom", "SQLite"]),
        .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        room("Shell", ["ControlRoom", "Settings", arguments]),
        .executableTarget(
            name: "impetus-hub",
            dependencies: [
                "ControlRoom", "Standards", "Settings", "Cities", "Tenancy", "Store", "Trust", "Feed", "HubCore",
                "Hub", "Nats", "JetStreamLog", "SQLiteLog", "Shell", arguments,
                logging,
                metrics,
                lifecycle,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "impetus",
            dependencies: [
                "Shell", "Sync", "Trust", "ControlRoom", "Standards", "Cities", "Store", "Feed", "Cells", "Console",
                "Answers", "Panes",
                "Appearance", "Settings", "Terminal", arguments,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "impetus-bench",
            dependencies: ["ControlRoom", "Standards", "Store", "Feed", "Cities", "Nats", "SQLite", arguments],
            swiftSettings: strict),
        room(
            "TestSupport",
            ["ControlRoom", "Standards", "SQLite", "Store", "SQLiteLog", "Trust", "Feed", "HubCore", "Sync"]),
        test("HouseTests", []),
        test("ControlRoomTests", ["ControlRoom", "TestSupport"]),
        test("TenancyTests", ["Tenancy", "ControlRoom", "TestSupport"]),
        .target(
            name: "ParserProperties", dependencies: ["Standards", "ControlRoom", "Trust"],
            path: "Tests/ParserProperties", swiftSettings: strict),
        test(
            "StandardsTests", ["Standards", "ControlRoom", "CLibXML2", "ParserProperties"], exclude: ["Fuzz/Corpus"]),
        test("SettingsTests", ["Settings"]),
        test("CitiesTests", ["Cities", "ControlRoom", "Standards"]),
        test("StoreTests", ["Store", "ControlRoom", "Standards", "TestSupport", grdb, sqlite]),
        test("TrustTests", ["Trust", "ControlRoom", "TestSupport"]),
        test("FeedTests", ["Feed", "Store", "ControlRoom", "TestSupport", grdb]),
        test(
            "HubCoreTests",
            [
                "HubCore", "Tenancy", "Feed", "Store", "SQLiteLog", "Standards", "Sync", "Trust", "ControlRoom",
                "TestSupport", grdb,
            ]),
        test("SyncTests", ["Sync", "Feed", "Store", "Standards", "Trust", "ControlRoom", "TestSupport"]),
        test("SQLiteLogTests", ["SQLiteLog", "SQLite", "ControlRoom", "TestSupport"]),
        test("NatsTests", ["Nats", "ControlRoom", "TestSupport", nio, nioPosix]),
        test("JetStreamLogTests", ["JetStreamLog", "Nats", "Feed", "Store", "ControlRoom", "TestSupport"]),
        test(
            "HubTests",
            [
                "Hub", "HubCore", "Nats", "Feed", "Store", "SQLiteLog", "Standards", "Tenancy", "Trust", "Settings",
                "ControlRoom", "TestSupport", logging, metrics, coreMetrics, nio,
            ]),
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
        test("EndToEndTests", ["impetus", "impetus-hub", "TestSupport", grdb]),
    ] + fuzzing
)
