// Where a flow is cut into parts.

/// Says, for one run, which elements belong together. Every operator that makes arrays of elements has its own
/// splitter, and nothing else.
@usableFromInline
struct Splitter<Element: Sendable> {
  /// What an element does to the part that is being made.
  @usableFromInline
  enum Cut {
    case none
    /// It begins the next part.
    case before
    /// It is the last of its part.
    case after
  }

  /// How many elements may come, when so many wait and so many parts are asked for.
  @usableFromInline var ask: (_ waiting: Int, _ room: Int) -> Int
  @usableFromInline var cut: (Element) throws -> Cut
  /// A part has begun, with the element that was looked at last.
  @usableFromInline var begin: () -> Void
  /// The part is over.
  @usableFromInline var end: () -> Void
  /// Something else than an element ends the part: asked after the elements that have come. It may fail.
  @usableFromInline var isDue: () throws -> Bool

  @inlinable
  init(
    ask: @escaping (_ waiting: Int, _ room: Int) -> Int = { _, room in room },
    cut: @escaping (Element) throws -> Cut = { _ in .none }, begin: @escaping () -> Void = {},
    end: @escaping () -> Void = {}, isDue: @escaping () throws -> Bool = { false }
  ) {
    self.ask = ask
    self.cut = cut
    self.begin = begin
    self.end = end
    self.isDue = isDue
  }
}

/// The stage that makes a value of the elements of each part.
@usableFromInline
struct Splitting<Element: Sendable, Part: Sendable> {
  @usableFromInline let context: FlowContext
  @usableFromInline var upstream: Upstream<Element>
  @usableFromInline let splitter: Splitter<Element>
  @usableFromInline let make: ([Element]) -> Part
  /// The elements of the part that is being made.
  @usableFromInline let waiting: Held<Element>
  /// That part is over, and goes out as soon as there is room.
  @usableFromInline var isOver = false
  @usableFromInline var ending = Poll.pending

  @inlinable
  init(
    _ flow: Flow<Element>, in context: FlowContext, _ splitter: Splitter<Element>,
    _ make: @escaping ([Element]) -> Part
  ) {
    self.context = context
    self.splitter = splitter
    self.make = make
    upstream = Upstream(flow, in: context)
    waiting = Held(context)
  }

  @inlinable
  mutating func poll(_ room: inout Chunk<Part>) -> Poll {
    do {
      for _ in 0..<Poll.patience {
        var asked = 0
        if !ending.isTerminal {
          asked = splitter.ask(waiting.count, room.room)
          try take(asked, &room)
          if ending.isTerminal { splitter.end() }
        }
        switch ending {
        case .failed: return ending
        case .finished: isOver = true
        case .more, .pending: if try splitter.isDue() { isOver = true }
        }
        let before = room.count
        deliver(&room)
        if ending.isTerminal { return waiting.isEmpty ? ending : .more }
        // The next part has more room than this one had.
        if room.count > before { continue }
        if !ending.asksAgain || asked == 0 { return room.isFull ? .more : ending }
      }
      // Whoever fills a part without demand goes on with it.
      if room.isFull { context.scope.wake() }
      return .more
    } catch {
      upstream.end()
      return .failed(error)
    }
  }

  /// Takes at most so many elements, and delivers the parts that they complete.
  @inlinable
  mutating func take(_ limit: Int, _ room: inout Chunk<Part>) throws {
    try Chunk<Element>.scratch(limit) { input in
      ending = upstream.poll(&input)
      while let element = input.next() {
        do {
          let cut = try splitter.cut(element)
          if case .before = cut {
            isOver = true
            deliver(&room)
          }
          if waiting.isEmpty { splitter.begin() }
          waiting.append(element)
          if case .after = cut {
            isOver = true
            deliver(&room)
          }
        } catch {
          while let element = input.next() { context.discard(element) }
          throw error
        }
      }
    }
  }

  @inlinable
  mutating func deliver(_ room: inout Chunk<Part>) {
    guard isOver else { return }
    if !waiting.isEmpty {
      if room.isFull { return }
      splitter.end()
      room.append(make(waiting.take(waiting.count)))
    }
    isOver = false
  }
}

extension Flow {
  /// The values that are made of the elements of each part.
  @inlinable
  func split<Part>(
    _ recipe: @escaping @Sendable (FlowContext) -> (Splitter<Element>, make: ([Element]) -> Part)
  ) -> Flow<Part> {
    Flow<Part> { context in
      let (splitter, make) = recipe(context)
      let splitting = Cell(Splitting(self, in: context, splitter, make))
      return { room in splitting.value.poll(&room) }
    }
  }
}
