#pragma once

#include <string>

#include "powerstroke/study/paper/paper.hpp"

namespace powerstroke::cli {

/// One line a claim: where, verdict, what it says.
std::string paper_table(const study::Paper& paper);

/// `powerstroke paper`: makes all runs, prints the table, writes the page. @returns whether all
/// verdicts are the expected ones.
bool paper(const std::string& folder, bool force, bool quiet);

}  // namespace powerstroke::cli
