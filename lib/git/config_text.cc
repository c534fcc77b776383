#include "git/config_text.h"

#include <optional>

#include "base/text.h"

namespace trunkgate {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool key_letter(char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  ConfigText read() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n' || blank(c)) {
        step();
      } else if (c == '#' || c == ';') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (c == '[') {
        if (!section()) break;
        result_.sections.push_back(now_);
      } else if (!letter(c) || now_.section.empty() || !setting()) {
        break;
      }
    }
    return std::move(result_);
  }

 private:
  char step() {
    const char c = text_[at_++];
    if (c == '\n') ++line_;
    return c;
  }
  bool more() const { return at_ < text_.size(); }

  // [section], [section "subsection"] and the old [section.subsection].
  bool section() {
    ++at_;
    now_ = {};
    now_.line = line_;
    std::string name;
    while (more() && (key_letter(text_[at_]) || text_[at_] == '.')) name += text_[at_++];
    const auto dot = name.find('.');
    now_.section = ascii_lower(name.substr(0, dot));
    if (dot != std::string::npos) now_.subsection = ascii_lower(name.substr(dot + 1));
    if (more() && blank(text_[at_])) {
      while (more() && blank(text_[at_])) ++at_;
      if (!more() || text_[at_] != '"') return false;
      ++at_;
      while (more() && text_[at_] != '"') {
        if (text_[at_] == '\n') return false;
        if (text_[at_] == '\\' && ++at_ == text_.size()) return false;
        if (text_[at_] == '\n') return false;
        now_.subsection += text_[at_++];
      }
      if (!more()) return false;
      ++at_;
    }
    if (!more() || text_[at_] != ']' || now_.section.empty()) return false;
    ++at_;
    return true;
  }

  bool setting() {
    ConfigSetting setting = now_;
    setting.line = line_;
    while (more() && key_letter(text_[at_])) setting.key += text_[at_++];
    setting.key = ascii_lower(setting.key);
    while (more() && blank(text_[at_])) ++at_;
    if (more() && text_[at_] == '=') {
      ++at_;
      auto text = value();
      if (!text) return false;
      setting.value = std::move(*text);
    } else if (more() && text_[at_] != '\n' && text_[at_] != '#' && text_[at_] != ';') {
      return false;
    }
    result_.settings.push_back(std::move(setting));
    return true;
  }

  // To the end of the line, or of several.
  std::optional<std::string> value() {
    std::string value;
    std::size_t keep = 0;  // what stands behind it is blank so far, and outside of quotes
    bool quoted = false;
    bool comment = false;
    while (more()) {
      const char c = step();
      if (c == '\n') {
        if (quoted) return std::nullopt;
        break;
      }
      if (comment) continue;
      if (blank(c) && !quoted) {
        if (!value.empty()) value += c;
        continue;
      }
      if (!quoted && (c == '#' || c == ';')) {
        comment = true;
        continue;
      }
      if (c == '"') {
        quoted = !quoted;
        keep = value.size();
        continue;
      }
      if (c == '\\') {
        if (!more()) return std::nullopt;
        const char escaped = step();
        if (escaped == '\n') continue;
        if (escaped == '\r' && more() && text_[at_] == '\n') {
          step();
          continue;
        }
        static constexpr std::string_view kNames = "tbn\\\"";
        static constexpr std::string_view kMeant = "\t\b\n\\\"";
        const auto name = kNames.find(escaped);
        if (name == std::string_view::npos) return std::nullopt;
        value += kMeant[name];
      } else {
        value += c;
      }
      keep = value.size();
    }
    if (quoted) return std::nullopt;
    value.resize(keep);
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  ConfigSetting now_;
  ConfigText result_;
};

}  // namespace

ConfigText read_config_text(std::string_view text) { return Reader(text).read(); }

}  // namespace trunkgate
