#pragma once

#include <memory>
#include <utility>
#include <variant>

#include "powerstroke/io/files/hdf5_archive.hpp"
#include "powerstroke/study/checkpoint/archive.hpp"

/// A study's state as the groups of an HDF5 file.
namespace powerstroke::io {

/// A group that is written to, or read from. @tparam Fields `hdf5::Writer` or `hdf5::Reader`.
template <class Fields>
class Hdf5Node : public study::Archive::Node {
 public:
  explicit Hdf5Node(Fields fields) : fields_(std::move(fields)) {}

  bool reads() const override { return std::is_same_v<Fields, hdf5::Reader>; }
  bool has(const char* name) const override { return fields_.has(name); }
  std::shared_ptr<const Node> group(const char* name) const override {
    return std::make_shared<Hdf5Node>(fields_.group(name));
  }
  void field(const char* name, const study::Archive::Field& value, const char* units,
             const char* description) const override {
    std::visit(
        [&](auto place) {
          if constexpr (std::is_pointer_v<decltype(place)>)
            fields_.field(name, *place, units, description);
          else
            fields_.field(name, place, units, description);
        },
        value);
  }

 private:
  Fields fields_;
};

template <class Fields>
study::Archive archive_of(Fields group) {
  return study::Archive(std::make_shared<Hdf5Node<Fields>>(std::move(group)));
}

}  // namespace powerstroke::io
