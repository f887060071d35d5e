// A value whose changes are told.

/// A value that several threads change, one at a time, and what they have to tell about it: subscribers hear that in
/// the order in which it happened.
///
/// What is to be told is written down under the lock and sent under none, by one thread at a time: whoever comes
/// while another sends leaves it to that one.
final class Announced<Value, News: Sendable>: @unchecked Sendable {
  private let lock = Lock()
  // All guarded by `lock`.
  private var value: Value
  private var unsent: [News] = []
  private var isSending = false
  private let hub: Hub<News>

  /// - Parameters:
  ///   - news: what a subscriber hears first, until there is something newer.
  ///   - capacity: how many news wait for a subscriber that is slow; it loses the oldest.
  init(_ value: Value, telling news: News, buffer capacity: Int) {
    self.value = value
    hub = Hub(HubRule(replay: 1, capacity: capacity, policy: .dropOldest))
    _ = hub.send(news)
  }

  deinit { hub.finish(.finished) }

  /// The latest news, and all that follow.
  var flow: Flow<News> { hub.flow }

  /// Changes the value. Nothing foreign is called in `change`; what it appends to the news is told afterwards.
  func change<R>(_ change: (inout Value, inout [News]) -> R) -> R {
    let (result, mustSend) = lock(self) {
      let result = change(&value, &unsent)
      let mustSend = !isSending && !unsent.isEmpty
      if mustSend { isSending = true }
      return (result, mustSend)
    }
    if mustSend { send() }
    return result
  }

  private func send() {
    while true {
      let batch = lock(self) {
        defer { unsent = [] }
        isSending = !unsent.isEmpty
        return unsent
      }
      if batch.isEmpty { return }
      for news in batch { _ = hub.send(news) }
    }
  }
}
