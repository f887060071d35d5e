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
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
