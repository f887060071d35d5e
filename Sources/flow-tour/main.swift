// Pipelines at work: no key, no network, three seconds.
import Flows
import Synchronization

/// One letter of `text` after the other, `interval` apart; a space is only the time.
func letters(_ text: String, every interval: Duration) -> Flow<Character> {
  Flow.from(text).concatMap { Flow.just($0).delay(for: interval) }.filter { $0 != " " }
}

print("One column is 20 ms. A letter is an element, | the end, # a failure, ! let go.\n")

print("Two sources become one, of which at most one element in 100 ms passes: the latest.")
do {
  let board = Board("north", "south", "merge", "throttle")
  let north = letters("abcdefg", every: .milliseconds(60)).drawn("north", on: board)
  let south = letters("XYZ", every: .milliseconds(130)).drawn("south", on: board)
  let thinned = north.merge(with: south).drawn("merge", on: board)
    .throttle(for: .milliseconds(100), edges: .both).drawn("throttle", on: board)
  let consumed = try await thinned.reduce("") { "\($0)\($1)" }
  board.show(result: consumed)
}

print("An answer that fails, hangs, and comes: a deadline for its first letter, and retries after pauses.")
do {
  struct Offline: Error {}
  let board = Board("source", "retry")
  let attempts = Atomic<Int>(0)
  let source = Flow<Character>.deferred {
    switch attempts.add(1, ordering: .relaxed).newValue {
    case 1: letters("  ", every: .milliseconds(30)).append(.fail(Offline()))
    case 2: .never()
    default: letters("hello", every: .milliseconds(40))
    }
  }
  let pauses = RetryPolicy.Backoff.exponential(initial: .milliseconds(60), factor: 2, max: .seconds(1))
  let policy = RetryPolicy(maxAttempts: 3, backoff: pauses, jitter: .none)
  let answer = source.drawn("source", on: board).timeout(first: .milliseconds(150)).retry(policy)
  let consumed = try await answer.drawn("retry", on: board).reduce("") { "\($0)\($1)" }
  board.show(result: consumed)
}

print("Search as you type: a pause asks, and a newer question lets the answer to the old one go.")
do {
  let board = Board("typed", "debounce", "search", "answers")
  let questions = letters("ab  cd    ", every: .milliseconds(50)).drawn("typed", on: board)
    .debounce(for: .milliseconds(70)).drawn("debounce", on: board)
  let answers = questions.flatMapLatest { question in
    letters("<\(question)\(question)>", every: .milliseconds(60)).drawn("search", on: board)
  }
  let consumed = try await answers.drawn("answers", on: board).reduce("") { "\($0)\($1)" }
  board.show(result: consumed)
}

print("A consumer that takes its time: it is never sent more than it asked for, and gets the latest.")
do {
  let board = Board("source", "latest")
  let source = letters("abcdefghijklmno", every: .milliseconds(40)).drawn("source", on: board)
  var consumed = ""
  for try await letter in source.latest().drawn("latest", on: board).values {
    consumed.append(letter)
    try await Task.sleep(for: .milliseconds(130))
  }
  board.show(result: consumed)
}
