// What is asked for, told from room that is lent.

/// Notices when more is asked for than is outstanding. Room that is lent again is no new request.
@usableFromInline
struct RequestMeter {
  /// Asked for and not delivered; `.max` when unlimited.
  @usableFromInline var outstanding = 0

  @inlinable init() {}

  /// Room is lent. The answer is what is asked for on top of what is outstanding.
  ///
  /// As much as one poll can carry passes for unlimited: a stage cannot tell the two apart.
  @inlinable
  mutating func lend<Element>(_ room: borrowing Chunk<Element>) -> FlowDemand? {
    let isUnlimited = room.isEmpty && room.room >= Chunk<Element>.capacity
    guard isUnlimited ? outstanding != .max : room.room > outstanding else { return nil }
    defer { outstanding = isUnlimited ? .max : room.room }
    return isUnlimited ? .unlimited : FlowDemand(room.room - outstanding)
  }

  @inlinable
  mutating func deliver(_ count: Int) {
    if outstanding != .max { outstanding = Swift.max(0, outstanding - count) }
  }
}
