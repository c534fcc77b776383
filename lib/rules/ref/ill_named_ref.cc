// ill-named-ref: a new reference whose name can be taken for another one or for an object id.
#include <algorithm>
#include <memory>
#include <unordered_map>

#include "base/confusable.h"
#include "base/text.h"
#include "git/ref_name.h"
#include "rules/catalogue.h"
#include "rules/ref/ref_words.h"

namespace trunkgate {
namespace {

constexpr Option<GlobSet> kNamespaces{"namespaces", "['refs/**']",
                                      "full names that may be created, such as refs/heads/**"};
constexpr Option<std::vector<Pattern>> kDenyMatch{
    "deny-match", "", "no full name may match one of these expressions as a whole"};
constexpr Option<std::int64_t> kHexLike{
    "hex-like", "7",
    "refuse names of at least so many hexadecimal digits and nothing else; 0 for none"};
constexpr Option<bool> kLookAlike{
    "look-alike", "true",
    "refuse names that differ from an existing one in letter case or look-alike letters only"};
constexpr const OptionInfo* kOptions[] = {&kNamespaces.info, &kDenyMatch.info, &kHexLike.info,
                                          &kLookAlike.info};

class IllNamedRef final : public Rule {
 public:
  explicit IllNamedRef(const RuleSetup& setup)
      : namespaces_(setup.options.get(kNamespaces)),
        deny_match_(setup.options.get(kDenyMatch)),
        hex_like_(static_cast<std::size_t>(setup.options.get(kHexLike))),
        look_alike_(setup.options.get(kLookAlike)) {}

  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    if (!ref.creates() || ref.deletes()) return;
    Finding finding;
    if (!namespaces_.matches(ref.name)) {
      finding.message = "no reference may be created with the name '" + printable(ref.name) + "'";
      std::vector<std::string> texts;
      for (const Glob& glob : namespaces_.globs()) texts.push_back(printable(glob.text()));
      finding.details = {"allowed: " + join(texts, ", ")};
    } else if (const Pattern* denied = denies(ref.name); denied != nullptr) {
      finding.message = "no reference may be created with the name '" + printable(ref.name) + "'";
      finding.details = {"must not match: " + printable(denied->text())};
    } else if (like_object_id(short_name(ref.name))) {
      finding.message =
          "the name '" + shown_name(ref) + "' can be taken for an abbreviated object id";
    } else if (const std::string other = look_alike(push, ref); !other.empty()) {
      finding.message =
          "the name can be taken for '" + printable(short_name(other)) + "', which exists already";
      finding.details = {differences(ref.name)};
      if (finding.details[0].empty()) finding.details.clear();
    } else {
      return;
    }
    finding.hint = "choose another name";
    if (fits_in_command(ref) && ref.kind == RefKind::branch) {
      finding.commands = {"git branch -m " + short_word(ref) + " NEW-NAME"};
    } else if (fits_in_command(ref) && ref.kind == RefKind::tag) {
      finding.commands = {"git tag NEW-NAME " + ref.new_id.brief(),
                          "git tag -d " + short_word(ref)};
    }
    out.add(std::move(finding));
  }

 private:
  const Pattern* denies(std::string_view name) const {
    const auto found = std::find_if(deny_match_.begin(), deny_match_.end(),
                                    [&](const Pattern& p) { return p.matches_all(name); });
    return found == deny_match_.end() ? nullptr : &*found;
  }

  // With a slash in it nothing is an object id.
  bool like_object_id(std::string_view name) const {
    return hex_like_ != 0 && name.size() >= hex_like_ &&
           std::all_of(name.begin(), name.end(), [](char c) {
             return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
           });
  }

  // Names are compared within their namespace: branches with branches, tags with tags.
  static std::string key_of(std::string_view name) {
    const std::string_view part = short_name(name);
    return std::string(name.substr(0, name.size() - part.size())) + skeleton(part);
  }

  // A reference of the server, or one that stands before this one in the push; empty for none. What
  // the push deletes still counts: with refs one by one its deletion may be refused.
  std::string look_alike(const Push& push, const PushedRef& ref) const {
    if (!look_alike_) return {};
    index(push);
    const std::string key = key_of(ref.name);
    if (const auto found = names_.find(key); found != names_.end() && found->second != ref.name) {
      return found->second;
    }
    return {};
  }

  // The name that each skeleton belongs to: the server's, else the first of the push.
  void index(const Push& push) const {
    const std::shared_ptr<const std::vector<Ref>> refs = server_refs(push);
    if (refs == indexed_) return;
    indexed_ = refs;
    names_.clear();
    for (const Ref& ref : *refs) names_.try_emplace(key_of(ref.name), ref.name);
    for (const PushedRef& ref : push.refs) {
      if (!ref.deletes()) names_.try_emplace(key_of(ref.name), ref.name);
    }
  }

  // Which letters are not what they seem: the eye cannot tell.
  static std::string differences(std::string_view name) {
    const auto wide = std::find_if(name.begin(), name.end(),
                                   [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    if (wide == name.end()) return {};
    return "it has letters outside of ASCII";
  }

  GlobSet namespaces_;
  std::vector<Pattern> deny_match_;
  std::size_t hex_like_;
  bool look_alike_;
  // Made once for a push, however many references it creates.
  mutable std::shared_ptr<const std::vector<Ref>> indexed_;
  mutable std::unordered_map<std::string, std::string> names_;
};

constexpr Example kExamples[] = {
    {"", "create refs/heads/feature/x", true},
    {"", "create refs/heads/deadbeef", false},
    {"", "create refs/heads/feature/deadbeef", true},
    {"", "create refs/tags/1234567", false},
    {"{hex-like: 0}", "create refs/tags/1234567", true},
    {"{hex-like: 12}", "create refs/tags/1234567", true},
    {"", "update refs/heads/deadbeef", true},
    {"", "delete refs/heads/deadbeef", true},
    {"", "create refs/heads/Login beside refs/heads/login", false},
    {"", "create refs/heads/m\xd0\xb0in beside refs/heads/main", false},
    {"", "create refs/tags/v1.O beside refs/tags/v1.0", false},
    {"", "create refs/tags/login beside refs/heads/Login", true},
    {"{look-alike: false}", "create refs/heads/Login beside refs/heads/login", true},
    {"{namespaces: ['refs/heads/**']}", "create refs/heads/x", true},
    {"{namespaces: ['refs/heads/**']}", "create refs/tags/x", false},
    {"{deny-match: 'refs/(heads|tags)/v[0-9]+'}", "create refs/heads/v1", false},
    {"{deny-match: 'refs/(heads|tags)/v[0-9]+'}", "create refs/heads/v1-login", true},
};

}  // namespace

constinit const RuleInfo ill_named_ref{
    .id = "ill-named-ref",
    .subject = Subject::ref,
    .summary = "a new reference has a name that can be taken for something else",
    .rationale =
        "Whoever reads or types such a name gets something else than was meant; some file systems "
        "cannot even hold both.",
    .remedy = "Choose a name that cannot be mistaken.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<IllNamedRef>,
};

}  // namespace trunkgate
