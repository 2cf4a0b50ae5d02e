// SPDX-License-Identifier: Apache-2.0
#include "engine/store/data_key.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

// Each use has a key of its own, derived from the one in the file; these numbers never change.
constexpr std::uint64_t for_secrets = 1;
constexpr std::uint64_t for_signatures = 2;
constexpr char context[crypto_kdf_CONTEXTBYTES + 1] = "bihuan..";
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr int text_form = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

using PublicKey = std::array<unsigned char, crypto_sign_PUBLICKEYBYTES>;
using PrivateKey = std::array<unsigned char, crypto_sign_SECRETKEYBYTES>;

template <std::size_t size>
std::string hex(std::array<unsigned char, size> const& bytes) {
  std::string text(2 * size + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();  // the end that C wants
  return text;
}

void start_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start: the system gives no random bytes");
}

unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

class File {
 public:
  File(std::filesystem::path path, int flags) : path_(std::move(path)), file_(::open(path_.c_str(), flags, 0600)) {}
  ~File() {
    if (file_ >= 0) ::close(file_);
  }
  File(File const&) = delete;
  File& operator=(File const&) = delete;

  [[nodiscard]] bool missing() const { return file_ < 0 && errno == ENOENT; }
  void must(bool done) const {
    if (!done) throw StoreFault(path_.string() + ": " + std::generic_category().message(errno));
  }
  void must_be_open() const { must(file_ >= 0); }
  [[nodiscard]] std::string read(std::size_t most) const {
    std::string text(most, '\0');
    auto const size = ::read(file_, text.data(), text.size());
    must(size >= 0);
    text.resize(static_cast<std::size_t>(size));
    return text;
  }
  void write(std::string const& text) const {
    must(::write(file_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  void sync() const { must(::fsync(file_) == 0); }

 private:
  std::filesystem::path path_;
  int file_;
};

}  // namespace

std::optional<DataKey> DataKey::read(std::filesystem::path const& path) {
  start_sodium();
  File const file(path, O_RDONLY | O_CLOEXEC);
  if (file.missing()) return std::nullopt;
  file.must_be_open();
  Bytes bytes{};
  auto const text = file.read(4 * bytes.size());
  std::size_t size = 0;
  if (sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), "\r\n ", &size, nullptr) != 0 ||
      size != bytes.size()) {
    return std::nullopt;
  }
  return DataKey(bytes);
}

DataKey DataKey::make(std::filesystem::path const& path, bool durable) {
  start_sodium();
  Bytes bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  auto const text = hex(bytes) + '\n';
  auto const beside = path.string() + ".part";
  ::unlink(beside.c_str());
  File const file(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC);
  file.must_be_open();
  file.write(text);
  if (durable) file.sync();
  move(beside, path, durable);
  return DataKey(bytes);
}

void DataKey::move(std::filesystem::path const& from, std::filesystem::path const& to, bool durable) {
  File const directory(to.parent_path().empty() ? "." : to.parent_path(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  directory.must_be_open();
  directory.must(::rename(from.c_str(), to.c_str()) == 0);
  if (durable) directory.sync();
}

DataKey::Bytes DataKey::derived(std::uint64_t number) const {
  Bytes key{};
  crypto_kdf_derive_from_key(key.data(), key.size(), number, context, bytes_.data());
  return key;
}

std::string DataKey::encrypt(std::string_view secret, std::string_view bound_to) const {
  std::string bytes(nonce_size + secret.size() + tag_size, '\0');
  randombytes_buf(bytes.data(), nonce_size);
  auto const key = derived(for_secrets);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(bytes) + nonce_size, nullptr, bytes_of(secret), secret.size(),
                                             bytes_of(bound_to), bound_to.size(), nullptr, bytes_of(bytes), key.data());
  std::string text(sodium_base64_encoded_len(bytes.size(), text_form), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), text_form);
  text.pop_back();  // the end that C wants
  return text;
}

std::optional<std::string> DataKey::decrypt(std::string_view text, std::string_view bound_to) const {
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  char const* end = nullptr;
  if (sodium_base642bin(bytes_of(bytes), bytes.size(), text.data(), text.size(), nullptr, &size, &end, text_form) !=
          0 ||
      end != text.data() + text.size() || size < nonce_size + tag_size) {
    return std::nullopt;
  }
  std::string secret(size - nonce_size - tag_size, '\0');
  auto const key = derived(for_secrets);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(secret), nullptr, nullptr, bytes_of(bytes) + nonce_size,
                                                 size - nonce_size, bytes_of(bound_to), bound_to.size(),
                                                 bytes_of(bytes), key.data()) != 0) {
    return std::nullopt;
  }
  return secret;
}

std::string DataKey::sign(std::string_view text) const {
  PublicKey public_key{};
  PrivateKey private_key{};
  crypto_sign_seed_keypair(public_key.data(), private_key.data(), derived(for_signatures).data());
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  crypto_sign_detached(signature.data(), nullptr, bytes_of(text), text.size(), private_key.data());
  return hex(signature);
}

std::string DataKey::public_key() const {
  PublicKey public_key{};
  PrivateKey private_key{};
  crypto_sign_seed_keypair(public_key.data(), private_key.data(), derived(for_signatures).data());
  return hex(public_key);
}

}  // namespace bihuan
