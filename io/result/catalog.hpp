#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "powerstroke/study/result/result.hpp"

namespace powerstroke::io {

/// A field of a result, row after row.
struct NamedArray {
  std::string name;                ///< its path in `result.h5`: "series/S_E"
  std::string units, description;  ///< as there
  std::vector<std::size_t> shape;  ///< empty: one value
  std::variant<std::span<const double>, std::span<const std::uint64_t>,
               std::span<const std::string>>
      values;
};

/// All fields of a result by the names that they have in `result.h5`, as arrays: what the bindings
/// to other languages hand out. Copies no numbers that lie side by side already.
class Catalog {
 public:
  /// @param result must outlive this.
  explicit Catalog(const study::RunResult& result);
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  const std::vector<NamedArray>& arrays() const { return arrays_; }
  /// nullptr if there is none of that name.
  const NamedArray* find(std::string_view name) const;

 private:
  class Collector;

  std::vector<NamedArray> arrays_;
  /// Copies of fields that do not lie side by side; a deque never moves what it has.
  std::tuple<std::deque<std::vector<double>>, std::deque<std::vector<std::uint64_t>>,
             std::deque<std::vector<std::string>>>
      kept_;
};

}  // namespace powerstroke::io
