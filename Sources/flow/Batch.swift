// `flow batch`: many prompts, a bounded number of them at a time.
import FlowHTTP
import FlowProviders
import Flows

struct Batch: Command {
  static let name = "batch"
  static let summary = "answers prompts on stdin, one a line, several at a time"
  static var help: String {
    """
    flow batch [options]

    Each line of the standard input is a prompt; blank lines are left out. Each answer is a line of JSON, in the order of
    the prompts: index, text, toolCalls, reason, rawReason, model, usage; or index and error.

      --max-in-flight N  the most requests that are under way at a time; 8 when left out
      --as-completed     answers as they are ready, instead of in order
    \(Question.help)
    The exit status is 0 when every prompt was answered, 1 when one was not, 130 after Ctrl-C.

    """
  }

  private let question: Question
  private let limit: Int
  private let order: BatchOrder

  init(_ arguments: inout Arguments) throws {
    question = try Question(&arguments)
    limit = try arguments.number("--max-in-flight", in: 1...1024) ?? 8
    order = arguments.flag("--as-completed") ? .asCompleted : .asRequested
  }

  func run() async throws -> ExitStatus {
    let choice = try ProviderChoice(question.provider, address: question.address, in: Terminal.variables)
    let prompts = try Terminal.readAll().split(whereSeparator: \.isNewline).map(String.init)
      .filter { $0.contains { !$0.isWhitespace } }
    if let note = choice.note { Terminal.error("flow: \(note)\n") }
    return try await Interrupts.cancelling { try await answer(prompts, choice) }
  }

  private func answer(_ prompts: [String], _ choice: ProviderChoice) async throws -> ExitStatus {
    if prompts.isEmpty { return .success }
    let (provider, model) = try await choice.opened(question.model)
    let requests = prompts.map { question.request($0, model: model) }
    var status = ExitStatus.success
    var done = 0
    do {
      try await provider.batch(requests, maxInFlight: limit, order: order).forEach { answer in
        done += 1
        if case .failure = answer.result { status = .failure }
        try Terminal.out(answer.jsonLine + "\n")
      }
    } catch let error as CancellationError {
      Terminal.error("flow batch: cancelled after \(done) of \(prompts.count) answers\n")
      throw error
    }
    return status
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
