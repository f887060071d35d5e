// A producer that sends no more than its subscribers want: a run.

extension Hub: Asked {
  /// How much may be sent now.
  func space() -> Int { lock(self) { tell() } }

  /// Hands `batch` to all subscribers, in one turn of the lock. The answer is how much more may be sent.
  func send(draining batch: inout Chunk<Element>) -> Int {
    var round = Round<Element>()
    let left = lock(self) {
      guard ending == nil, !isShut else { return 0 }
      // Copied, so that elements that nobody takes are destroyed under no lock.
      batch.forEach { element in
        remember(element, &round)
        for outlet in outlets { outlet.take(element, &round) }
      }
      for outlet in outlets { outlet.judge() }
      return tell()
    }
    batch.removeAll()
    round.conclude()
    return left
  }

  /// Whether the producer must be called, when a subscriber has asked for `lent`. Called with the lock held.
  @usableFromInline
  func mustAsk(_ lent: Int) -> Bool {
    if rule.policy != nil { return told == 0 && lent > 0 }
    return full == 0 && (told == 0 ? asking > 0 : lent > told)
  }

  /// Tells the producer: as much as is asked for, and as the slowest can take; without limit, when those that
  /// are too slow lose elements. Called with the lock held.
  private func tell() -> Int {
    if ending != nil {
      told = 0
    } else if rule.policy != nil {
      told = .max
    } else if full > 0 || asking == 0 {
      told = 0
    } else {
      var most = 0
      var least = Int.max
      for outlet in outlets where outlet.isLive {
        most = Swift.max(most, outlet.lent - outlet.queue.count)
        least = Swift.min(least, outlet.credit)
      }
      told = Swift.min(most, least)
    }
    return told
  }
}
