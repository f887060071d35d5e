// A sender that sends no more than it is asked for.

/// What the sender of a mailbox was told, when it is one that can be asked: a run.
@usableFromInline
package struct Asking {
  /// It may send until the mailbox is full, once anything was asked for; else only what the reader asked for.
  let isAhead: Bool
  /// Where its failure stands among what it has sent.
  let errors: ErrorOrder
  /// The reader has asked for something.
  var isOpen = false
  /// How much it may still send, as far as it knows.
  var told = 0

  package init(isAhead: Bool, errors: ErrorOrder = .afterElements) {
    self.isAhead = isAhead
    self.errors = errors
  }
}

extension Mailbox: Asked {
  /// How much may be sent now. The sender is called (`onRequest`) when that becomes so much more than it was
  /// told that asking again is worth its while: at all, or, when it may be ahead, three quarters of the queue.
  package func space() -> Int { lock(self) { tell() } }

  /// Tells the sender. Called with the lock held.
  func tell() -> Int {
    guard let senders, let asking = senders.asking, !isClosed, ending == nil else { return 0 }
    let space = asking.isAhead ? (asking.isOpen ? capacity - queue.count : 0) : demand
    senders.asking?.told = space
    return space
  }

  /// Whether the sender must be called. Called with the lock held, after the reader has been served.
  @usableFromInline
  func mustAsk(_ isAsked: Bool) -> Bool {
    guard let senders, let now = senders.asking else { return false }
    if !now.isAhead { return demand > now.told }
    if isAsked { senders.asking?.isOpen = true }
    guard now.isOpen || isAsked else { return false }
    return capacity - queue.count - now.told >= Swift.max(1, capacity - capacity / 4)
  }
}
