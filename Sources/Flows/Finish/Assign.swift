// What it delivers becomes the value of something.

extension Flow {
  /// Runs the flow and sets a property of `object` to each element.
  ///
  /// ```swift
  /// let subscription = names.receive(on: .main).assign(to: \.name, on: model)
  /// ```
  ///
  /// `object` is held weakly; when it is gone, the next element ends the run. How the flow ends is for `onEnd`.
  ///
  /// - Returns: the handle. Let go, it cancels: keep it, `store(in:)` it, or `detach()` it.
  public func assign<Object: AnyObject & Sendable>(
    to property: any ReferenceWritableKeyPath<Object, Element> & Sendable, on object: Object,
    onEnd: @escaping @Sendable (FlowEnd) -> Void = { _ in }
  ) -> FlowSubscription {
    subscribe(
      onValue: { [weak object] element in
        guard let object else { throw CancellationError() }
        object[keyPath: property] = element
      }, onEnd: onEnd)
  }

  /// Runs the flow and makes each element the value of `state`, which is held weakly. See ``assign(to:on:onEnd:)``.
  ///
  /// The end is not passed on: others may change the value as well.
  public func assign(
    to state: CurrentValueFlow<Element>, onEnd: @escaping @Sendable (FlowEnd) -> Void = { _ in }
  ) -> FlowSubscription {
    assign(to: \.value, on: state, onEnd: onEnd)
  }
}
