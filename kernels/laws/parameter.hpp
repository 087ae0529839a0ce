#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// How a law says which numbers it takes, for configs, their schema and the documentation.
namespace powerstroke::laws {

/// What each number of a parameter may be.
enum class Limit { none, not_negative, positive };

/// A number, or a list of numbers, that a law takes from its section of a config.
struct Parameter {
  const char* name;
  const char*
      quantity;  ///< "energy", "length" ...: which units it may be given in; "" for a plain number
  const char* description;
  Limit limit = Limit::positive;
  std::size_t least = 0;     ///< entries of a list; 0: the parameter is one number
  std::size_t most = 0;      ///< entries of a list; 0: no matter how many
  const char* allowed = "";  ///< completes "allowed: ..." for a list; "": the schema's own words
  std::optional<double> otherwise =
      {};  ///< each number where the key is left out; without, the key is required
  std::optional<std::pair<double, double>> range =
      {};  ///< from and to, inclusive, in place of the limit
};

/// What a law is made from: the ensemble's dimension and the values of its parameters.
struct LawInput {
  int dimension = 3;
  /// In the order of the law's `parameters`; a single number is a list of one.
  std::span<const std::vector<double>> parameter = {};

  double number(std::size_t k) const { return parameter[k].front(); }
};

/// A law from a config's numbers: by its own `from(input)` if it has one, else member by member
/// from numbers.
template <class Law>
Law made_from(const LawInput& input) {
  if constexpr (requires { Law::from(input); }) {
    return Law::from(input);
  } else {
    return [&input]<std::size_t... K>(std::index_sequence<K...>) { return Law{input.number(K)...}; }
    (std::make_index_sequence<Law::parameters.size()>{});
  }
}

/// Writes a value with the unit of its quantity, for sentences about a law.
using Say = std::function<std::string(double value, const char* quantity)>;

}  // namespace powerstroke::laws
