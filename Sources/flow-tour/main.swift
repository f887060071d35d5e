// A pipeline at work: no key, no network, no waiting.
import Flows

let numbers = Flow.from(1...1_000_000).map { $0 * $0 }.filter { $0 % 2 == 1 }
let letters = Flow.from("abc").map { "\($0)" }
print(
  "squares  ",
  try await Flow.merge([numbers.map { "\($0)" }, letters]).values.prefix(8).reduce("") { $0 + " " + $1 })
