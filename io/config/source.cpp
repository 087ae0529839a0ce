#include "powerstroke/io/config/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::io {

using namespace study;

namespace {

bool is_index(std::string_view key) {
  return !key.empty() && key.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Is `path` the first part of `other`, or all of it?
bool leads_to(const KeyPath& path, const KeyPath& other) {
  return path.size() <= other.size() && std::equal(path.begin(), path.end(), other.begin());
}

std::size_t lines_before(std::string_view text, std::size_t position) {
  return static_cast<std::size_t>(std::ranges::count(text.substr(0, position), '\n'));
}

/// Reads characters for the parser and tells the scanner how far it has come.
struct TrackedCharacter {
  using iterator_category = std::forward_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at;
  const char** last_read;

  reference operator*() const {
    *last_read = at;
    return *at;
  }
  TrackedCharacter& operator++() {
    ++at;
    return *this;
  }
  bool operator==(const TrackedCharacter& other) const { return at == other.at; }
  bool operator!=(const TrackedCharacter& other) const { return at != other.at; }
};

/// One pass over a text, value by value, that knows the path and the line of each: the parser that
/// builds the document tells neither, and keeps the last of two equal keys without a word.
class Scanner {
 public:
  Scanner(std::string_view text, std::string origin, KeyPath target = {})
      : text_(text),
        origin_(std::move(origin)),
        target_(std::move(target)),
        last_read_(text.data()),
        counted_(text.data()) {}

  /// @throws ConfigError for what ConfigSource does not take.
  void scan() {
    const char* end = text_.data() + text_.size();
    Json::sax_parse(TrackedCharacter{text_.data(), &last_read_}, TrackedCharacter{end, &last_read_},
                    this, Json::input_format_t::json, true, true);
  }

  /// Line of the target, or of the nearest value above it that is there.
  std::size_t target_line() const { return target_line_; }
  /// How many keys of the target's path are there.
  std::size_t target_depth() const { return target_depth_; }

  // The calls of nlohmann's SAX interface.
  bool null() { return value(); }
  bool boolean(bool) { return value(); }
  bool number_integer(Json::number_integer_t) { return value(); }
  bool number_unsigned(Json::number_unsigned_t) { return value(); }
  bool number_float(Json::number_float_t, const std::string&) { return value(); }
  bool string(std::string& text) {
    if (text.find('\0') == std::string::npos) return value();
    begin_value();
    fail("the text holds the character U+0000, at which files of results would end it");
  }
  bool binary(Json::binary_t&) { return value(); }
  bool start_object(std::size_t) { return open(false); }
  bool start_array(std::size_t) { return open(true); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    constexpr std::size_t most_keys =
        1000;  // an object keeps the order of its keys, and is searched from one to the next
    path_.back() = name;
    if (open_.back().keys.size() == most_keys) {
      fail(fmt::format("more than {} keys in one object; no object of a config has so many",
                       most_keys));
    }
    if (!open_.back().keys.insert(name).second) {
      fail(fmt::format("the key '{}' is there twice; which one is meant?", name));
    }
    mark();
    return true;
  }

  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& error) {
    if (dynamic_cast<const Json::out_of_range*>(&error) != nullptr) {
      begin_value();
      fail(fmt::format("found {}; allowed: a number that is finite in double precision", token));
    }
    const std::string_view read = text_.substr(0, position == 0 ? 0 : position - 1);
    const std::size_t column = position == 0 ? 1 : read.size() - (read.rfind('\n') + 1) + 1;
    std::string_view reason = error.what();
    if (const std::size_t start = reason.find("syntax error"); start != std::string_view::npos)
      reason.remove_prefix(start);
    throw ConfigError(fmt::format("{}:{}:{}: this is not valid JSON: {}", origin_,
                                  lines_before(text_, read.size()) + 1, column, reason));
  }

 private:
  struct Container {
    bool is_array;
    std::size_t entries = 0;
    std::set<std::string> keys = {};
  };

  [[noreturn]] void fail(const std::string& message) {
    throw ConfigError(fmt::format("{}:{}: at {}: {}", origin_, line(), spelled(path_), message));
  }

  /// A line's end belongs to the line that it ends, so that a number and the character after it,
  /// which the parser must have read to know that the number is over, lie on one line.
  std::size_t line() {
    line_ += static_cast<std::size_t>(std::count(counted_, last_read_, '\n'));
    counted_ = last_read_;
    return line_;
  }

  void mark() {
    if (!leads_to(path_, target_) || (target_line_ > 0 && path_.size() <= target_depth_)) return;
    target_depth_ = path_.size();
    target_line_ = line();
  }

  void begin_value() {
    if (open_.empty()) {
      mark();
    } else if (open_.back().is_array) {
      path_.back() = std::to_string(open_.back().entries++);
      mark();
    }
  }

  bool value() {
    begin_value();
    return true;
  }

  bool open(bool is_array) {
    constexpr std::size_t deepest = 64;  // what follows walks a document by recursion
    begin_value();
    if (open_.size() == deepest) fail(fmt::format("nested deeper than {} levels", deepest));
    open_.push_back({is_array});
    path_.emplace_back();
    return true;
  }

  bool close() {
    open_.pop_back();
    path_.pop_back();
    return true;
  }

  std::string_view text_;
  std::string origin_;
  KeyPath target_;
  const char* last_read_;
  const char* counted_;
  std::size_t line_ = 1;
  std::size_t target_line_ = 0, target_depth_ = 0;
  std::vector<Container> open_;
  KeyPath path_;
};

/// The parser takes a byte 0 for the end of the text; in UTF-16 every other one is 0.
const std::string& checked(const std::string& text, const std::string& origin) {
  const std::size_t zero = text.find('\0');
  if (zero != std::string::npos)
    throw ConfigError(fmt::format("{}:{}: this is no text in UTF-8: it holds a byte 0", origin,
                                  lines_before(text, zero) + 1));
  return text;
}

Json parse(const std::string& text, const std::string& origin) {
  Scanner(text, origin).scan();
  return Json::parse(text, nullptr, true, true);
}

/// "strokes.transitions[0].delta_e" or "strokes.transitions.0.delta_e"
KeyPath split(const std::string& path) {
  KeyPath keys(1);
  for (const char letter : path) {
    if (letter == '.' || letter == '[') {
      keys.emplace_back();
    } else if (letter != ']') {
      keys.back() += letter;
    }
  }
  if (std::ranges::find(keys, "") != keys.end()) {
    throw ConfigError(
        fmt::format("--set '{}': allowed: a path such as strokes.transitions[0].rate_down", path));
  }
  return keys;
}

/// JSON, or a bare word that stands for itself.
Json option_value(const std::string& text, const std::string& option) {
  if (Json::accept(text)) return parse(text, option);
  if (text.find_first_of("{[\"") == 0) {
    throw OptionError(option, fmt::format("found {}; allowed: JSON or a bare word", text));
  }
  try {
    (void)Json(text).dump();
  } catch (const Json::type_error&) {
    throw OptionError(option, "the value is not valid UTF-8");
  }
  return text;
}

Json& entry_of(Json& list, const std::string& key, const KeyPath& path, const std::string& option) {
  std::size_t index = list.size();
  if (is_index(key)) std::from_chars(key.data(), key.data() + key.size(), index);
  if (index >= list.size()) {
    throw OptionError(
        option, fmt::format("found the index '{}' into {}, which is a list; allowed: 0 to {}", key,
                            spelled(path), list.size() - 1));
  }
  return list[index];
}

}  // namespace

std::string spelled(const KeyPath& path) {
  std::string text;
  for (const std::string& key : path) {
    if (is_index(key)) {
      text += '[' + key + ']';
    } else {
      text += (text.empty() ? "" : ".") + key;
    }
  }
  return text.empty() ? "the top level" : text;
}

ConfigSource::ConfigSource(std::string text, std::string origin)
    : text_(std::move(text)),
      origin_(std::move(origin)),
      document_(parse(checked(text_, origin_), origin_)) {}

void ConfigSource::set(const Override& override) {
  const std::string option = override.option.empty() ? "--set " + override.path : override.option;
  const KeyPath path = split(override.path);
  Json value = option_value(override.value, option);
  Json* node = &document_;
  Json* above = nullptr;
  KeyPath walked;
  for (const std::string& key : path) {
    above = node;
    if (node->is_array() && !node->empty()) {
      node = &entry_of(*node, key, walked, option);
    } else if (node->is_object() || node->is_null()) {
      node = &(*node)[key];
    } else {
      throw OptionError(
          option, fmt::format("{} is {} and has no key '{}'", spelled(walked), node->dump(), key));
    }
    walked.push_back(key);
  }
  if (value.is_null() && above != nullptr && above->is_object())
    above->erase(path.back());  // as in a JSON merge patch: null is no value of any key
  else
    *node = std::move(value);
  options_.push_back({path, option});
}

void ConfigSource::convert(const std::vector<std::pair<KeyPath, double>>& numbers,
                           std::string note) {
  written_ = document_;
  for (const auto& [path, number] : numbers) {
    Json* node = &document_;
    for (const std::string& key : path)
      node = node->is_array() ? &node->at(std::stoul(key)) : &node->at(key);
    *node = number;
    converted_.push_back(path);
  }
  note_ = std::move(note);
}

void ConfigSource::fail(const KeyPath& path, const std::string& message) const {
  const auto about = [&](const KeyPath& place) {
    return leads_to(path, place) || leads_to(place, path);
  };
  const bool noted = !path.empty() && std::ranges::any_of(converted_, about);
  const std::string said = fmt::format("at {}: {}{}", spelled(path), message, noted ? note_ : "");
  if (const Option* const option = option_at(path)) throw OptionError(option->name, said);
  throw ConfigError(origin_of(path) + ": " + said);
}

const ConfigSource::Option* ConfigSource::option_at(const KeyPath& path) const {
  Scanner scanner(text_, origin_, path);
  scanner.scan();
  const bool in_file = scanner.target_depth() == path.size();
  for (auto option = options_.rbegin(); option != options_.rend(); ++option)
    if (leads_to(option->path, path) || (!in_file && leads_to(path, option->path))) return &*option;
  return nullptr;
}

std::string ConfigSource::origin_of(const KeyPath& path) const {
  if (const Option* const option = option_at(path)) return option->name;
  Scanner scanner(text_, origin_, path);
  scanner.scan();
  const std::string place = fmt::format("{}:{}", origin_, scanner.target_line());
  for (auto option = options_.rbegin(); option != options_.rend(); ++option)
    if (leads_to(path, option->path))
      return fmt::format("{} with {}", place, option->name);  // may be what is wrong in it
  return place;
}

}  // namespace powerstroke::io
