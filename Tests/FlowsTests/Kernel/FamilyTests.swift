// Children in line: who is polled, and when.
import FlowTesting
import Testing

@testable import Flows

@Suite struct FamilyTests {
  let run = Run(.standard)

  private func family(of count: Int) -> (Family, [Child]) {
    let family = Family(run.context)
    return (family, (0..<count).map { family.add(key: $0) })
  }

  /// The keys of those whose turn it is, each of which has more, until there have been `limit`.
  private func turns(_ family: Family, _ limit: Int) -> [Int] {
    var keys: [Int] = []
    while keys.count < limit, let child = family.next(hasRoom: true) {
      keys.append(child.key)
      family.settle(child, after: .more, hasRoom: true)
    }
    return keys
  }

  @Test func `those that have more take turns`() {
    let (family, _) = family(of: 3)
    #expect(turns(family, 7) == [0, 1, 2, 0, 1, 2, 0])
  }

  @Test func `one that has nothing is polled when it is woken, once`() {
    let (family, children) = family(of: 2)
    while let child = family.next(hasRoom: true) { family.settle(child, after: .pending, hasRoom: true) }
    #expect(family.next(hasRoom: true) == nil)
    for _ in 0..<3 { children[1].wake() }
    #expect(family.next(hasRoom: true)?.key == 1)
    #expect(family.next(hasRoom: true) == nil)
  }

  @Test func `one that is woken stands behind those that wait for their turn already`() throws {
    let (family, children) = family(of: 3)
    let first = try #require(family.next(hasRoom: true))
    family.settle(first, after: .pending, hasRoom: true)
    children[0].wake()
    #expect(turns(family, 5) == [1, 2, 0, 1, 2])
  }

  @Test func `without room those that were woken are polled, and keep their place`() {
    let (family, _) = family(of: 3)
    let first = family.next(hasRoom: true)
    if let first { family.settle(first, after: .more, hasRoom: false) }
    var polled: [Int] = []
    while let child = family.next(hasRoom: false) {
      polled.append(child.key)
      family.settle(child, after: .more, hasRoom: false)
    }
    #expect(polled == [1, 2])
    #expect(turns(family, 4) == [1, 2, 0, 1])
  }

  @Test func `one that waits for its turn hears without room that it was woken`() {
    let (family, children) = family(of: 2)
    #expect(turns(family, 2) == [0, 1])
    #expect(family.next(hasRoom: false) == nil)
    children[1].wake()
    #expect(family.next(hasRoom: false)?.key == 1)
    #expect(family.next(hasRoom: false) == nil)
    #expect(turns(family, 2) == [0, 1])
  }

  @Test func `one that was lent no room is polled again when there is some`() throws {
    let (family, children) = family(of: 1)
    let child = try #require(family.next(hasRoom: false))
    family.settle(child, after: .pending, hasRoom: false)
    #expect(family.next(hasRoom: false) == nil)
    #expect(family.next(hasRoom: true) === children[0])
  }

  @Test func `one that was let go is not polled, and wakes nobody`() {
    let (family, children) = family(of: 2)
    #expect(turns(family, 2) == [0, 1])
    children[0].wake()
    children[0].leave()
    #expect(children[0].isEnded)
    children[0].wake()
    #expect(turns(family, 2) == [1, 1])
  }

  @Test func `a child that is never read again holds nothing of an ended run`() throws {
    let count = LiveCount()
    do {
      let run = Run(.standard)
      let family = Family(run.context)
      let child = family.add(key: 0)
      child.context.onEnd { [token = count.token()] in _ = token }
      run.cancel()
      #expect(child.isEnded)
      child.wake()
    }
    try count.expectNone()
  }

  @Test func `those that come after the end of the run are ended`() {
    let family = Family(run.context)
    run.cancel()
    #expect(family.add(key: 0).isEnded)
    #expect(family.next(hasRoom: true) == nil)
  }
}
