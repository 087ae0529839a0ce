#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// The state of a run as named fields, in groups: what a checkpoint keeps. A study names its
/// fields; where they go to and come from is for whoever implements `Archive::Node` to know.
namespace powerstroke::study {

/// What was read is no state, or no result, that this program can have written. The message says
/// what is wrong, without the file: who opened it knows it.
struct DamagedState : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A member of every row of a table.
template <class Row, class T>
std::vector<T> column_of(const std::vector<Row>& rows, T Row::*member) {
  std::vector<T> values;
  for (const Row& row : rows) values.push_back(row.*member);
  return values;
}

/// A group of fields that are written, or read into the same places: one list of calls does both.
class Archive {
 public:
  /// A field by the place of its value.
  using Field = std::variant<bool*, std::int32_t*, std::uint32_t*, std::uint64_t*, double*,
                             std::string*, std::vector<double>*, std::vector<std::uint64_t>*,
                             std::vector<std::string>*, std::vector<std::vector<double>>*,
                             std::vector<std::vector<std::uint64_t>>*, std::span<std::int32_t>,
                             std::span<std::int64_t>, std::span<std::uint64_t>, std::span<double>>;

  /// What an archive is made of.
  class Node {
   public:
    Node() = default;
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    virtual ~Node() = default;

    virtual bool reads() const = 0;
    virtual bool has(const char* name) const = 0;
    virtual std::shared_ptr<const Node> group(const char* name) const = 0;
    virtual void field(const char* name, const Field& value, const char* units,
                       const char* description) const = 0;
  };

  explicit Archive(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

  Archive group(const char* name) const { return Archive(node_->group(name)); }

  /// Whether a field or a group is there. What a reader may find or not, a writer writes.
  bool has(const char* name) const { return node_->has(name); }

  /// @throws DamagedState where there is no such field to read.
  template <class T>
  void field(const char* name, T&& value, const char* units, const char* description) const {
    if constexpr (std::is_constructible_v<Field, std::remove_reference_t<T>*>)
      node_->field(name, Field(&value), units, description);
    else
      node_->field(name, Field(value), units, description);
  }

  /// One column of a table: a member of every row.
  /// @throws DamagedState also where it has not as many entries as its neighbours.
  template <class Row, class T>
  void column(const char* name, std::vector<Row>& rows, T Row::*member, const char* units,
              const char* description) const {
    std::vector<T> values;
    if (!node_->reads()) values = column_of(rows, member);
    field(name, values, units, description);
    if (!node_->reads()) return;
    if (rows.empty()) rows.resize(values.size());
    if (values.size() != rows.size())
      throw DamagedState("'" + std::string(name) + "' has " + std::to_string(values.size()) +
                         " rows where its neighbours have " + std::to_string(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*member = values[i];
  }

 private:
  std::shared_ptr<const Node> node_;
};

}  // namespace powerstroke::study
