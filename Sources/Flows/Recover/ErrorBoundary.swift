// A part of a flow whose failures end at its edge.

/// What a boundary knows about a failure inside it.
public struct FlowErrorContext: Sendable, CustomStringConvertible {
  public let error: any Error
  /// The name of the boundary.
  public let label: String
  /// The names of the boundaries around it, from the outside in, and its own.
  public let path: [String]
  /// Where in the source the boundary stands.
  public let file: String
  public let line: UInt
  /// How many elements had been delivered.
  public let emitted: Int

  public var description: String {
    "\(path.joined(separator: " > ")) (\(file):\(line)) failed after \(emitted) elements: \(error)"
  }
}

extension Flow {
  /// What happens at a boundary after a failure inside it.
  public enum ErrorChoice: Sendable {
    /// The flow fails with the error.
    case propagate
    /// The flow completes.
    case complete
    /// The flow delivers one last element and completes.
    case emit(Element)
    /// The flow goes on with another one.
    case resume(Flow)
  }

  /// Draws a line around this flow: a failure inside goes no further than `choose` lets it.
  ///
  ///     source                      -a-b-#
  ///     errorBoundary { .emit(x) }  -a-b-(x|)
  ///
  /// To go on after the failure of one element, put the work for one element in a boundary of its own:
  ///
  /// ```swift
  /// pages.flatMap(maxConcurrent: 4) { page in
  ///   parse(page).errorBoundary(label: "parse") { failure in log(failure); return .complete }
  /// }
  /// ```
  ///
  /// What is inside is let go before `choose` is called. Errors of the consumer, and of operators outside, never come
  /// here; nor does an error of the flow to resume with.
  ///
  /// **Failure.** An error thrown by `choose` takes the place of the one it was given.
  ///
  /// - Parameters:
  ///   - label: the name of the boundary, for whoever reads the log.
  ///   - file: where in the source the boundary stands, and in which line.
  ///   - line: see `file`.
  ///   - choose: what happens after a failure.
  @inlinable
  public func errorBoundary(
    label: String, file: StaticString = #fileID, line: UInt = #line,
    onError choose: @escaping @Sendable (FlowErrorContext) throws -> ErrorChoice
  ) -> Flow {
    Flow { context in
      let boundary = ErrorBoundary(label: label, file: file, line: line, in: context)
      var upstream = Upstream(self, in: boundary.inside(context))
      var emitted = 0
      var hasFailed = false
      return { room in
        let before = room.count
        let poll = upstream.poll(&room)
        emitted &+= room.count &- before
        guard !hasFailed, case .failed(let error) = poll else { return poll }
        hasFailed = true
        do {
          switch try choose(boundary.context(of: error, emitted: emitted)) {
          case .propagate: return poll
          case .complete: return .finished
          case .emit(let element): upstream.start(.just(element))
          case .resume(let other): upstream.start(other)
          }
        } catch { return .failed(error) }
        return upstream.poll(&room)
      }
    }
  }

  /// Draws a line around the flow that `inside` makes, once per run; an error that it throws is a failure inside.
  ///
  /// See ``errorBoundary(label:file:line:onError:)``.
  @inlinable
  public static func errorBoundary(
    label: String, file: StaticString = #fileID, line: UInt = #line,
    onError choose: @escaping @Sendable (FlowErrorContext) throws -> ErrorChoice,
    _ inside: @escaping @Sendable () throws -> Flow
  ) -> Flow {
    Flow { context in
      do { return try inside().start(in: context) } catch { return { _ in .failed(error) } }
    }
    .errorBoundary(label: label, file: file, line: line, onError: choose)
  }
}

/// A boundary in one run.
@usableFromInline
struct ErrorBoundary {
  private let path: [String]
  private let file: String
  private let line: UInt

  @usableFromInline
  init(label: String, file: StaticString, line: UInt, in context: FlowContext) {
    path = context[BoundaryPath.self] + [label]
    self.file = "\(file)"
    self.line = line
  }

  /// The context of what is inside.
  @usableFromInline
  func inside(_ context: FlowContext) -> FlowContext {
    context.with { $0.values[ObjectIdentifier(BoundaryPath.self)] = path }
  }

  @usableFromInline
  func context(of error: any Error, emitted: Int) -> FlowErrorContext {
    FlowErrorContext(
      error: error, label: path.last ?? "", path: path, file: file, line: line, emitted: emitted)
  }
}

/// The names of the boundaries that a stage stands in.
enum BoundaryPath: FlowContextKey {
  static let defaultValue: [String] = []
}
