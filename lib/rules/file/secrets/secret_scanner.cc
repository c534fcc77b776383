#include "rules/file/secrets/secret_scanner.h"

#include <algorithm>
#include <mutex>
#include <string>

#include "base/text.h"
#include "rules/file/secrets/assignment.h"
#include "rules/file/secrets/checksum.h"
#include "rules/file/secrets/keyword_filter.h"
#include "rules/file/secrets/placeholder.h"
#include "rules/file/secrets/plausible.h"

namespace trunkgate {
namespace {

// Of a value that its name makes a secret: random hexadecimal has more.
constexpr double kMinEntropy = 3.0;
constexpr double kMinTokenEntropy = 2.0;

// The keyword of a block has blanks of its own.
std::vector<std::string_view> keywords_of(const TokenKind& kind) {
  if (kind.shape == Shape::block) return {kind.keywords};
  return split(kind.keywords, ' ');
}

// Every keyword of every kind, and which kind it is of.
struct Keywords {
  static const Keywords& get() {
    static const Keywords keywords;
    return keywords;
  }

  std::vector<std::size_t> kinds;  // filled together with the texts
  std::vector<std::string_view> texts;
  KeywordFilter filter;

 private:
  Keywords() : texts(collect(kinds)), filter(texts) {}

  static std::vector<std::string_view> collect(std::vector<std::size_t>& kinds) {
    std::vector<std::string_view> texts;
    for (std::size_t kind = 0; kind < token_kinds().size(); ++kind) {
      for (const std::string_view keyword : keywords_of(token_kinds()[kind])) {
        texts.push_back(keyword);
        kinds.push_back(kind);
      }
    }
    return texts;
  }
};

// Compiled when its kind is first suspected; kept to the end of the process.
const Pattern& pattern_of(std::size_t kind) {
  struct Slot {
    std::once_flag once;
    Pattern pattern;
  };
  static std::vector<Slot> slots(token_kinds().size());
  Slot& slot = slots[kind];
  std::call_once(slot.once,
                 [&] { slot.pattern = Pattern(std::string(token_kinds()[kind].pattern)); });
  return slot.pattern;
}

bool word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }

// Whether a token can begin at `at`: not within a word, but behind an escape such as \n or %3D.
bool begins_word(std::string_view content, std::size_t at) {
  if (at == 0 || !word_char(content[at - 1])) return true;
  const char last = content[at - 1];
  if (at >= 2 && content[at - 2] == '\\') return last == 'n' || last == 't' || last == 'r';
  return at >= 3 && content[at - 3] == '%' && hex_digit(content[at - 2]) && hex_digit(last);
}

bool ends_word(std::string_view content, std::size_t at) {
  return at >= content.size() || !word_char(content[at]);
}

// One text, from keyword to keyword.
class Scan {
 public:
  Scan(const SecretScanner::Settings& settings, std::string_view content)
      : settings_(settings), content_(content), windows_(token_kinds().size()) {}

  std::vector<Secret> run() {
    keywords_.filter.scan(content_, [this](std::size_t keyword, std::size_t end) {
      const std::size_t kind = keywords_.kinds[keyword];
      if (settings_.kinds[kind]) suspect(kind, keywords_.texts[keyword], end);
    });
    for (std::size_t kind = 0; kind < windows_.size(); ++kind) search(kind);
    return without_overlaps();
  }

 private:
  // Where a kind is suspected and not searched yet; windows that touch become one, so that no byte
  // is searched twice for the same kind.
  struct Window {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  void suspect(std::size_t kind, std::string_view keyword, std::size_t end) {
    const TokenKind& known = token_kinds()[kind];
    const std::size_t begin = end - keyword.size();
    switch (known.shape) {
      case Shape::token:
      case Shape::block: {
        if (content_.substr(begin, keyword.size()) != keyword) return;  // the case of letters
        const bool first = known.before == 0 && known.shape == Shape::token;
        if (first && !begins_word(content_, begin)) return;
        widen(kind, begin - std::min(begin, known.before),
              std::min(end + known.reach, content_.size()));
        return;
      }
      case Shape::assigned:
      case Shape::generic:
        judge_assignment(kind, begin, end);
        return;
      case Shape::url:
        judge_address(kind, end);
        return;
    }
  }

  void widen(std::size_t kind, std::size_t begin, std::size_t end) {
    Window& window = windows_[kind];
    if (begin > window.end) {
      search(kind);
      window.begin = begin;
    } else if (window.end == 0) {
      window.begin = begin;
    }
    window.end = end;
  }

  void search(std::size_t kind) {
    const Window window = windows_[kind];
    if (window.begin == window.end) return;
    const std::string_view text = content_.substr(0, window.end);
    std::size_t from = window.begin;
    while (const auto match = pattern_of(kind).find(text, from)) {
      from = match->offset + match->size;
      judge_token(kind, match->offset, from);
    }
  }

  void judge_token(std::size_t kind, std::size_t begin, std::size_t end) {
    const TokenKind& known = token_kinds()[kind];
    if (known.shape == Shape::block) {
      const auto body_end = key_body_end(content_, end);
      if (body_end) found_.push_back({&known, begin, *body_end, {}, false});
      return;
    }
    if (!begins_word(content_, begin) || !ends_word(content_, end)) return;
    const std::string_view token = content_.substr(begin, end - begin);
    std::string_view prefix;
    for (const std::string_view keyword : keywords_of(known)) {
      if (token.starts_with(keyword) && keyword.size() > prefix.size()) prefix = keyword;
    }
    const std::string_view body = token.substr(prefix.size());
    if (is_placeholder(body) || entropy(body) < kMinTokenEntropy || allowed(token)) return;
    found_.push_back({&known, begin, end, prefix,
                      known.checksum == Checksum::crc32 && has_crc32_checksum(body)});
  }

  void judge_assignment(std::size_t kind, std::size_t begin, std::size_t end) {
    const auto assignment = assignment_around(content_, begin, end);
    if (!assignment) return;
    const std::string_view value = assignment->value;
    if (token_kinds()[kind].shape == Shape::generic) {
      if (!looks_secret(*assignment, content_[end - 1]) || entropy(value) < settings_.entropy) {
        return;
      }
    } else {
      const std::size_t name = begin - assignment->head.size();
      if (!pattern_of(kind).matches_all(value) || entropy(value) < kMinEntropy ||
          !named_secret(content_.substr(name, end + assignment->tail.size() - name))) {
        return;
      }
    }
    add(kind, value);
  }

  void judge_address(std::size_t kind, std::size_t end) {
    const auto login = login_behind(content_, end);
    if (login && !harmless(*login)) add(kind, login->password);
  }

  // `value` is a view into the content.
  void add(std::size_t kind, std::string_view value) {
    if (is_placeholder(value) || allowed(value)) return;
    const auto begin = static_cast<std::size_t>(value.data() - content_.data());
    found_.push_back({&token_kinds()[kind], begin, begin + value.size(), {}, false});
  }

  bool allowed(std::string_view value) const {
    return std::any_of(settings_.allow.begin(), settings_.allow.end(),
                       [&](const Pattern& pattern) { return pattern.matches_all(value); });
  }

  std::vector<Secret> without_overlaps() {
    std::sort(found_.begin(), found_.end(), [](const Secret& a, const Secret& b) {
      return a.begin != b.begin ? a.begin < b.begin : a.kind < b.kind;
    });
    std::vector<Secret> kept;
    for (const Secret& secret : found_) {
      if (kept.empty() || secret.begin >= kept.back().end) {
        kept.push_back(secret);
      } else if (secret.kind < kept.back().kind) {
        kept.back() = secret;
      }
    }
    return kept;
  }

  const SecretScanner::Settings& settings_;
  std::string_view content_;
  const Keywords& keywords_ = Keywords::get();
  std::vector<Window> windows_;
  std::vector<Secret> found_;
};

}  // namespace

std::vector<Secret> SecretScanner::scan(std::string_view content) const {
  return Scan(settings_, content).run();
}

}  // namespace trunkgate
