#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

namespace powerstroke {

/// One field of some counts, as files name it: a 64-bit integer, or an array of them.
template <class Counts, class Value>
struct CountField {
  constexpr CountField(const char* field_name, const char* what_it_counts, Value Counts::*field,
                       bool came_later = false)
      : name(field_name), description(what_it_counts), member(field), is_new(came_later) {}

  const char* name;
  const char* description;
  Value Counts::*member;
  bool is_new;  ///< files of earlier versions lack it
};

/// Calls f(field) for each field that `Counts::fields()` names.
template <class Counts, class F>
constexpr void for_each_field(F&& f) {
  std::apply([&](const auto&... field) { (f(field), ...); }, Counts::fields());
}

/// Calls f(mine, its) for each integer of a field and that of another.
template <class Value, class F>
constexpr void for_each_integer(Value& mine, const std::remove_const_t<Value>& its, F&& f) {
  if constexpr (std::is_integral_v<Value>)
    f(mine, its);
  else
    for (std::size_t k = 0; k < mine.size(); ++k) f(mine[k], its[k]);
}

/// Adds every field of `more` to that of `counts`. It does not compile where `fields()` leaves one
/// out.
template <class Counts>
constexpr Counts& add_counts(Counts& counts, const Counts& more) {
  constexpr std::size_t named = std::apply(
      []<class... Value>(const CountField<Counts, Value>&...) { return (sizeof(Value) + ...); },
      Counts::fields());
  static_assert(named == sizeof(Counts), "fields() has to name each field once");
  for_each_field<Counts>([&](const auto& field) {
    for_each_integer(counts.*field.member, more.*field.member,
                     [](auto& mine, auto its) { mine += its; });
  });
  return counts;
}

/// Calls of kernels. All particles take part in each, so that it is the same number everywhere.
struct StepCounts {
  std::uint64_t steps = 0;

  static constexpr auto fields() {
    return std::tuple(CountField("steps", "Steps of the kernel", &StepCounts::steps));
  }
  StepCounts& operator+=(const StepCounts& more) { return add_counts(*this, more); }
};

/// What kernels have booked since the ledger was opened: steps, and the counts that the kernels
/// declare where they live. Everything is an integer, so that sums are exact in any order.
///
/// Counts are a struct of 64-bit integers and arrays of them with `fields()` and `+=`; see
/// `kernels/counts`. A ledger may itself be one of the parts: `LedgerOf<Ledger, Mine>` is a ledger
/// for the kernels of `Ledger`, and has a part more.
template <class... Counts>
struct LedgerOf : Counts... {
  using Counts::operator+=...;  // a ledger takes the counts of one part, too

  /// Of all parts, one after the other.
  static constexpr auto fields() { return std::tuple_cat(Counts::fields()...); }
  LedgerOf& operator+=(const LedgerOf& more) {
    static_assert(sizeof(LedgerOf) == (sizeof(Counts) + ...));
    ((static_cast<Counts&>(*this) += static_cast<const Counts&>(more)), ...);
    return *this;
  }

  /// All integers in the order of the fields, modulo 2^64: sums of them over processes are those of
  /// the fields.
  std::vector<std::uint64_t> integers() const {
    std::vector<std::uint64_t> all;
    for_each_field<LedgerOf>([&](const auto& field) {
      const auto& value = this->*field.member;
      for_each_integer(value, value,
                       [&](auto, auto its) { all.push_back(static_cast<std::uint64_t>(its)); });
    });
    return all;
  }
  /// A ledger of what `integers` gave. @param all as many as it gives.
  static LedgerOf of_integers(std::span<const std::uint64_t> all) {
    LedgerOf ledger;
    for_each_field<LedgerOf>([&](const auto& field) {
      auto& value = ledger.*field.member;
      for_each_integer(value, value, [&]<class Integer>(Integer& mine, auto) {
        mine = static_cast<Integer>(all.front());
        all = all.subspan(1);
      });
    });
    return ledger;
  }
};

}  // namespace powerstroke
