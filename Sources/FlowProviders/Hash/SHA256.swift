// The hash that stands for a long text: SHA-256, by the library that the system keeps.
#if canImport(CryptoKit)
  import CryptoKit
#else
  import CCrypto
#endif

/// The SHA-256 of `bytes`, as 64 hexadecimal digits in lower case.
package func sha256(_ bytes: some Sequence<UInt8>) -> String {
  let bytes = Array(bytes)
  #if canImport(CryptoKit)
    let hash = Array(SHA256.hash(data: bytes))
  #else
    let hash = [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { target, count in
      let isDone = SHA256(bytes, bytes.count, target.baseAddress) != nil
      precondition(isDone, "the system's library has no SHA-256")
      count = target.count
    }
  #endif
  let digits: StaticString = "0123456789abcdef"
  return String(unsafeUninitializedCapacity: 2 * hash.count) { target in
    for (index, byte) in hash.enumerated() {
      target[2 * index] = digits.utf8Start[Int(byte >> 4)]
      target[2 * index + 1] = digits.utf8Start[Int(byte & 15)]
    }
    return 2 * hash.count
  }
}
