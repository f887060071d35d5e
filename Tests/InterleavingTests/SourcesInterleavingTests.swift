// Wakes of children, shared flows, and timers against elements, in every order.
import Testing

@testable import Flows

extension Interleavings {
  @Suite(.serialized) struct SourcesInterleavingTests {
    // MARK: Children

    /// A second source beside that of the scene.
    final class Two: @unchecked Sendable {
      let other = Mailbox<Int>(capacity: 8)
      let scene: Scene

      init(demand: FlowDemand = .unlimited) {
        let other = other
        scene = Scene(demand: demand) { source, _ in source.merge(with: Flow { other.read(in: $0) }) }
      }
    }

    @Test func `a child is woken, and another`() {
      expectAll {
        Two()
      } _: {
        $0.scene.send(1)
        $0.scene.finish()
      } _: {
        _ = $0.other.send(10)
        $0.other.finish()
      } check: { two in
        two.scene.accepted += 1
        return two.scene.fault(
          isOver: true, two.scene.elements.sorted() == [1, 10] && two.scene.ends.count == 1)
      }
    }

    @Test func `a child is woken, and more is asked for`() {
      expectAll { () -> Two in
        let two = Two(demand: 0)
        _ = two.other.send(10)
        return two
      } _: {
        $0.scene.send(1)
      } _: {
        $0.scene.request(1)
        $0.scene.request(1)
      } check: { two in
        two.scene.fault(isOver: false, two.scene.elements.sorted() == [1, 10])
      }
    }

    @Test func `a child is woken, and all are cancelled`() {
      expectAll {
        Two()
      } _: {
        $0.scene.send(1)
        $0.scene.finish()
      } _: {
        $0.scene.cancel()
      } check: { two in
        two.scene.fault(isOver: true, [1].starts(with: two.scene.elements) && two.scene.ends.isEmpty)
      }
    }

    // MARK: Sharing

    /// A shared flow with two subscribers, who may come and go.
    final class Shared: @unchecked Sendable {
      let subject = FlowSubject<Int>(replay: 0, buffer: 8, whenFull: .fail)
      let flow: Flow<Int>
      var seen: [[Int]] = [[], []]
      var subscriptions: [FlowSubscription?] = [nil, nil]

      init(subscribers: Int) {
        flow = subject.flow.share(buffer: 4)
        for place in 0..<subscribers { subscribe(place) }
      }

      func subscribe(_ place: Int) {
        subscriptions[place] = flow.subscribe { [weak self] in self?.seen[place].append($0) }
      }

      func cancel(_ place: Int) { subscriptions[place]?.cancel() }

      /// Both leave; nobody is left at the source.
      func fault(_ isRight: Bool) -> String? {
        let seen = "\(seen)"
        subscriptions = [nil, nil]
        let isLetGo = subject.subscriberCount == 0
        return isRight && isLetGo ? nil : "seen \(seen), let go: \(isLetGo)"
      }
    }

    @Test func `an element comes, and a subscriber leaves`() {
      expectAll(upTo: 1) {
        Shared(subscribers: 2)
      } _: { shared in
        for element in 1...2 { _ = shared.subject.send(element) }
      } _: {
        $0.cancel(1)
      } check: { shared in
        shared.fault(shared.seen[0] == [1, 2] && [1, 2].starts(with: shared.seen[1]))
      }
    }

    @Test func `an element comes, and a subscriber`() {
      expectAll(upTo: 1) {
        Shared(subscribers: 1)
      } _: { shared in
        for element in 1...2 { _ = shared.subject.send(element) }
      } _: {
        $0.subscribe(1)
      } check: { shared in
        shared.fault(shared.seen[0] == [1, 2] && [[1, 2], [2], []].contains(shared.seen[1]))
      }
    }

    @Test func `the last leaves, and the next comes`() {
      expectAll(upTo: 1) {
        Shared(subscribers: 1)
      } _: {
        $0.cancel(0)
      } _: {
        $0.subscribe(1)
      } check: { shared in
        _ = shared.subject.send(3)
        return shared.fault(shared.seen == [[], [3]])
      }
    }

    // MARK: Timers

    @Test func `a timeout and an element`() {
      expectAll {
        Scene { source, _ in source.timeout(idle: .nanoseconds(10)) }
      } _: {
        $0.clock.move(to: 10)
      } _: {
        $0.send(1)
      } check: { scene in
        if scene.ends.isEmpty {
          return scene.fault(isOver: false, scene.elements == [1] && scene.clock.count == 1)
        }
        return scene.fault(isOver: true, [1].starts(with: scene.elements))
      }
    }

    @Test func `a due element and a newer one`() {
      expectAll { () -> Scene in
        let scene = Scene { source, _ in source.debounce(for: .nanoseconds(10)) }
        scene.send(1)
        return scene
      } _: {
        $0.clock.move(to: 10)
      } _: {
        $0.send(2)
      } check: { scene in
        scene.clock.move(to: 100)
        let fault = scene.fault(isOver: false, scene.elements == [1, 2] || scene.elements == [2])
        return fault ?? (scene.clock.count == 0 ? nil : "a timer is left")
      }
    }

    @Test func `an element that waits and one that comes`() {
      expectAll { () -> Scene in
        let scene = Scene { source, _ in source.delay(for: .nanoseconds(10)) }
        scene.send(1)
        return scene
      } _: {
        $0.clock.move(to: 10)
      } _: {
        $0.send(2)
      } check: { scene in
        for instant in 2...5 { scene.clock.move(to: Int64(10 * instant)) }
        return scene.fault(isOver: false, scene.elements == [1, 2])
      }
    }

    @Test func `a timer rings, and all is cancelled`() {
      expectAll {
        Scene { source, _ in source.timeout(idle: .nanoseconds(10)) }
      } _: {
        $0.clock.move(to: 10)
      } _: {
        $0.cancel()
      } check: { scene in
        scene.fault(isOver: true, scene.elements == [])
      }
    }
  }
}
