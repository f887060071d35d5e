// The laws of Finish.
import FlowTesting
import Flows

enum FinishRows {
  static let all: [LawRow] = []
}
