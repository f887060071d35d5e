// `flow batch`: many prompts, a bounded number of them at a time.
import FlowHTTP
import FlowProviders
import Flows

struct Batch: Command {
  static let name = "batch"
  static let summary = "answers the prompts of a file or of stdin, one a line, several at a time"
  static var help: String {
    """
    flow batch [options] [FILE]

    Each line of the file is a prompt; blank lines are left out. Without a file, or with -, the standard input is read.
    Each answer is a line of JSON, in the order of the prompts: index, text, toolCalls, reason, rawReason, model, usage;
    or index and error. At a terminal a line tells how far it is.

      --max-in-flight N  the most requests that are under way at a time; 8 when left out
      --as-completed     answers as they are ready, instead of in order
    \(Question.help)
    The exit status is 0 when every prompt was answered, 1 when one was not, 130 after Ctrl-C.

    """
  }

  private let question: Question
  private let limit: Int
  private let order: BatchOrder
  /// Where the prompts are.
  private let path: String

  init(_ arguments: inout Arguments) throws {
    question = try Question(&arguments)
    limit = try arguments.number("--max-in-flight", in: 1...1024) ?? 8
    order = arguments.flag("--as-completed") ? .asCompleted : .asRequested
    let words = arguments.rest()
    if words.count > 1 { throw Misuse("one file at a time, not \(words.joined(separator: " and "))") }
    path = words.first ?? "-"
  }

  func run() async throws -> ExitStatus {
    let choice = try await question.choice()
    let text = String(decoding: try TextFile.read(path), as: UTF8.self)
    let prompts = text.split(whereSeparator: \.isNewline).map(String.init)
      .filter { $0.contains { !$0.isWhitespace } }
    if let note = choice.note { Terminal.error("flow: \(note)\n") }
    return try await Interrupts.cancelling { try await answer(prompts, choice) }
  }

  private func answer(_ prompts: [String], _ choice: ProviderChoice) async throws -> ExitStatus {
    if prompts.isEmpty { return .success }
    let (provider, model) = try await choice.opened(question.model)
    let requests = prompts.map { question.request($0, model: model) }
    var progress = BatchProgress(of: prompts.count, at: .now)
    var line = StatusLine()
    line.show(progress.text(at: .now))
    do {
      try await provider.batch(requests, maxInFlight: limit, order: order).forEach { answer in
        progress.note(answer)
        line.clear()
        try Terminal.out(answer.jsonLine + "\n")
        line.show(progress.text(at: .now))
      }
    } catch let error as CancellationError {
      line.clear()
      Terminal.error("flow batch: cancelled after \(progress.done) of \(prompts.count) answers\n")
      throw error
    }
    line.clear()
    line.leave(progress.text(at: .now))
    return progress.failed == 0 ? .success : .failure
  }
}

/// How far a batch is, for people at a terminal.
struct BatchProgress: Sendable {
  private let count: Int
  private let start: ContinuousClock.Instant
  private(set) var done = 0
  private(set) var failed = 0

  init(of count: Int, at now: ContinuousClock.Instant) {
    self.count = count
    start = now
  }

  mutating func note(_ answer: BatchAnswer) {
    done += 1
    if case .failure = answer.result { failed += 1 }
  }

  /// `12 of 80 answers · 1 failed · 9.00 s · about 51.00 s left`
  func text(at now: ContinuousClock.Instant) -> String {
    let spent = now - start
    var parts = ["\(done) of \(count) answers"]
    if failed > 0 { parts.append("\(failed) failed") }
    parts.append(spent.shortText)
    if done > 0, done < count { parts.append("about \((spent / done * (count - done)).shortText) left") }
    return parts.joined(separator: " · ")
  }
}

extension BatchAnswer {
  /// A line of `flow batch`: a public interface, described in docs/guides/flow.md.
  var jsonLine: String {
    var line: JSONObject = ["index": .integer(index)]
    switch result {
    case .success(let response):
      line["text"] = .string(response.text)
      let calls = response.toolCalls.map { call -> JSONValue in
        ["id": .string(call.id), "name": .string(call.name), "arguments": .string(call.arguments)]
      }
      if !calls.isEmpty { line["toolCalls"] = .array(calls) }
      if let finish = response.finish {
        line["reason"] = .string(finish.reason.name)
        if let raw = finish.raw { line["rawReason"] = .string(raw) }
      }
      if let model = response.model { line["model"] = .string(model) }
      if let usage = response.usage { line["usage"] = .object(ChatEvent.usage(usage).fields) }
    case .failure(let error): line["error"] = .object(ChatEvent.failed(error).fields)
    }
    return JSONValue.object(line).text
  }
}

extension ChatEvent {
  /// The fields of the JSON form, without its name.
  var fields: JSONObject {
    var fields = json
    fields["type"] = nil
    return fields
  }
}
