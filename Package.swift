// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every Swift target.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "swift-flows",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .library(name: "Flows", targets: ["Flows"]),
    .library(name: "FlowTesting", targets: ["FlowTesting"]),
    .library(name: "FlowHTTP", targets: ["FlowHTTP"]),
    .library(name: "FlowProviders", targets: ["FlowProviders"]),
    .library(name: "FlowRedis", targets: ["FlowRedis"]),
  ],
  traits: [
    .trait(name: "Redis", description: "Caches in Redis or Valkey, through hiredis.")
  ],
  targets: [
    .target(name: "CSanitizer"),
    .target(name: "Flows", dependencies: ["CSanitizer"], swiftSettings: settings),
    .target(name: "FlowTesting", dependencies: ["Flows"], swiftSettings: settings),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(name: "CCurlShim", dependencies: ["CCurl"]),
    .target(name: "FlowHTTP", dependencies: ["Flows", "CCurl", "CCurlShim"], swiftSettings: settings),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(
      name: "FlowProviders",
      dependencies: ["Flows", "FlowHTTP", .target(name: "CCrypto", condition: .when(platforms: [.linux]))],
      swiftSettings: settings),
    .systemLibrary(name: "CHiredis"),
    .target(
      name: "FlowRedis",
      dependencies: [
        "FlowProviders", "Flows", .target(name: "CHiredis", condition: .when(traits: ["Redis"])),
      ], swiftSettings: settings),
    .executableTarget(
      name: "flow", dependencies: ["FlowProviders", "FlowHTTP", "Flows"], swiftSettings: settings),
    .testTarget(
      name: "flowTests", dependencies: ["flow", "FlowProviders", "FlowHTTP", "Flows", "HTTPTestKit"],
      swiftSettings: settings),
    .executableTarget(name: "flow-tour", dependencies: ["Flows"], swiftSettings: settings),
    .testTarget(name: "FlowsTests", dependencies: ["Flows", "FlowTesting"], swiftSettings: settings),
    .testTarget(
      name: "FlowProvidersTests",
      dependencies: ["FlowProviders", "FlowHTTP", "Flows", "FlowTesting", "HTTPTestKit"],
      exclude: ["Recordings/Own"], swiftSettings: settings),
    .testTarget(name: "FlowTestingTests", dependencies: ["Flows", "FlowTesting"], swiftSettings: settings),
    .target(
      name: "HTTPTestKit", dependencies: ["Flows", "FlowHTTP"], path: "Tests/Support/HTTPTestKit",
      swiftSettings: settings),
    .executableTarget(
      name: "CacheWorker", dependencies: ["FlowRedis", "FlowProviders", "FlowHTTP", "Flows"],
      path: "Tests/Support/CacheWorker", swiftSettings: settings),
    .testTarget(
      name: "FlowRedisTests",
      dependencies: [
        "FlowRedis", "FlowProviders", "FlowHTTP", "Flows", "FlowTesting", "HTTPTestKit", "CacheWorker",
      ], swiftSettings: settings),
    .testTarget(
      name: "FlowHTTPTests", dependencies: ["Flows", "FlowHTTP", "FlowTesting", "HTTPTestKit"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)

// Builds that are about nothing but the stream. `FLOWS_COVERAGE` has its tests; `FLOWS_INTERLEAVINGS=1 swift test` puts a
// seam under the atomics and locks of the kernel, and runs the tests that go through it:
// docs/decisions/0015-a-seam-that-is-not-there.md.
let isExploring = Context.environment["FLOWS_INTERLEAVINGS"] != nil
if isExploring || Context.environment["FLOWS_COVERAGE"] != nil {
  let tested = ["FlowTesting", "FlowsTests", "FlowTestingTests"]
  let kept = ["CSanitizer", "Flows"] + (isExploring ? [] : tested)
  package.products = []
  package.targets.removeAll { !kept.contains($0.name) }
}
if isExploring {
  let seam = settings + [.define("FLOWS_INTERLEAVINGS")]
  package.targets.removeAll { $0.name == "Flows" }
  package.targets += [
    .target(name: "Flows", dependencies: ["CSanitizer"], swiftSettings: seam),
    .testTarget(name: "InterleavingTests", dependencies: ["Flows"], swiftSettings: seam),
  ]
}
// One test target by itself builds in a fraction of the time: FLOWS_TESTS=FlowRedisTests swift test ...
if let only = Context.environment["FLOWS_TESTS"] {
  package.targets.removeAll { $0.type == .test && $0.name != only }
}
