#include "powerstroke/io/config/nearest_key.hpp"

#include <algorithm>

namespace powerstroke::io {
namespace {

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::string completion(std::string_view word, const std::vector<std::string>& candidates) {
  const auto completes = [word](const std::string& candidate) {
    return candidate.starts_with(word);
  };
  if (word.size() < 3 || std::ranges::count_if(candidates, completes) != 1) return "";
  return *std::ranges::find_if(candidates, completes);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> edits(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) edits[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) edits[0][j] = j;
  const auto same = [&](std::size_t i, std::size_t j) {
    return lower(a[i - 1]) == lower(b[j - 1]);
  };
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = edits[i - 1][j - 1] + (same(i, j) ? 0 : 1);
      edits[i][j] = std::min({edits[i - 1][j] + 1, edits[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j))
        edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
    }
  }
  return edits[a.size()][b.size()];
}

std::string nearest_key(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest = 64;  // no key is as long; the table of edits stays small
  if (word.size() > longest || candidates.empty()) return "";
  const auto distance = [word](const std::string& candidate) {
    return edit_distance(word, candidate);
  };
  const std::string& nearest = *std::ranges::min_element(candidates, {}, distance);
  const std::size_t letters = std::max(word.size(), nearest.size());
  return 3 * distance(nearest) <= letters ? nearest : completion(word, candidates);
}

}  // namespace powerstroke::io
