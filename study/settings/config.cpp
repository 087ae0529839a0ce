#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::study {

std::string to_string(Balance balance) {
  switch (balance) {
    case Balance::fixed: return "fixed";
    case Balance::thermal: return "thermal";
    case Balance::energy_conserving: return "energy_conserving";
    case Balance::exchange: return "exchange";
    case Balance::bath: return "bath";
  }
  return "";
}

}  // namespace powerstroke::study
