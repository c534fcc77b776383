#include "events/lineage/lineage_body.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

Json artifact_json(BodyWriter& writer, const Artifact& artifact, const std::string& at) {
  Json json{{"kind", to_string(artifact.kind)},
            {"identity", writer.text(artifact.identity, at + "/identity")}};
  if (!artifact.name.empty()) json["name"] = writer.text(artifact.name, at + "/name");
  if (!artifact.uri.empty()) json["uri"] = writer.text(artifact.uri, at + "/uri");
  if (!artifact.note.empty()) json["note"] = writer.text(artifact.note, at + "/note");
  return json;
}

}  // namespace

void write_lineage(BodyWriter& writer, const ToldAttestation& told, Json& json) {
  const LineageStatement& lineage = told.body.lineage;
  const char* state = told.readable ? "recorded" : "unknown";
  if (told.withdrawn) state = "withdrawn";
  Json head{{"commit", told.name.commit.hex()},
            {"name", writer.text(told.name.name, "/lineage/name")},
            {"state", state},
            {"attestation", writer.text(told.ref, "/lineage/attestation")}};
  const bool known = told.readable && !told.withdrawn;
  if (known) {
    head["step"] = lineage.step;
    head["predicate_type"] = writer.text(told.body.predicate_type, "/lineage/predicate_type");
    head["statement_sha256"] = lineage.sha256;
    head["artifacts"] = writer.list(kArtifacts, lineage.artifacts, "/lineage/artifacts",
                                    [&](const Artifact& artifact, const std::string& at) {
                                      return artifact_json(writer, artifact, at);
                                    });
  }
  json["lineage"] = std::move(head);
  json["edges"] = writer.list(
      kEdges, lineage.edges, "/edges", [&](const LineageEdge& edge, const std::string& at) -> Json {
        return {{"from", writer.text(lineage.artifacts[edge.from].identity, at + "/from")},
                {"to", writer.text(lineage.artifacts[edge.to].identity, at + "/to")},
                {"kind", lineage.step},
                {"statement_sha256", lineage.sha256}};
      });
}

std::string lineage_subject(const ToldAttestation& told) {
  const auto& artifacts = told.body.lineage.artifacts;
  if (artifacts.empty()) return told.name.commit.hex();
  // What the statement itself names stands after what it lists.
  const ArtifactKind last = artifacts.back().kind;
  const bool named =
      last == ArtifactKind::model || last == ArtifactKind::serving || last == ArtifactKind::job;
  return named ? artifacts.back().identity : artifacts.front().identity;
}

}  // namespace trunkgate
