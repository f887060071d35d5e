// The laws of Share.
import FlowTesting
import Flows

enum ShareRows {
  static let all: [LawRow] = []
}
