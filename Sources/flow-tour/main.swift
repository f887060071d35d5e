// A few pipelines at work: no key, no network, three seconds.
import Flows

/// One letter of `text` after the other, `interval` apart.
func letters(_ text: String, every interval: Duration) -> Flow<Character> {
  Flow.from(text).concatMap { Flow.just($0).delay(for: interval) }
}

print("One column is 20 ms. A letter is an element, | the end, # a failure, ! let go.\n")

print("Two sources into one, then at most one element in 100 ms, the latest:")
do {
  let board = Board("north", "south", "merge", "throttle")
  let north = letters("abcdefg", every: .milliseconds(60)).drawn("north", on: board)
  let south = letters("XYZ", every: .milliseconds(130)).drawn("south", on: board)
  let thinned = north.merge(with: south).drawn("merge", on: board)
    .throttle(for: .milliseconds(100), edges: .both).drawn("throttle", on: board)
  let sentence = try await thinned.reduce("") { $0 + "\($1)" }
  board.show()
  print("  consumed: \(sentence)\n")
}
