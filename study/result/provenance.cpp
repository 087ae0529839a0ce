#include "powerstroke/study/result/provenance.hpp"

#include <ctime>

#include "build_info.hpp"

namespace powerstroke::study {
namespace {

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace

Provenance provenance() {
  return {build_info::version, build_info::compiler, build_info::build_type, build_info::revision,
          utc_now()};
}

}  // namespace powerstroke::study
