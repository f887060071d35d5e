// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15), .iOS(.v18)],
  dependencies: [.package(name: "swift-flows", path: "..")],
  targets: [
    .target(name: "CHeap"),
    .target(name: "CStreams", linkerSettings: [.linkedLibrary("curl")]),
    .executableTarget(
      name: "FlowBenchmarks",
      dependencies: [
        "CHeap", "CStreams", .product(name: "Flows", package: "swift-flows"),
        .product(name: "FlowHTTP", package: "swift-flows"),
        .product(name: "FlowProviders", package: "swift-flows"),
        .product(name: "FlowTesting", package: "swift-flows"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
