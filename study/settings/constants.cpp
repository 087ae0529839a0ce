#include "powerstroke/study/settings/constants.hpp"

#include <boost/units/systems/si/codata/atomic-nuclear_constants.hpp>
#include <boost/units/systems/si/codata/electromagnetic_constants.hpp>
#include <boost/units/systems/si/codata/physico-chemical_constants.hpp>
#include <boost/units/systems/si/codata/universal_constants.hpp>

namespace powerstroke::study {

Constants codata_constants() {
  namespace codata = boost::units::si::constants::codata;
  return {codata::c.value().value(),   codata::h.value().value(),   codata::hbar.value().value(),
          codata::k_B.value().value(), codata::N_A.value().value(), codata::e.value().value(),
          codata::m_u.value().value(), codata::E_h.value().value()};
}

}  // namespace powerstroke::study
