// Reads a glob into the steps of its automaton.
#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>

#include "base/glob_program.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxGlobBytes = 4096;

unsigned char byte_of(char c) { return static_cast<unsigned char>(c); }

struct NamedClass {
  std::string_view name;
  bool (*holds)(unsigned);
};

bool is_lower(unsigned c) { return c >= 'a' && c <= 'z'; }
bool is_upper(unsigned c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(unsigned c) { return c >= '0' && c <= '9'; }
bool is_alpha(unsigned c) { return is_lower(c) || is_upper(c); }
bool is_graph(unsigned c) { return c > 0x20 && c < 0x7F; }

// ASCII only, whatever the locale of the process.
constexpr std::array<NamedClass, 12> kNamedClasses{{
    {"alnum", [](unsigned c) { return is_alpha(c) || is_digit(c); }},
    {"alpha", is_alpha},
    {"blank", [](unsigned c) { return c == ' ' || c == '\t'; }},
    {"cntrl", [](unsigned c) { return c < 0x20 || c == 0x7F; }},
    {"digit", is_digit},
    {"graph", is_graph},
    {"lower", is_lower},
    {"print", [](unsigned c) { return c == ' ' || is_graph(c); }},
    {"punct", [](unsigned c) { return is_graph(c) && !is_alpha(c) && !is_digit(c); }},
    {"space", [](unsigned c) { return c == ' ' || (c >= '\t' && c <= '\r'); }},
    {"upper", is_upper},
    {"xdigit",
     [](unsigned c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }},
}};

// Reads a glob from left to right; stops at the first mistake.
class Compiler {
 public:
  Compiler(std::string_view text, GlobProgram& program) : text_(text), program_(program) {}

  std::optional<std::string> run() {
    if (text_.empty()) return "a glob must not be empty";
    if (text_.size() > kMaxGlobBytes) return "a glob must not be longer than 4096 bytes";
    while (at_ < text_.size() && !mistake_) read_step();
    return mistake_;
  }

 private:
  bool more() const { return at_ < text_.size(); }
  bool fail(std::string reason) {
    mistake_ = std::move(reason);
    return false;
  }
  bool after_slash() const {
    return program_.steps.empty() || program_.steps.back().kind == GlobStep::Kind::inside ||
           (program_.steps.back().kind == GlobStep::Kind::byte &&
            program_.steps.back().byte == '/');
  }

  void read_step() {
    switch (text_[at_]) {
      case '*':
        read_stars();
        return;
      case '?':
        ++at_;
        program_.steps.push_back({GlobStep::Kind::one});
        return;
      case '[':
        read_class();
        return;
      default:
        if (char c = 0; read_byte(c)) program_.steps.push_back({GlobStep::Kind::byte, byte_of(c)});
        return;
    }
  }

  // One byte that stands for itself, perhaps behind a backslash.
  bool read_byte(char& c) {
    if (text_[at_] == '\\' && ++at_ == text_.size())
      return fail("the '\\' at the end quotes nothing");
    c = text_[at_++];
    return true;
  }

  void read_stars() {
    const std::size_t end = std::min(text_.find_first_not_of('*', at_), text_.size());
    const std::size_t stars = end - at_;
    at_ = end;
    if (stars == 1) {
      program_.steps.push_back({GlobStep::Kind::star});
      return;
    }
    const bool whole = stars == 2 && after_slash() && (!more() || text_[at_] == '/');
    if (!whole) {
      fail("'**' must be a whole segment, as in 'a/**' or '**/b'");
    } else if (more()) {
      ++at_;
      program_.steps.push_back({GlobStep::Kind::folders});
      program_.steps.push_back({GlobStep::Kind::inside});
    } else {
      if (!program_.steps.empty()) program_.steps.push_back({GlobStep::Kind::any});
      program_.steps.push_back({GlobStep::Kind::deep});
    }
  }

  void read_class() {
    ++at_;
    const bool negated = more() && (text_[at_] == '!' || text_[at_] == '^');
    if (negated) ++at_;
    ByteSet set;
    for (bool first = true;; first = false) {
      if (!more()) {
        fail("the class that '[' opens is never closed");
        return;
      }
      if (text_[at_] == ']' && !first) break;
      if (!read_member(set)) return;
    }
    ++at_;
    if (negated) set.flip();
    set.reset('/');
    program_.steps.push_back({GlobStep::Kind::set, 0, program_.sets.size()});
    program_.sets.push_back(set);
  }

  // A byte, a range or a named class.
  bool read_member(ByteSet& set) {
    if (text_.substr(at_, 2) == "[:") return read_named_class(set);
    char low = 0;
    if (!read_byte(low)) return false;
    char high = low;
    if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']') {
      ++at_;
      if (!read_byte(high)) return false;
    }
    if (byte_of(low) > byte_of(high)) {
      return fail(std::string("the range '") + low + '-' + high + "' is the wrong way round");
    }
    for (unsigned c = byte_of(low); c <= byte_of(high); ++c) set.set(c);
    return true;
  }

  bool read_named_class(ByteSet& set) {
    const std::size_t close = text_.find(']', at_ + 2);
    if (close == std::string_view::npos) return fail("the class that '[' opens is never closed");
    if (close == at_ + 2 || text_[close - 1] != ':') {
      // No named class after all: '[' is a member like any other.
      set.set('[');
      ++at_;
      return true;
    }
    const std::string_view name = text_.substr(at_ + 2, close - 1 - (at_ + 2));
    const auto known = std::find_if(kNamedClasses.begin(), kNamedClasses.end(),
                                    [&](const NamedClass& c) { return c.name == name; });
    if (known == kNamedClasses.end()) return fail("unknown class '[:" + std::string(name) + ":]'");
    for (unsigned c = 0; c < set.size(); ++c) {
      if (known->holds(c)) set.set(c);
    }
    at_ = close + 1;
    return true;
  }

  std::string_view text_;
  GlobProgram& program_;
  std::size_t at_ = 0;
  std::optional<std::string> mistake_;
};

}  // namespace

std::optional<std::string> compile_glob(std::string_view text, GlobProgram& program) {
  return Compiler(text, program).run();
}

}  // namespace trunkgate
