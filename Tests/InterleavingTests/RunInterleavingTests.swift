// The state of a run, and its mailbox, in every order.
import Synchronization
import Testing

@testable import Flows

extension Interleavings {
  @Suite(.serialized) struct RunInterleavingTests {
    @Test func `a wake and a wake`() {
      expectAll {
        Scene()
      } _: {
        $0.send(1)
      } _: {
        $0.send(2)
      } check: { scene in
        scene.finish()
        return scene.fault(isOver: true, scene.elements.sorted() == [1, 2] && scene.ends.count == 1)
      }
    }

    @Test func `an element and a request`() {
      expectAll {
        Scene(demand: 0)
      } _: {
        $0.send(1, 2)
      } _: {
        $0.request(1)
        $0.request(1)
      } check: { scene in
        scene.fault(isOver: false, scene.elements == [1, 2])
      }
    }

    @Test func `a request and a request`() {
      expectAll(upTo: 3) { () -> Scene in
        let scene = Scene(demand: 0)
        scene.send(1, 2, 3)
        return scene
      } _: {
        $0.request(1)
      } _: {
        $0.request(1)
      } check: { scene in
        scene.fault(isOver: false, scene.elements == [1, 2])
      }
    }

    @Test func `an element and a cancellation`() {
      expectAll {
        Scene()
      } _: {
        $0.send(1, 2)
        $0.finish()
      } _: {
        $0.cancel()
      } check: { scene in
        scene.fault(isOver: true, [1, 2].starts(with: scene.elements))
      }
    }

    @Test func `a request and a cancellation`() {
      expectAll { () -> Scene in
        let scene = Scene(demand: 0)
        scene.send(1, 2)
        return scene
      } _: {
        $0.request(2)
      } _: {
        $0.cancel()
      } check: { scene in
        scene.fault(isOver: true, [1, 2].starts(with: scene.elements) && scene.ends.isEmpty)
      }
    }

    @Test func `an end and a cancellation`() {
      expectAll(upTo: 3) {
        Scene()
      } _: {
        $0.finish()
      } _: {
        $0.cancel()
      } check: { scene in
        scene.fault(isOver: true, scene.elements == [])
      }
    }

    @Test func `a cancellation and a cancellation`() {
      expectAll { () -> Scene in
        let scene = Scene(demand: 0)
        scene.send(1)
        return scene
      } _: {
        $0.cancel()
      } _: {
        $0.cancel()
      } check: { scene in
        scene.fault(isOver: true, scene.elements == [] && scene.discarded == 1)
      }
    }

    @Test func `callbacks hold no lock`() {
      expectAll {
        Scene(demand: 1) { source, _ in source.buffer(2, whenFull: .backpressure) }
      } _: {
        $0.send(1, 2, 3)
        $0.finish()
      } _: {
        $0.request(1)
        $0.cancel()
      } check: { scene in
        scene.fault(isOver: true, [1, 2, 3].starts(with: scene.elements))
      }
    }

    /// A consumer that polls by itself, and a source that says something meanwhile.
    final class Polled: @unchecked Sendable {
      let run = Run(.standard)
      var isThere = false
      var hasSeen = false

      init() {
        run.begin { [weak self] _ in
          self?.look()
          return .idle
        }
      }

      func look() { if isThere { hasSeen = true } }
    }

    @Test func `a poll of one's own and a wake`() {
      expectAll(upTo: 3) {
        Polled()
      } _: { polled in
        for _ in 0..<2 where polled.run.enter() {
          polled.look()
          polled.run.leave()
        }
      } _: { polled in
        polled.isThere = true
        polled.run.wake()
      } check: { polled in
        polled.run.cancel()
        return polled.hasSeen ? nil : "the wake was lost"
      }
    }

    /// Something that is owned, and the end of its owner.
    final class Owned: @unchecked Sendable {
      let scope = Scope()
      var releases = 0
      func start() { scope.own(ReleaseAction { self.releases += 1 }) }
    }

    @Test func `a start and an end`() {
      expectAll(upTo: 3) {
        Owned()
      } _: {
        $0.start()
        $0.start()
      } _: {
        $0.scope.end()
      } check: { owned in
        owned.releases == 2 ? nil : "\(owned.releases) of 2 were released"
      }
    }

    // Mistakes that are made on purpose are found.

    @Test func `finds a wake that is lost`() throws {
      // A run that is driven is not marked as woken.
      let explorer = Explorer(lostMove: (1, 2))
      defer { explorer.close() }
      let report = explorer.explore(upTo: 2) {
        Scene()
      } _: {
        $0.send(1)
      } _: {
        $0.send(2)
      } check: { scene in
        scene.fault(isOver: false, scene.elements.sorted() == [1, 2])
      }
      let failure = try #require(report.failure)
      #expect(failure.contains("begins, stopped before steps ["))
      #expect(failure.contains("first: ") && failure.contains("second:"))
      #expect(failure.contains("compareExchange"))
    }

    /// The last ticket, sold by whoever has looked whether there is one.
    final class Tickets: @unchecked Sendable {
      let left = Flows.Atomic<Int>(1)
      var sold = 0

      func sell() {
        guard left.load(ordering: .acquiring) > 0 else { return }
        left.subtract(1, ordering: .acquiringAndReleasing)
        sold += 1
      }
    }

    @Test func `finds what is looked at and then done`() {
      let explorer = Explorer()
      defer { explorer.close() }
      let report = explorer.explore(upTo: 1) {
        Tickets()
      } _: {
        $0.sell()
      } _: {
        $0.sell()
      } check: { tickets in
        tickets.sold == 1 ? nil : "\(tickets.sold) were sold"
      }
      #expect(
        report.failure == """
          2 were sold
          first begins, stopped before steps [2] of
            first:  load
            second: load add
            first:  add
          """)
    }
  }
}
