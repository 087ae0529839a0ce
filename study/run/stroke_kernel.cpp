#include "powerstroke/study/run/stroke_kernel.hpp"

namespace powerstroke::study {

StrokeKernel stroke_kernel(const StrokesConfig& strokes, std::uint64_t seed, const Ledger& so_far) {
  const laws::StrokeLaw& law = strokes.law;
  if (laws::is<laws::Conserving>(law.balance)) return ConservingStrokes(law, seed);
  if (laws::is<laws::Exchange>(law.balance)) return ExchangeStrokes(law, seed);
  if (laws::is<laws::Bath>(law.balance))
    return BathStrokes(law, strokes.bath.systems, strokes.bath.excited, seed, so_far);
  return PoissonStrokes(law, seed);
}

}  // namespace powerstroke::study
