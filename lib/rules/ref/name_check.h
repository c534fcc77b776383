// What ill-named-branch and ill-named-tag ask of a new name, and the name that was probably meant.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/match.h"
#include "rules/rule.h"

namespace trunkgate {

inline constexpr Option<GlobSet> kNameAllow{
    "allow", "['**']", "names that may be created, without refs/heads/ or refs/tags/"};
inline constexpr Option<GlobSet> kNameDeny{"deny", "", "names that may not, even when allowed"};
inline constexpr Option<std::vector<Pattern>> kNameMatch{
    "match", "", "the whole name must match one of these expressions as well"};
inline constexpr Option<std::vector<Pattern>> kNameDenyMatch{
    "deny-match", "", "the whole name must match none of these, even when allowed"};
inline constexpr Option<bool> kNameUnicode{
    "unicode", "false",
    "letters outside of ASCII are fine (A-Z a-z 0-9 . _ / - + = @ # otherwise)"};
inline constexpr Option<std::int64_t> kNameMaxLength{"max-length", "200",
                                                     "longest name in bytes; 0 for any"};
inline constexpr const OptionInfo* kNameOptions[] = {&kNameAllow.info,   &kNameDeny.info,
                                                     &kNameMatch.info,   &kNameDenyMatch.info,
                                                     &kNameUnicode.info, &kNameMaxLength.info};

class NameCheck {
 public:
  // `what` is "branch" or "tag", for messages.
  NameCheck(const OptionReader& options, std::string_view what);

  // Whether the name is refused: then `finding` has message and details, and the command-line
  // independent part is done.
  bool refuses(std::string_view name, Finding& finding) const;
  // A name near to this one that would be accepted, or empty.
  std::string suggestion(std::string_view name) const;

 private:
  std::string mistake(std::string_view name) const;
  bool fits(std::string_view better, std::string_view name) const;
  std::string with_known_prefix(std::string_view name) const;
  bool allowed(std::string_view name) const;

  std::string what_;
  GlobSet allow_;
  GlobSet deny_;
  std::vector<Pattern> match_;
  std::vector<Pattern> deny_match_;
  bool unicode_;
  std::size_t max_length_;
};

}  // namespace trunkgate
