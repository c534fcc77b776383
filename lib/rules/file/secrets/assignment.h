// Reads what stands around a keyword: an assignment, an address with a password, a key in base 64.
// Every function looks at some hundred bytes at most.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace trunkgate {

// `db_password = "..."`, `"token": "..."`, `API_KEY=...`, `<secret>...</secret>`, in whatever
// language. Views into the content.
struct Assignment {
  std::string_view head;  // of the name, in front of the keyword
  std::string_view tail;  // of the name, behind the keyword
  std::string_view value;
  bool quoted = false;
};

// The assignment to a name in which a keyword stands at [begin, end).
std::optional<Assignment> assignment_around(std::string_view content, std::size_t begin,
                                            std::size_t end);

// Views into the content.
struct Login {
  std::string_view user;
  std::string_view password;
  std::string_view host;
};

// The login in an address whose "://" ends at `end`.
std::optional<Login> login_behind(std::string_view content, std::size_t end);

// Where the first line of a key in base 64 ends that begins at `from`, behind line ends, quotes and
// headers such as "Proc-Type: 4,ENCRYPTED"; nothing when no key begins there.
std::optional<std::size_t> key_body_end(std::string_view content, std::size_t from);

}  // namespace trunkgate
