// Mistakes are shown with the line that they are in; here what of a line must not be shown.
#pragma once

#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/document.h"

namespace trunkgate {

// Values of a policy that are secrets, though they should not stand there.
class Concealed {
 public:
  void add(const Node& value);
  bool empty() const { return places_.empty(); }

  // The same mistakes and warnings with stars where the values stand, whatever the mistakes are
  // about. Columns stay as they are.
  Diagnostics hide(const Diagnostics& diagnostics) const;

 private:
  struct Place {
    Location where;
    std::size_t length = 0;  // bytes of the value, without quotes and indentation
  };

  std::string masked(const Source& source) const;

  std::vector<Place> places_;
};

}  // namespace trunkgate
