#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "powerstroke/study/paper/paper.hpp"

namespace powerstroke::io {

/// Names of the files of `powerstroke paper`.
inline constexpr const char *paper_page_name = "paper.html", *paper_numbers_name = "paper.json";

/// The text of `paper.json`, format "powerstroke-paper/1". @param figures names of the page's
/// figures, claim by claim.
std::string paper_json(const study::Paper& paper,
                       const std::vector<std::vector<std::string>>& figures);

/// @throws as `check_whole_folder`.
void check_paper_folder(const std::filesystem::path& folder, bool force);

/// Writes the page and the numbers; the folder is complete or not there, see `write_whole_folder`.
/// @param page HTML, in one piece; @param figures names of its figures, claim by claim.
void write_paper(const study::Paper& paper, const std::string& page,
                 const std::vector<std::vector<std::string>>& figures,
                 const std::filesystem::path& folder, bool force);

}  // namespace powerstroke::io
