#include <mpi.h>

#include "fix_powerstroke.h"

/// LAMMPS with fix powerstroke: takes what `lmp` takes. For a liblammps without the PLUGIN package.
int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    LAMMPS_NS::LAMMPS lammps(argc, argv, MPI_COMM_WORLD);
    (*lammps.modify->fix_map)[LAMMPS_NS::FixPowerstroke::style] =
        &LAMMPS_NS::FixPowerstroke::create;
    lammps.input->file();
  }
  MPI_Finalize();
  return 0;
}
