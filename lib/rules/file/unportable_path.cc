// unportable-path: a name that some system cannot store.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<bool> kAscii{"ascii", "false", "refuse every byte outside of ASCII"};
constexpr Option<bool> kSpaces{"spaces", "true", "spaces in names are fine"};
constexpr const OptionInfo* kOptions[] = {&kAscii.info, &kSpaces.info};

// Names that Windows keeps for devices, whatever stands behind a dot (Naming Files, Paths, and
// Namespaces in its documentation).
constexpr std::array<std::string_view, 6> kDevices = {"con", "prn",    "aux",
                                                      "nul", "conin$", "conout$"};

bool is_device(std::string_view name) {
  const std::string stem = ascii_lower(trim(name.substr(0, name.find('.'))));
  if (std::find(kDevices.begin(), kDevices.end(), stem) != kDevices.end()) return true;
  if (!stem.starts_with("com") && !stem.starts_with("lpt")) return false;
  const std::string_view port = std::string_view(stem).substr(3);
  if (port == "\xc2\xb9" || port == "\xc2\xb2" || port == "\xc2\xb3") return true;  // superscripts
  return port.size() == 1 && port[0] >= '1' && port[0] <= '9';
}

class UnportablePath final : public Rule {
 public:
  explicit UnportablePath(const RuleSetup& setup)
      : ascii_(setup.options.get(kAscii)), spaces_(setup.options.get(kSpaces)) {}

  bool looks_at(const ChangedFile& file) const override { return file.added() && !file.deleted(); }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    for (const std::string_view name : split(file.path(), '/')) {
      const std::string fault = fault_of(name);
      if (fault.empty()) continue;
      out.add({.message = "the name '" + printable(name) + "' " + fault, .drop_path = true});
      return;
    }
  }

 private:
  std::string fault_of(std::string_view name) const {
    for (const char c : name) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 || byte == 0x7F) return "has a control character";
      if (std::string_view("<>:\"|?*\\").find(c) != std::string_view::npos) {
        return std::string("has a '") + c + "', which Windows does not allow";
      }
      if (ascii_ && byte >= 0x80) return "has characters outside of ASCII";
      if (!spaces_ && c == ' ') return "has a space";
    }
    if (!is_utf8(name)) return "is not valid UTF-8";
    if (!is_printable(name)) return "has invisible characters";
    if (name.ends_with('.') || name.ends_with(' ')) return "ends with a dot or a space";
    if (name.starts_with(' ')) return "starts with a space";
    if (is_device(name)) return "is kept for a device by Windows";
    return {};
  }

  bool ascii_;
  bool spaces_;
};

constexpr Example kExamples[] = {
    {"", "add src/main.cc", true},
    {"", "add notes on it.md", true},
    {"", "add na\xc3\xafve.txt", true},
    {"", "add what?.txt", false},
    {"", "add a:b", false},
    {"", "add aux.c", false},
    {"", "add COM1", false},
    {"", "add com0", true},
    {"", "add auxiliary.c", true},
    {"", "add dir./file", false},
    {"", "add na\xefve.txt", false},
    {"", "delete aux.c", true},
    {"{ascii: true}", "add na\xc3\xafve.txt", false},
    {"{spaces: false}", "add notes on it.md", false},
};

}  // namespace

constinit const RuleInfo unportable_path{
    .id = "unportable-path",
    .subject = Subject::file,
    .summary = "a file has a name that some system cannot store",
    .rationale = "Such a file makes the repository impossible to check out there.",
    .remedy = "Rename the file in the commit that brought it.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<UnportablePath>,
    .concurrent = true,
};

}  // namespace trunkgate
