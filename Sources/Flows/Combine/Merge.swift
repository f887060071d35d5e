// Several flows into one, as they come.

extension Flow {
  /// Delivers the elements of this flow and of `others` as they come.
  ///
  ///     a      -1---2-|
  ///     b      --3----4-|
  ///     merge  -13--2-4-|
  ///
  /// **Demand.** Each poll lends the room that is left to the source that has been ready longest, and they take
  /// turns: no source is asked for more than was asked for here, and none is left out.
  /// **Completion.** When all sources are complete. **Failure.** The first one cancels the others.
  public func merge(with others: Flow...) -> Flow { .merge([self] + others) }

  /// Delivers the elements of all `sources` as they come. See ``merge(with:)``.
  public static func merge(_ sources: [Flow]) -> Flow {
    Flow { context in
      let family = Family(context)
      var stages: [Stage?] = []
      for (key, source) in sources.enumerated() {
        stages.append(source.start(in: family.add(key: key).context))
      }
      var live = sources.count
      return { room in
        while let child = family.next(hasRoom: !room.isFull) {
          guard let stage = stages[child.key] else { continue }
          switch stage(&room) {
          case .more: family.giveTurn(child)
          case .pending: break
          case .finished:
            stages[child.key] = nil
            child.leave()
            live -= 1
          case .failed(let error): return .failed(error)
          }
        }
        return live == 0 ? .finished : family.poll
      }
    }
  }
}
