// One line read as a footer, or as something that was nearly one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trunkgate {

struct FooterStart {
  std::string_view token;
  std::string_view value;  // trimmed, not empty
  bool hash = false;       // "Refs #1", not "Refs: 1"
};

// A line that starts a footer by the grammar. Views into `line`.
std::optional<FooterStart> read_footer_start(std::string_view line);

struct NearFooter {
  std::string_view code;  // "footer-missing-space" ...
  std::string_view message;
  std::size_t column = 1;
};

// A line that is no footer by a slip. Prose that happens to hold a colon is none.
std::optional<NearFooter> read_near_footer(std::string_view line);

// The token and the value look like a trailer rather than like a sentence with a colon.
bool is_trailer_like(const FooterStart& footer);

// "Signed-off-by" and its kind: its value is a name and never goes on in the next paragraph.
bool names_a_person(std::string_view token);

}  // namespace trunkgate
