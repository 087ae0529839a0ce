#include <lammps/library.h>

#include <cstdio>

#include "fix_powerstroke.h"

/// `plugin load powerstroke_plugin.so` of a LAMMPS with the PLUGIN package. It hands over a
/// description of the fix; the declarations are those of its lammpsplugin.h, for a LAMMPS that
/// comes without that header.
///
/// Classes of LAMMPS differ from version to version: in another than that of the headers here the
/// fix would read other members than it means to. So it is not handed over there. The question goes
/// through LAMMPS's C interface, which stays.
extern "C" {

using lammpsplugin_factory2 = void*(void*, int, char**);

struct lammpsplugin_t {
  const char *version, *style, *name, *info, *author;
  union {
    void* (*v1)(void*);
    lammpsplugin_factory2* v2;
  } creator;
  void* handle;
};

using lammpsplugin_regfunc = void (*)(lammpsplugin_t*, void*);

static void* create(void* lmp, int narg, char** arg) {
  return LAMMPS_NS::FixPowerstroke::create(static_cast<LAMMPS_NS::LAMMPS*>(lmp), narg, arg);
}

__attribute__((visibility("default"))) void lammpsplugin_init(void* lmp, void* handle,
                                                              void* regfunc) {
  constexpr int compiled_for = POWERSTROKE_LAMMPS_VERSION;
  if (const int found = lammps_version(lmp); found != compiled_for) {
    std::fprintf(stderr,
                 "ERROR: the plugin of fix powerstroke was compiled for LAMMPS %d and is refused "
                 "by LAMMPS %d: compile it "
                 "against the "
                 "headers of that version\n",
                 compiled_for, found);
    return;
  }
  lammpsplugin_t plugin{};
  plugin.version = static_cast<LAMMPS_NS::LAMMPS*>(lmp)->version;
  plugin.style = "fix";
  plugin.name = LAMMPS_NS::FixPowerstroke::style;
  plugin.info = "power strokes: energy passed between atoms and quantum levels";
  plugin.author = "powerstroke";
  plugin.creator.v2 = &create;
  plugin.handle = handle;
  reinterpret_cast<lammpsplugin_regfunc>(regfunc)(&plugin, lmp);
}
}
