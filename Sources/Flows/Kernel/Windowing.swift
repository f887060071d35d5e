// Parts of a flow, as flows.

/// The stage that delivers a flow for each part that a splitter makes.
struct Windowing<Element: Sendable>: Dealing {
  let context: FlowContext
  private let splitter: Splitter<Element>
  private let capacity: Int
  var upstream: Upstream<Element>
  private var present: Branch<Element>?
  /// How many elements stand in it.
  private var count = 0
  /// What has come and stands in no window yet: it waits for one to be asked for.
  let waiting: Held<Element>
  /// What the first that waits does to the present window, when that is known.
  private var cut: Splitter<Element>.Cut?
  var ending = Poll.pending

  init(
    _ flow: Flow<Element>, in context: FlowContext, _ splitter: Splitter<Element>, buffer capacity: Int
  ) {
    self.context = context
    self.splitter = splitter
    self.capacity = capacity
    upstream = Upstream(flow, in: context)
    waiting = Held(context)
  }

  func space(_ room: Int) -> Int {
    if !waiting.isEmpty { return 0 }
    guard let present else { return Swift.min(1, room) }
    return Swift.min(splitter.ask(count, .max), present.isOpen ? present.space : .max)
  }

  mutating func place(_ room: inout Chunk<Flow<Element>>) throws {
    while let element = waiting.first {
      let cut = try self.cut ?? splitter.cut(element)
      self.cut = cut
      if case .before = cut {
        close(.finished)
        self.cut = Splitter<Element>.Cut.none
      }
      if present == nil {
        if room.isFull { return }
        let window = Branch<Element>(in: context, buffer: capacity)
        present = window
        count = 0
        room.append(window.flow)
        splitter.begin()
      }
      if present?.isFull == true { return }
      self.cut = nil
      count += 1
      if let element = waiting.next() { present?.send(element) }
      if case .after = cut { close(.finished) }
    }
  }

  mutating func endOthers() throws -> Bool {
    // What waits came before whatever else ends the window.
    guard waiting.isEmpty, !ending.isTerminal, try splitter.isDue() else { return false }
    close(.finished)
    return true
  }

  mutating func close(_ how: Poll) {
    splitter.end()
    present?.finish(how)
    present = nil
  }
}

extension Flow {
  /// A flow for each part.
  func windows(
    buffer capacity: Int, _ recipe: @escaping @Sendable (FlowContext) -> Splitter<Element>
  ) -> Flow<Flow<Element>> {
    precondition(capacity > 0, "window(buffer: \(capacity)): a buffer needs room for at least one element")
    return Flow<Flow<Element>> { context in
      let windowing = Cell(Windowing(self, in: context, recipe(context), buffer: capacity))
      return { room in windowing.value.poll(&room) }
    }
  }
}
