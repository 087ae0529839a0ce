#include "powerstroke/io/trajectory/h5md.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/files/hdf5_handles.hpp"
#include "powerstroke/study/settings/constants.hpp"

namespace powerstroke::io {

using namespace study;

using namespace hdf5;

namespace {

constexpr hsize_t kComponents = 3;
using Corner = std::array<double, kComponents>;
using Edges = std::array<Corner, kComponents>;  ///< one vector a row

/// Calls `action`; what HDF5 refuses becomes an error that names the file.
template <class Action>
auto on_file(const std::filesystem::path& path, Action action) {
  const Hdf5Session session;
  try {
    return action();
  } catch (const Failure& failure) {
    throw IoError(fmt::format("cannot write '{}': {}", path.string(), failure.what()));
  }
}

/// Texts of equal, fixed length: what the format wants for names and boundaries, where units may be
/// of any length.
void write_fixed_texts(hid_t object, const char* name, const std::vector<std::string>& texts,
                       const Handle& space) {
  std::size_t width = 1;
  for (const std::string& text : texts) width = std::max(width, text.size());
  std::string padded;
  for (const std::string& text : texts) padded += text + std::string(width - text.size(), '\0');
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, name);
  check(H5Tset_size(type.get(), width), name);
  check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), name);
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), name);
  const Handle attribute(H5Acreate2(object, name, type.get(), space.get(), kDefault, kDefault),
                         H5Aclose, name);
  check(H5Awrite(attribute.get(), type.get(), padded.data()), name);
}

void write_fixed_text(hid_t object, const char* name, const std::string& text) {
  write_fixed_texts(object, name, {text}, space_of({}));
}

template <class T>
void write_numbers_attribute(hid_t object, const char* name, std::span<const T> values) {
  const auto [in_file, in_memory] = number_type<T>();
  const Handle space = space_of({values.size()});
  const Handle attribute(H5Acreate2(object, name, in_file, space.get(), kDefault, kDefault),
                         H5Aclose, name);
  check(H5Awrite(attribute.get(), in_memory, values.data()), name);
}

void write_version(hid_t object, std::int32_t major, std::int32_t minor) {
  write_numbers_attribute<std::int32_t>(object, "version", std::array{major, minor});
}

void write_unit(hid_t dataset, const char* unit) {
  if (*unit != '\0') write_text_attribute(dataset, "unit", unit);
}

Handle group(hid_t parent, const char* name) {
  return Handle(H5Gcreate2(parent, name, kDefault, kDefault, kDefault), H5Gclose, name);
}

/// Equal trajectories are equal bytes; a flipped bit is noticed.
Handle checked_chunks(const std::vector<hsize_t>& chunk) {
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "dataset properties");
  check(H5Pset_obj_track_times(properties.get(), false), "dataset properties");
  check(H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data()), "chunks");
  check(H5Pset_fletcher32(properties.get()), "checksum");
  return properties;
}

/// One number a particle, the same in all frames.
template <class T>
void write_column(hid_t parent, const char* name, const std::vector<T>& values, const char* unit) {
  const auto [in_file, in_memory] = number_type<T>();
  const Handle space = space_of({values.size()});
  const Handle properties = checked_chunks({std::min<hsize_t>(values.size(), 131072)});
  const Handle set(
      H5Dcreate2(parent, name, in_file, space.get(), kDefault, properties.get(), kDefault),
      H5Dclose, name);
  check(H5Dwrite(set.get(), in_memory, kAll, kAll, kDefault, values.data()), name);
  write_unit(set.get(), unit);
}

/// A dataset that grows by a frame at a time: [frame], and what a frame holds.
class Frames {
 public:
  template <class T>
  static Frames of(hid_t parent, const char* name, const std::vector<hsize_t>& frame,
                   const char* unit) {
    const auto [in_file, in_memory] = number_type<T>();
    return Frames(parent, name, frame, unit, in_file, in_memory);
  }

  void append(const void* frame) {
    std::vector<hsize_t> start(extent_.size(), 0), count = extent_;
    start.front() = extent_.front()++;
    count.front() = 1;
    check(H5Dset_extent(set_.get(), extent_.data()), name_);
    const Handle file_space(H5Dget_space(set_.get()), H5Sclose, name_);
    check(H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(),
                              nullptr),
          name_);
    const Handle memory_space = space_of(count);
    check(H5Dwrite(set_.get(), in_memory_, memory_space.get(), file_space.get(), kDefault, frame),
          name_);
  }

 private:
  Frames(hid_t parent, const char* name, const std::vector<hsize_t>& frame, const char* unit,
         hid_t in_file, hid_t in_memory)
      : extent_(with_frames(0, frame)),
        name_(name),
        in_memory_(in_memory),
        set_(create(parent, name, frame, in_file)) {
    write_unit(set_.get(), unit);
  }

  static std::vector<hsize_t> with_frames(hsize_t frames, const std::vector<hsize_t>& frame) {
    std::vector<hsize_t> extent = {frames};
    extent.insert(extent.end(), frame.begin(), frame.end());
    return extent;
  }

  static Handle create(hid_t parent, const char* name, const std::vector<hsize_t>& frame,
                       hid_t in_file) {
    const std::vector<hsize_t> none = with_frames(0, frame),
                               most = with_frames(H5S_UNLIMITED, frame);
    const Handle space(H5Screate_simple(static_cast<int>(none.size()), none.data(), most.data()),
                       H5Sclose, name);
    const Handle properties = checked_chunks(chunk_of(frame));
    return Handle(
        H5Dcreate2(parent, name, in_file, space.get(), kDefault, properties.get(), kDefault),
        H5Dclose, name);
  }

  /// Several small frames, or an equal part of a large one: 8 KiB to 1 MiB, since whole chunks are
  /// read and checked.
  static std::vector<hsize_t> chunk_of(const std::vector<hsize_t>& frame) {
    constexpr hsize_t kLeast = 1024, kMost = 131072;  // numbers of 8 bytes
    hsize_t numbers = 1;
    for (const hsize_t length : frame) numbers *= length;
    std::vector<hsize_t> chunk = with_frames(std::max<hsize_t>(kLeast / numbers, 1), frame);
    const hsize_t parts = (numbers + kMost - 1) / kMost;
    if (parts > 1) chunk[1] = (frame.front() + parts - 1) / parts;
    return chunk;
  }

  std::vector<hsize_t> extent_;
  std::string name_;
  hid_t in_memory_;
  Handle set_;
};

/// The sizes of the run's units in those of the file, and the latter's names.
struct FileUnits {
  explicit FileUnits(const Units& run) {
    if (run.reduced) return;
    constexpr double nm = 1e-9, ps = 1e-12;
    length = run.length_m() / nm;
    time = run.time_s / ps;
    velocity = run.speed_m_s() / (nm / ps);
    mass = run.mass_kg / codata_constants().atomic_mass;
    length_name = "nm";
    time_name = "ps";
    velocity_name = "nm ps-1";
    mass_name = "u";
  }

  double length = 1.0, time = 1.0, velocity = 1.0, mass = 1.0;
  const char *length_name = "", *time_name = "", *velocity_name = "", *mass_name = "";
};

bool periodic(const laws::Extent& extent) { return extent.sides == laws::Extent::Sides::periodic; }

/// Of a periodic axis its length, of another 0: the format's placeholder. As a matrix, though the
/// box is a cuboid: MDAnalysis before 2.5 reads no vector.
std::optional<Edges> edges_of(const H5mdLayout& layout, double length) {
  Edges edges{};
  bool any = false;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(layout.dimension); ++axis) {
    const laws::Extent& extent = layout.box.axis[axis];
    if (!periodic(extent)) continue;
    edges[axis][axis] = extent.length() * length;
    any = true;
  }
  return any ? std::optional(edges) : std::nullopt;
}

Handle create_file(const std::filesystem::path& path) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file properties");
  check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "file properties");
  return Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, kDefault, access.get()), H5Fclose, "file");
}

void write_metadata(hid_t file, const H5mdLayout& layout) {
  const Handle about = group(file, "h5md");
  write_version(about.get(), 1, 1);
  write_fixed_text(group(about.get(), "author").get(), "name", layout.author);
  const Handle creator = group(about.get(), "creator");
  write_fixed_text(creator.get(), "name", "powerstroke");
  write_fixed_text(creator.get(), "version", layout.provenance.version);
  if (!layout.units.reduced) {
    const Handle modules = group(about.get(), "modules");
    const Handle units = group(modules.get(), "units");
    write_version(units.get(), 1, 0);
    write_text_attribute(units.get(), "system", "SI");
  }
  const Handle parameters = group(file, "parameters");
  write_text_attribute(parameters.get(), "title", layout.title);
  write_number_attribute<std::int32_t>(parameters.get(), "dimension", layout.dimension);
  write_text_attribute(parameters.get(), "revision", layout.provenance.revision);
  write_text_attribute(parameters.get(), "created", layout.provenance.created);
}

Handle write_box(hid_t particles, const H5mdLayout& layout, double length) {
  Handle box = group(particles, "box");
  write_number_attribute<std::int32_t>(box.get(), "dimension", kComponents);
  std::vector<std::string> boundary(kComponents, "none");
  Corner low{}, high{};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(layout.dimension); ++axis) {
    const laws::Extent& extent = layout.box.axis[axis];
    if (periodic(extent)) boundary[axis] = "periodic";
    low[axis] = extent.low * length;
    high[axis] = extent.high * length;
  }
  write_fixed_texts(box.get(), "boundary", boundary, space_of({kComponents}));
  write_numbers_attribute<double>(box.get(), "low", low);
  write_numbers_attribute<double>(box.get(), "high", high);
  return box;
}

/// Two elements that are sampled together share their steps and times.
void link_time(const Handle& from, const Handle& to) {
  for (const char* name : {"step", "time"})
    check(H5Lcreate_hard(from.get(), name, to.get(), name, kDefault, kDefault), name);
}

std::size_t total(const std::vector<Species>& species) {
  std::size_t sum = 0;
  for (const Species& one : species) sum += one.particles;
  return sum;
}

void write_particles(hid_t particles, const H5mdLayout& layout,
                     const std::vector<std::uint64_t>& ids, const FileUnits& units) {
  std::vector<std::int32_t> species;
  std::vector<double> mass;
  std::size_t last = 0;
  for (std::size_t s = 0; s < layout.species.size(); ++s) {
    last += layout.species[s].particles;
    while (species.size() < ids.size() && ids[species.size()] < last) {
      species.push_back(static_cast<std::int32_t>(s));
      mass.push_back(layout.species[s].mass * units.mass);
    }
  }
  write_column(particles, "id", ids, "");
  write_column(particles, "species", species, "");
  write_column(particles, "mass", mass, units.mass_name);
}

}  // namespace

std::vector<std::uint64_t> evenly_spaced(std::size_t total, std::size_t particles) {
  const std::size_t count = std::min(total, particles);
  std::vector<std::uint64_t> ids(count);
  for (std::size_t j = 0; j < count; ++j)
    ids[j] = j * (total / count) + j * (total % count) / count;
  return ids;
}

std::size_t particles_written(const H5mdLayout& layout) {
  return std::min(total(layout.species), layout.most_particles);
}

H5mdFrame frame_of(const H5mdLayout& layout, const PhaseEnsemble& ensemble) {
  POWERSTROKE_EXPECT(ensemble.dimension() == layout.dimension &&
                     ensemble.size() == total(layout.species));
  const FileUnits units(layout.units);
  const std::vector<std::uint64_t> ids = evenly_spaced(ensemble.size(), layout.most_particles);
  H5mdFrame frame{std::vector<double>(ids.size() * kComponents, 0.0),
                  std::vector<double>(ids.size() * kComponents, 0.0)};
  std::size_t j = 0;
  for (std::size_t species = 0; species < ensemble.species(); ++species) {
    const PhaseView view = ensemble.view(species);
    for (; j < ids.size() && ids[j] < ensemble.last(species); ++j) {
      const std::size_t i = ids[j] - ensemble.first(species);
      for (std::size_t axis = 0; axis < static_cast<std::size_t>(layout.dimension); ++axis) {
        frame.position[j * kComponents + axis] = view.position[axis][i] * units.length;
        frame.velocity[j * kComponents + axis] =
            view.momentum[axis][i] / view.mass * units.velocity;
      }
    }
  }
  return frame;
}

struct H5mdWriter::File {
  File(const std::filesystem::path& path, const H5mdLayout& layout)
      : units(layout.units),
        ids(evenly_spaced(total(layout.species), layout.most_particles)),
        edges(edges_of(layout, units.length)),
        handle(create_file(path)) {
    write_metadata(handle.get(), layout);
    const Handle all = group(handle.get(), "particles");
    const Handle particles = group(all.get(), "trajectory");
    const Handle position_group = group(particles.get(), "position");
    steps.emplace(Frames::of<std::uint64_t>(position_group.get(), "step", {}, ""));
    times.emplace(Frames::of<double>(position_group.get(), "time", {}, units.time_name));
    positions.emplace(Frames::of<double>(position_group.get(), "value", {ids.size(), kComponents},
                                         units.length_name));
    const Handle velocity_group = group(particles.get(), "velocity");
    link_time(position_group, velocity_group);
    velocities.emplace(Frames::of<double>(velocity_group.get(), "value", {ids.size(), kComponents},
                                          units.velocity_name));
    const Handle box = write_box(particles.get(), layout, units.length);
    if (edges) {
      const Handle edges_group = group(box.get(), "edges");
      link_time(position_group, edges_group);
      boxes.emplace(Frames::of<double>(edges_group.get(), "value", {kComponents, kComponents},
                                       units.length_name));
    }
    write_particles(particles.get(), layout, ids, units);
  }

  void append(std::uint64_t step, double time, const H5mdFrame& frame) {
    const double in_file = time * units.time;
    steps->append(&step);
    times->append(&in_file);
    positions->append(frame.position.data());
    velocities->append(frame.velocity.data());
    if (boxes) boxes->append(edges->data());
  }

  void close() {
    for (auto* frames : {&steps, &times, &positions, &velocities, &boxes}) frames->reset();
    handle.close("close");
  }

  FileUnits units;
  std::vector<std::uint64_t> ids;
  std::optional<Edges> edges;
  Handle handle;  // before what lies in the file: it is closed last
  std::optional<Frames> steps, times, positions, velocities, boxes;
};

H5mdWriter::H5mdWriter(const std::filesystem::path& path, const H5mdLayout& layout)
    : path_(path), layout_(layout) {
  POWERSTROKE_EXPECT(total(layout.species) > 0 && layout.most_particles > 0);
  file_ = on_file(path_, [&] { return std::make_unique<File>(path_, layout); });
}

H5mdWriter::H5mdWriter(H5mdWriter&&) noexcept = default;
H5mdWriter& H5mdWriter::operator=(H5mdWriter&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(layout_, other.layout_);
  std::swap(file_, other.file_);  // the destructor knows how to close ours
  return *this;
}

H5mdWriter::~H5mdWriter() {
  const Hdf5Session session;
  file_.reset();
}

void H5mdWriter::append(std::uint64_t step, double time, const H5mdFrame& frame) {
  POWERSTROKE_EXPECT(file_ != nullptr && frame.position.size() == kComponents * file_->ids.size() &&
                     frame.velocity.size() == frame.position.size());
  on_file(path_, [&] { file_->append(step, time, frame); });
}

void H5mdWriter::close() {
  POWERSTROKE_EXPECT(file_ != nullptr);
  on_file(path_, [&] {
    check(H5Fflush(file_->handle.get(), H5F_SCOPE_GLOBAL), "flush");
    file_->close();
    file_.reset();
  });
  sync_file(path_);
}

}  // namespace powerstroke::io
