// What the closures of a test write down.
import Flows

/// Entries in the order in which they were written, from any thread.
final class Journal<Entry: Sendable>: @unchecked Sendable {
  private let lock = Lock()
  private var written: [Entry] = []  // guarded by `lock`

  var entries: [Entry] { lock(self) { written } }
  var count: Int { entries.count }
  func note(_ entry: Entry) { lock(self) { written.append(entry) } }
}
