#include "powerstroke/io/result/catalog.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "powerstroke/study/result/walk.hpp"

namespace powerstroke::io {

using namespace study;

/// An archive like `hdf5::Writer`.
class Catalog::Collector {
 public:
  Collector(Catalog& catalog, std::string path) : catalog_(catalog), path_(std::move(path)) {}

  Collector group(const char* name) const { return {catalog_, path_ + name + "/"}; }

  bool has(const char*) const { return true; }

  template <class T>
  void field(const char* name, const T& value, const char* units, const char* description) const {
    if constexpr (std::is_integral_v<T>)
      add(name, units, description, {}, kept(std::vector{static_cast<std::uint64_t>(value)}));
    else if constexpr (std::is_same_v<T, double> || std::is_same_v<T, std::string>)
      add(name, units, description, {}, kept(std::vector{value}));
    else
      array(name, value, units, description);
  }

  template <class Row, class T>
  void column(const char* name, const std::vector<Row>& rows, T Row::*member, const char* units,
              const char* description) const {
    const std::span<const T> copy = kept(column_of(rows, member));
    add(name, units, description, {copy.size()}, copy);
  }

 private:
  /// What does not lie in the result as it is handed out.
  template <class T>
  std::span<const T> kept(std::vector<T> values) const {
    return std::get<std::deque<std::vector<T>>>(catalog_.kept_).emplace_back(std::move(values));
  }

  template <class T>
  void array(const char* name, const std::vector<T>& values, const char* units,
             const char* description) const {
    if constexpr (std::is_same_v<T, std::uint8_t>)
      add(name, units, description, {values.size()},
          kept(std::vector<std::uint64_t>(values.begin(), values.end())));
    else if constexpr (std::is_same_v<T, std::string>)
      add(name, units, description, {values.size()}, kept(values));
    else
      add(name, units, description, {values.size()}, std::span<const T>(values));
  }

  template <class T>
  void array(const char* name, const std::vector<std::vector<T>>& rows, const char* units,
             const char* description) const {
    std::vector<T> flat;
    for (const std::vector<T>& row : rows) flat.insert(flat.end(), row.begin(), row.end());
    add(name, units, description, {rows.size(), rows.empty() ? 0 : rows.front().size()},
        kept(std::move(flat)));
  }

  template <class Values>
  void add(const char* name, const char* units, const char* description,
           std::vector<std::size_t> shape, Values values) const {
    catalog_.arrays_.push_back({path_ + name, units, description, std::move(shape), values});
  }

  Catalog& catalog_;
  std::string path_;
};

Catalog::Catalog(const RunResult& result) { walk(Collector(*this, ""), result); }

const NamedArray* Catalog::find(std::string_view name) const {
  const auto found = std::ranges::find(arrays_, name, &NamedArray::name);
  return found == arrays_.end() ? nullptr : &*found;
}

}  // namespace powerstroke::io
