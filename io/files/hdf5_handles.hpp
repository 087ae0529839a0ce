#pragma once

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "powerstroke/engine/parallel/library_lock.hpp"
#include "powerstroke/study/checkpoint/archive.hpp"

/// HDF5's identifiers, types and attributes, owned and checked: what the writers and readers of
/// HDF5 files share.
namespace powerstroke::io::hdf5 {

/// What is wrong, without the path: who opened the file knows it.
using Failure = study::DamagedState;

/// HDF5 closes at exit what is still open, and crashes over a file that a full disk kept it from
/// closing. We close our files ourselves. Counts only before HDF5's first call, so it is made when
/// the program starts.
inline const herr_t nothing_at_exit = H5dont_atexit();

/// To be held wherever HDF5 is called. Most builds of it are for one thread at a time, and keep
/// their open files and the handler of errors for the whole process. It prints its error stack to
/// standard error unless told not to; ours goes into the exception, and whoever else uses HDF5 gets
/// the handler back.
class Hdf5Session {
 public:
  Hdf5Session() {
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  Hdf5Session(const Hdf5Session&) = delete;
  Hdf5Session& operator=(const Hdf5Session&) = delete;
  ~Hdf5Session() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }

 private:
  parallel::LibraryLock lock_{parallel::Library::hdf5};
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

/// The innermost entry of HDF5's error stack: the one that says what happened.
inline std::string hdf5_reason() {
  std::string reason;
  const auto first = [](unsigned, const H5E_error2_t* error, void* out) -> herr_t {
    if (error->desc != nullptr) *static_cast<std::string*>(out) = error->desc;
    return 1;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, first, &reason);
  // Of a system's refusal it tells everything down to its buffer's address; this is what a user can
  // use.
  constexpr std::string_view start = "error message = '";
  if (const std::size_t found = reason.find(start); found != std::string::npos) {
    reason.erase(0, found + start.size());
    reason.resize(std::min(reason.size(), reason.find('\'')));
  }
  return reason.empty() ? "HDF5 gives no reason" : reason;
}

inline void check(herr_t status, std::string_view what) {
  if (status < 0) throw Failure(fmt::format("{}: {}", what, hdf5_reason()));
}

/// Owns one HDF5 identifier.
class Handle {
 public:
  using Closer = herr_t (*)(hid_t);
  Handle(hid_t id, Closer closer, std::string_view what) : id_(id), closer_(closer) {
    if (id_ < 0) throw Failure(fmt::format("{}: {}", what, hdf5_reason()));
  }
  Handle(Handle&& other) noexcept
      : id_(std::exchange(other.id_, hid_t{-1})), closer_(other.closer_) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (id_ >= 0) closer_(id_);
  }
  hid_t get() const { return id_; }
  /// Closes it now, where what may fail then must not go unnoticed: the last bytes of a file.
  void close(std::string_view what) { check(closer_(std::exchange(id_, hid_t{-1})), what); }

 private:
  hid_t id_;
  Closer closer_;
};

// The library's constants are macros with casts and calls in them; each is named once, here.
inline const hid_t kDefault = H5P_DEFAULT;
inline const hid_t kAll = H5S_ALL;

/// How a number lies in the file and in memory: little-endian in the file, whatever the machine.
template <class T>
std::pair<hid_t, hid_t> number_type() {
  if constexpr (std::is_same_v<T, double>) return {H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE};
  if constexpr (std::is_same_v<T, std::uint64_t>) return {H5T_STD_U64LE, H5T_NATIVE_UINT64};
  if constexpr (std::is_same_v<T, std::uint32_t>) return {H5T_STD_U32LE, H5T_NATIVE_UINT32};
  if constexpr (std::is_same_v<T, std::int64_t>) return {H5T_STD_I64LE, H5T_NATIVE_INT64};
  if constexpr (std::is_same_v<T, std::int32_t>) return {H5T_STD_I32LE, H5T_NATIVE_INT32};
  if constexpr (std::is_same_v<T, std::uint8_t>) return {H5T_STD_U8LE, H5T_NATIVE_UINT8};
}

/// UTF-8 of any length; not stored in the object's header, which holds 64 KiB at most.
inline Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "string type");
  check(H5Tset_size(type.get(), H5T_VARIABLE), "string type");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "string type");
  return type;
}

inline Handle space_of(const std::vector<hsize_t>& dims) {
  if (dims.empty()) return Handle(H5Screate(H5S_SCALAR), H5Sclose, "scalar space");
  return Handle(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose,
                "array space");
}

inline void write_text_attribute(hid_t object, const char* name, const std::string& value) {
  const Handle type = text_type();
  const Handle space = space_of({});
  const Handle attribute(H5Acreate2(object, name, type.get(), space.get(), kDefault, kDefault),
                         H5Aclose, name);
  const char* text = value.c_str();
  check(H5Awrite(attribute.get(), type.get(), &text), name);
}

template <class T>
void write_number_attribute(hid_t object, const char* name, T value) {
  const auto [in_file, in_memory] = number_type<T>();
  const Handle space = space_of({});
  const Handle attribute(H5Acreate2(object, name, in_file, space.get(), kDefault, kDefault),
                         H5Aclose, name);
  check(H5Awrite(attribute.get(), in_memory, &value), name);
}

}  // namespace powerstroke::io::hdf5
