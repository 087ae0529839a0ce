#include "powerstroke/study/judge/judge.hpp"

#include <algorithm>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::study {

Judgement judge(std::span<const Test> tests, double false_alarm_rate) {
  POWERSTROKE_EXPECT(false_alarm_rate > 0.0 && false_alarm_rate < 1.0);
  Judgement judgement;
  std::size_t deciding = 0;
  for (const Test& test : tests) {
    deciding += test.decides ? 1 : 0;
    if (!test.required) continue;
    ++judgement.required;
    if (judgement.worst == nullptr || test.p_value < judgement.worst->p_value)
      judgement.worst = &test;
  }
  judgement.limit = false_alarm_rate / static_cast<double>(std::max<std::size_t>(1, deciding));
  return judgement;
}

}  // namespace powerstroke::study
