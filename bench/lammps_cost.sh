#!/usr/bin/env bash
# Time of fix powerstroke over nve alone, in per cent of nve and as a ratio to fix langevin's: bench/lammps_cost.sh LMP_POWERSTROKE [ROUNDS]
# Every round runs all in turn; the smallest time of each counts. One process, one thread.
set -euo pipefail
here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
lmp="$1" rounds="${2:-3}"
export OMP_NUM_THREADS=1
declare -A best
for kind in gas melt; do
  if [[ $kind == gas ]]; then size=(-var n 20 -var steps 400); else size=(-var n 12 -var steps 1500); fi
  for ((round = 0; round < rounds; ++round)); do
    for how in nve langevin thermal energy_conserving exchange; do
      # The loop's own time of what fixes do: the rest scatters by more than this.
      time="$("$lmp" -in "$here/lammps_cost.in" -log none -var kind "$kind" -var how "$how" "${size[@]}" |
        awk '/^Loop time/ { loop = $4 } /^Modify/ { print $5, loop }')"
      old="${best[$how]:-}"
      if [[ -z "$old" || "$(printf '%s\n%s\n' "${time% *}" "${old% *}" | sort -g | head -n 1)" == "${time% *}" ]]; then best[$how]="$time"; fi
    done
  done
  printf '%s\n' "$kind: s in fixes; over nve, in % of nve's loop; langevin's cost over ours"
  for how in nve langevin thermal energy_conserving exchange; do
    awk -v how="$how" -v ours="${best[$how]% *}" -v nve="${best[nve]}" -v langevin="${best[langevin]% *}" 'BEGIN {
      split(nve, base, " "); over = ours - base[1]
      printf "  %-18s %8.4f %8.1f %% %8.2f\n", how, ours, 100 * over / base[2], (over > 0 ? (langevin - base[1]) / over : 0) }'
  done
  best=()
done
