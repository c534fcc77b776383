// Lineage statements for tests, as CI writes them.
#pragma once

#include <string>
#include <string_view>

namespace trunkgate {

inline std::string digest_of(char letter) { return std::string(64, letter); }

inline std::string resource(const std::string& name, std::string_view algorithm,
                            const std::string& digest, const std::string& uri = {}) {
  return R"({"name":")" + name + R"(","digest":{")" + std::string(algorithm) + R"(":")" + digest +
         "\"}" + (uri.empty() ? "" : R"(,"uri":")" + uri + "\"") + "}";
}
inline std::string file_resource(const std::string& name, const std::string& digest) {
  return resource(name, "sha256", digest);
}
inline std::string commit_resource(const std::string& commit) {
  return resource("source", "gitCommit", commit);
}

inline std::string lineage_statement(const std::string& type, const std::string& subjects,
                                     const std::string& predicate) {
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":[)" + subjects +
         R"(],"predicateType":")" + type + R"(","predicate":)" + predicate + "}";
}

inline std::string provenance(const std::string& build_type, const std::string& subjects,
                              const std::string& dependencies, const std::string& run = {},
                              const std::string& parameters = "{}") {
  return lineage_statement(
      "https://slsa.dev/provenance/v1", subjects,
      R"({"buildDefinition":{"buildType":")" + build_type + R"(","externalParameters":)" +
          parameters + R"(,"resolvedDependencies":[)" + dependencies +
          R"(]},"runDetails":{"builder":{"id":"https://ci.example/runner"})" +
          (run.empty() ? "" : R"(,"metadata":{"invocationId":")" + run + "\"}") + "}}");
}
inline std::string image_statement(const std::string& commit, const std::string& image,
                                   const std::string& name = "registry.example/trainer:1") {
  return provenance("https://ci.example/image", file_resource(name, image),
                    commit_resource(commit));
}
inline std::string training_statement(const std::string& commit, const std::string& image,
                                      const std::string& weights,
                                      const std::string& run = "run-7") {
  return provenance("https://trunkgate/training/v1", file_resource("vit.safetensors", weights),
                    commit_resource(commit) + "," +
                        resource("trainer", "sha256", image, "oci://registry.example/trainer") +
                        "," + file_resource("corpus.parquet", digest_of('d')),
                    run, R"({"config":"configs/vit.yaml","seed":42})");
}
inline std::string test_statement(const std::string& commit, const std::string& weights) {
  return lineage_statement(
      "https://in-toto.io/attestation/test-result/v0.1",
      file_resource("vit.safetensors", weights) + "," + commit_resource(commit),
      R"({"result":"PASSED","configuration":[],"url":"https://ci.example/9"})");
}
inline std::string model_statement(const std::string& commit, const std::string& weights,
                                   const std::string& name = "ranker",
                                   const std::string& version = "3") {
  return lineage_statement("https://trunkgate/model/v1", file_resource("vit.safetensors", weights),
                           R"({"name":")" + name + R"(","version":")" + version +
                               R"(","resolvedDependencies":[)" + commit_resource(commit) + "]}");
}
inline std::string deployment_statement(const std::string& commit, const std::string& weights,
                                        const std::string& revision = "rev17") {
  return lineage_statement(
      "https://trunkgate/deployment/v1",
      file_resource("vit.safetensors", weights) + "," + commit_resource(commit),
      R"({"environment":"prod","service":"ranker","revision":")" + revision + "\"}");
}

}  // namespace trunkgate
