#include "powerstroke/study/result/result.hpp"

namespace powerstroke::study {

std::string to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::consistent: return "consistent";
    case Verdict::inconsistent: return "inconsistent";
    case Verdict::not_comparable: break;
  }
  return "not_comparable";
}

}  // namespace powerstroke::study
