// The limits on time, watched while an exchange goes on.
import Flows

/// How far an exchange has come, as seen from the network.
struct HTTPProgress: Sendable, Equatable {
  /// What is waited for.
  var phase = HTTPPhase.connect
  /// How many times bytes of the response came.
  var arrivals = 0

  mutating func connected() { if phase == .connect { phase = .firstByte } }

  mutating func received() {
    phase = .betweenBytes
    arrivals &+= 1
  }
}

/// Knows when one of the limits on time is reached. One alarm for all of them, which is moved and seldom rings.
struct LimitClock {
  private let limits: HTTPLimits
  private let context: FlowContext
  private let alarm: Alarm
  private var progress = HTTPProgress()
  private var wasWaiting = false
  /// When the present phase has taken too long.
  private var phaseEnd = FlowInstant.distantFuture
  /// When all of it has taken too long.
  private var end = FlowInstant.distantFuture

  init(_ limits: HTTPLimits, _ context: FlowContext) {
    self.limits = limits
    self.context = context
    alarm = context.alarm()
  }

  /// The exchange begins.
  mutating func start() {
    let now = context.now
    end = now.advanced(by: limits.total)
    phaseEnd = now.advanced(by: limits.connect)
    alarm.set(at: min(end, phaseEnd))
  }

  /// Asked after each poll of the network: the limit that was reached, if one was.
  ///
  /// - Parameter isWaiting: whether there is room left that the network has not filled.
  mutating func check(_ progress: HTTPProgress, isWaiting: Bool) -> HTTPError? {
    if progress.phase == .betweenBytes, !isWaiting {
      phaseEnd = .distantFuture
      alarm.set(at: end)
    } else if progress != self.progress || !wasWaiting {
      phaseEnd = context.now.advanced(by: limits[progress.phase])
      alarm.set(at: min(end, phaseEnd))
    }
    self.progress = progress
    wasWaiting = isWaiting || progress.phase != .betweenBytes
    guard alarm.isDue else { return nil }
    return end <= phaseEnd ? error(.total) : error(progress.phase)
  }

  private func error(_ phase: HTTPPhase) -> HTTPError { .timeout(phase, after: limits[phase] ?? .zero) }
}

extension FlowInstant {
  fileprivate func advanced(by limit: Duration?) -> FlowInstant { limit.map(advanced(by:)) ?? .distantFuture }
}
