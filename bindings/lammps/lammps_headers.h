#ifndef LMP_POWERSTROKE_LAMMPS_HEADERS_H
#define LMP_POWERSTROKE_LAMMPS_HEADERS_H

#include <fmt/format.h>

#include <type_traits>

#if FMT_VERSION >= 90000
/// Headers of LAMMPS name what {fmt} 9 has no more, in templates that we do not use.
namespace fmt {
template <class... Args, class Text>
auto make_args_checked(const Text&, const std::remove_reference_t<Args>&... args) {
  return make_format_args(args...);
}
}  // namespace fmt
#endif

#include <lammps/atom.h>
#include <lammps/comm.h>
#include <lammps/domain.h>
#include <lammps/error.h>
#include <lammps/fix.h>
#include <lammps/force.h>
#include <lammps/input.h>
#include <lammps/lammps.h>
#include <lammps/modify.h>
#include <lammps/neighbor.h>
#include <lammps/update.h>
#include <lammps/utils.h>
#include <lammps/variable.h>

#endif
