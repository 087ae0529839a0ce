#pragma once

#include <string>

namespace powerstroke::io {

/// A name as a shell reads it back as one word: in quotes, if it has more than letters, digits and
/// "_-+=:,./@%".
std::string shell_word(const std::string& name);

}  // namespace powerstroke::io
