// Reads the values that receivers of events have in common: files, secrets, URLs, names.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/concealed.h"
#include "config/option_reader.h"
#include "policy/network_names.h"

namespace trunkgate {

// A text at the key, or nullptr; other kinds are reported.
const Node* scalar_at(const OptionReader& reader, const Option<std::string>& option);

// A list's texts, or the one text that stands for it; other kinds are reported.
std::vector<const Node*> scalars_at(const OptionReader& reader,
                                    const Option<std::vector<std::string>>& option);

class ReceiverValues {
 public:
  using Text = Option<std::string>;
  using Texts = Option<std::vector<std::string>>;
  using Judge = std::optional<NameMistake> (*)(std::string_view);

  // A key that people know from elsewhere, whose value would be a secret, and the one to use.
  struct SecretKey {
    std::string_view key;
    std::string_view file_key;
  };

  // Relative paths start at `folder`, which is empty or ends with a slash. `secrets` takes values
  // that must not be shown. All three outlive this.
  ReceiverValues(const std::string& folder, Diagnostics& diagnostics, Concealed& secrets)
      : folder_(folder), diagnostics_(diagnostics), secrets_(secrets) {}

  // The map without such keys: each would be an unknown one, shown with its value.
  Node without_secrets(const Node& map, std::span<const SecretKey> keys);

  // Absolute paths; empty when there is none or after a mistake. What looks like a secret is no
  // path of a file that should hold one.
  std::string path_of(const Node& node, std::string_view key);
  std::string path_at(const OptionReader& reader, const Text& option);
  std::string secret_path_at(const OptionReader& reader, const Text& option);

  // Empty after a mistake. `instead` says what to do instead of writing a user into it.
  std::string url_of(const Node& node, std::string_view key, const UrlShape& shape,
                     std::string_view instead);

  // The option's default after a mistake.
  std::string text_at(const OptionReader& reader, const Text& option, Judge judge);
  // Those without a mistake.
  std::vector<std::string> texts_at(const OptionReader& reader, const Texts& option, Judge judge);
  // `least` after a mistake; `words` say which durations are good.
  std::chrono::seconds duration_at(const OptionReader& reader,
                                   const Option<std::chrono::seconds>& option,
                                   std::chrono::seconds least, std::chrono::seconds most,
                                   std::string_view words);

  void complain(const Node& node, std::string_view key, const NameMistake& mistake);

 private:
  const std::string& folder_;
  Diagnostics& diagnostics_;
  Concealed& secrets_;
};

}  // namespace trunkgate
