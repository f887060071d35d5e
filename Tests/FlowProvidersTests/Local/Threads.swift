// Threads, as a test sees them.
import Flows

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A thread that belongs to nobody: neither to tasks nor to the library.
enum PlainThread {
  static func start(_ body: @escaping @Sendable () -> Void) {
    final class Start: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let argument = Unmanaged.passRetained(Start(body)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      pthread_create(
        &thread, nil,
        { raw in
          Unmanaged<Start>.fromOpaque(raw).takeRetainedValue().body()
          return nil
        }, argument)
      if let thread { pthread_detach(thread) }
    #else
      var thread = pthread_t()
      pthread_create(
        &thread, nil,
        { raw in
          if let raw { Unmanaged<Start>.fromOpaque(raw).takeRetainedValue().body() }
          return nil
        }, argument)
      pthread_detach(thread)
    #endif
  }
}

/// Holds objects until their thread ends.
enum ThreadEnd {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { raw in
      #if canImport(Darwin)
        Unmanaged<AnyObject>.fromOpaque(raw).release()
      #else
        if let raw { Unmanaged<AnyObject>.fromOpaque(raw).release() }
      #endif
    }
    return key
  }()

  /// Holds `object` until the calling thread ends. The first one counts.
  static func hold(_ object: AnyObject) {
    if pthread_getspecific(key) == nil { pthread_setspecific(key, Unmanaged.passRetained(object).toOpaque()) }
  }
}
