#include "powerstroke/report/page_frame.hpp"

#include <fmt/format.h>

#include "powerstroke/report/style.hpp"
#include "powerstroke/report/text.hpp"

namespace powerstroke::report {

std::string page_head(const std::string& title) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n",
      escape_html(title), report_style);
}

std::string page_foot(const std::string& version) {
  return fmt::format(
      "<footer>Written by powerstroke {}. This page needs nothing but "
      "itself.</footer>\n</main>\n</body>\n</html>\n",
      escape_html(version));
}

}  // namespace powerstroke::report
