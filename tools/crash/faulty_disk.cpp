// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/faulty_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tools/crash/disk_image.hpp"

namespace bihuan::crash {

// What all callbacks share. Everything is done under one lock: a disk does one thing at a time.
struct DiskState {
  DiskState(std::filesystem::path const& below, std::uint64_t seed) : directory(below.string() + "/"), random(seed) {}

  std::string const directory;
  mutable std::mutex mutex;
  std::mt19937_64 random;
  Mood mood;
  std::size_t failures_of_mood = 0;
  DiskCounts counts;
  bool stopped = false;
  std::map<std::string, DiskImage> files;
  std::map<std::string, DiskImage> deleted;  // may come back without power
  sqlite3_vfs* real = nullptr;
  sqlite3_vfs vfs{};

  // The rest is asked for with the lock held.

  [[nodiscard]] bool keeps(char const* name) const {
    return name != nullptr && std::string_view(name).starts_with(directory);
  }

  std::size_t pick(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random); }

  bool fails(unsigned of_a_thousand) {
    if (of_a_thousand == 0 || failures_of_mood >= mood.failures || pick(1000) >= of_a_thousand) return false;
    ++failures_of_mood;
    ++counts.failures;
    return true;
  }

  enum class Fate { works, fails, stops };
  Fate next() {
    if (stopped) return Fate::fails;
    ++counts.operations;
    if (mood.works_for != SIZE_MAX && mood.works_for-- == 0) {
      stopped = true;
      return Fate::stops;
    }
    return fails(mood.failing) ? Fate::fails : Fate::works;
  }

  [[nodiscard]] std::size_t used() const {
    std::size_t sum = 0;
    for (auto const& [name, image] : files) sum += image.size();
    return sum;
  }
};

namespace {

using Fate = DiskState::Fate;
using Lock = std::scoped_lock<std::mutex>;

constexpr char vfs_name[] = "bihuan-faulty";

// SQLite's own part comes first; the real file follows behind this in the same piece of memory.
struct File {
  sqlite3_file base;
  DiskState* disk;
  DiskImage* image;  // nothing for a file that is not kept here
};

File& of(sqlite3_file* file) {
  return *reinterpret_cast<File*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(&of(file) + 1);
}

int close_file(sqlite3_file* file) {
  return real(file)->pMethods->xClose(real(file));
}

int read_file(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  auto& [base, disk, image] = of(file);
  if (image != nullptr) {
    Lock const lock(disk->mutex);
    if (disk->fails(disk->mood.failing_reads)) return SQLITE_IOERR_READ;
  }
  return real(file)->pMethods->xRead(real(file), into, size, offset);
}

int write_file(sqlite3_file* file, void const* from, int size, sqlite3_int64 offset) {
  auto& [base, disk, image] = of(file);
  auto const& methods = *real(file)->pMethods;
  if (image == nullptr) return methods.xWrite(real(file), from, size, offset);
  Lock const lock(disk->mutex);
  auto const at = static_cast<std::size_t>(offset);
  std::string_view bytes(static_cast<char const*>(from), static_cast<std::size_t>(size));
  bool const was_stopped = disk->stopped;
  auto const fate = disk->next();
  auto const grown = std::max(at + bytes.size(), image->size()) - image->size();
  int answer = SQLITE_OK;
  if (fate == Fate::works && disk->used() + grown > disk->mood.room) {
    ++disk->counts.failures;
    answer = SQLITE_FULL;
    bytes = {};
  } else if (fate != Fate::works) {
    // None of it, or as much as had gone before.
    answer = disk->pick(2) == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    bytes = bytes.substr(0, was_stopped || disk->pick(2) == 0 ? 0 : disk->pick(bytes.size()));
  }
  if (!bytes.empty()) {
    int const done = methods.xWrite(real(file), bytes.data(), static_cast<int>(bytes.size()), offset);
    if (done != SQLITE_OK) return done;
    image->write(at, bytes);
  }
  return answer;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  auto& [base, disk, image] = of(file);
  if (image == nullptr) return real(file)->pMethods->xTruncate(real(file), size);
  Lock const lock(disk->mutex);
  if (disk->next() != Fate::works) return SQLITE_IOERR_TRUNCATE;
  int const done = real(file)->pMethods->xTruncate(real(file), size);
  if (done == SQLITE_OK) image->truncate(static_cast<std::size_t>(size));
  return done;
}

// The real file needs no sync: the machine under the test stays up.
int sync_file(sqlite3_file* file, int flags) {
  auto& [base, disk, image] = of(file);
  if (image == nullptr) return real(file)->pMethods->xSync(real(file), flags);
  Lock const lock(disk->mutex);
  bool const was_stopped = disk->stopped;
  if (disk->next() != Fate::works || disk->fails(disk->mood.failing_syncs)) {
    if (!was_stopped) image->fail_sync(disk->random);
    return SQLITE_IOERR_FSYNC;
  }
  if (disk->mood.lies) return SQLITE_OK;
  // With a new file SQLite syncs its directory: what was deleted there stays so.
  if (image->is_new()) disk->deleted.clear();
  image->sync();
  return SQLITE_OK;
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int kind) {
  return real(file)->pMethods->xLock(real(file), kind);
}
int unlock_file(sqlite3_file* file, int kind) {
  return real(file)->pMethods->xUnlock(real(file), kind);
}
int check_lock(sqlite3_file* file, int* reserved) {
  return real(file)->pMethods->xCheckReservedLock(real(file), reserved);
}
int control_file(sqlite3_file* file, int operation, void* argument) {
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
int sector_of_file(sqlite3_file* file) {
  return real(file)->pMethods->xSectorSize(real(file));
}
int traits_of_file(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** into) {
  auto& [base, disk, image] = of(file);
  if (image != nullptr) {
    Lock const lock(disk->mutex);
    if (disk->fails(disk->mood.failing_reads)) return SQLITE_IOERR_SHMMAP;
  }
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, into);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void barrier_shared(sqlite3_file* file) {
  real(file)->pMethods->xShmBarrier(real(file));
}
int unmap_shared(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}
// Reading through a mapping would go by what read_file does.
int fetch(sqlite3_file* file, sqlite3_int64 offset, int size, void** into) {
  auto& [base, disk, image] = of(file);
  *into = nullptr;
  if (image != nullptr) {
    Lock const lock(disk->mutex);
    if (disk->mood.failing_reads > 0) return SQLITE_OK;
  }
  return real(file)->pMethods->xFetch(real(file), offset, size, into);
}
int unfetch(sqlite3_file* file, sqlite3_int64 offset, void* from) {
  return real(file)->pMethods->xUnfetch(real(file), offset, from);
}

constexpr sqlite3_io_methods methods{
    3,           close_file,     read_file,    write_file,   truncate_file,  sync_file,      size_of_file,
    lock_file,   unlock_file,    check_lock,   control_file, sector_of_file, traits_of_file, map_shared,
    lock_shared, barrier_shared, unmap_shared, fetch,        unfetch};

DiskState& disk_of(sqlite3_vfs* vfs) {
  return *static_cast<DiskState*>(vfs->pAppData);
}

std::string bytes_of(std::filesystem::path const& file) {
  std::string bytes(std::filesystem::file_size(file), '\0');
  std::ifstream(file, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

int open_file(sqlite3_vfs* vfs, char const* name, sqlite3_file* file, int flags, int* got) {
  auto& disk = disk_of(vfs);
  Lock const lock(disk.mutex);
  file->pMethods = nullptr;
  of(file).disk = &disk;
  of(file).image = nullptr;
  bool const kept = disk.keeps(name);

  if (kept && disk.next() != Fate::works) return SQLITE_CANTOPEN;
  bool const new_file = !kept || !std::filesystem::exists(name);
  int const opened = disk.real->xOpen(disk.real, name, real(file), flags, got);
  if (real(file)->pMethods == nullptr) return opened;
  file->pMethods = &methods;
  if (!kept) return opened;
  auto found = disk.files.find(name);
  if (found == disk.files.end())
    found = disk.files.emplace(name, new_file ? DiskImage() : DiskImage(bytes_of(name))).first;
  of(file).image = &found->second;
  return opened;
}

int delete_file(sqlite3_vfs* vfs, char const* name, int sync) {
  auto& disk = disk_of(vfs);
  Lock const lock(disk.mutex);
  if (!disk.keeps(name)) return disk.real->xDelete(disk.real, name, sync);
  if (disk.next() != Fate::works) return SQLITE_IOERR_DELETE;
  int const done = disk.real->xDelete(disk.real, name, sync);
  if (done != SQLITE_OK) return done;
  if (auto const image = disk.files.extract(name); image && sync == 0)
    disk.deleted.insert_or_assign(name, image.mapped());
  return done;
}

int access_file(sqlite3_vfs* vfs, char const* name, int flags, int* result) {
  return disk_of(vfs).real->xAccess(disk_of(vfs).real, name, flags, result);
}
int full_name(sqlite3_vfs* vfs, char const* name, int size, char* into) {
  return disk_of(vfs).real->xFullPathname(disk_of(vfs).real, name, size, into);
}
int randomness(sqlite3_vfs* vfs, int size, char* into) {
  return disk_of(vfs).real->xRandomness(disk_of(vfs).real, size, into);
}
int pause(sqlite3_vfs* vfs, int microseconds) {
  return disk_of(vfs).real->xSleep(disk_of(vfs).real, microseconds);
}
int last_error(sqlite3_vfs* vfs, int size, char* into) {
  return disk_of(vfs).real->xGetLastError(disk_of(vfs).real, size, into);
}
int time_of_day(sqlite3_vfs* vfs, sqlite3_int64* now) {
  return disk_of(vfs).real->xCurrentTimeInt64(disk_of(vfs).real, now);
}

}  // namespace

DiskCounts& DiskCounts::operator+=(DiskCounts const& other) {
  operations += other.operations;
  failures += other.failures;
  torn += other.torn;
  dropped += other.dropped;
  return *this;
}

FaultyDisk::FaultyDisk(std::filesystem::path const& directory, std::uint64_t seed)
    : state_(std::make_unique<DiskState>(directory, seed)) {
  auto& vfs = state_->vfs;
  auto*& real_vfs = state_->real;
  real_vfs = sqlite3_vfs_find(nullptr);
  vfs = {.iVersion = 2,
         .szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile,
         .mxPathname = real_vfs->mxPathname,
         .pNext = nullptr,
         .zName = vfs_name,
         .pAppData = state_.get(),
         .xOpen = open_file,
         .xDelete = delete_file,
         .xAccess = access_file,
         .xFullPathname = full_name,
         .xDlOpen = nullptr,
         .xDlError = nullptr,
         .xDlSym = nullptr,
         .xDlClose = nullptr,
         .xRandomness = randomness,
         .xSleep = pause,
         .xCurrentTime = nullptr,
         .xGetLastError = last_error,
         .xCurrentTimeInt64 = time_of_day,
         .xSetSystemCall = nullptr,
         .xGetSystemCall = nullptr,
         .xNextSystemCall = nullptr};
  if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK) throw std::runtime_error("no VFS");
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(&state_->vfs);
}

void FaultyDisk::feel(Mood const& mood) {
  Lock const lock(state_->mutex);
  state_->mood = mood;
  state_->failures_of_mood = 0;
}

void FaultyDisk::calm() {
  Lock const lock(state_->mutex);
  state_->mood = {};
  state_->stopped = false;
}

void FaultyDisk::stop() {
  Lock const lock(state_->mutex);
  state_->stopped = true;
}

bool FaultyDisk::stopped() const {
  Lock const lock(state_->mutex);
  return state_->stopped;
}

void FaultyDisk::lose_power() {
  Lock const lock(state_->mutex);
  auto& disk = *state_;
  for (auto& [name, image] : disk.deleted)
    if (disk.pick(2) == 0 && !disk.files.contains(name)) disk.files.emplace(name, std::move(image));
  for (auto const& [name, image] : disk.files) {
    auto const left = image.left(disk.random);
    disk.counts.torn += left.torn;
    disk.counts.dropped += left.dropped;
    std::filesystem::remove(name);
    if (left.bytes) std::ofstream(name, std::ios::binary) << *left.bytes;
  }
  disk.deleted.clear();
  disk.files.clear();
  // Shared memory is no file of a disk.
  for (auto const& entry : std::filesystem::directory_iterator(disk.directory))
    if (entry.path().string().ends_with("-shm")) std::filesystem::remove(entry.path());
}

std::size_t FaultyDisk::used() const {
  Lock const lock(state_->mutex);
  return state_->used();
}

DiskCounts FaultyDisk::counts() const {
  Lock const lock(state_->mutex);
  return state_->counts;
}

}  // namespace bihuan::crash
