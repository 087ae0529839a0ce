#pragma once

#include <string>

/// What every page of the program begins and ends with.
namespace powerstroke::report {

std::string page_head(const std::string& title);
std::string page_foot(const std::string& version);

}  // namespace powerstroke::report
