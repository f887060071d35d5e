// A sender that stands where nothing foreign may be called: in the callback of a C library.

extension Mailbox {
  /// Puts `element` at the end of the queue and wakes nobody: ``wakeReader()`` follows, once for all that was
  /// posted, as soon as the reader's code may run. What comes beyond the capacity is not taken. False when the
  /// reader is gone, or the stream was ended before.
  @discardableResult
  package func post(_ element: Element) -> Bool {
    lock(self) {
      if isClosed || ending != nil || queue.count >= capacity { return false }
      queue.append(element)
      if demand > 0 { demand &-= 1 }
      return true
    }
  }

  /// Wakes the reader when it waits for something, whether anything was posted or not.
  package func wakeReader() {
    var woken: Scope?
    lock(self) { woken = takeAwaiting() }
    woken?.wake()
  }
}
