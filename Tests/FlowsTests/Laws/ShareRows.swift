// The laws of Share.
import FlowTesting
import Flows

enum ShareRows {
  // The source is started by the first request, so its end comes no sooner.
  static let all: [LawRow] = [
    .operator("share", asks: .ahead(1), ends: .whenAsked, runs: .shared) { source, _ in source.share() },
    .operator("share(replay:)", asks: .ahead(3), ends: .whenAsked, runs: .shared) { source, _ in
      source.share(replay: 2, buffer: 3)
    },
    .operator(
      "share(dropOldest)", asks: .withoutLimit, delivers: .someElements, ends: .whenAsked, runs: .shared
    ) { source, _ in
      source.share(buffer: 3, whenFull: .dropOldest)
    },
    .operator(
      "share(dropNewest)", asks: .withoutLimit, delivers: .someElements, ends: .whenAsked, runs: .shared
    ) { source, _ in
      source.share(buffer: 3, whenFull: .dropNewest)
    },
    .operator("share(reset: [])", asks: .ahead(2), ends: .whenAsked, runs: .shared) { source, _ in
      source.share(replay: 1, buffer: 2, reset: [])
    },
    .operator("multicast(autoconnect)", asks: .ahead(1), runs: .shared) { source, _ in
      source.multicast().autoconnect()
    },
    .operator("multicast(dropOldest)", asks: .withoutLimit, delivers: .someElements, runs: .shared) {
      source, _ in source.multicast(replay: 1, buffer: 2, whenFull: .dropOldest).autoconnect()
    },
    .operator("tee") { source, law in
      source.tee(buffer: 2, whenFull: .backpressure) { copy in try await copy.forEach { _ = law.note($0) } }
    },
    .operator("tee(dropOldest)") { source, law in
      source.tee(buffer: 2, whenFull: .dropOldest) { copy in try await copy.forEach { _ = law.note($0) } }
    },
    .source("ReplayFlow") { _ in
      let subject = ReplayFlow<Int>(count: 3, buffer: 1, whenFull: .dropOldest)
      for element in 1...5 { subject.send(element) }
      return subject.flow
    },
    .source("FlowSubject") { _ in
      let subject = FlowSubject<Int>(replay: 5, buffer: 1, whenFull: .dropOldest)
      for element in 1...5 { subject.send(element) }
      return subject.flow
    },
    .source("FlowChannel", ends: .whenAsked) { law in
      .deferred {
        let channel = FlowChannel<Int>()
        let sender = Flow<Int>.produce { _ in
          for element in 1...5 { try await channel.send(try law.call(element)) }
          channel.finish()
        }
        return channel.flow.merge(with: sender)
      }
    },
    .source("CurrentValueFlow") { _ in CurrentValueFlow(1).flow },
  ]
}
