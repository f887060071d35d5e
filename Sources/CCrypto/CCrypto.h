// The hashes of OpenSSL, as the system has it. Apple's systems bring their own.
#include <openssl/sha.h>
