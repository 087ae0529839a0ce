#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace powerstroke::io {

/// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`, no place
/// edited twice (optimal string alignment). Letters that differ by case alone count as equal.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that was most likely meant by a misspelt `word`; empty if none is near: at most
/// one edit in three letters, or three letters or more that begin just one of them.
std::string nearest_key(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace powerstroke::io
