// A task that belongs to a run.

/// Cancels its task when the scope ends.
private final class TaskHandle: Resource, Surveyed, @unchecked Sendable {
  private let lock = Lock()
  private var task: Task<Void, Never>?  // guarded by `lock`
  private var isCancelled = false

  func set(_ task: Task<Void, Never>) {
    let isTooLate = lock(self) {
      self.task = task
      return isCancelled
    }
    if isTooLate { task.cancel() }
  }

  var survey: [FlowSnapshot.Part] { [.task] }

  override func release() {
    let task = lock(self) {
      isCancelled = true
      return self.task
    }
    task?.cancel()
  }
}

extension FlowContext {
  /// Starts a task that is cancelled with this run, on the executor of the run's scheduler. It inherits the
  /// task-local values of whoever polls.
  func task(_ operation: @escaping @Sendable () async -> Void) {
    let handle = TaskHandle()
    scope.own(handle)
    let scope = scope
    let task = Task(executorPreference: scheduler.taskExecutor) {
      await operation()
      scope.disown(handle)
    }
    handle.set(task)
  }
}
