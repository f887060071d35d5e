// The producer, moved.
import FlowTesting
import Flows
import Testing

@Suite struct SubscribeOnTests {
  @Test func `delivers the same`() throws {
    try marbles(
      """
      source         -a-b-c-|
      subscribe(on)  -a-b-c-|
      """
    ) { $0["source"].subscribe(on: $0.time) }
  }

  @Test func `asks for what it is asked for`() throws {
    try marbles(
      """
      source         -abc---|
      subscribe(on)  -a-b-c-|
      demand         1--1-1
      asked source   1--1-1
      """
    ) { $0["source"].subscribe(on: $0.time) }
  }

  /// Notes who is where.
  private func noting<Element>(_ flow: Flow<Element>, _ place: ManualPlace, _ notes: Box<[Bool]>) -> Flow<
    Element
  > {
    Flow<Element> { context in
      notes.value.append(place.isCurrent)
      let upstream = flow.start(in: context)
      return { room in
        notes.value.append(place.isCurrent)
        return upstream(&room)
      }
    }
  }

  @Test func `starts and polls its source in its place`() throws {
    let place = ManualPlace()
    let source = TestFlow<Int>()
    let notes = Box<[Bool]>([])
    let seen = Box(0)
    let flow = noting(source.flow, place, notes).subscribe(on: place)
    let subscription = flow.subscribe(demand: 1) { seen.value += $0 }
    #expect(source.subscriptions == 0)
    place.run()
    #expect(source.subscriptions == 1)
    source.send(1, 2)
    #expect(seen.value == 0)
    place.run()
    #expect(seen.value == 1)
    subscription.request(1)
    #expect(seen.value == 1)
    place.run()
    #expect(seen.value == 3)
    #expect(!notes.value.contains(false))
    subscription.cancel()
    try source.expectReleased()
  }

  @Test(arguments: [false, true]) func `leaves consumers where they want to be, in any order`(isFirst: Bool) {
    let producers = ManualPlace()
    let consumers = ManualPlace()
    let notes = Box<[Bool]>([])
    let seen = Box<[Bool]>([])
    let source = noting(Flow.from(1...3), producers, notes)
    let flow =
      isFirst
      ? source.subscribe(on: producers).receive(on: consumers)
      : source.receive(on: consumers).subscribe(on: producers)
    let subscription = flow.subscribe { _ in
      seen.value.append(consumers.isCurrent)
    } onEnd: { _ in
      seen.value.append(consumers.isCurrent)
    }
    for _ in 0..<4 {
      producers.run()
      consumers.run()
    }
    #expect(seen.value == [true, true, true, true])
    #expect(!notes.value.isEmpty && !notes.value.contains(false))
    withExtendedLifetime(subscription) {}
  }

  @Test func `is overruled by one nearer to the source`() {
    let near = ManualPlace()
    let far = ManualPlace()
    let notes = Box<[Bool]>([])
    let seen = Box(0)
    let flow = noting(Flow.from(1...3), near, notes).subscribe(on: near).subscribe(on: far)
    let subscription = flow.subscribe { seen.value += $0 }
    for _ in 0..<4 {
      near.run()
      far.run()
    }
    #expect(seen.value == 6)
    #expect(!notes.value.isEmpty && !notes.value.contains(false))
    withExtendedLifetime(subscription) {}
  }

  @Test func `gives each of several sources its own place`() {
    let one = ManualPlace()
    let two = ManualPlace()
    let notes = [Box<[Bool]>([]), Box<[Bool]>([])]
    let seen = Box(0)
    let flow = noting(Flow.from(1...3), one, notes[0]).subscribe(on: one)
      .merge(with: noting(Flow.from(4...6), two, notes[1]).subscribe(on: two))
    let subscription = flow.subscribe { seen.value += $0 }
    for _ in 0..<4 {
      one.run()
      two.run()
    }
    #expect(seen.value == 21)
    for note in notes { #expect(!note.value.isEmpty && !note.value.contains(false)) }
    withExtendedLifetime(subscription) {}
  }

  @Test func `starts every attempt in its place`() {
    let place = ManualPlace()
    let notes = Box<[Bool]>([])
    let seen = Box(0)
    let flow = noting(Flow.from(1...3), place, notes).subscribe(on: place).prefix(2)
    let subscription = flow.subscribe { seen.value += $0 }
    #expect(notes.value.isEmpty)
    place.run()
    #expect(seen.value == 3)
    #expect(!notes.value.contains(false))
    withExtendedLifetime(subscription) {}
  }

  @Test func `serves an async consumer`() throws {
    let time = VirtualTime()
    let place = ManualPlace()
    let notes = Box<[Bool]>([])
    let flow = noting(Flow.from(1...1000), place, notes).subscribe(on: place)
    let task = time.asDefault { Task(executorPreference: time) { try await flow.reduce(0, +) } }
    for _ in 0..<50 {
      time.run()
      place.run()
    }
    let sum = try time.run { try await task.value }
    #expect(sum == 500_500)
    #expect(!notes.value.isEmpty && !notes.value.contains(false))
  }

  @Test func `never starts a source that was cancelled before`() {
    let place = ManualPlace()
    let source = TestFlow<Int>()
    let subscription = source.flow.subscribe(on: place).subscribe { _ in }
    subscription.cancel()
    place.run()
    #expect(source.subscriptions == 0)
  }
}
