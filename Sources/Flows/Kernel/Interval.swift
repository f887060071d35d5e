// A length of time that is waited for again and again.

/// How long to wait, and which clock is good enough for it: an exact one for a short wait, a cheaper one where its
/// error is less than a hundredth. Never early.
@usableFromInline
struct Interval: Sendable {
  /// In nanoseconds; `.max` for a wait without end. A rough one contains what the cheap clock may lag, and stands
  /// here as its complement, so that one word is enough.
  private let word: Int64

  static let endless = Interval(word: .max)

  private init(word: Int64) { self.word = word }

  private var isRough: Bool { word < 0 }
  private var length: Int64 { word < 0 ? ~word : word }

  init(_ duration: Duration, in context: FlowContext) {
    let exact = duration.nanoseconds
    let error = Self.error(in: context)
    let isRough = error <= exact / 100 && exact < .max / 2
    word = isRough ? ~(exact + error) : exact
  }

  /// The end of a wait that begins now.
  func end(in context: FlowContext) -> FlowInstant {
    if length == .max { return .distantFuture }
    let scheduler = context.scheduler
    let now = isRough ? scheduler.approximateNow : scheduler.now
    let (end, overflow) = now.nanoseconds.addingReportingOverflow(length)
    return overflow ? .distantFuture : FlowInstant(nanoseconds: end)
  }

  /// How long it was meant to be.
  func duration(in context: FlowContext) -> Duration {
    .nanoseconds(isRough ? length - Self.error(in: context) : length)
  }

  private static func error(in context: FlowContext) -> Int64 {
    context.scheduler.approximationError.nanoseconds
  }
}
