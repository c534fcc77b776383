// The `data` of lineage.recorded. Included by lib/events/*.cc only.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "events/body_writer.h"
#include "events/derived.h"

namespace trunkgate {

// Adds `lineage` and `edges` to `json`.
void write_lineage(BodyWriter& writer, const ToldAttestation& told, nlohmann::ordered_json& json);

// What the statement is mainly about: the model, the serving, the job, or the first of its
// subjects; the commit where nothing is known.
std::string lineage_subject(const ToldAttestation& told);

}  // namespace trunkgate
