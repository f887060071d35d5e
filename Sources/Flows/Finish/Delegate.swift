// Calls to an object that is not kept alive by them.

/// Somebody who is told what a flow delivers: ``Flow/subscribe(delegate:demand:)``.
///
/// Calls come one at a time, under no lock, from whoever wakes the run; `receive(on:)` chooses where.
public protocol FlowDelegate<Element>: AnyObject, Sendable {
  associatedtype Element: Sendable

  /// The flow has delivered an element. An error thrown here cancels upstream and ends the subscription with it.
  func flowDelivered(_ element: Element) throws

  /// The flow has ended. Nothing follows.
  func flowEnded(_ end: FlowEnd)
}

extension Flow {
  /// Runs the flow and tells `delegate`, which is held weakly: when it is gone, the run is cancelled with the next
  /// element.
  ///
  /// ```swift
  /// answer.subscribe(delegate: self).store(in: &subscriptions)
  /// ```
  ///
  /// - Parameters:
  ///   - delegate: who is told.
  ///   - demand: how many elements are asked for at first; `FlowSubscription.request(_:)` asks for more.
  /// - Returns: the handle. Let go, it cancels: keep it, `store(in:)` it, or `detach()` it, so that the run lives as
  ///   long as the delegate.
  public func subscribe(
    delegate: some FlowDelegate<Element>, demand: FlowDemand = .unlimited
  ) -> FlowSubscription {
    subscribe(demand: demand) { [weak delegate] element in
      guard let delegate else { throw DelegateIsGone() }
      try delegate.flowDelivered(element)
    } onEnd: { [weak delegate] end in
      delegate?.flowEnded(end)
    }
  }
}

/// Ends the run; nobody hears it.
private struct DelegateIsGone: Error {}
