#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Whatever is followed in time, in energy space and in phase space alike: one record that
/// describes itself. Files, tables, figures and comparisons are loops over such records.
namespace powerstroke::study {

/// How a quantity is written where a person reads it.
struct Symbol {
  std::string_view plain;  ///< on a terminal: "<E>"
  std::string_view html;   ///< on a page
  std::string_view plot;   ///< beside an axis, in gnuplot's enhanced notation
};

/// Who follows a quantity.
enum class Followed { by_both, by_particles, by_equation };

/// What of a quantity does not depend on the run.
struct QuantityInfo {
  int position;  ///< in files, tables and figures: ascending
  std::string_view
      key;  ///< in files: "mean_energy"; its standard errors stand under the same with "_err"
  std::string_view unit;  ///< "energy", "k_B", "1" or "k_B/time"
  Symbol symbol;
  std::string_view description;  ///< what it is, without the full stop
  std::string_view logarithm_of =
      {};  ///< of an entropy whose value depends on a unit: "energy", "momentum"
  Followed followed = Followed::by_both;
  bool is_optional =
      false;            ///< it is only there where a config asks for it, or has what it is about
  bool is_new = false;  ///< files of earlier versions may lack it
  bool is_compared = false;  ///< `compare` tests it
  bool is_share = false;     ///< of counts: next to 0 or 1 it is not normal
  bool is_main = false;      ///< tables show it, and rows of sweeps
};

/// One quantity against time, an entry per snapshot. A value that does not exist is NaN.
struct Quantity {
  std::string key;
  std::string unit;         ///< its kind: "energy", "k_B", "1", "length"
  std::string description;  ///< what it is
  /// Of the particles, with standard errors of the distance to the equation: sampling, and where
  /// particles share rates what that adds
  /// (`theory::MeanFieldNoise`). Empty without particles.
  std::vector<double> values, errors;
  std::vector<double> solution =
      {};  ///< by the master equation, free of any bin width; empty without one

  void push(double value, double error) {
    values.push_back(value);
    errors.push_back(error);
  }
};

/// @returns the quantities that runs in energy space follow, by their positions.
const std::vector<QuantityInfo>& followed_quantities();

/// @throws std::out_of_range if no quantity of that key is followed.
const QuantityInfo& quantity_info(std::string_view key);

/// Calls `visit(info)` for those of them for which a member holds:
/// `for_each_quantity(&QuantityInfo::is_main, ...)`.
template <class Visit>
void for_each_quantity(bool QuantityInfo::*which, const Visit& visit) {
  for (const QuantityInfo& info : followed_quantities())
    if (info.*which) visit(info);
}

/// A record of each of these, without numbers, in their order.
std::vector<Quantity> empty_quantities();

/// @returns nullptr if there is none of that key.
const Quantity* find_quantity(const std::vector<Quantity>& quantities, std::string_view key);
Quantity* find_quantity(std::vector<Quantity>& quantities, std::string_view key);

/// @throws std::out_of_range if there is none of that key.
const Quantity& quantity_of(const std::vector<Quantity>& quantities, std::string_view key);
Quantity& quantity_of(std::vector<Quantity>& quantities, std::string_view key);

}  // namespace powerstroke::study
