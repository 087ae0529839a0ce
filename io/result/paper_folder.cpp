#include "powerstroke/io/result/paper_folder.hpp"

#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/files/whole_folder.hpp"

namespace powerstroke::io {
namespace {

namespace fs = std::filesystem;

FolderKind paper_folder() {
  return {"paper", {paper_page_name, paper_numbers_name}, [](const fs::path& entry) {
            return entry.filename() == paper_page_name || entry.filename() == paper_numbers_name;
          }};
}

}  // namespace

void check_paper_folder(const fs::path& folder, bool force) {
  check_whole_folder(folder, force, paper_folder());
}

void write_paper(const study::Paper& paper, const std::string& page,
                 const std::vector<std::vector<std::string>>& figures, const fs::path& folder,
                 bool force) {
  write_whole_folder(folder, force, paper_folder(), [&](const fs::path& fresh) {
    write_durably(fresh / paper_numbers_name, paper_json(paper, figures));
    write_durably(fresh / paper_page_name, page);
  });
}

}  // namespace powerstroke::io
