// One answer made of several.
import Flows

/// How one answer is made of several.
public enum EnsembleRule: Sendable {
  /// The answer that most give, and of several the one that came from the provider that stands first. Answers are the same
  /// when what `normaliser` makes of their text is.
  case majority(_ normaliser: @Sendable (String) -> String = EnsembleRule.plain)
  /// The answer that another provider thinks the best.
  case judge(any ChatProvider, model: String, instructions: String = EnsembleRule.instructions)
  /// What a function makes of them, in the order of the providers; of those that have failed, the error.
  case custom(@Sendable ([MemberAnswer]) throws -> ChatResponse)

  /// Letters and digits in lower case, with one space between words.
  public static let plain: @Sendable (String) -> String = { text in
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
  }

  /// What a judge is told.
  public static let instructions =
    "Several answers to the conversation above follow, each under its number. Reply with the number of the best one, "
    + "and with nothing else."
}

/// What happens while an ensemble answers.
public enum EnsembleEvent: Sendable, Hashable {
  /// Of the answer of one of its members.
  case member(MemberEvent)
  /// Of the answer that is made of them.
  case answer(ChatEvent)
}

extension ProviderGroup {
  /// All providers of the group, and one answer made of theirs.
  ///
  /// - Parameters:
  ///   - rule: how.
  ///   - quorum: how many must have answered, at least 1 and at most all; anything else traps.
  public func ensemble(_ rule: EnsembleRule, quorum: Int = 1) -> Ensemble {
    precondition(
      (1...providers.count).contains(quorum), "ensemble(quorum: \(quorum)): from 1 to \(providers.count)")
    return Ensemble(group: self, rule: rule, quorum: quorum)
  }
}

/// A provider whose answer is made of those of others. ``events(_:)`` shows theirs as well.
///
/// **Failure.** A member that fails does not end the others. With the first member's error when fewer have answered than must;
/// with that of the rule.
public struct Ensemble: ChatProvider {
  public let group: ProviderGroup
  public let rule: EnsembleRule
  public let quorum: Int

  public var name: String { "ensemble(\(group.name))" }

  /// The answer. Its usage is that of all.
  public func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    events(request).compactMap { if case .answer(let event) = $0 { event } else { nil } }
  }

  /// The events of all members as they come, and then those of the answer.
  public func events(_ request: ChatRequest) -> Flow<EnsembleEvent> {
    Flow { context in
      let heard = Guarded(group.providers.map { _ in Heard() })
      let members = group.events(request).map { member in
        heard.change { $0[member.index].take(member.event) }
        return EnsembleEvent.member(member)
      }
      let answer = Flow<ChatEvent>.deferred { try decide(request, heard.change { $0 }) }
      return members.append(answer.map { .answer($0) }).start(in: context)
    }
  }

  public func capabilities(of model: String) async throws -> Capabilities {
    try await group.capabilities(of: model)
  }

  private struct Heard {
    var response = ChatResponse()
    var failure: ProviderError?

    mutating func take(_ event: ChatEvent) {
      if case .failed(let error) = event { failure = error } else { response.add(event) }
    }
  }

  private func decide(_ request: ChatRequest, _ heard: [Heard]) throws -> Flow<ChatEvent> {
    let answers = zip(heard.indices, heard).map { index, heard in
      MemberAnswer(
        index: index, provider: group.providers[index].name,
        result: heard.failure.map { .failure($0) } ?? .success(heard.response))
    }
    let usage = heard.reduce(into: Usage()) { sum, heard in
      if let usage = heard.response.usage ?? heard.failure?.emitted.usage { sum.add(usage) }
    }
    let whole = answers.compactMap { try? $0.get() }
    if whole.count < quorum {
      throw heard.lazy.compactMap(\.failure).first ?? ProviderError(.other, "too few have answered")
    }
    switch rule {
    case .majority(let normaliser): return tell(Self.majority(of: whole, normaliser), usage)
    case .custom(let reduce): return tell(try reduce(answers), usage)
    case .judge(let judge, let model, let instructions):
      if whole.count == 1 { return tell(whole[0], usage) }
      var question = ChatRequest(model: model, messages: request.messages)
      let list = whole.enumerated().map { "\($0 + 1)\n\($1.text)" }.joined(separator: "\n\n")
      question.messages.append(.user("\(instructions)\n\n\(list)"))
      return judge.stream(question).asResponse().concatMap { verdict in
        let number = Int(verdict.text.drop { !$0.isWholeNumber }.prefix { $0.isWholeNumber }) ?? 0
        var sum = usage
        if let own = verdict.usage { sum.add(own) }
        guard whole.indices.contains(number - 1) else {
          var response = whole[0]
          response.warnings.append(
            Warning(.provider, "the judge named no answer; that of the first member is given"))
          return tell(response, sum)
        }
        return tell(whole[number - 1], sum)
      }
    }
  }

  private func tell(_ response: ChatResponse, _ usage: Usage) -> Flow<ChatEvent> {
    var response = response
    response.usage = usage.isEmpty ? nil : usage
    return Flow.just(response).asEvents()
  }

  private static func majority(of answers: [ChatResponse], _ normaliser: (String) -> String) -> ChatResponse {
    let texts = answers.map { normaliser($0.text) }
    let counts = texts.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    return answers[texts.firstIndex { counts[$0] == most } ?? 0]
  }
}
