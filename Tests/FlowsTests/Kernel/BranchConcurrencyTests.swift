// Windows and groups that are consumed on other threads than the one that fills them.
import FlowTesting
import Testing

@testable import Flows

@Suite struct BranchConcurrencyTests {
  private let near = SystemScheduler(name: "test.near")
  private let far = SystemScheduler(name: "test.far")

  @Test(arguments: [1, 4, 64]) func `a window that is read on another thread loses nothing`(buffer: Int)
    async throws
  {
    let windows = Flow.from(0..<5000).window(ofCount: 17, buffer: buffer)
    let seen = try await windows.concatMap { [far] in $0.subscribe(on: far) }.collect()
    #expect(seen == Array(0..<5000))
    near.stop()
    far.stop()
  }

  @Test func `groups that are read on several threads lose nothing`() async throws {
    let groups = Flow.from(0..<5000).subscribe(on: near)
      .grouped(by: { $0 % 3 }, maxGroups: 3, atLimit: .fail, buffer: 2)
    let seen = try await groups.flatMap(maxConcurrent: 3) { [near, far] group in
      group.flow.subscribe(on: group.key == 0 ? near : far)
    }.collect()
    #expect(seen.sorted() == Array(0..<5000))
    for key in 0..<3 { #expect(seen.filter { $0 % 3 == key } == Array(stride(from: key, to: 5000, by: 3))) }
    near.stop()
    far.stop()
  }

  @Test func `readers that leave while they are sent to hold up nothing`() async throws {
    let windows = Flow.from(0..<3000).window(ofCount: 10, buffer: 2)
    let seen = try await windows.concatMap { [far] in $0.subscribe(on: far).prefix(1) }.collect()
    #expect(seen == Array(stride(from: 0, to: 3000, by: 10)))
    near.stop()
    far.stop()
  }
}
