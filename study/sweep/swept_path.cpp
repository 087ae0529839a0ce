#include "powerstroke/study/sweep/swept_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::study {
namespace {

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

/// Follows brackets, braces and quotes of JSON, letter by letter.
class Nesting {
 public:
  void read(char letter) {
    if (escaped_) {
      escaped_ = false;
    } else if (quoted_) {
      escaped_ = letter == '\\';
      quoted_ = letter != '"';
    } else if (letter == '"') {
      quoted_ = true;
    } else if (letter == '[' || letter == '{') {
      closing_ += letter == '[' ? ']' : '}';
    } else if (letter == ']' || letter == '}') {
      mismatch_ = mismatch_ || closing_.empty() || closing_.back() != letter;
      if (!closing_.empty()) closing_.pop_back();
    }
  }
  bool outside() const { return !quoted_ && closing_.empty(); }
  bool mismatch() const { return mismatch_; }

 private:
  std::string closing_;  ///< brackets to come, the innermost last
  bool quoted_ = false, escaped_ = false, mismatch_ = false;
};

std::vector<std::string> split_values(std::string_view list, const std::string& path) {
  std::vector<std::string> values(1);
  Nesting nesting;
  for (const char letter : list) {
    nesting.read(letter);
    if (letter == ',' && nesting.outside()) {
      values.emplace_back();
    } else {
      values.back() += letter;
    }
  }
  if (nesting.mismatch() || !nesting.outside()) {
    throw ConfigError(
        fmt::format("--over {}: found {}; allowed: values in which every bracket and quote closes",
                    path, list));
  }
  std::ranges::transform(values, values.begin(),
                         [](const std::string& value) { return trimmed(value); });
  return values;
}

std::string with_dots(std::string_view path) {
  std::string text;
  for (const char letter : path) {
    if (letter != ']') text += letter == '[' ? '.' : letter;
  }
  return text;
}

}  // namespace

std::string_view SweptPath::key() const {
  const std::size_t dot = path.find_last_of('.');
  return std::string_view(path).substr(dot == std::string::npos ? 0 : dot + 1);
}

bool same_path(std::string_view a, std::string_view b) { return with_dots(a) == with_dots(b); }

SweptPath parse_over(const std::string& option) {
  const std::size_t equals = option.find('=');
  if (equals == std::string::npos || equals == 0 ||
      trimmed(std::string_view(option).substr(equals + 1)).empty()) {
    throw ConfigError(fmt::format(
        "--over {}: expected path.to.key=VALUE,VALUE,..., such as --over strokes.temperature=1,2,4",
        option));
  }
  SweptPath swept{option.substr(0, equals), {}};
  swept.values = split_values(std::string_view(option).substr(equals + 1), swept.path);
  for (std::size_t i = 0; i < swept.values.size(); ++i) {
    const std::string& value = swept.values[i];
    if (value.empty())
      throw ConfigError(fmt::format("--over {}: value {} of {} is empty", swept.path, i + 1,
                                    swept.values.size()));
    if (std::ranges::count(swept.values, value) > 1) {
      throw ConfigError(fmt::format("--over {}: the value {} is there twice", swept.path, value));
    }
  }
  return swept;
}

}  // namespace powerstroke::study
