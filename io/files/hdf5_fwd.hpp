#pragma once

namespace powerstroke::io::hdf5 {

class Writer;
class Reader;

}  // namespace powerstroke::io::hdf5
