// What a continuation says again.

/// Takes from the beginning of a continuation what stands already at the end of the text before it: a provider that is
/// asked to go on may begin the sentence again, or the whole answer.
///
/// As long as the continuation can still turn out to be a repetition, it is held back; a word or two are enough to know,
/// unless it is one.
struct Overlap {
  /// What is shorter may be chance.
  private static let least = 8

  private let before: [UInt8]
  private var held: [UInt8] = []
  /// Where in the text before a repetition may have begun; `nil` before anything was said.
  private var starts: [Int]?
  private(set) var isDecided: Bool

  init(before text: String) {
    before = Array(text.utf8)
    isDecided = before.isEmpty
  }

  /// What of the continuation is to be delivered now that this piece has come.
  mutating func take(_ piece: String) -> String {
    if isDecided { return piece }
    let known = held.count
    held += piece.utf8
    if held.isEmpty { return "" }
    starts = (starts ?? Array(before.indices)).filter { start in
      let end = min(before.count - start, held.count)
      return known >= end || before[start + known..<start + end].elementsEqual(held[known..<end])
    }
    if starts?.contains(where: { before.count - $0 > held.count }) == true { return "" }
    return decide()
  }

  /// What is to be delivered when the continuation says no more.
  mutating func end() -> String {
    if isDecided { return "" }
    // It began from the beginning and ended before it came to anything new.
    if starts?.contains(0) == true, held.count < before.count { held = [] }
    return decide()
  }

  private mutating func decide() -> String {
    isDecided = true
    let length = starts?.first { before.count - $0 <= held.count }.map { before.count - $0 } ?? 0
    let rest = length >= min(Self.least, before.count) ? held.dropFirst(length) : held[...]
    return String(decoding: rest, as: UTF8.self)
  }
}
