// An event of the journal with what was cut from it, told again from the repository.
#pragma once

#include <string>
#include <vector>

#include "events/journal_reader.h"
#include "git/repository.h"

namespace trunkgate {

struct FullEvent {
  std::string json;
  // JSON pointers of what nobody can tell again: it stood in records of the push, which are gone.
  std::vector<std::string> lacking;
};

// What the event told of commits, files, tags and refs, in full; everything else as it was sent.
// `state` is <repo>/trunkgate/state. Throws Error(repository) when objects are gone, with their
// ids, and Error(delivery) when the journal does not know any more what was new.
FullEvent full_event(const JournalReader& journal, const Repository& repository,
                     const std::string& state, const RecordedEvent& event);

}  // namespace trunkgate
