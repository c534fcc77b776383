#include "evidence/attestation.h"

#include <cmath>
#include <optional>
#include <set>
#include <span>

#include "base/nearest.h"
#include "base/text.h"
#include "config/config_file.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxMistakes = 10;
constexpr std::size_t kMaxMetrics = 1000;
constexpr std::size_t kMaxTextBytes = 16 * 1024;

constexpr std::string_view kStatement = "https://in-toto.io/Statement/v1";
constexpr std::string_view kTestResult = "https://in-toto.io/attestation/test-result/v0.1";
constexpr std::string_view kEnvelopePayload = "application/vnd.in-toto+json";

constexpr std::string_view kApprovalKeys[] = {"verdict", "text", "target"};
constexpr std::string_view kCheckKeys[] = {"status",   "metrics", "url",   "started",
                                           "finished", "text",    "target"};
constexpr std::string_view kExemptionKeys[] = {"reason", "target"};
constexpr std::string_view kStatusWords[] = {"success", "failure", "neutral", "error"};
constexpr std::string_view kVerdictWords[] = {"approve", "veto"};

bool digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return false;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  return true;
}

// "2026-01-05T09:30:00Z", with a fraction or an offset (RFC 3339, section 5.6).
bool is_date_time(std::string_view text) {
  if (text.size() < 20 || !digits(text, 0, 4) || text[4] != '-' || !digits(text, 5, 2) ||
      text[7] != '-' || !digits(text, 8, 2) || (text[10] != 'T' && text[10] != 't') ||
      !digits(text, 11, 2) || text[13] != ':' || !digits(text, 14, 2) || text[16] != ':' ||
      !digits(text, 17, 2)) {
    return false;
  }
  std::size_t at = 19;
  if (text[at] == '.') {
    ++at;
    const std::size_t first = at;
    while (digits(text, at, 1)) ++at;
    if (at == first) return false;
  }
  const std::string_view zone = text.substr(at);
  if (zone == "Z" || zone == "z") return true;
  return zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && digits(zone, 1, 2) &&
         zone[3] == ':' && digits(zone, 4, 2);
}

class Reader {
 public:
  explicit Reader(const AttestationName& name) : name_(name) {}

  ReadAttestation read(std::string_view json) {
    read_text(json, true);
    return std::move(out_);
  }

 private:
  void fault(std::string text) {
    if (out_.mistakes.size() < kMaxMistakes) out_.mistakes.push_back(std::move(text));
  }

  void read_text(std::string_view json, bool may_be_envelope) {
    const ConfigFile file = read_config_file(json, ConfigFormat::json);
    for (const ConfigMistake& mistake : file.mistakes) {
      fault("line " + std::to_string(mistake.line) + ": " + mistake.message);
    }
    if (!out_.mistakes.empty() || file.documents.empty()) return;
    const ConfigValue& top = file.documents[0];
    if (top.kind != ConfigValue::Kind::map) {
      fault("it is no JSON object");
    } else if (may_be_envelope && top.find("payloadType") != nullptr) {
      read_envelope(top);
    } else if (top.find("_type") != nullptr) {
      read_statement(top, json);
    } else if (name_.kind == AttestationKind::lineage) {
      fault("a lineage attestation is an in-toto Statement v1 ('_type' is missing)");
    } else {
      read_body(top);
    }
  }

  void read_envelope(const ConfigValue& envelope) {
    const ConfigValue* type = envelope.find("payloadType");
    const ConfigValue* payload = envelope.find("payload");
    if (type->kind != ConfigValue::Kind::text || type->text != kEnvelopePayload) {
      fault("'payloadType' of the envelope is not '" + std::string(kEnvelopePayload) + "'");
      return;
    }
    const auto bytes = payload != nullptr && payload->kind == ConfigValue::Kind::text
                           ? unbase64(payload->text)
                           : std::nullopt;
    if (!bytes) {
      fault("'payload' of the envelope is no base64");
      return;
    }
    read_text(*bytes, false);
  }

  bool speaks_of_commit(const ConfigValue& statement) const {
    const ConfigValue* subjects = statement.find("subject");
    if (subjects == nullptr) return false;
    for (const ConfigValue& subject : subjects->items) {
      const ConfigValue* commit = subject.find_path({"digest", "gitCommit"});
      if (commit != nullptr && commit->text == name_.commit.hex()) return true;
    }
    return false;
  }

  void read_statement(const ConfigValue& statement, std::string_view json) {
    const ConfigValue* type = statement.find("_type");
    if (type->text != kStatement) {
      fault("'_type' is not '" + std::string(kStatement) + "'");
      return;
    }
    if (name_.kind == AttestationKind::lineage) {
      const ConfigValue* known = statement.find("predicateType");
      if (known != nullptr) out_.body.predicate_type = known->text;
      out_.body.lineage = read_lineage(statement, json, name_.commit, out_.mistakes);
      return;
    }
    if (!speaks_of_commit(statement)) {
      fault("no subject has the digest gitCommit " + name_.commit.hex());
    }
    const ConfigValue* predicate_type = statement.find("predicateType");
    if (predicate_type == nullptr || predicate_type->kind != ConfigValue::Kind::text ||
        predicate_type->text.empty()) {
      fault("'predicateType' is missing");
      return;
    }
    out_.body.predicate_type = predicate_type->text;
    const ConfigValue* predicate = statement.find("predicate");
    if (predicate == nullptr || predicate->kind != ConfigValue::Kind::map) {
      fault("'predicate' is no JSON object");
      return;
    }
    if (predicate_type->text == kTestResult) {
      read_test_result(*predicate);
    } else {
      read_body(*predicate);
    }
  }

  // https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md
  void read_test_result(const ConfigValue& predicate) {
    if (name_.kind != AttestationKind::check) {
      fault("a test result is a check, no " + std::string(to_string(name_.kind)));
      return;
    }
    const ConfigValue* result = predicate.find("result");
    const std::string word = result == nullptr ? std::string() : result->text;
    if (word == "PASSED") {
      out_.body.status = CheckStatus::success;
    } else if (word == "WARNED") {
      out_.body.status = CheckStatus::neutral;
    } else if (word == "FAILED") {
      out_.body.status = CheckStatus::failure;
    } else {
      fault("'result' of the test result is PASSED, WARNED or FAILED");
    }
    out_.body.url = text_at(predicate, "url");
  }

  void read_body(const ConfigValue& body) {
    switch (name_.kind) {
      case AttestationKind::approval:
        know_keys(body, kApprovalKeys);
        out_.body.veto = word_at(body, "verdict", kVerdictWords, 0) == 1;
        out_.body.text = text_at(body, "text");
        break;
      case AttestationKind::check:
        read_check(body);
        break;
      case AttestationKind::exemption:
        know_keys(body, kExemptionKeys);
        out_.body.text = text_at(body, "reason");
        break;
      case AttestationKind::lineage:
        return;
    }
    read_target(body);
  }

  void read_check(const ConfigValue& body) {
    know_keys(body, kCheckKeys);
    if (body.find("status") == nullptr)
      fault("'status' is missing: success, failure, neutral or error");
    out_.body.status = static_cast<CheckStatus>(word_at(body, "status", kStatusWords, 0));
    out_.body.text = text_at(body, "text");
    out_.body.url = text_at(body, "url");
    out_.body.started = date_at(body, "started");
    out_.body.finished = date_at(body, "finished");
    read_metrics(body);
  }

  void read_metrics(const ConfigValue& body) {
    const ConfigValue* metrics = body.find("metrics");
    if (metrics == nullptr) return;
    if (metrics->kind != ConfigValue::Kind::map) {
      fault("'metrics' must be a map of names to numbers");
      return;
    }
    if (metrics->entries.size() > kMaxMetrics) {
      fault("there are more than " + std::to_string(kMaxMetrics) + " metrics");
      return;
    }
    for (const ConfigEntry& entry : metrics->entries) {
      if (!entry.value.number() || !std::isfinite(entry.value.real)) {
        fault("the metric '" + printable(entry.key, 60) + "' is no finite number");
        continue;
      }
      out_.body.metrics.emplace(entry.key, entry.value.real);
    }
  }

  void read_target(const ConfigValue& body) {
    if (body.find("target") == nullptr) return;
    const std::string target = text_at(body, "target");
    out_.body.target = target.starts_with("refs/") ? target : "refs/heads/" + target;
    // Of a reference that nobody can have, a veto would be no veto; of none, an approval is for
    // all.
    if (target.starts_with("heads/") || target.starts_with("tags/")) {
      fault("'target' is a branch as in 'main' or a full name as in 'refs/" +
            printable(target, 60) + "'");
    } else if (ref_name_mistake(out_.body.target)) {
      fault("'target' is no name of a branch, nor of another reference");
    }
  }

  // A word that nobody reads may be the one that was meant to forbid something.
  void know_keys(const ConfigValue& body, std::span<const std::string_view> keys) {
    for (const ConfigEntry& entry : body.entries) {
      bool known = false;
      for (const std::string_view key : keys) known = known || key == entry.key;
      if (known) continue;
      const auto best = nearest(entry.key, std::vector<std::string_view>(keys.begin(), keys.end()));
      fault("unknown key '" + printable(entry.key, 40) + "'" +
            (best ? "; did you mean '" + *best + "'?" : ""));
    }
  }

  std::string text_at(const ConfigValue& body, std::string_view key) {
    const ConfigValue* value = body.find(key);
    if (value == nullptr) return {};
    if (value->kind != ConfigValue::Kind::text) {
      fault("'" + std::string(key) + "' must be a text");
      return {};
    }
    if (value->text.size() > kMaxTextBytes) {
      fault("'" + std::string(key) + "' is longer than " + std::to_string(kMaxTextBytes) +
            " bytes");
      return {};
    }
    return value->text;
  }

  std::string date_at(const ConfigValue& body, std::string_view key) {
    std::string text = text_at(body, key);
    if (!text.empty() && !is_date_time(text)) {
      fault("'" + std::string(key) + "' is no time as in 2026-01-05T09:30:00Z");
    }
    return text;
  }

  std::size_t word_at(const ConfigValue& body, std::string_view key,
                      std::span<const std::string_view> words, std::size_t fallback) {
    const ConfigValue* value = body.find(key);
    if (value == nullptr) return fallback;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (value->kind == ConfigValue::Kind::text && value->text == words[i]) return i;
    }
    std::string list;
    for (std::size_t i = 0; i < words.size(); ++i) {
      list += std::string(i == 0 ? "" : (i + 1 == words.size() ? " or " : ", ")) +
              std::string(words[i]);
    }
    fault("'" + std::string(key) + "' must be " + list);
    return fallback;
  }

  const AttestationName& name_;
  ReadAttestation out_;
};

}  // namespace

std::string_view to_string(CheckStatus status) {
  return kStatusWords[static_cast<std::size_t>(status)];
}

ReadAttestation read_attestation(const AttestationName& name, std::string_view json) {
  if (json.size() > kMaxAttestationBytes) {
    return {{}, {"it is larger than " + size_text(kMaxAttestationBytes)}};
  }
  return Reader(name).read(json);
}

}  // namespace trunkgate
