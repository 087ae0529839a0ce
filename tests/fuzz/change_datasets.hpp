#pragma once

#include <hdf5.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

/// Turns a sound HDF5 file into one that says something else: HDF5 finds nothing wrong with it, so
/// that the readers have to. (Damage to the bytes themselves is a checksum's to find: HDF5 loops or
/// crashes over some.)
namespace fuzz {

/// Each six bytes of `data` are a change: which dataset, what to do with it (delete it; set all its
/// numbers, or one, to an odd value; put another of odd length in its place), and the value.
inline void change_datasets(const std::filesystem::path& path, std::span<const std::uint8_t> data) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  if (file < 0) return;
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5O_info_t* info, void* to) -> herr_t {
    if (info->type == H5O_TYPE_DATASET)
      static_cast<std::vector<std::string>*>(to)->emplace_back(name);
    return 0;
  };
  H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, add, &names, H5O_INFO_BASIC);
  static constexpr std::array<double, 16> odd = {
      0.0,  1.0,   -1.0,   2.0,      3.0,       7.0, 0.5,          1e9,
      -1e9, 1e300, 1e-300, HUGE_VAL, -HUGE_VAL, NAN, 2147483647.0, 9.2e18};
  for (; data.size() >= 6 && !names.empty(); data = data.subspan(6)) {
    const std::string& name = names[(data[0] + 256U * data[1]) % names.size()];
    const double value = odd[data[3] % odd.size()];
    const std::size_t place = data[4] + 256U * data[5];
    const hid_t set = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
    if (set < 0) continue;  // deleted already
    const hid_t space = H5Dget_space(set), type = H5Dget_type(set);
    const auto numbers = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
    const bool is_text = H5Tget_class(type) == H5T_STRING;
    if (data[2] % 4 < 2 && !is_text && numbers > 0) {
      std::vector<double> values(numbers);
      H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
      if (data[2] % 4 == 0)
        values[place % numbers] = value;
      else
        values.assign(numbers, value);
      H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    }
    H5Dclose(set);
    H5Sclose(space);
    if (data[2] % 4 >= 2) H5Ldelete(file, name.c_str(), H5P_DEFAULT);
    if (data[2] % 4 == 3) {
      const std::array<hsize_t, 2> length = {place % 70, data[3] % 5U};
      const hid_t other = H5Screate_simple(1 + data[3] % 2, length.data(), nullptr);
      const hid_t made =
          H5Dcreate2(file, name.c_str(), type, other, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
      if (made >= 0) H5Dclose(made);
      H5Sclose(other);
    }
    H5Tclose(type);
  }
  H5Fclose(file);
}

}  // namespace fuzz
