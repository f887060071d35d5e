// From a failed exchange to an error of the provider layer.
import FlowHTTP

extension ProviderError {
  /// The failure of a transport.
  ///
  /// - Parameter head: the head of the response, when one had come: a connection that is closed after it has cut an
  ///   answer off.
  init(transport error: any Error, after head: HTTPHead?) {
    guard let error = error as? HTTPError else {
      self.init(wrapping: error)
      return
    }
    let text = "\(error)"
    switch error {
    case .invalidRequest: self.init(.invalidRequest, text)
    case .connect: self.init(.transport, text)
    // Trying again makes nobody trustworthy.
    case .tls: self.init(.transport, text, isRetryable: false)
    case .timeout(let phase, _): self.init(.timeout(Phase(phase)), text)
    case .closed: self.init(head == nil ? .transport : .truncated, text)
    case .protocolViolation:
      if let encoding = head?.encoding {
        self.init(
          .unsupportedEncoding,
          "the answer is compressed (\(encoding)), which was not asked for and is not understood")
      } else {
        self.init(.protocolViolation, text)
      }
    case .tooLarge: self.init(.protocolViolation, text)
    case .transport: self.init(.transport, text)
    }
  }
}

extension ProviderError.Phase {
  fileprivate init(_ phase: HTTPPhase) {
    self =
      switch phase {
      case .connect: .connect
      case .firstByte: .firstByte
      case .betweenBytes: .betweenBytes
      case .total: .total
      }
  }
}
