// Task-local values that reach user closures.
import FlowTesting
import Flows
import Testing

enum Carried {
  @TaskLocal static var id = "none"
  @TaskLocal static var depth = 0
}

@Suite struct CarryingTests {
  private let seen = Journal<String>()

  private func noting(_ flow: Flow<Int>, _ place: String) -> Flow<Int> {
    flow.map { [seen] in
      seen.note("\(place) \(Carried.id) \(Carried.depth)")
      return $0
    }
  }

  @Test func `changes nothing that passes`() throws {
    try marbles(
      """
      source    -a-b-|
      carrying  -a-b-|
      """
    ) { $0["source"].carrying(Carried.$id) }
  }

  @Test func `puts the subscriber's values around closures, whoever wakes the run`() {
    let source = TestFlow<Int>()
    let flow = noting(source.flow, "above").carrying(Carried.$id, Carried.$depth)
    let subscription = Carried.$id.withValue("mine") {
      Carried.$depth.withValue(7) { noting(flow, "below").subscribe { _ in } }
    }
    Carried.$id.withValue("other") { _ = source.send(1) }
    #expect(seen.entries == ["above mine 7", "below other 0"])
    subscription.cancel()
  }

  @Test func `takes them to other places, to tasks, and to later attempts`() throws {
    let time = VirtualTime()
    let place = ManualPlace()
    let attempts = Counter()
    let source = Flow<Int>.future { [seen] in
      attempts.add()
      seen.note("task \(Carried.id)")
      if attempts.count == 1 { throw MarbleError() }
      return 1
    }
    let flow = noting(noting(source, "near").subscribe(on: place), "far").delay(for: .seconds(1)).retry(1)
      .carrying(Carried.$id)
    let recording = Carried.$id.withValue("mine") { flow.record(in: time) }
    for _ in 0..<5 {
      place.run()
      time.run()
    }
    try recording.expect(1)
    #expect(seen.entries == ["task mine", "task mine", "near mine 0", "far mine 0"])
  }

  @Test func `reaches what is done at the end`() {
    let source = Flow<Int>.create(buffer: 1, whenFull: .dropNewest) { [seen] emitter in
      seen.note("create \(Carried.id)")
      emitter.onCancel { seen.note("cancel \(Carried.id)") }
    }
    let flow = source.finally { [seen] _ in seen.note("finally \(Carried.id)") }.carrying(Carried.$id)
    let subscription = Carried.$id.withValue("mine") { flow.subscribe { _ in } }
    subscription.cancel()
    #expect(seen.entries == ["create mine", "cancel mine", "finally mine"])
  }

  @Test func `prefers the values that are taken nearer`() {
    let flow = noting(.just(1), "in").carrying(Carried.$id)
    let wrapped = Flow<Int> { context in Carried.$id.withValue("near") { flow.start(in: context) } }
      .carrying(Carried.$id, Carried.$depth)
    let subscription = Carried.$id.withValue("far") {
      Carried.$depth.withValue(1) { wrapped.subscribe { _ in } }
    }
    #expect(seen.entries == ["in near 1"])
    subscription.cancel()
  }
}
