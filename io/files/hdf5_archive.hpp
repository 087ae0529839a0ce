#pragma once

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "powerstroke/io/files/hdf5_handles.hpp"

/// Fields of a group of an HDF5 file, each with its units and a description: `Writer` and `Reader`
/// take the same calls, so that one list of fields both writes and reads.
namespace powerstroke::io::hdf5 {

/// Chunks of at most a mebibyte with a checksum each, so that a flipped bit is noticed, and deflate
/// where HDF5 has it.
inline Handle creation_properties(const std::vector<hsize_t>& dims, bool numbers) {
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "dataset properties");
  check(H5Pset_obj_track_times(properties.get(), false),
        "dataset properties");  // equal results, equal bytes
  const bool empty = std::find(dims.begin(), dims.end(), hsize_t{0}) != dims.end();
  if (!numbers || dims.empty() || empty) return properties;
  constexpr hsize_t kChunk = 131072;
  std::vector<hsize_t> chunk = dims;
  chunk.back() = std::min(dims.back(), kChunk);
  if (dims.size() == 2) chunk.front() = std::clamp<hsize_t>(kChunk / chunk.back(), 1, dims.front());
  check(H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data()), "chunks");
  if (dims.size() == 2 && H5Zfilter_avail(H5Z_FILTER_DEFLATE) > 0) {
    check(H5Pset_shuffle(properties.get()), "shuffle");
    check(H5Pset_deflate(properties.get(), 4), "deflate");
  }
  check(H5Pset_fletcher32(properties.get()), "checksum");
  return properties;
}

inline std::string read_text_attribute(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0)
    throw Failure(fmt::format("the attribute '{}' is missing", name));
  const Handle attribute(H5Aopen(object, name, kDefault), H5Aclose, name);
  const Handle stored(H5Aget_type(attribute.get()), H5Tclose, name);
  const Handle space(H5Aget_space(attribute.get()), H5Sclose, name);
  if (H5Tget_class(stored.get()) != H5T_STRING || H5Tis_variable_str(stored.get()) <= 0 ||
      H5Sget_simple_extent_npoints(space.get()) != 1) {
    throw Failure(fmt::format("the attribute '{}' is no text", name));
  }
  const Handle type = text_type();
  char* text = nullptr;
  check(H5Aread(attribute.get(), type.get(), &text), name);
  std::string value = text == nullptr ? "" : text;
  H5Dvlen_reclaim(type.get(), space.get(), kDefault, &text);
  return value;
}

template <class T>
T read_number_attribute(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0)
    throw Failure(fmt::format("the attribute '{}' is missing", name));
  const auto [in_file, in_memory] = number_type<T>();
  const Handle attribute(H5Aopen(object, name, kDefault), H5Aclose, name);
  const Handle stored(H5Aget_type(attribute.get()), H5Tclose, name);
  const Handle space(H5Aget_space(attribute.get()), H5Sclose, name);
  if (H5Tequal(stored.get(), in_file) <= 0 || H5Sget_simple_extent_npoints(space.get()) != 1) {
    throw Failure(fmt::format("the attribute '{}' has another type than it should", name));
  }
  T value{};
  check(H5Aread(attribute.get(), in_memory, &value), name);
  return value;
}

/// Writes the fields of one group.
class Writer {
 public:
  explicit Writer(Handle group) : group_(std::move(group)) {}

  Writer group(const char* name) const {
    return Writer(
        Handle(H5Gcreate2(group_.get(), name, kDefault, kDefault, kDefault), H5Gclose, name));
  }

  /// What a reader may find or not, a writer writes.
  bool has(const char*) const { return true; }

  template <class T>
  void field(const char* name, const T& value, const char* units, const char* description) const {
    if constexpr (std::is_same_v<T, bool>) {
      const std::uint8_t byte = value ? 1 : 0;
      numbers<std::uint8_t>(name, {}, &byte, units, description);
    } else if constexpr (std::is_arithmetic_v<T>) {
      numbers<T>(name, {}, &value, units, description);
    } else if constexpr (std::is_same_v<T, std::string>) {
      const char* text = value.c_str();
      texts(name, {}, &text, units, description);
    } else {
      array(name, value, units, description);
    }
  }

  /// One column of a table: a member of every row.
  template <class Row, class T>
  void column(const char* name, const std::vector<Row>& rows, T Row::*member, const char* units,
              const char* description) const {
    array(name, study::column_of(rows, member), units, description);
  }

 private:
  template <class T>
  void array(const char* name, const std::vector<T>& values, const char* units,
             const char* description) const {
    numbers<T>(name, {values.size()}, values.data(), units, description);
  }

  template <class T>
  void array(const char* name, std::span<T> values, const char* units,
             const char* description) const {
    numbers<std::remove_const_t<T>>(name, {values.size()}, values.data(), units, description);
  }

  void array(const char* name, const std::vector<std::string>& values, const char* units,
             const char* description) const {
    std::vector<const char*> pointers;
    for (const std::string& value : values) pointers.push_back(value.c_str());
    texts(name, {values.size()}, pointers.data(), units, description);
  }

  template <class T>
  void array(const char* name, const std::vector<std::vector<T>>& rows, const char* units,
             const char* description) const {
    const std::size_t width = rows.empty() ? 0 : rows.front().size();
    std::vector<T> flat;
    flat.reserve(rows.size() * width);
    for (const std::vector<T>& row : rows) {
      if (row.size() != width)
        throw Failure(fmt::format("the rows of '{}' are not equally long", name));
      flat.insert(flat.end(), row.begin(), row.end());
    }
    numbers<T>(name, {rows.size(), width}, flat.data(), units, description);
  }

  template <class T>
  void numbers(const char* name, const std::vector<hsize_t>& dims, const T* data, const char* units,
               const char* description) const {
    const auto [in_file, in_memory] = number_type<T>();
    dataset(name, dims, in_file, in_memory, true, data, units, description);
  }

  void texts(const char* name, const std::vector<hsize_t>& dims, const char* const* data,
             const char* units, const char* description) const {
    const Handle type = text_type();
    dataset(name, dims, type.get(), type.get(), false, data, units, description);
  }

  void dataset(const char* name, const std::vector<hsize_t>& dims, hid_t in_file, hid_t in_memory,
               bool is_number, const void* data, const char* units, const char* description) const {
    const Handle space = space_of(dims);
    const Handle properties = creation_properties(dims, is_number);
    const Handle set(
        H5Dcreate2(group_.get(), name, in_file, space.get(), kDefault, properties.get(), kDefault),
        H5Dclose, name);
    if (H5Sget_simple_extent_npoints(space.get()) > 0) {
      check(H5Dwrite(set.get(), in_memory, kAll, kAll, kDefault, data), name);
    }
    write_text_attribute(set.get(), "units", units);
    write_text_attribute(set.get(), "description", description);
  }

  Handle group_;
};

/// Reads the fields of one group; takes the same calls as Writer.
class Reader {
 public:
  Reader(Handle group, std::string path) : group_(std::move(group)), path_(std::move(path)) {}

  Reader group(const char* name) const {
    const std::string path = path_ + name;
    require(name, "group", path);
    return Reader(Handle(H5Gopen2(group_.get(), name, kDefault), H5Gclose, path), path + "/");
  }

  /// Files of earlier versions lack what came later.
  bool has(const char* name) const { return H5Lexists(group_.get(), name, kDefault) > 0; }

  template <class T>
  void field(const char* name, T&& value, const char*, const char*) const {
    read(name, value);
  }

  template <class Row, class T>
  void column(const char* name, std::vector<Row>& rows, T Row::*member, const char*,
              const char*) const {
    std::vector<T> values;
    array(name, values);
    if (rows.empty()) rows.resize(values.size());
    if (values.size() != rows.size()) {
      throw Failure(fmt::format("'{}{}' has {} rows where its neighbours have {}", path_, name,
                                values.size(), rows.size()));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*member = values[i];
  }

 private:
  template <class T>
  void read(const char* name, T& value) const {
    if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = 0;
      scalar(name, byte);
      value = byte != 0;
    } else if constexpr (std::is_arithmetic_v<T>) {
      scalar(name, value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = texts(name, 0).front();
    } else {
      array(name, value);
    }
  }

  void require(const char* name, const char* kind, const std::string& path) const {
    if (H5Lexists(group_.get(), name, kDefault) <= 0)
      throw Failure(fmt::format("the {} '{}' is missing", kind, path));
  }

  Handle open(const char* name) const {
    const std::string path = path_ + name;
    require(name, "dataset", path);
    return Handle(H5Dopen2(group_.get(), name, kDefault), H5Dclose, path);
  }

  std::vector<hsize_t> dims_of(const Handle& set, std::size_t rank, const std::string& path) const {
    const Handle space(H5Dget_space(set.get()), H5Sclose, path);
    const int found = H5Sget_simple_extent_ndims(space.get());
    if (found != static_cast<int>(rank)) {
      throw Failure(fmt::format("the dataset '{}' has {} dimensions, not {}", path, found, rank));
    }
    std::vector<hsize_t> dims(rank);
    if (rank > 0) check(H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr), path);
    return dims;
  }

  template <class T>
  void read_numbers(const Handle& set, T* data, const std::string& path) const {
    const auto [in_file, in_memory] = number_type<T>();
    const Handle stored(H5Dget_type(set.get()), H5Tclose, path);
    if (H5Tequal(stored.get(), in_file) <= 0) {
      throw Failure(
          fmt::format("the dataset '{}' holds another type of number than it should", path));
    }
    if (data != nullptr) check(H5Dread(set.get(), in_memory, kAll, kAll, kDefault, data), path);
  }

  template <class T>
  void scalar(const char* name, T& value) const {
    const std::string path = path_ + name;
    const Handle set = open(name);
    dims_of(set, 0, path);
    read_numbers(set, &value, path);
  }

  /// Into what has its size already.
  template <class T>
  void array(const char* name, std::span<T> values) const {
    const std::string path = path_ + name;
    const Handle set = open(name);
    const hsize_t found = dims_of(set, 1, path)[0];
    if (found != values.size())
      throw Failure(
          fmt::format("the dataset '{}' has {} entries, not {}", path, found, values.size()));
    read_numbers(set, values.empty() ? nullptr : values.data(), path);
  }

  template <class T>
  void array(const char* name, std::vector<T>& values) const {
    const std::string path = path_ + name;
    const Handle set = open(name);
    values.resize(dims_of(set, 1, path)[0]);
    read_numbers(set, values.empty() ? nullptr : values.data(), path);
  }

  void array(const char* name, std::vector<std::string>& values) const { values = texts(name, 1); }

  template <class T>
  void array(const char* name, std::vector<std::vector<T>>& rows) const {
    const std::string path = path_ + name;
    const Handle set = open(name);
    const std::vector<hsize_t> dims = dims_of(set, 2, path);
    const std::size_t width = dims[1];
    std::vector<T> flat(dims[0] * width);
    read_numbers(set, flat.empty() ? nullptr : flat.data(), path);
    rows.assign(dims[0], {});
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i].assign(flat.data() + i * width, flat.data() + (i + 1) * width);
  }

  std::vector<std::string> texts(const char* name, std::size_t rank) const {
    const std::string path = path_ + name;
    const Handle set = open(name);
    const std::vector<hsize_t> dims = dims_of(set, rank, path);
    const Handle stored(H5Dget_type(set.get()), H5Tclose, path);
    if (H5Tget_class(stored.get()) != H5T_STRING || H5Tis_variable_str(stored.get()) <= 0) {
      throw Failure(fmt::format("the dataset '{}' is no text", path));
    }
    std::vector<char*> pointers(rank == 0 ? 1 : dims[0], nullptr);
    if (pointers.empty()) return {};
    const Handle type = text_type();
    const Handle space(H5Dget_space(set.get()), H5Sclose, path);
    check(H5Dread(set.get(), type.get(), kAll, kAll, kDefault, pointers.data()), path);
    std::vector<std::string> values;
    for (const char* text : pointers) values.emplace_back(text == nullptr ? "" : text);
    H5Dvlen_reclaim(type.get(), space.get(), kDefault, pointers.data());
    return values;
  }

  Handle group_;
  std::string path_;
};

/// The root attribute "format" must be `prefix` and a number of at most `newest`, such as
/// "powerstroke-result/1".
/// @returns the number. @throws Failure that names what is there, and a newer one as such.
inline int check_format(hid_t root, std::string_view prefix, int newest) {
  const std::string kind(prefix.substr(prefix.find('-') + 1, prefix.size() - prefix.find('-') - 2));
  if (H5Aexists(root, "format") <= 0)
    throw Failure(fmt::format(
        "it is an HDF5 file but no {} of powerstroke (the root attribute 'format' is missing)",
        kind));
  const std::string format = read_text_attribute(root, "format");
  int number = 0;
  if (format.starts_with(prefix))
    std::from_chars(format.data() + prefix.size(), format.data() + format.size(), number);
  if (number > newest)
    throw Failure(
        fmt::format("its format '{}' is newer than '{}{}', the newest this program knows: read it "
                    "with a newer powerstroke",
                    format, prefix, newest));
  if (number < 1)
    throw Failure(fmt::format("its format is '{}', not '{}{}': it is no {} of powerstroke", format,
                              prefix, newest, kind));
  return number;
}

}  // namespace powerstroke::io::hdf5
