#include "rules/commit/vague_words.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "base/unicode.h"

namespace trunkgate {
namespace {

// Whole titles, as plain_words() makes them; sorted.
constexpr std::string_view kPhrases[] = {
    "add files",
    "add files via upload",
    "adjustments",
    "again",
    "asdasd",
    "asdf",
    "asdfasdf",
    "asdfgh",
    "backup",
    "blah",
    "bug",
    "bug fix",
    "bug fixes",
    "bugfix",
    "bugfixes",
    "bugs",
    "change",
    "changed",
    "changes",
    "clean",
    "clean up",
    "cleaned up",
    "cleanup",
    "code",
    "commit",
    "committing",
    "debug",
    "done",
    "draft",
    "edit",
    "edits",
    "experiment",
    "fix",
    "fix bug",
    "fix bugs",
    "fix issue",
    "fix it",
    "fix stuff",
    "fix this",
    "fix typo again",
    "fixed",
    "fixed bug",
    "fixed bugs",
    "fixed it",
    "fixes",
    "fixing",
    "foo",
    "hotfix",
    "improvements",
    "initial",
    "latest changes",
    "lol",
    "minor",
    "minor change",
    "minor changes",
    "minor fix",
    "minor fixes",
    "minor update",
    "minor updates",
    "misc",
    "misc changes",
    "misc fixes",
    "more",
    "more changes",
    "more fixes",
    "more stuff",
    "more work",
    "my changes",
    "new",
    "new changes",
    "new version",
    "nothing",
    "oops",
    "patch",
    "progress",
    "qwer",
    "qwerty",
    "refactor",
    "refactoring",
    "save",
    "several changes",
    "small change",
    "small changes",
    "small fix",
    "small fixes",
    "some changes",
    "some fixes",
    "some stuff",
    "stuff",
    "sync",
    "temp",
    "temp commit",
    "temporary",
    "test",
    "test commit",
    "testing",
    "tests",
    "things",
    "tmp",
    "todo",
    "try",
    "try again",
    "trying",
    "tweak",
    "tweaks",
    "typo",
    "update",
    "update code",
    "updated",
    "updates",
    "updating",
    "various changes",
    "various fixes",
    "wip",
    "work",
    "work in progress",
    "working",
    "xxx",
};
static_assert(std::is_sorted(std::begin(kPhrases), std::end(kPhrases)));

// "Update FILE" is what forges write for an edit in the browser; "add" and "remove" do say
// something.
constexpr std::string_view kFileVerbs[] = {"change", "changed", "edit",     "edited",
                                           "fix",    "fixed",   "modified", "modify",
                                           "update", "updated", "updates"};

bool is_word_character(char32_t c) { return is_letter(c) || is_mark(c) || is_number(c); }

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// "src/main.cc", "README", ".gitignore": one word with an extension or a name known without one.
bool is_file_name(std::string_view text) {
  if (text.find_first_of(" \t") != std::string_view::npos) return false;
  const std::string_view name = text.substr(text.rfind('/') + 1);
  for (const std::string_view known :
       {"readme", "makefile", "dockerfile", "license", "changelog", "jenkinsfile"}) {
    if (ascii_lower(name) == known) return true;
  }
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view extension = name.substr(dot + 1);
  if (dot == 0 && extension.size() > 2) return true;  // a hidden file
  return !extension.empty() && extension.size() <= 5 && is_ascii_letter(extension[0]) &&
         std::all_of(extension.begin(), extension.end(),
                     [](char c) { return is_ascii_letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

std::string plain_words(std::string_view text) {
  const std::u32string lower = to_lower(decode_utf8(text));
  const auto first = std::find_if(lower.begin(), lower.end(), is_word_character);
  const auto last = std::find_if(lower.rbegin(), lower.rend(), is_word_character).base();
  std::u32string words;
  for (auto c = first; c < last; ++c) {
    if (!is_white_space(*c)) {
      words += *c;
    } else if (words.back() != ' ') {
      words += ' ';
    }
  }
  return encode_utf8(words);
}

std::string vagueness(std::string_view text) {
  const std::string words = plain_words(text);
  if (words.empty()) return "has no word";
  const std::u32string letters = decode_utf8(words);
  // One letter of a script that writes a word with it says something.
  if (letters[0] < 0x80 &&
      std::all_of(letters.begin(), letters.end(), [&](char32_t c) { return c == letters[0]; })) {
    return "is one character" + std::string(letters.size() > 1 ? " again and again" : "");
  }
  if (std::binary_search(std::begin(kPhrases), std::end(kPhrases), words)) {
    return "says only '" + words + "'";
  }
  const std::string_view whole = trim(text);
  if (is_file_name(whole)) return "is only a file name";
  const auto space = words.find(' ');
  if (space != std::string::npos && is_file_name(trim(whole.substr(whole.find(' ') + 1))) &&
      std::find(std::begin(kFileVerbs), std::end(kFileVerbs), words.substr(0, space)) !=
          std::end(kFileVerbs)) {
    return "says only that a file changed";
  }
  return {};
}

}  // namespace trunkgate
