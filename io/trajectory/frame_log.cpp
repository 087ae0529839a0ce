#include "powerstroke/io/trajectory/frame_log.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/study/checkpoint/checksum.hpp"

namespace powerstroke::io {

using namespace study;

namespace {

std::uint32_t continued(std::uint32_t before, const std::vector<double>& numbers) {
  return crc32_of(numbers.data(), numbers.size() * sizeof(double), before);
}

std::string_view bytes_of(const std::vector<double>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()),
          numbers.size() * sizeof(double)};  // NOLINT
}

H5mdFrame empty_frame(const H5mdLayout& layout) {
  const std::size_t numbers = 3 * particles_written(layout);
  return {std::vector<double>(numbers), std::vector<double>(numbers)};
}

/// The next frame; false if the file ends before it does.
bool read_frame(InputFile& file, H5mdFrame& frame) {
  for (auto* numbers : {&frame.position, &frame.velocity}) {
    const std::size_t wanted = numbers->size() * sizeof(double);
    if (file.read({reinterpret_cast<char*>(numbers->data()), wanted}) != wanted)
      return false;  // NOLINT
  }
  return true;
}

}  // namespace

struct FrameLog::File {
  File(OutputFile opened, H5mdLayout wanted, Mark at)
      : file(std::move(opened)), layout(std::move(wanted)), mark(at) {}

  OutputFile file;
  H5mdLayout layout;
  Mark mark;
};

FrameLog::FrameLog(const std::filesystem::path& path, const H5mdLayout& layout)
    : file_(std::make_unique<File>(OutputFile(path), layout, Mark{})) {}

FrameLog::FrameLog(const std::filesystem::path& path, const H5mdLayout& layout, const Mark& mark) {
  Mark found;
  H5mdFrame frame = empty_frame(layout);
  InputFile written(path);
  while (found.frames < mark.frames && read_frame(written, frame)) {
    found.crc32 = continued(continued(found.crc32, frame.position), frame.velocity);
    ++found.frames;
  }
  if (found.frames < mark.frames || found.crc32 != mark.crc32)
    throw IoError(
        fmt::format("cannot go on with '{}': it is damaged, the first {} frames are not what the "
                    "checkpoint knows",
                    path.string(), mark.frames));
  const std::uint64_t bytes = mark.frames * 2 * frame.position.size() * sizeof(double);
  file_ = std::make_unique<File>(OutputFile(path, bytes), layout, mark);
}

FrameLog::FrameLog(FrameLog&&) noexcept = default;
FrameLog& FrameLog::operator=(FrameLog&&) noexcept = default;
FrameLog::~FrameLog() = default;

void FrameLog::append(const PhaseEnsemble& ensemble) {
  const H5mdFrame frame = frame_of(file_->layout, ensemble);
  Mark& mark = file_->mark;
  for (const auto* numbers : {&frame.position, &frame.velocity}) {
    file_->file.write(bytes_of(*numbers));
    mark.crc32 = continued(mark.crc32, *numbers);
  }
  ++mark.frames;
}

FrameLog::Mark FrameLog::sync() {
  file_->file.sync();
  return file_->mark;
}

H5mdLayout trajectory_layout(const Config& config, const Provenance& provenance) {
  H5mdLayout layout;
  layout.dimension = config.ensemble.dimension;
  for (const SpeciesConfig& species : config.phase_space->species)
    layout.species.push_back({species.particles, species.mass});
  layout.box = config.phase_space->box;
  layout.most_particles = config.phase_space->trajectory->particles;
  layout.units = config.units;
  layout.title = config.title;
  layout.provenance = provenance;
  return layout;
}

void write_trajectory(const RunResult& result, const std::filesystem::path& frames,
                      const std::filesystem::path& h5md) {
  const H5mdLayout layout = trajectory_layout(result.config, result.provenance);
  const double every = result.config.phase_space->trajectory->every;
  H5mdWriter writer(h5md, layout);
  H5mdFrame frame = empty_frame(layout);
  InputFile log(frames);
  for (std::uint64_t k = 0; read_frame(log, frame); ++k)
    writer.append(k, static_cast<double>(k) * every, frame);
  writer.close();
}

}  // namespace powerstroke::io
