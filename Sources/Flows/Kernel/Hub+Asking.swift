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
    if told > 0 || !isStarted { return lent > told }
    return rule.policy != nil || (full == 0 && asking > 0)
  }

  /// Tells the producer. Called with the lock held.
  private func tell() -> Int {
    isStarted = true
    told = ending != nil ? 0 : rule.policy == nil ? paceOfSlowest : paceHere
    return told
  }

  /// As much as is asked for, and as the slowest can take.
  private var paceOfSlowest: Int {
    if full > 0 || asking == 0 { return 0 }
    var most = 0
    var least = Int.max
    for outlet in outlets where outlet.isLive {
      most = Swift.max(most, outlet.lent - outlet.queue.count)
      least = Swift.min(least, outlet.credit)
    }
    return Swift.min(most, least)
  }

  /// Without limit: who is too slow loses something. But subscribers that this very thread drives cannot take
  /// anything before the producer has stopped, so no more than each of them asks for, and nothing while one that has
  /// got what it asked for has not come to take it: it may ask for more.
  private var paceHere: Int {
    let here = Platform.threadID
    var least = Int.max
    for outlet in outlets where outlet.isLive && outlet.thread == here && (outlet.lent > 0 || outlet.isComing)
    {
      least = Swift.min(least, Swift.max(0, outlet.lent - outlet.queue.count))
    }
    return least
  }
}
