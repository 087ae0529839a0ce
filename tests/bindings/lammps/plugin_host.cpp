// A LAMMPS that loads the plugin named in POWERSTROKE_PLUGIN as its PLUGIN package would: it opens
// the library, calls lammpsplugin_init, and registers what that describes. For a liblammps without
// that package. POWERSTROKE_HOST_VERSION makes it one of another version.
#include <dlfcn.h>
#include <mpi.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../../../bindings/lammps/lammps_headers.h"

struct Description {
  const char *version, *style, *name, *info, *author;
  void* (*create)(void*, int, char**);
  void* handle;
};

extern "C" int lammps_version(void* lammps) {  // stands before liblammps's own
  const char* other = std::getenv("POWERSTROKE_HOST_VERSION");
  return other != nullptr ? std::atoi(other) : static_cast<LAMMPS_NS::LAMMPS*>(lammps)->num_ver;
}

static void* (*create_fix)(void*, int, char**) = nullptr;
static LAMMPS_NS::Fix* create(LAMMPS_NS::LAMMPS* lammps, int narg, char** arg) {
  return static_cast<LAMMPS_NS::Fix*>(create_fix(lammps, narg, arg));
}

static void take(Description* plugin, void* lammps) {
  auto* host = static_cast<LAMMPS_NS::LAMMPS*>(lammps);
  if (std::strcmp(plugin->style, "fix") != 0 || std::strcmp(plugin->version, host->version) != 0)
    std::abort();
  create_fix = plugin->create;
  (*host->modify->fix_map)[plugin->name] = &create;
}

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    LAMMPS_NS::LAMMPS lammps(argc, argv, MPI_COMM_WORLD);
    void* library = dlopen(std::getenv("POWERSTROKE_PLUGIN"), RTLD_NOW);
    if (library == nullptr) {
      std::fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    using Init = void (*)(void*, void*, void*);
    reinterpret_cast<Init>(dlsym(library, "lammpsplugin_init"))(&lammps, library,
                                                                reinterpret_cast<void*>(&take));
    lammps.input->file();
  }
  MPI_Finalize();
}
