// A length of time that is waited for again and again.

/// How long to wait, and which clock is good enough for it: an exact one for a short wait, a cheaper one where its
/// error is less than a hundredth. Never early.
@usableFromInline
struct Interval: Sendable {
  /// `.max` for a wait without end.
  private let nanoseconds: Int64
  /// What is added because the cheap clock may lag; negative for the exact clock.
  private let margin: Int64

  static let endless = Interval(nanoseconds: .max, margin: 0)

  private init(nanoseconds: Int64, margin: Int64) {
    self.nanoseconds = nanoseconds
    self.margin = margin
  }

  init(_ duration: Duration, in context: FlowContext) {
    let nanoseconds = duration.nanoseconds
    let error = context.scheduler.approximationError.nanoseconds
    self.init(nanoseconds: nanoseconds, margin: error <= nanoseconds / 100 ? error : -1)
  }

  var duration: Duration { .nanoseconds(nanoseconds) }

  /// The end of a wait that begins now.
  func end(in context: FlowContext) -> FlowInstant {
    if nanoseconds == .max { return .distantFuture }
    let now = margin < 0 ? context.now : context.scheduler.approximateNow
    let (end, overflow) = (now.nanoseconds &+ max(0, margin)).addingReportingOverflow(nanoseconds)
    return overflow ? .distantFuture : FlowInstant(nanoseconds: end)
  }
}
