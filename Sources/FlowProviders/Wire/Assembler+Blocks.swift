// Text and reasoning: blocks that open and close.

extension Assembler {
  @inline(__always)
  mutating func text(_ piece: String, in slot: Slot) {
    if piece.isEmpty { return }
    let place = opened(.text, slot)
    emitted.text &+= piece.utf8.count
    emit(.textDelta(piece, place))
  }

  mutating func reasoning(_ piece: String, in slot: Slot) {
    if piece.isEmpty { return }
    let place = opened(.reasoning, slot)
    emitted.reasoning &+= piece.utf8.count
    emit(.reasoningDelta(piece, place))
  }

  mutating func signature(_ piece: String, in slot: Slot) {
    if piece.isEmpty { return }
    let place = opened(.reasoning, slot)
    emit(.reasoningSignature(piece, place))
  }

  mutating func refusal(_ piece: String, in slot: Slot) {
    if piece.isEmpty { return }
    emit(.refusalDelta(piece, opened(.refusal, slot)))
  }

  /// The place of the block at `slot`, which is opened when it is not.
  @inline(__always)
  @discardableResult
  mutating func opened(_ kind: OpenBlock.Kind, _ slot: Slot) -> ChatEvent.Place {
    // Nearly always the block that was spoken of last.
    if let last = open.last, last.slot == slot, last.kind == kind { return last.place }
    return reopened(kind, slot)
  }

  private mutating func reopened(_ kind: OpenBlock.Kind, _ slot: Slot) -> ChatEvent.Place {
    begin()
    expect(slot.choice)
    if let index = open.firstIndex(where: { $0.slot == slot }) {
      let block = open.remove(at: index)
      if block.kind == kind {
        open.append(block)
        return block.place
      }
      emitEnd(block)
    }
    let place = newPlace(slot.choice)
    open.append(OpenBlock(slot: slot, kind: kind, place: place))
    switch kind {
    case .text: emit(.textStarted(place))
    case .reasoning: emit(.reasoningStarted(place))
    case .refusal: break
    }
    return place
  }

  mutating func newPlace(_ choice: Int) -> ChatEvent.Place {
    defer { nextBlock += 1 }
    return ChatEvent.Place(choice: choice, block: nextBlock)
  }

  /// Ends the text or the reasoning at `slot`, if there is one.
  mutating func closeBlock(_ slot: Slot) {
    guard let index = open.firstIndex(where: { $0.slot == slot }) else { return }
    emitEnd(open.remove(at: index))
  }

  mutating func closeBlocks(of choice: Int? = nil) {
    for block in open where choice == nil || block.slot.choice == choice { emitEnd(block) }
    if let choice { open.removeAll { $0.slot.choice == choice } } else { open.removeAll() }
  }

  private mutating func emitEnd(_ block: OpenBlock) {
    switch block.kind {
    case .text: emit(.textEnded(block.place))
    case .reasoning: emit(.reasoningEnded(block.place))
    case .refusal: break
    }
  }
}
