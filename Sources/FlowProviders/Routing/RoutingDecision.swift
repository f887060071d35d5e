// Who was chosen, and why.

/// Who is asked, in which order, and why the others are not.
public struct RoutingDecision: Sendable, Hashable {
  public var strategy: String
  public var needs: RouteNeeds
  /// What the scores of the candidates mean.
  public var unit: String
  /// What else led to it: the route that the prompt belongs to.
  public var remarks: [String]
  /// Every candidate: those that are asked, in order, then those that are not.
  public var verdicts: [RouteVerdict]

  /// Who is asked first; `nil` when nobody can be.
  public var chosen: RouteVerdict? { verdicts.first { $0.place == .chosen } }
}

/// What was decided of one candidate.
public struct RouteVerdict: Sendable, Hashable {
  public enum Place: Sendable, Hashable {
    case chosen
    /// It is asked when so many before it have failed before they said anything.
    case next(Int)
    case dropped
  }

  public var name: String
  public var provider: String
  public var model: String
  public var place: Place
  /// The lower, the better; `nil` of a candidate that is not asked.
  public var score: Double?
  /// Why it is not asked, or what should be known of it.
  public var reasons: [String]
  var index: Int
  var kind: Drop?

  /// Why a candidate is dropped.
  enum Drop: Sendable, Hashable { case needs, context, health, budget }
}

extension RoutingDecision {
  /// The decision for a person: a line for each candidate.
  public var text: String {
    var needed = needs.features.map(\.rawValue).sorted().joined(separator: ", ")
    if needed.isEmpty { needed = "nothing in particular" }
    var text = "\(strategy): needs \(needed), about \(needs.inputTokens) tokens to read"
    if let most = needs.outputTokens { text += ", at most \(most) to answer" }
    text += "\n"
    for remark in remarks { text += "  \(remark)\n" }
    for verdict in verdicts {
      let mark =
        switch verdict.place {
        case .chosen: "->"
        case .next(let number): "\(number + 1)."
        case .dropped: "x "
        }
      var facts = verdict.score.map { ["\(unit): \(RoutingDecision.shown($0))"] } ?? []
      facts += verdict.reasons
      text +=
        "\(mark) \(verdict.name) (\(verdict.model))\(facts.isEmpty ? "" : ": " + facts.joined(separator: "; "))\n"
    }
    return text
  }

  /// The decision as a JSON object.
  public var json: JSONValue {
    var object: JSONObject = [
      "strategy": .string(strategy), "unit": .string(unit),
      "features": .array(needs.features.map(\.rawValue).sorted().map { .string($0) }),
      "inputTokens": .integer(needs.inputTokens),
    ]
    object.set("outputTokens", needs.outputTokens)
    object.set("chosen", chosen?.name)
    if !remarks.isEmpty { object["remarks"] = .array(remarks.map { .string($0) }) }
    object["candidates"] = .array(verdicts.map(\.json))
    return .object(object)
  }

  private static func shown(_ score: Double) -> String {
    if let whole = Int(exactly: score), whole.magnitude < 1 << 53 { return String(whole) }
    if score.isFinite, abs(score) < 1e6 { return "\((score * 1e6).rounded() / 1e6)" }
    return "\(score)"
  }
}

extension RouteVerdict {
  fileprivate var json: JSONValue {
    var object: JSONObject = ["name": .string(name), "provider": .string(provider), "model": .string(model)]
    switch place {
    case .chosen: object["place"] = "chosen"
    case .next(let number):
      object["place"] = "next"
      object["after"] = .integer(number)
    case .dropped: object["place"] = "dropped"
    }
    if let score, score.isFinite { object["score"] = .number(score) }
    object["reasons"] = .array(reasons.map { .string($0) })
    return .object(object)
  }
}

extension RoutingDecision {
  /// Why there is nobody to ask.
  var refusal: ProviderError {
    let drops = verdicts.compactMap(\.kind)
    let kind: ProviderError.Kind =
      if drops.contains(.health) {
        .overloaded
      } else if drops.contains(.budget) {
        .quota
      } else if drops.contains(.context) {
        .contextTooLong
      } else {
        .invalidRequest
      }
    let reasons = verdicts.map { "\($0.name): \($0.reasons.joined(separator: ", "))" }
    return ProviderError(kind, "nobody can answer this: " + reasons.joined(separator: "; "))
  }
}
