#include "fix_powerstroke.h"

/// `plugin load powerstroke_plugin.so` of a LAMMPS with the PLUGIN package. It hands over a description of the fix; the declarations
/// are those of its lammpsplugin.h, for a LAMMPS that comes without that header.
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

__attribute__((visibility("default"))) void lammpsplugin_init(void* lmp, void* handle, void* regfunc) {
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
