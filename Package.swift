// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

// The folder tree is the architecture: every module imports only the modules named here, and each outside
// library belongs to one module. Tests/ArchitectureTests holds every `import` line to the same table.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(of name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: settings)
}

func system(_ name: String, _ pkgConfig: String, apt: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let package = Package(
  name: "mdata",
  products: [.executable(name: "mdata", targets: ["mdata"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
  ],
  targets: [
    system("CGit2", "libgit2", apt: "libgit2-dev"),
    .systemLibrary(name: "CMalloc"),
    system("CZstd", "libzstd", apt: "libzstd-dev"),
    system("CCrypto", "libcrypto", apt: "libssl-dev"),
    system("CZlib", "zlib", apt: "zlib1g-dev"),
    system("CUTF8Proc", "libutf8proc", apt: "libutf8proc-dev"),
    .systemLibrary(name: "CLinux"),
    .target(name: "CCurl", cSettings: [.unsafeFlags(["-O2"])]),
    .target(
      name: "CSQLite", cSettings: [.unsafeFlags(["-O2"])], linkerSettings: [.linkedLibrary("sqlite3")]),
    // Optimised in debug builds too: a hundredfold for every test that trains, and nobody steps through vector code.
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),

    module("Records", []),
    module("HTTP", ["CCurl"]),
    module("Objects", ["Records", "CZstd", "CZlib", "CCrypto", "CLinux"]),
    module(
      "History",
      [
        "Objects", "Records", "CGit2", "CSQLite", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    module("Curation", ["Records", "CKernels", "CUTF8Proc"]),
    module("Llama", ["Records", "CKernels"]),
    module("Generation", ["Records", .product(name: "Yams", package: "Yams")]),
    module("Workbench", ["Records", "Objects", "History", "Curation", "Llama", "Generation", "HTTP"]),
    .executableTarget(
      name: "mdata",
      dependencies: [
        "Workbench", "Records", "CMalloc", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    // Shows the numbers of the Llama module to the Python checks in oracles/; not part of the product.
    .executableTarget(
      name: "oracle-probe", dependencies: ["Llama", "Records"], path: "oracles/probe", swiftSettings: settings
    ),

    // Disks that break, for tests and for `./dev torture`; not part of the product.
    .target(
      name: "Faults", dependencies: ["Workbench", "History", "Objects", "Records"], path: "Torture/Faults",
      swiftSettings: settings),

    // Sequences of verbs that tests run a few times and `./dev torture` thousands of times; not part of the product.
    .target(
      name: "Sequences", dependencies: ["Workbench", "History", "Objects", "Records"],
      path: "Torture/Sequences", swiftSettings: settings),

    // A repository that rots, for the tests of the use cases and for the long runs of `./dev torture`.
    .target(
      name: "BitRot",
      dependencies: [
        "Workbench", "History", "Objects", "Records", .product(name: "GRDB", package: "GRDB.swift"),
      ], path: "Torture/BitRot", swiftSettings: settings),

    // Every parser as a function that any bytes may be given to: for libFuzzer, and for the tests over its corpus.
    .target(
      name: "FuzzTargets",
      dependencies: ["Records", "Objects", "History", "Curation", "Generation", "Llama"],
      path: "Fuzz/Targets", swiftSettings: settings),

    tests(of: "Fuzz", ["FuzzTargets", "Records"]),
    tests(of: "Records", ["Records"]),
    tests(of: "Objects", ["Objects", "Records", "Faults"]),
    tests(of: "HTTP", ["HTTP"]),
    tests(of: "Llama", ["Llama", "CKernels", "Records"]),
    tests(of: "Curation", ["Curation", "CKernels", "CUTF8Proc", "Records"]),
    tests(of: "Generation", ["Generation", "Records"]),
    tests(
      of: "CLI",
      [
        "mdata", "Sequences", "Workbench", "Records",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    tests(
      of: "Workbench",
      [
        "Workbench", "History", "Objects", "Records", "Sequences", "BitRot", "Faults",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(of: "Architecture", []),
    tests(
      of: "History",
      [
        "History", "Objects", "Records", "Faults", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
  ]
)

// Measuring programs: `MDATA_BENCHMARKS=1 swift build -c release`. Left out of every other build.
if Context.environment["MDATA_BENCHMARKS"] != nil {
  package.targets += [
    .executableTarget(
      name: "llama-bench", dependencies: ["Llama", "CKernels", "Peak"], path: "Benchmarks/Llama",
      swiftSettings: settings),
    .target(name: "Peak", path: "Benchmarks/Peak"),
    .executableTarget(
      name: "records-bench", dependencies: ["Records"], path: "Benchmarks/records", swiftSettings: settings),
    .executableTarget(
      name: "similarity-bench", dependencies: ["Curation", "Records"], path: "Benchmarks/Similarity",
      swiftSettings: settings),
    .executableTarget(
      name: "near-duplicates-bench", dependencies: ["Curation", "Records"], path: "Benchmarks/NearDuplicates",
      swiftSettings: settings),
    .executableTarget(
      name: "blame-bench", dependencies: ["Workbench"], path: "Benchmarks/blame", swiftSettings: settings),
  ]
}

// What `./dev torture` runs: `MDATA_TORTURE=1 swift build -c release --product torture`.
if Context.environment["MDATA_TORTURE"] != nil {
  package.targets.append(
    .executableTarget(
      name: "torture",
      dependencies: ["Sequences", "BitRot", "Faults", "Workbench", "History", "Objects", "Records"],
      path: "Torture", exclude: ["Sequences", "BitRot", "Faults"],
      swiftSettings: settings))
}

// What oracles/json_differential.py asks: `MDATA_ORACLES=1 swift build -c release --product json-probe`.
if Context.environment["MDATA_ORACLES"] != nil {
  package.targets.append(
    .executableTarget(
      name: "json-probe", dependencies: ["Records"], path: "oracles/json-probe", swiftSettings: settings))
}

// `./dev fuzz`. The module has one file, which the compiler would otherwise take for a script.
if Context.environment["MDATA_FUZZ"] != nil {
  package.products.append(.executable(name: "fuzz", targets: ["fuzz"]))
  package.targets.append(
    .executableTarget(
      name: "fuzz", dependencies: ["FuzzTargets"], path: "Fuzz/Runner",
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
}
