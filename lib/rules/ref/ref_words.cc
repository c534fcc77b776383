#include "rules/ref/ref_words.h"

#include "base/text.h"
#include "git/ref_name.h"

namespace trunkgate {

std::string shown_name(const PushedRef& ref) { return printable(short_name(ref.name)); }

bool fits_in_command(const PushedRef& ref) {
  return is_printable(ref.name) && !short_name(ref.name).starts_with('-');
}

std::string short_word(const PushedRef& ref) { return shell_quote(short_name(ref.name)); }

std::string full_word(const PushedRef& ref) { return shell_quote(ref.name); }

}  // namespace trunkgate
