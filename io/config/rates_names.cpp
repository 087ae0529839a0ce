#include "powerstroke/io/config/rates_names.hpp"

#include <type_traits>

namespace powerstroke::io {
namespace {

template <class... Laws>
std::vector<RatesName> names_of(std::type_identity<std::variant<Laws...>>) {
  return {RatesName{Laws::name, Laws::description, Laws::parameters,
                    [](const laws::RatesInput& input) { return laws::AnyRates(Laws(input)); }}...};
}

}  // namespace

const std::vector<RatesName>& rates_names() {
  static const std::vector<RatesName> names = names_of(std::type_identity<laws::AnyRates>{});
  return names;
}

}  // namespace powerstroke::io
