#include "powerstroke/io/config/json_schema.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

// At -O3 GCC 12 sees an overlapping copy in std::string::replace as valijson calls it (GCC bug
// 105651); there is none.
#pragma GCC diagnostic push
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wrestrict"
#endif
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

namespace powerstroke::io {
namespace {

using Plain = nlohmann::json;

/// What draft 7 calls an integer has no fractional part, however it is written (1e6); valijson
/// looks at the type, and takes one from 2^63 on for negative. From 2^53 on a double no longer
/// tells which whole number was written. Both sides of a check go through this; what a config says
/// is read from the original.
Plain prepared(Plain value) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  if (value.is_structured()) {
    for (Plain& entry : value) entry = prepared(std::move(entry));
  } else if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::abs(number) < exact && number == std::trunc(number))
      value = static_cast<std::int64_t>(number);
  } else if (value.is_number_unsigned()) {
    constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
    value = static_cast<std::int64_t>(std::min(value.get<std::uint64_t>(), largest));
  }
  return value;
}

/// valijson's "[strokes]", "[transitions]", "[0]" after "<root>".
std::vector<std::string> path_of(const valijson::ValidationResults::Error& error) {
  std::vector<std::string> path;
  for (std::size_t i = 1; i < error.context.size(); ++i) {
    path.push_back(error.context[i].substr(1, error.context[i].size() - 2));
  }
  return path;
}

using valijson::adapters::NlohmannJsonAdapter;

std::unique_ptr<valijson::Schema> parsed_from(const Plain& schema) {
  const Plain copy = prepared(schema);
  auto parsed = std::make_unique<valijson::Schema>();
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(NlohmannJsonAdapter(copy), *parsed);
  return parsed;
}

}  // namespace

bool fits_lasting(const Plain& schema, const Plain& value) {
  static std::mutex mutex;
  static std::map<const Plain*, std::unique_ptr<valijson::Schema>> known;
  const valijson::Schema* parsed = nullptr;
  {
    const std::lock_guard lock(mutex);
    std::unique_ptr<valijson::Schema>& entry = known[&schema];
    if (!entry) entry = parsed_from(schema);
    parsed = entry.get();
  }
  const Plain copy = prepared(value);
  return valijson::Validator().validate(*parsed, NlohmannJsonAdapter(copy), nullptr);
}

std::vector<SchemaFault> schema_faults(const Plain& schema, const Plain& value) {
  const Plain value_copy = prepared(value);
  valijson::ValidationResults results;
  valijson::Validator().validate(*parsed_from(schema), NlohmannJsonAdapter(value_copy), &results);
  std::vector<SchemaFault> faults;
  for (const valijson::ValidationResults::Error& error : results)
    faults.push_back({path_of(error), error.description});
  return faults;
}

}  // namespace powerstroke::io
