#!/usr/bin/env bash
# Installs what is missing to build powerstroke: scripts/setup.sh [program] [tests] [bench] [tidy] [coverage] [fuzz]
# On Debian and Ubuntu by apt-get; elsewhere it says what is needed and stops.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

readonly least_cmake=3.25

declare -a packages=()
for set in "${@:-program}"; do
  case "$set" in
    program)
      packages+=(g++ cmake ninja-build git libboost-dev libeigen3-dev librandom123-dev libhdf5-dev zlib1g-dev libudunits2-dev
        nlohmann-json3-dev libvalijson-dev libfmt-dev libcli11-dev gnuplot-nox)
      ;;
    tests) packages+=(ccache doctest-dev clang-format python3-mdanalysis python3-h5py gfortran make pkg-config python3-venv python3-dev
        libopenmpi-dev openmpi-bin procps liblammps-dev) ;;
    bench) packages+=(libbenchmark-dev) ;;
    tidy) packages+=(clang-tidy libomp-dev) ;;
    coverage) packages+=(gcovr) ;;
    fuzz) packages+=(clang libomp-dev) ;;
    *)
      say "setup: there is no set of packages '$set'; there are program, tests, bench, tidy, coverage and fuzz"
      exit 2
      ;;
  esac
done

is_installed() {
  # A tool may also come from elsewhere (gnuplot-qt, a newer CMake); a library is looked up by its package.
  case "$1" in
    g++ | cmake | git | clang-format | clang-tidy) command -v "$1" >/dev/null && return ;;
    ninja-build) command -v ninja >/dev/null && return ;;
    gnuplot-nox) command -v gnuplot >/dev/null && return ;;
  esac
  # shellcheck disable=SC2016  # dpkg-query fills in the field
  [[ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" == *"ok installed"* ]]
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  say "setup: this is neither Debian nor Ubuntu. Please install by hand what these packages of Debian 12 hold,"
  say "       then build as CONTRIBUTING.md describes:"
  say "  ${packages[*]}"
  exit 1
fi

declare -a missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done

if ((${#missing[@]} > 0)); then
  declare -a as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      say "setup: these packages are missing, and installing them needs root (there is no sudo here). As root:"
      say "  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
      exit 1
    fi
    as_root=(sudo)
  fi
  say "setup: installing ${missing[*]}"
  declare -a apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update >&2 || say "setup: apt-get update failed; going on with the package lists that are there"
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2
fi

cmake_version="$(cmake --version | sed -n '1s/[^0-9]*\([0-9.]*\).*/\1/p')"
if [[ "$(printf '%s\n' "$least_cmake" "$cmake_version" | sort -V | head -n 1)" != "$least_cmake" ]]; then
  say "setup: CMake $cmake_version is too old, $least_cmake is needed: Debian 12, Ubuntu 24.04 or newer"
  exit 1
fi
