// swift-tools-version: 6.2
import PackageDescription

/// The pages of Flows.playground as programs, so that they run without Xcode: `bash .ci/playgrounds`.
func page(_ word: String) -> Target {
  .executableTarget(
    // Not the bare word: on some platforms Combine is taken.
    name: "\(word)Page",
    dependencies: [
      .product(name: "Flows", package: "swift-flows"), .product(name: "FlowTesting", package: "swift-flows"),
    ],
    path: "Flows.playground/Pages/\(word).xcplaygroundpage",
    sources: ["Contents.swift"],
    swiftSettings: [.treatAllWarnings(as: .error)])
}

let package = Package(
  name: "Playgrounds",
  platforms: [.macOS(.v15), .iOS(.v18)],
  dependencies: [.package(name: "swift-flows", path: "..")],
  targets: [
    page("Begin"),
    page("Transform"),
    page("Select"),
    page("Combine"),
    page("Time"),
    page("Pressure"),
    page("Recover"),
    page("Share"),
    page("Observe"),
    page("Finish"),
  ],
  swiftLanguageModes: [.v6]
)
