// A whole answer as events, and events as a whole answer, within flows.
import Flows

extension ChatResponse {
  /// The events that tell this answer, from `started` to `finished`. Each text is one piece.
  public var events: [ChatEvent] {
    var events: [ChatEvent] = rateLimits.map { [.rateLimits($0)] } ?? []
    events += warnings.map { .warning($0) }
    events += [.started(.init(id: id, model: model, cachedFor: cachedFor)), .roundStarted(0)]
    for choice in choices { choice.tell(into: &events) }
    events += hostedCalls.map { .hostedToolCall($0) }
    events += hostedResults.map { .hostedToolResult($0) }
    events += sources.map { .source($0) }
    events += files.map { .file($0) }
    events += raw.map { .raw($0) }
    if let usage { events.append(.usage(usage)) }
    let finish = finish ?? Finish(toolCalls.isEmpty ? .stop : .toolCalls)
    return events + [.roundEnded(0, finish), .finished(finish)]
  }
}

extension Flow where Element == ChatResponse {
  /// Delivers the events that tell the answer, and completes: how a provider that does not stream becomes one that
  /// does.
  ///
  ///     source    -a|
  ///     asEvents  -(started ... finished |)
  ///
  /// **Demand.** One answer for the first event that is asked for. **Completion.** Without an answer the flow fails with
  /// a ``ProviderError`` of the kind `truncated`; of several only the first is told.
  public func asEvents() -> Flow<ChatEvent> {
    expanded { WholeTelling() }
      .prefix(while: { !$0.isTerminal }, inclusive: true)
  }
}

extension Flow where Element == ChatEvent {
  /// Delivers the whole answer, when it is complete.
  ///
  ///     source      -started-textDelta-finished|
  ///     asResponse  --------------------------(a|)
  ///
  /// **Demand.** Asked for the answer once, it asks for all events. **Failure.** That of the events.
  public func asResponse() -> Flow<ChatResponse> {
    Flow<ChatResponse> { context in
      let upstream = start(in: context)
      var response = ChatResponse()
      var isAsked = false
      var isWhole = false
      return { room in
        if !room.isFull { isAsked = true }
        while !isWhole {
          if context.scope.isEnded { return .pending }
          let poll = Chunk<ChatEvent>.scratch(isAsked ? .max : 0) { events in
            let poll = upstream(&events)
            while let event = events.next() { response.add(event) }
            return poll
          }
          switch poll {
          case .more: if !isAsked { return .more }
          case .pending: return .pending
          case .finished: isWhole = true
          case .failed: return poll
          }
        }
        if room.isFull { return .more }
        room.append(response)
        return .finished
      }
    }
  }
}

private struct WholeTelling: Expander {
  mutating func expand(_ response: ChatResponse, into events: inout [ChatEvent]) { events += response.events }
  mutating func finish(into events: inout [ChatEvent]) throws {
    throw ProviderError(.truncated, "there was no answer")
  }
}

extension ChatResponse.Choice {
  fileprivate func tell(into events: inout [ChatEvent]) {
    for block in blocks {
      let place = ChatEvent.Place(choice: number, block: block.number)
      switch block.content {
      case .text(let text):
        events.append(.textStarted(place))
        if !text.isEmpty { events.append(.textDelta(text, place)) }
        events.append(.textEnded(place))
      case .reasoning(let text, let signature):
        events.append(.reasoningStarted(place))
        if !text.isEmpty { events.append(.reasoningDelta(text, place)) }
        if !signature.isEmpty { events.append(.reasoningSignature(signature, place)) }
        events.append(.reasoningEnded(place))
      case .toolCall(let call):
        events.append(.toolCallStarted(.init(id: call.id, name: call.name), place))
        if !call.arguments.isEmpty { events.append(.toolArgumentsDelta(call.arguments, id: call.id, place)) }
        events.append(.toolCall(call, place))
      }
    }
    if !refusal.isEmpty {
      let block = (blocks.map(\.number).max() ?? -1) + 1
      events.append(.refusalDelta(refusal, ChatEvent.Place(choice: number, block: block)))
    }
  }
}
